// What an export finds in its out folder before it begins. Internal to core/exporting.
#pragma once

#include <cstddef>
#include <filesystem>

#include "core/exporting/export_format.h"

namespace inkling {

/// Throws OutputError if there is something called like this already.
void requireAbsent(const std::filesystem::path& file);

/// Throws OutputError when the disk has clearly not enough room for so many photos: too few bytes
/// free, or too few files.
void requireRoom(const std::filesystem::path& out, const ExportFormat& format, std::size_t photos);

/// Removes half-written files that a killed process has left (".inkling-" and six letters).
void removeLeftovers(const std::filesystem::path& out);

}  // namespace inkling
