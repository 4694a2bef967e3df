#include "core/image/photo_file.h"

#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/photo_header.h"

namespace inkling {

std::string readPhotoFile(const std::filesystem::path& path) {
  std::error_code code;
  const auto kind = std::filesystem::status(path, code).type();
  using std::filesystem::file_type;
  if (kind == file_type::fifo || kind == file_type::socket || kind == file_type::block)
    fail<InputError>("{}: is a pipe or a device, not a photo", displayName(path));
  return readFile(path, kMaxPhotoBytes);
}

PhotoFacts photoFacts(std::string_view bytes, const std::string& name) {
  const PhotoHeader header = readPhotoHeader(bytes, name, PhotoUse::reduced);
  const bool sideways = header.orientation >= 5;
  const Size size = sideways ? Size{header.size.height, header.size.width} : header.size;
  return {size, header.orientation};
}

}  // namespace inkling
