#include "core/inference/photo_regions.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include <c10/util/Half.h>

#include "core/base/error.h"

namespace inkling {
namespace {

static_assert(std::endian::native == std::endian::little, "written as the machine holds them");

constexpr std::uint32_t kMagic = 0x52'4B'4E'49;  // "INKR"
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMostRegions = 1024, kMostDimensions = 4096;

struct Header {
  std::uint32_t magic = kMagic, version = kVersion, regions = 0, dimension = 0;
};

struct StoredRegion {
  float x, y, width, height, objectness, spread;
};

template <typename T>
void put(std::string& bytes, const T& value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
T take(std::string_view& bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  bytes.remove_prefix(sizeof value);
  return value;
}

}  // namespace

std::string encodeRegions(const PhotoRegions& regions) {
  std::string bytes;
  bytes.reserve(sizeof(Header) + regions.regions.size() * sizeof(StoredRegion) +
                regions.vectors.size() * sizeof(c10::Half));
  put(bytes, Header{kMagic, kVersion, static_cast<std::uint32_t>(regions.regions.size()),
                    static_cast<std::uint32_t>(regions.dimension)});
  for (const PhotoRegions::Region& region : regions.regions) {
    put(bytes,
        StoredRegion{static_cast<float>(region.box.x), static_cast<float>(region.box.y),
                     static_cast<float>(region.box.width), static_cast<float>(region.box.height),
                     region.objectness, region.spread});
  }
  for (const float value : regions.vectors) put(bytes, c10::Half(value));
  return bytes;
}

PhotoRegions decodeRegions(std::string_view bytes, const std::string& name) {
  if (bytes.size() < sizeof(Header)) fail<InputError>("{}: its regions are cut short", name);
  const auto header = take<Header>(bytes);
  if (header.magic != kMagic) fail<InputError>("{}: holds no regions", name);
  if (header.version != kVersion) fail<InputError>("{}: regions of another version", name);
  if (header.regions > kMostRegions || header.dimension > kMostDimensions ||
      bytes.size() !=
          header.regions * (sizeof(StoredRegion) + header.dimension * sizeof(c10::Half)))
    fail<InputError>("{}: its regions are damaged", name);
  PhotoRegions regions;
  regions.dimension = static_cast<int>(header.dimension);
  for (std::uint32_t i = 0; i < header.regions; ++i) {
    const auto stored = take<StoredRegion>(bytes);
    regions.regions.push_back(
        {{stored.x, stored.y, stored.width, stored.height}, stored.objectness, stored.spread});
    if (!std::isfinite(stored.objectness) || !std::isfinite(stored.spread))
      fail<InputError>("{}: its regions are damaged", name);
  }
  regions.vectors.resize(std::size_t{header.regions} * header.dimension);
  for (float& value : regions.vectors) {
    value = take<c10::Half>(bytes);
    if (!std::isfinite(value)) fail<InputError>("{}: its regions are damaged", name);
  }
  return regions;
}

}  // namespace inkling
