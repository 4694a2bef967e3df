// The model card for a person.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/json.h"

namespace inkling {

/// The card as indented lines: the size first, then every field of the card; long lists are
/// counted instead of shown.
std::string modelCardText(const std::string& file, const Json& card, std::int64_t parameters,
                          std::uintmax_t bytes);

}  // namespace inkling
