// The pictures of a search: boxes and attention on the photos.
#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>

#include "core/geometry/box.h"
#include "core/image/image.h"
#include "core/inference/attention_maps.h"

namespace inkling {

class MatchPictures {
 public:
  /// Throws OutputError when `folder` cannot be written. `card` is the sketch, put into a corner;
  /// it may be empty.
  MatchPictures(std::filesystem::path folder, Image card);

  /// Writes NAME.boxes.jpg and NAME.attention.jpg, NAME being the photo's without extension, with a
  /// number behind it where another photo has taken it. Throws OutputError.
  void write(const std::filesystem::path& photoFile, const Image& photo,
             std::span<const ScoredBox> boxes, const AttentionMaps& maps);
  /// NAME.boxes.jpg alone.
  void writeBoxes(const std::filesystem::path& photoFile, const Image& photo,
                  std::span<const ScoredBox> boxes);

 private:
  void writeBoxed(const std::string& name, const Image& photo, std::span<const ScoredBox> boxes);
  std::string freeName(const std::filesystem::path& photoFile);

  std::filesystem::path folder_;
  Image card_;
  std::set<std::string> taken_;
};

}  // namespace inkling
