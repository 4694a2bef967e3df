#include "app/photo_list.h"

#include <unordered_set>

#include <fmt/format.h>

#include "core/base/path.h"
#include "core/image/photo_reader.h"

namespace inkling {

PhotoList listPhotos(const std::vector<std::string>& arguments) {
  PhotoList list;
  std::unordered_set<std::string> seen;
  for (const std::string& argument : arguments) {
    try {
      const std::vector<std::filesystem::path> files = listFiles(argument, photoExtensions());
      if (files.empty()) {
        fail<InputError>("{}: no photos in this folder", displayName(argument));
      }
      for (const std::filesystem::path& file : files) {
        if (seen.insert(file.lexically_normal().native()).second) list.files.push_back(file);
      }
    } catch (const InputError& error) {
      list.failed.push_back({argument, error.what()});
    }
  }
  return list;
}

}  // namespace inkling
