// Lists of numbers in JSON. Internal to core/sketch.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"

namespace inkling {

/// `value` as a list of finite numbers. Throws InputError "WHERE: "KEY" ..." for anything else.
std::vector<float> jsonNumbers(const Json& value, const std::string& where, std::string_view key);

}  // namespace inkling
