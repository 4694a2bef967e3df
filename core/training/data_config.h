// Which data a training run uses, read from its configuration.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace inkling {

/// Photos with boxes.
struct SceneSource {
  std::filesystem::path annotations, photos;
  bool exhaustive = true;  ///< every object of the data set's categories has a box
  bool mirror = true;      ///< use mirror images too
  std::int64_t limit = 0;  ///< the first so many photos; 0: all
  double heldShare = 0;    ///< part of the photos that is kept for choosing settings
};

/// Photos of one object each: a folder a word, or ImageNet samples "NNN_name.jpg" with a table word
/// -> class numbers.
struct ObjectSource {
  std::filesystem::path folder;
  std::filesystem::path imagenetWords;  ///< empty: sub-folders are words
  std::int64_t perWord = 0;             ///< photos of a word, at most; 0: all
};

struct DataConfig {
  std::filesystem::path sketches, heldSketches, weights;
  std::vector<SceneSource> scenes;
  std::vector<ObjectSource> objects;
  std::vector<std::string> excludedWords;  ///< never used together with photos

  /// Paths are relative to `root` ("data_root" of the configuration, itself relative to the
  /// configuration's folder, unless given by the caller). Throws InputError naming the field.
  static DataConfig fromJson(const Json& json, const std::filesystem::path& root,
                             const std::filesystem::path& configFolder, const std::string& source);
};

}  // namespace inkling
