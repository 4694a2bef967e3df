// The drawings that `inkling eval` asks with.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

struct EvalSketches {
  std::vector<std::string> words;  ///< of each sketch
  std::vector<Sketch> sketches;
  std::vector<std::string> errors;  ///< files that cannot be read, as whole messages
};

/// Reads the drawings of `words`, in natural order of the files:
/// - an .ndjson or .ndjson.gz file: each drawing under its own word;
/// - a folder: WORD.ndjson, WORD.ndjson.gz, WORD.json, WORD.svg, WORD.png, or WORD/ with any number
///   of .json, .svg, .png and .jpg files.
/// Drawings without a usable line are left out. Throws InputError when `source` cannot be read or
/// no drawing is left.
EvalSketches readEvalSketches(const std::filesystem::path& source,
                              const std::set<std::string>& words);

}  // namespace inkling
