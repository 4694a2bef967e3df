// Writing pictures to files.
#pragma once

#include <filesystem>
#include <string>

#include "core/image/image.h"

namespace inkling {

/// The bytes of a PNG file, of a JPEG file (quality 1..100). Throws UsageError for an empty
/// picture, OutputError when it cannot be encoded.
std::string encodePng(const Image& image);
std::string encodeJpeg(const Image& image, int quality = 92);

/// Writes a .png, .jpg or .jpeg file, whole or not at all, and creates missing folders. Throws
/// UsageError for another extension or an empty picture, OutputError naming the file when it cannot
/// be written.
void writePicture(const std::filesystem::path& path, const Image& image);

}  // namespace inkling
