#include "core/exporting/export_categories.h"

#include <array>
#include <cstdint>
#include <unordered_set>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/exporting/name_parts.h"

namespace inkling {
namespace {

constexpr std::size_t kLongestName = 60;

// ASCII for U+00C0 .. U+017F; "" where there is none.
constexpr std::array<const char*, 192> kLatin = {
    "A", "A", "A",  "A",  "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I",  "I",  // 00C0
    "D", "N", "O",  "O",  "O", "O", "O",  "",  "O", "U", "U", "U", "U", "Y", "Th", "ss",
    "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i",  "i",
    "d", "n", "o",  "o",  "o", "o", "o",  "",  "o", "u", "u", "u", "u", "y", "th", "y",
    "A", "a", "A",  "a",  "A", "a", "C",  "c", "C", "c", "C", "c", "C", "c", "D",  "d",  // 0100
    "D", "d", "E",  "e",  "E", "e", "E",  "e", "E", "e", "E", "e", "G", "g", "G",  "g",
    "G", "g", "G",  "g",  "H", "h", "H",  "h", "I", "i", "I", "i", "I", "i", "I",  "i",
    "I", "i", "IJ", "ij", "J", "j", "K",  "k", "k", "L", "l", "L", "l", "L", "l",  "L",
    "l", "L", "l",  "N",  "n", "N", "n",  "N", "n", "n", "N", "n", "O", "o", "O",  "o",
    "O", "o", "OE", "oe", "R", "r", "R",  "r", "R", "r", "S", "s", "S", "s", "S",  "s",
    "S", "s", "T",  "t",  "T", "t", "T",  "t", "U", "u", "U", "u", "U", "u", "U",  "u",
    "U", "u", "U",  "u",  "W", "w", "Y",  "y", "Y", "Z", "z", "Z", "z", "Z", "z",  "s"};

// The characters of valid UTF-8.
std::u32string charactersOf(std::string_view text) {
  std::u32string characters;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) {
      characters.back() = characters.back() << 6 | (byte & 0x3F);
    } else {
      characters += byte < 0x80   ? byte
                    : byte < 0xE0 ? byte & 0x1F
                    : byte < 0xF0 ? byte & 0x0F
                                  : byte & 0x07;
    }
  }
  return characters;
}

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? std::string()
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::string fileName(const std::string& category) {
  std::string name = toValidUtf8(category);
  for (char& c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F ||
        std::string_view("/\\:*?\"<>|.").find(c) != std::string::npos)
      c = '_';
  }
  name = trimmed(shortenedName(trimmed(name), kLongestName));
  return name.empty() ? "category" : name;
}

}  // namespace

std::vector<std::string> categoryFileNames(const ExportSetup& setup) {
  std::vector<std::string> names;
  std::unordered_set<std::string> taken;
  for (const ExportCategory& category : setup.categories) {
    const std::string plain = fileName(category.name);
    std::string name = plain;
    for (int number = 2; !taken.insert(foldedCase(name)).second; ++number) {
      const std::string suffix = fmt::format("-{}", number);
      name = shortenedName(plain, kLongestName - suffix.size()) + suffix;
    }
    names.push_back(std::move(name));
  }
  return names;
}

std::string drawableName(std::string_view name, std::size_t category) {
  std::string drawn;
  bool lost = false;
  for (const char32_t c : charactersOf(toValidUtf8(name))) {
    if (c < 0x80) {
      drawn += c < 0x20 || c == 0x7F ? ' ' : static_cast<char>(c);
    } else if (c >= 0xC0 && c <= 0x17F && *kLatin[c - 0xC0] != '\0') {
      drawn += kLatin[c - 0xC0];
    } else if (c < 0x300 || c > 0x36F) {  // accents that follow their letter
      lost = true;
    }
  }
  drawn = trimmed(drawn);
  if (!lost && !drawn.empty()) return drawn;
  return fmt::format("{}{}#{}", drawn, drawn.empty() ? "" : " ", category + 1);
}

void requireCategories(const ExportedPhoto& photo, const ExportSetup& setup) {
  for (const ExportedBox& box : photo.boxes) {
    if (box.category >= setup.categories.size()) {
      fail<InputError>("{}: a box of category {}, but the export has {}", displayName(photo.path),
                       box.category, setup.categories.size());
    }
  }
}

}  // namespace inkling
