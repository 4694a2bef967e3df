#include "core/exporting/name_parts.h"

namespace inkling {

std::string foldedCase(std::string name) {
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

std::string shortenedName(std::string name, std::size_t bytes) {
  if (name.size() <= bytes) return name;
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  // Bytes that are no UTF-8 may look like one endless character.
  name.resize(end > 0 ? end : bytes);
  return name;
}

}  // namespace inkling
