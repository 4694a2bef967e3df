// Photos of drawings, as telephones take them. Internal to core/sketch.
#pragma once

#include <string>
#include <string_view>

#include "core/sketch/png_file.h"

namespace inkling {

/// Grey values of a JPEG file as a person would see it (EXIF orientation applied), reduced by 2, 4
/// or 8 while its longer side has more than 2,400 pixels. Throws InputError naming `name`: not a
/// JPEG file, truncated, broken, or of more than 120 million pixels (by its header, before anything
/// is decoded).
GreyPicture decodeJpeg(std::string_view bytes, const std::string& name);

}  // namespace inkling
