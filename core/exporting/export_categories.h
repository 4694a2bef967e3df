// Names of categories where not every text will do: in file names and on pictures. Internal to
// core/exporting.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/exporting/export_photo.h"
#include "core/exporting/export_setup.h"

namespace inkling {

/// A name for a folder or a part of a file name for each category: no separators, dots, control
/// characters or characters that other file systems refuse ("_" stands for them), at most 60 bytes
/// of UTF-8, and no two the same, not even in another case.
std::vector<std::string> categoryFileNames(const ExportSetup& setup);

/// The name for drawn letters, which are ASCII: Latin letters lose their accents; where a character
/// cannot be drawn, the number of the category, from 1, says what is meant ("chair #2", "#3").
std::string drawableName(std::string_view name, std::size_t category);

/// Throws InputError for a box of a category that the setup does not have.
void requireCategories(const ExportedPhoto& photo, const ExportSetup& setup);

}  // namespace inkling
