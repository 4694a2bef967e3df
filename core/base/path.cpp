#include "core/base/path.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include "core/base/file_walk.h"

namespace inkling {
namespace {

// Length of the valid UTF-8 sequence at `i`, or 0 (overlong forms, surrogates and values past
// U+10FFFF are invalid).
std::size_t sequenceLength(std::string_view s, std::size_t i) {
  const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(s[i + k]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || i + length > s.size()) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return 0;
  }
  if ((lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) ||
      (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) > 0x8F)) {
    return 0;
  }
  return length;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

int asciiLower(char c) { return std::tolower(static_cast<unsigned char>(c)); }

// Compares the runs of digits at a[i], b[j] by value and moves past them.
int compareNumbers(std::string_view a, std::size_t& i, std::string_view b, std::size_t& j) {
  while (i < a.size() && a[i] == '0') ++i;
  while (j < b.size() && b[j] == '0') ++j;
  const std::size_t startA = i, startB = j;
  while (i < a.size() && isDigit(a[i])) ++i;
  while (j < b.size() && isDigit(b[j])) ++j;
  const std::size_t lengthA = i - startA, lengthB = j - startB;
  if (lengthA != lengthB) return lengthA < lengthB ? -1 : 1;
  return a.substr(startA, lengthA).compare(b.substr(startB, lengthB));
}

}  // namespace

std::string toValidUtf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t length = sequenceLength(bytes, i);
    if (length == 0) {
      out += "\xEF\xBF\xBD";
      ++i;
    } else {
      out.append(bytes.substr(i, length));
      i += length;
    }
  }
  return out;
}

std::string displayName(const std::filesystem::path& path) { return toValidUtf8(path.native()); }

bool naturalLess(std::string_view a, std::string_view b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (isDigit(a[i]) && isDigit(b[j])) {
      if (const int order = compareNumbers(a, i, b, j); order != 0) return order < 0;
      continue;
    }
    const int ca = asciiLower(a[i]), cb = asciiLower(b[j]);
    if (ca != cb) return ca < cb;
    ++i;
    ++j;
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;
}

bool isBelow(const std::filesystem::path& path, const std::filesystem::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first ==
         folder.end();
}

std::string lowerExtension(const std::filesystem::path& path) {
  std::string extension = path.extension().native();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](char c) { return static_cast<char>(asciiLower(c)); });
  return extension;
}

std::vector<std::filesystem::path> listFiles(const std::filesystem::path& folder,
                                             const std::vector<std::string>& extensions) {
  std::vector<std::filesystem::path> files;
  visitFiles(folder, extensions, {},
             [&](const std::filesystem::path& file) { files.push_back(file); });
  sortNaturally(files);
  return files;
}

}  // namespace inkling
