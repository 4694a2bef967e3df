// The file of a region index. Internal to core/search/region_index*.
//
// One file, numbers as the machine keeps them (little endian), in this order:
//   header     FileHeader, padded to kBodyStart bytes
//   body       exact:          vectors * dimension floats
//              inverted file:  codes (vectors * codeBytes), list after list; then for each code
//                              the row of its photo (u32); then its region number (u16)
//   index part identity (bytes); ids of the photos (i64), ascending;
//              exact:          position of each photo's first vector, then `vectors` (u64)
//              inverted file:  centroids (lists * width floats), the code's tables (codeTable
//                              floats), sizes of the lists (u32)
// Each part begins at a multiple of 64 bytes. A checksum covers the header and the index part;
// damage to the body can make wrong scores but no more.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "core/base/file.h"
#include "core/search/region_index.h"
#include "core/search/region_index_output.h"

namespace inkling::region_file {

constexpr std::uint64_t kBodyStart = 4096;
constexpr std::uint32_t kVersion = 1;
constexpr std::array<char, 8> kMagic = {'I', 'n', 'k', 'R', 'e', 'g', 'n', '\n'};

enum class Code : std::uint32_t { exact = 0, productQuantizer = 1, scalarQuantizer = 2 };

struct FileHeader {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t byteOrder = 0x01020304;
  Code code = Code::exact;
  std::uint32_t dimension = 0;
  std::uint32_t width = 0;      ///< dimension, filled up with zeros for the product quantizer
  std::uint32_t codeBytes = 0;  ///< of a vector
  std::uint32_t lists = 0;
  std::uint32_t listsVisited = 0;
  std::uint32_t codeTable = 0;  ///< floats
  std::uint32_t identityBytes = 0;
  std::uint64_t vectors = 0;
  std::uint64_t photos = 0;
  std::int64_t revision = 0;
  double recall = 1;
  std::uint32_t targetReached = 1;
  std::uint32_t checksum = 0;  ///< CRC-32 of the header with 0 here, then of the index part
};

/// A part of the file, in bytes.
struct Part {
  std::uint64_t begin = 0, size = 0;
  std::uint64_t end() const { return begin + size; }
};

/// Where everything is.
struct Layout {
  Part values, codes, rows, regions;                      // body
  Part identity, photos, first, centroids, table, lists;  // index part
  std::uint64_t indexBegin = 0, end = 0;
};

/// Throws InputError (without naming a file) when the numbers are absurd.
Layout layoutOf(const FileHeader& header);

/// An index file that was looked through and may be used.
class IndexFile {
 public:
  /// Throws InputError naming the file.
  explicit IndexFile(const std::filesystem::path& path);

  const FileHeader& header() const { return header_; }
  RegionIndexInfo info() const;

  template <typename T>
  std::span<const T> part(const Part& part) const {
    return {reinterpret_cast<const T*>(file_.bytes().data() + part.begin), part.size / sizeof(T)};
  }
  const Layout& layout() const { return layout_; }

 private:
  void checkIndexPart() const;

  MappedFile file_;
  FileHeader header_;
  Layout layout_;
};

/// The contents of the index part; what the header's kind of file does not have stays empty.
struct IndexPart {
  std::string_view identity;
  std::span<const std::int64_t> photos;
  std::span<const std::uint64_t> first;
  std::span<const float> centroids, table;
  std::span<const std::uint32_t> lists;
};

/// Completes a file whose body is written: writes the index part, and the header (with its
/// checksum). Throws OutputError.
void seal(OpenFile& file, FileHeader header, const IndexPart& content);

}  // namespace inkling::region_file
