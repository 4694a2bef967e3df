// Going through the files of a folder one by one, for listings that may be given up half way.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"

namespace inkling {

/// Calls `visit` for every file that listFiles would list, in the order of the disk, until `token`
/// is cancelled. Throws as listFiles does.
void visitFiles(const std::filesystem::path& folder, const std::vector<std::string>& extensions,
                const CancellationToken& token,
                const std::function<void(const std::filesystem::path&)>& visit);

/// Whether the file's extension, in lower case, is one of `extensions`.
bool hasExtension(const std::filesystem::path& file, const std::vector<std::string>& extensions);

/// Into natural order.
void sortNaturally(std::vector<std::filesystem::path>& files);

}  // namespace inkling
