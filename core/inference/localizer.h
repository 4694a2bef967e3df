// The three verbs of Inkling, for programs that know nothing of tensors:
//
//   Localizer localizer = Localizer::load("model.safetensors");
//   const ReducedPhoto read = readPhotoReduced("street.jpg", localizer.readSide());
//   PhotoFeatures photo = localizer.describe(read.image, read.full);           // once a photo
//   SketchQuery query = localizer.understand({{readSketch("cat.json")}});     // once a drawing
//   Detections found = localizer.locate(query, photo);                        // once a pair, fast
//
// A Localizer may be used by several threads at once; features and queries are immutable and cheap
// to copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/geometry/box.h"
#include "core/image/image.h"
#include "core/inference/attention_maps.h"
#include "core/inference/photo_regions.h"
#include "core/sketch/sketch.h"

namespace inkling {

struct PhotoTensors;
struct PhotoBatch;
struct QueryTensors;
struct Engine;

/// What `describe` knows of a photo. Belongs to the model that made it.
class PhotoFeatures {
 public:
  Size photo() const { return photo_; }  ///< pixels of the photo as shown
  bool empty() const { return data_ == nullptr; }
  /// Memory that they take, for caches.
  std::size_t bytes() const;

 private:
  friend class Localizer;
  friend std::string encodeFeatures(const PhotoFeatures&);
  friend PhotoFeatures decodeFeatures(std::string_view, const std::string&);
  Size photo_;
  double contentWidth_ = 1, contentHeight_ = 1;
  std::shared_ptr<const PhotoBatch> data_;
};

/// What `understand` knows of the drawings.
class SketchQuery {
 public:
  std::size_t sketches() const { return drawings_.size(); }
  bool empty() const { return wanted_ == nullptr; }

 private:
  friend class Localizer;
  std::vector<Sketch> drawings_;  ///< for maps by stroke
  std::shared_ptr<const QueryTensors> wanted_, unwanted_;
  std::vector<std::shared_ptr<const QueryTensors>>
      apart_;  ///< kMeanScores: each drawing as a query of its own
};

/// How several drawings become one query. The model's own way is learned; the other two are what it
/// is compared with.
enum class FusionRule {
  kLearned,
  kMeanTokens,  ///< embeddings, words and tokens are averaged
  kMeanScores,  ///< each drawing is looked for alone, scores and boxes are averaged
};

/// A drawing of what is looked for, and how much it counts beside the others (0 switches it off).
struct WeightedSketch {
  Sketch sketch;
  double weight = 1;
};

struct Detections {
  std::vector<ScoredBox> boxes;  ///< pixels of the photo, best first
  /// The probability that the photo shows the thing, where as many photos do as do not; 0 when
  /// there is no box at all. What photos are ranked by.
  double score = 0;
};

struct LocateOptions {
  std::size_t limit = 100;  ///< boxes a photo, at most
  double threshold = 0;     ///< boxes with lower scores are left out
};

struct LocalizerOptions {
  int threads = 0;  ///< of the tensor library; 0: its own choice
  /// "auto" (a card if one can be used), "cpu", "cuda" or "cuda:N". Where a card cannot be had the
  /// processor computes, and Localizer::deviceNote says why.
  std::string device = "auto";
  /// Of the trunk's weights and arithmetic: "float32", "bfloat16" or "float16". The rest is
  /// float32.
  std::string precision = "float32";
  /// Localizer::batchSize; 0: what suits the device.
  int batch = 0;
};

/// A photo to be described together with others.
struct PhotoToDescribe {
  const Image* image = nullptr;
  Size full = {};  ///< as for Localizer::describe
};

/// Throws UsageError for a device or a precision that is none. Looks for no card.
void requireUsable(const LocalizerOptions& options);

class Localizer {
 public:
  /// Reads a model file. Throws ModelError naming the file and the reason, UsageError for a device
  /// or a precision that is none.
  static Localizer load(const std::filesystem::path& model, const LocalizerOptions& options = {});
  /// With an engine that is there already: see core/inference/engine.h.
  explicit Localizer(std::unique_ptr<Engine> engine);
  ~Localizer();
  Localizer(Localizer&&) noexcept;
  Localizer& operator=(Localizer&&) noexcept;

  /// Photos are read with at least so many pixels on the longer side (readPhotoReduced); more are
  /// lost on the model. Whoever describes a file reads it like this, so that all say the same of
  /// it.
  int readSide() const;

  /// `full`: the size that boxes are told in, for a picture that was read at reduced size (see
  /// readPhotoReduced); the picture's own without it. Throws UsageError for an empty image.
  PhotoFeatures describe(const Image& photo, Size full = {}) const;

  /// Several photos at once; the same as one by one but for rounding, and on a card faster. Throws
  /// UsageError for an empty image.
  std::vector<PhotoFeatures> describe(std::span<const PhotoToDescribe> photos) const;
  /// How many photos, or pairs, whoever has many should give at once: 1 on the processor, which has
  /// enough to do with one.
  int batchSize() const;

  /// Fuses the `wanted` drawings; `unwanted` ones ("not this") push their lookalikes down. Throws
  /// InputError for a drawing without ink, UsageError when nothing is wanted or all weights are 0.
  SketchQuery understand(std::span<const WeightedSketch> wanted,
                         std::span<const WeightedSketch> unwanted = {},
                         FusionRule rule = FusionRule::kLearned) const;

  Detections locate(const SketchQuery& query, const PhotoFeatures& photo,
                    const LocateOptions& options = {}) const;

  /// Many pairs at once; the same as one by one, faster. All queries must hold equally many
  /// drawings.
  std::vector<Detections> locate(
      std::span<const std::pair<const SketchQuery*, const PhotoFeatures*>> pairs,
      const LocateOptions& options = {}) const;

  /// Where the model looked, for one pair.
  AttentionMaps attend(const SketchQuery& query, const PhotoFeatures& photo) const;

  /// For a search of many photos without a look at each: what photos are indexed by, and what a
  /// query asks the index (photo_regions.h). These throw ModelError for a model without an index.
  bool hasIndex() const;
  int indexDimension() const;  ///< of index vectors
  PhotoRegions regions(const PhotoFeatures& photo) const;
  /// Index vectors of a photo's regions, n * indexDimension() values, row by row.
  std::vector<float> indexVectors(const PhotoRegions& regions) const;
  RegionQuery regionQuery(const SketchQuery& query) const;
  /// One query vector for each word that the model knows: samples of what will be asked.
  std::vector<float> wordProbes() const;
  /// What Detections::score of each photo would about be.
  std::vector<double> estimate(const RegionQuery& query,
                               std::span<const PhotoRegions> photos) const;

  /// Where it computes: "cpu" or "cuda:N".
  std::string device() const;
  const std::string& precision() const;  ///< LocalizerOptions::precision
  /// Why not on the card that was asked for, or that is there: a sentence for a person, mostly
  /// empty.
  const std::string& deviceNote() const;

  /// The score from which a detection counts as a match, as chosen in training.
  double threshold() const;
  /// The model card: configuration, data, figures, limits.
  const Json& card() const;
  /// Parameters of all networks.
  std::int64_t parameterCount() const;

 private:
  std::unique_ptr<Engine> engine_;
};

}  // namespace inkling
