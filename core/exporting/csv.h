// Comma-separated values (RFC 4180).
#pragma once

#include <string>

namespace inkling {

/// The text as a field: in double quotes where it holds a comma, a quote or a line break.
std::string csvField(const std::string& text);

}  // namespace inkling
