// What `describe` knows of a photo, as bytes: so that an indexed photo is never described twice.
//
//   const std::string bytes = encodeFeatures(features);
//   PhotoFeatures again = decodeFeatures(bytes, "street.jpg");     // answers as the first did
//
// The form is safetensors. Numbers are kept in half precision, which changes scores by less than
// 0.01 (tests/inference) and halves the size: about 2 MB a photo. Features belong to the model that
// made them: whoever keeps the bytes remembers which one it was.
#pragma once

#include <string>
#include <string_view>

#include "core/inference/localizer.h"

namespace inkling {

/// Throws UsageError for empty features.
std::string encodeFeatures(const PhotoFeatures& features);

/// `name` stands for the bytes in messages. Throws InputError: broken, not features of a photo.
PhotoFeatures decodeFeatures(std::string_view bytes, const std::string& name);

}  // namespace inkling
