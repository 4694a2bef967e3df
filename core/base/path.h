// Paths and text. A path is bytes on disk; what a person reads is UTF-8.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

/// The path as valid UTF-8 for messages and JSON: bytes that are not UTF-8 become U+FFFD. Never use
/// it to open a file.
std::string displayName(const std::filesystem::path& path);

/// Replaces every byte that is not part of valid UTF-8 by U+FFFD.
std::string toValidUtf8(std::string_view bytes);

/// Natural order: "photo2" before "photo10", letters without regard to ASCII case, ties broken by
/// bytes.
bool naturalLess(std::string_view a, std::string_view b);

/// Whether `path` is `folder` or lies below it, by their names alone: "a/b/c" is below "a/b",
/// "a/bc" is not.
bool isBelow(const std::filesystem::path& path, const std::filesystem::path& folder);

/// The extension in ASCII lower case, with its dot (".JPG" gives ".jpg").
std::string lowerExtension(const std::filesystem::path& path);

/// Regular files below `folder` (or `folder` itself if it is a file) whose extension is in
/// `extensions`, in natural order. Folders are followed into sub-folders, symbolic links to folders
/// are not (they may loop). Names that start with a dot are skipped. Throws InputError if `folder`
/// does not exist or cannot be listed.
std::vector<std::filesystem::path> listFiles(const std::filesystem::path& folder,
                                             const std::vector<std::string>& extensions);

}  // namespace inkling
