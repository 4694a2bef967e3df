#include "core/search/content_hash.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/path.h"

namespace inkling {
namespace {

constexpr std::uint64_t kC1 = 0x87c37b91114253d5, kC2 = 0x4cf5ad432745937f;
// Small enough for the stack: most of the cost of a small file would be making room for it.
constexpr std::size_t kReadBytes = std::size_t{1} << 16;

std::uint64_t littleEndian(const char* bytes) {
  std::uint64_t value = 0;
  for (int i = 7; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::uint64_t scramble1(std::uint64_t k) { return std::rotl(k * kC1, 31) * kC2; }
std::uint64_t scramble2(std::uint64_t k) { return std::rotl(k * kC2, 33) * kC1; }

std::uint64_t avalanche(std::uint64_t k) {
  k = (k ^ k >> 33) * 0xff51afd7ed558ccd;
  k = (k ^ k >> 33) * 0xc4ceb9fe1a85ec53;
  return k ^ k >> 33;
}

}  // namespace

void ContentHasher::mixBlock(const char* block) {
  h1_ ^= scramble1(littleEndian(block));
  h1_ = (std::rotl(h1_, 27) + h2_) * 5 + 0x52dce729;
  h2_ ^= scramble2(littleEndian(block + 8));
  h2_ = (std::rotl(h2_, 31) + h1_) * 5 + 0x38495ab5;
}

void ContentHasher::add(std::string_view bytes) {
  length_ += bytes.size();
  if (restSize_ > 0) {
    const std::size_t taken = std::min(rest_.size() - restSize_, bytes.size());
    std::copy_n(bytes.data(), taken, rest_.data() + restSize_);
    restSize_ += taken;
    bytes.remove_prefix(taken);
    if (restSize_ < rest_.size()) return;
    mixBlock(rest_.data());
    restSize_ = 0;
  }
  for (; bytes.size() >= rest_.size(); bytes.remove_prefix(rest_.size())) mixBlock(bytes.data());
  std::copy_n(bytes.data(), bytes.size(), rest_.data());
  restSize_ = bytes.size();
}

ContentHash ContentHasher::finish() {
  // Scrambling zero gives zero, so a tail padded with zeros mixes as the description's cases do.
  std::fill(rest_.begin() + static_cast<std::ptrdiff_t>(restSize_), rest_.end(), '\0');
  h2_ ^= scramble2(littleEndian(rest_.data() + 8));
  h1_ ^= scramble1(littleEndian(rest_.data()));
  h1_ ^= length_;
  h2_ ^= length_;
  h1_ += h2_;
  h2_ += h1_;
  h1_ = avalanche(h1_);
  h2_ = avalanche(h2_);
  h1_ += h2_;
  h2_ += h1_;
  return {h1_, h2_};
}

std::string ContentHash::hex() const { return fmt::format("{:016x}{:016x}", high, low); }

std::string ContentHash::bytes() const {
  std::string bytes(16, '\0');
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(high >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(low >> (56 - 8 * i));
  }
  return bytes;
}

ContentHash ContentHash::fromHex(std::string_view digits) {
  ContentHash hash;
  if (digits.size() != 32) return {};
  const auto half = [](std::string_view text, std::uint64_t& value) {
    const char* const end = text.data() + text.size();
    return std::from_chars(text.data(), end, value, 16).ptr == end;
  };
  return half(digits.substr(0, 16), hash.high) && half(digits.substr(16), hash.low) ? hash
                                                                                    : ContentHash();
}

ContentHash ContentHash::fromBytes(std::string_view bytes) {
  ContentHash hash;
  if (bytes.size() != 16) return hash;
  for (std::size_t i = 0; i < 8; ++i) {
    hash.high = hash.high << 8 | static_cast<unsigned char>(bytes[i]);
    hash.low = hash.low << 8 | static_cast<unsigned char>(bytes[8 + i]);
  }
  return hash;
}

ContentHash hashBytes(std::string_view bytes, std::uint32_t seed) {
  ContentHasher hasher(seed);
  hasher.add(bytes);
  return hasher.finish();
}

ContentHash hashFile(const std::filesystem::path& path, const CancellationToken& token) {
  const auto reason = [] { return std::generic_category().message(errno); };
  // Not blocking: a pipe that took the photo's name must not hold us for ever.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) fail<InputError>("{}: cannot be opened ({})", displayName(path), reason());
  struct Closer {
    int fd;
    ~Closer() { ::close(fd); }
  } const closer{fd};

  ContentHasher hasher;
  std::array<char, kReadBytes> block{};
  for (;;) {
    token.check();
    const ssize_t got = ::read(fd, block.data(), block.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail<InputError>("{}: cannot be read ({})", displayName(path), reason());
    if (got == 0) return hasher.finish();
    hasher.add({block.data(), static_cast<std::size_t>(got)});
  }
}

}  // namespace inkling
