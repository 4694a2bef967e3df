// Parts of file names. Internal to core/exporting.
#pragma once

#include <cstddef>
#include <string>

namespace inkling {

/// ASCII letters in lower case: equal for names that a file system without upper and lower case
/// takes as one.
std::string foldedCase(std::string name);

/// At most `bytes` of the name, not cut in the middle of a UTF-8 character.
std::string shortenedName(std::string name, std::size_t bytes);

}  // namespace inkling
