// The tables of a catalogue and their versions. Internal to core/search.
//
// photos    one row per file that is there, or was there lately. A row stands for a CONTENT: when
//           a file's content changes, its row is retired and another one is made; when a file
//           moves, its row gets the new path. So what is known about an id never goes stale.
// features  what the describer said of a photo, as one blob. A table of its own, so that going
//           through `photos` does not drag the blobs along; inside the same file, so that a photo
//           and its description are committed together, or not at all.
// meta      folder (the root, as bytes), revision (a counter that grows with every change), birth
//           (random: tells this catalogue from one that was made anew in its place).
#pragma once

#include <cstdint>
#include <span>

#include "core/search/sqlite.h"

namespace inkling {

/// "Inkl": tells a catalogue from databases of other programs.
inline constexpr std::int64_t kCatalogueApplicationId = 0x496E6B6C;

/// Step i takes a catalogue from version i to i + 1. Steps are only ever added, never changed.
std::span<const char* const> catalogueMigrations();

/// Brings the database to the version `steps.size()`, each step as a whole or not at all. An empty
/// database becomes a catalogue. Throws InputError if it comes from a newer version or belongs to
/// another program, DamagedDatabase if it is no database.
void migrate(Database& database, std::span<const char* const> steps = catalogueMigrations());

/// The same checks without changing anything: throws InputError also if it is older.
void requireCurrentVersion(Database& database);

}  // namespace inkling
