// Where the catalogue of a folder lies, and what happens to a broken one.
#pragma once

#include <filesystem>
#include <optional>

namespace inkling {

/// The folder without links and dots. Throws InputError if there is none, or it is a file.
std::filesystem::path canonicalFolder(const std::filesystem::path& folder);

/// The file for the catalogue of `folder`: FOLDER/.inkling/catalogue.sqlite when that can be
/// written, so that it travels with the photos; otherwise (read-only folder, network share, a path
/// too long for SQLite) inkling/catalogues/NAME-HASH.sqlite in the user's data folder, which is
/// $XDG_DATA_HOME or ~/.local/share. Creates the folder that the file goes into, not the file.
/// Throws InputError if `folder` is none, OutputError if neither place can be written.
std::filesystem::path cataloguePlace(const std::filesystem::path& folder);

/// The catalogue that a reader of `folder` should open; none if it has not been indexed. Creates
/// nothing.
std::optional<std::filesystem::path> existingCatalogue(const std::filesystem::path& folder);

/// Renames a broken catalogue to NAME.broken-N (N counts up from 1; its write-ahead log goes along)
/// and returns the new name. Throws OutputError. Only the holder of the catalogue's lock may do that.
std::filesystem::path setCatalogueAside(const std::filesystem::path& file);

}  // namespace inkling
