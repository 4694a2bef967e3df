// Photos for training as the trainers see them: cached trunk features and boxes by word. Nothing
// here decodes a photo, so training runs wherever the cache is carried.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/nn/localizer_network.h"
#include "core/nn/photo_tensors.h"

namespace inkling {

/// The boxes of one word in a photo.
struct WordBoxes {
  std::int64_t word = 0;  ///< index into the model's words
  Tensor boxes;           ///< [n, 4] cxcywh in 0..1 of the square
};

/// A photo (or its mirror image) with boxes.
struct Scene {
  std::filesystem::path features;  ///< the cached PhotoTensors
  std::vector<WordBoxes> objects;  ///< one entry for each word that is there
  std::vector<std::int64_t>
      absent;              ///< words of the data set's categories that are known not to be there
  Tensor ignored;          ///< [n, 4] crowds: neither right nor wrong
  bool exhaustive = true;  ///< false: places without a box may hold anything
  bool held = false;       ///< kept for choosing settings: the guided part is not trained on it
  std::uint64_t fold =
      0;  ///< random; member fold % members of the matching head is not trained on it
};

/// Region features of boxes that show one object of a known word each: [M, .] rows.
struct ObjectSet {
  RegionFeatures features;          ///< with a leading dimension of 1: [1, M, .]
  std::vector<std::int64_t> words;  ///< [M]
  std::int64_t size() const { return static_cast<std::int64_t>(words.size()); }
};

/// Stores and reads the features of a photo: maps in half precision, boxes in single.
void writePhotoTensors(const std::filesystem::path& file, const PhotoTensors& photo);
PhotoTensors readPhotoTensors(const std::filesystem::path& file);
/// The same as the file has it.
PhotoTensors readStoredTensors(const std::filesystem::path& file);

/// [1, members]: all votes to the member that was not trained on the scene; undefined for a single
/// member.
Tensor votesOf(const Scene& scene, std::size_t members, at::Device device = at::kCPU);

/// Words to ask a scene for: up to `present` that are there and `absent` that are not.
std::vector<std::int64_t> chooseWords(const Scene& scene, std::int64_t present, std::int64_t absent,
                                      Random& random);

/// The mirror image of boxes in a photo that covers `contentWidth` of the square.
Tensor mirrorBoxes(const Tensor& boxes, double contentWidth);

/// Region features at any boxes [n, 4] of a photo: pooled from the maps; class scores and
/// objectness are those of the proposal that overlaps most (zero below IoU 0.5).
RegionFeatures regionsAt(const PhotoTensors& photo, const Tensor& boxes,
                         const LocalizerNetwork& network);

/// Rows `index` of a one-photo batch of regions.
RegionFeatures selectRegions(const RegionFeatures& regions, const Tensor& index);

/// The same in single precision.
RegionFeatures wideRegions(const RegionFeatures& regions);

/// Joins along the region dimension (dimension 1). Kinds of feature that one part lacks become
/// zeros there.
RegionFeatures joinRegions(const std::vector<RegionFeatures>& parts);

}  // namespace inkling
