#include "core/search/shard.h"

#include <charconv>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr int kMostShards = 1'000'000;

}  // namespace

Shard Shard::parse(std::string_view text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, first] = std::from_chars(text.data(), end, shard.number);
  if (first == std::errc() && slash != end && *slash == '/') {
    const auto [rest, second] = std::from_chars(slash + 1, end, shard.of);
    if (second == std::errc() && rest == end && shard.of >= 1 && shard.of <= kMostShards &&
        shard.number >= 1 && shard.number <= shard.of)
      return shard;
  }
  fail<UsageError>("a shard is I/N with I from 1 to N, as 2/8; not \"{}\"", text);
}

std::string Shard::text() const { return fmt::format("{}/{}", number, of); }

bool Shard::has(const ContentHash& content) const {
  return content.low % static_cast<std::uint64_t>(of) == static_cast<std::uint64_t>(number - 1);
}

bool Shard::hasUnreadable(const std::filesystem::path& name) const {
  return has(hashBytes(name.native()));
}

}  // namespace inkling
