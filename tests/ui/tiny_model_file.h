// A model that answers in milliseconds, as a file.
#pragma once

#include <filesystem>

namespace inkling {

/// Writes a complete model of random weights, the same each time, with an index. Boxes match from `threshold` up, which
/// none of its boxes reaches at 1.
void writeTinyModel(const std::filesystem::path& file, double threshold = 1);

}  // namespace inkling
