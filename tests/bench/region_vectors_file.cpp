#include "tests/bench/region_vectors_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <string>
#include <string_view>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"

namespace inkling::bench {
namespace {

constexpr std::string_view kMagic = "InkVecs\n";

struct Header {
  std::uint32_t dimension = 0, zero = 0;
  std::uint64_t photos = 0;
};

}  // namespace

RegionVectorsFile readRegionVectors(const std::filesystem::path& path) {
  const MappedFile file(path);
  const auto bytes = file.bytes();
  const auto wrong = [&](const char* what) {
    fail<InputError>("{}: is no file of region vectors ({})", displayName(path), what);
  };
  Header header;
  std::size_t at = kMagic.size() + sizeof(header);
  if (bytes.size() < at || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    wrong("it begins differently");
  std::memcpy(&header, bytes.data() + kMagic.size(), sizeof(header));
  if (header.dimension < 1 || header.dimension > 4096) wrong("dimension");
  if (header.photos > (bytes.size() - at) / 4) wrong("number of photos");

  RegionVectorsFile content;
  content.dimension = static_cast<int>(header.dimension);
  content.counts.resize(header.photos);
  std::memcpy(content.counts.data(), bytes.data() + at, 4 * header.photos);
  at += 4 * header.photos;
  const std::uint64_t vectors =
      std::accumulate(content.counts.begin(), content.counts.end(), std::uint64_t{0});
  if (vectors * header.dimension != (bytes.size() - at) / 4 || (bytes.size() - at) % 4 != 0)
    wrong("number of values");
  content.values.resize(vectors * header.dimension);
  if (!content.values.empty())
    std::memcpy(content.values.data(), bytes.data() + at, 4 * content.values.size());
  if (!std::ranges::all_of(content.values, [](float value) { return std::isfinite(value); }))
    wrong("a value is not finite");
  return content;
}

void writeRegionVectors(const std::filesystem::path& path, const RegionVectorsFile& content) {
  const Header header{static_cast<std::uint32_t>(content.dimension), 0, content.counts.size()};
  std::string bytes(kMagic);
  const auto append = [&](const void* data, std::size_t size) {
    bytes.append(static_cast<const char*>(data), size);
  };
  append(&header, sizeof(header));
  append(content.counts.data(), 4 * content.counts.size());
  append(content.values.data(), 4 * content.values.size());
  writeFileAtomically(path, bytes);
}

}  // namespace inkling::bench
