// Region vectors of many photos in a plain file, for benchmarks: 8 bytes "InkVecs\n", then
// dimension (u32), 0 (u32), number of photos (u64), the number of regions of each photo (u32 each),
// and all vectors (float32), photo after photo. Little endian.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace inkling::bench {

struct RegionVectorsFile {
  int dimension = 0;
  std::vector<std::uint32_t> counts;  ///< regions of each photo
  std::vector<float> values;          ///< sum of counts * dimension
};

/// Throws InputError naming the file.
RegionVectorsFile readRegionVectors(const std::filesystem::path& path);
/// Throws OutputError naming the file.
void writeRegionVectors(const std::filesystem::path& path, const RegionVectorsFile& content);

}  // namespace inkling::bench
