// The directory of a TIFF file, which is also what EXIF data is. Internal to core/image.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace inkling {

/// Big- or little-endian numbers in bytes that may end too early: whatever is out of range is
/// nullopt.
class ByteView {
 public:
  ByteView(std::string_view bytes, bool bigEndian) : bytes_(bytes), bigEndian_(bigEndian) {}

  std::size_t size() const { return bytes_.size(); }
  std::string_view bytes() const { return bytes_; }
  std::optional<std::uint32_t> u8(std::size_t offset) const { return number(offset, 1); }
  std::optional<std::uint32_t> u16(std::size_t offset) const { return number(offset, 2); }
  std::optional<std::uint32_t> u32(std::size_t offset) const { return number(offset, 4); }
  /// `length` bytes from `offset`, or nullopt when they are not all there.
  std::optional<std::string_view> slice(std::size_t offset, std::size_t length) const;

 private:
  std::optional<std::uint32_t> number(std::size_t offset, std::size_t length) const;

  std::string_view bytes_;
  bool bigEndian_;
};

/// The first directory (IFD0) of a TIFF block: values of the integer tags.
class TiffDirectory {
 public:
  /// nullopt when `block` is not a TIFF block.
  static std::optional<TiffDirectory> read(std::string_view block);

  /// False when the directory or a value of it lies outside of the block, as in a truncated file.
  bool complete() const { return complete_; }
  /// The values of a tag of type BYTE, SHORT or LONG; empty when it is missing or of another type.
  std::vector<std::uint32_t> values(std::uint16_t tag) const;
  /// The first value of the tag.
  std::optional<std::uint32_t> value(std::uint16_t tag) const;

 private:
  struct Entry {
    std::uint32_t type = 0;
    std::uint32_t count = 0;
    std::size_t offset = 0;  // where the values start in the block
  };

  explicit TiffDirectory(ByteView view) : view_(view) {}
  void readEntries(std::size_t directory);

  ByteView view_;
  std::map<std::uint32_t, Entry> entries_;
  bool complete_ = true;
};

/// The orientation 1..8 that an EXIF block (with or without the leading "Exif\0\0") states; 1,
/// upright, when it states none or cannot be understood.
int exifOrientation(std::string_view block);

}  // namespace inkling
