// Files that several tests of the program use: a tiny model, drawings, photos good and broken.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/image/image.h"
#include "tests/app/program.h"

namespace inkling {

/// An empty folder of the running test, removed when the test program ends.
std::filesystem::path testFolder();

/// A complete model with random weights that runs in milliseconds; it knows nothing of photos, but
/// everything around it works as with a real one. `attention`: its mechanism.
std::string tinyModelFile(const std::string& attention = "multi-head");

/// The model that comes with the program; empty when it is not there.
std::string realModelFile();

/// A file of the source tree.
std::filesystem::path sourceFile(const std::string& path);

/// Writes `content` into testFolder() and returns the path.
std::string writeTestFile(const std::string& name, const std::string& content);

/// A drawing of a ring and a line, in Inkling's format.
std::string ringSketch(const std::string& name = "ring.json");

/// A JPEG photo with a few shapes that depend on `seed`.
std::string jpegBytes(int seed = 1, Size size = {160, 120});
std::string writePhoto(const std::string& name, int seed = 1, Size size = {160, 120});

/// A PNG file whose header claims this size, with hardly any data.
std::string pngOfClaimedSize(Size size);

/// Every file below a folder with its content, by its path below the folder.
std::map<std::string, std::string> filesBelow(const std::filesystem::path& folder);

/// Parses what the program printed; a failure of the test when it is not JSON.
Json parsed(const std::string& text);

/// Exit status 0..3 or 130 by itself, and no talk of exceptions: what holds for any input whatever.
void expectGoodManners(const ProgramResult& result);

}  // namespace inkling
