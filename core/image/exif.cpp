#include "core/image/exif.h"

namespace inkling {
namespace {

constexpr std::uint16_t kOrientationTag = 274;

// Bytes per value of the TIFF types 1..12; 0 for others.
std::size_t bytesPerValue(std::uint32_t type) {
  switch (type) {
    case 1:
    case 2:
    case 6:
    case 7:
      return 1;
    case 3:
    case 8:
      return 2;
    case 4:
    case 9:
    case 11:
      return 4;
    case 5:
    case 10:
    case 12:
      return 8;
    default:
      return 0;
  }
}

}  // namespace

std::optional<std::string_view> ByteView::slice(std::size_t offset, std::size_t length) const {
  if (offset > bytes_.size() || length > bytes_.size() - offset) return std::nullopt;
  return bytes_.substr(offset, length);
}

std::optional<std::uint32_t> ByteView::number(std::size_t offset, std::size_t length) const {
  const auto part = slice(offset, length);
  if (!part) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t k = bigEndian_ ? i : length - 1 - i;
    value = value << 8 | static_cast<unsigned char>((*part)[k]);
  }
  return value;
}

std::optional<TiffDirectory> TiffDirectory::read(std::string_view block) {
  const bool big = block.substr(0, 4) == std::string_view("MM\0*", 4);
  if (!big && block.substr(0, 4) != std::string_view("II*\0", 4)) return std::nullopt;
  TiffDirectory directory(ByteView(block, big));
  const auto start = directory.view_.u32(4);
  if (start) {
    directory.readEntries(*start);
  } else {
    directory.complete_ = false;
  }
  return directory;
}

void TiffDirectory::readEntries(std::size_t directory) {
  const std::uint32_t count = view_.u16(directory).value_or(0);
  // 2 bytes of count, 12 per entry, 4 that point to the next directory.
  complete_ = count > 0 && view_.slice(directory, 2 + 12 * std::size_t{count} + 4).has_value();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::size_t at = directory + 2 + 12 * std::size_t{i};
    const auto tag = view_.u16(at);
    const auto type = view_.u16(at + 2);
    const auto length = view_.u32(at + 4);
    const auto pointer = view_.u32(at + 8);
    if (!tag || !type || !length || !pointer) return;
    const std::size_t bytes = bytesPerValue(*type) * std::size_t{*length};
    const Entry entry{*type, *length, bytes <= 4 ? at + 8 : *pointer};
    if (view_.slice(entry.offset, bytes)) {
      entries_.emplace(*tag, entry);
    } else {
      complete_ = false;
    }
  }
}

std::vector<std::uint32_t> TiffDirectory::values(std::uint16_t tag) const {
  const auto found = entries_.find(tag);
  if (found == entries_.end()) return {};
  const Entry& entry = found->second;
  std::vector<std::uint32_t> values;
  if (entry.type != 1 && entry.type != 3 && entry.type != 4) return values;
  for (std::uint32_t i = 0; i < entry.count; ++i) {
    const std::size_t at = entry.offset + i * bytesPerValue(entry.type);
    const auto number = entry.type == 1   ? view_.u8(at)
                        : entry.type == 3 ? view_.u16(at)
                                          : view_.u32(at);
    values.push_back(number.value_or(0));
  }
  return values;
}

std::optional<std::uint32_t> TiffDirectory::value(std::uint16_t tag) const {
  const auto all = values(tag);
  return all.empty() ? std::nullopt : std::optional(all.front());
}

int exifOrientation(std::string_view block) {
  constexpr std::string_view prefix("Exif\0\0", 6);
  if (block.starts_with(prefix)) block.remove_prefix(prefix.size());
  const auto directory = TiffDirectory::read(block);
  if (!directory) return 1;
  const std::uint32_t orientation = directory->value(kOrientationTag).value_or(1);
  return orientation >= 1 && orientation <= 8 ? static_cast<int>(orientation) : 1;
}

}  // namespace inkling
