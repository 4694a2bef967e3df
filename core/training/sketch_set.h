// Drawings with their words, for training and evaluation.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

struct SketchSet {
  std::vector<Sketch> sketches;
  std::vector<std::int64_t> labels;              ///< index into `words` of each sketch
  std::vector<std::string> words;                ///< sorted
  std::vector<std::vector<std::size_t>> byWord;  ///< sketches of each word

  std::size_t size() const { return sketches.size(); }
  /// Index of a word; -1 when it is not there.
  std::int64_t wordIndex(const std::string& word) const;
};

/// A QuickDraw file as a set; drawings without ink or of a dot are left out. With `words` given,
/// labels count in that list and drawings of other words are left out. Throws InputError.
SketchSet readSketchSet(const std::filesystem::path& file,
                        const std::vector<std::string>& words = {});

}  // namespace inkling
