// Writing the body of an inverted file without having it in memory.
// Internal to core/search/region_index*.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/cancellation.h"
#include "core/search/region_index_layout.h"
#include "core/search/region_index_training.h"

namespace inkling {

/// Takes vectors in any number, assigns and codes them and keeps the codes in a scratch file; then
/// puts them in the order of their lists.
class ListWriter {
 public:
  ListWriter(std::span<const float> centroids, const ResidualCode& code, int dimension, int width,
             const std::filesystem::path& scratchBeside);

  /// All vectors of the photo in `row`.
  void add(std::uint32_t row, std::span<const float> vectors);
  /// Call after the last add().
  void finish();

  const std::vector<std::uint32_t>& listSizes() const { return listSizes_; }
  std::uint64_t vectors() const { return vectors_; }
  /// Writes codes, rows and regions to their places in `file`. Throws Cancelled.
  void writeBody(OpenFile& file, const region_file::Layout& layout, const CancellationToken& token);

 private:
  struct Owner {
    std::uint32_t row = 0;
    std::uint16_t region = 0;
  };
  std::size_t recordBytes() const;
  void codeBatch();
  void writeLists(std::size_t begin, std::size_t end, std::uint64_t firstPosition, OpenFile& file,
                  const region_file::Layout& layout);

  std::span<const float> centroids_;
  NearestCentroid nearest_;
  ResidualEncoder encoder_;
  std::size_t codeBytes_, dimension_, width_;
  ScratchFile scratch_;
  Appender appender_;
  std::vector<std::uint32_t> listSizes_;
  std::uint64_t vectors_ = 0;
  std::vector<float> batch_;
  std::vector<Owner> owners_;
};

}  // namespace inkling
