// Asks the model about annotated photos: every photo is described once and asked in every variant.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/eval_sketches.h"
#include "app/eval_variants.h"
#include "app/photo_queue.h"
#include "core/base/cancellation.h"
#include "core/evaluation/coco_dataset.h"
#include "core/evaluation/eval_part.h"
#include "core/evaluation/protocol.h"
#include "core/inference/localizer.h"

namespace inkling {

struct EvaluationRequest {
  std::string photos;     ///< folder
  std::size_t limit = 0;  ///< photos; 0: all
  std::uint64_t seed = 14;
  Shard shard;  ///< only the photos of this part
  bool quiet = false;
  std::vector<EvalVariant> variants;
};

/// The answers to the queries about one photo.
struct PhotoAnswers {
  std::string error;                                            ///< not empty: it cannot be read
  std::vector<std::vector<std::vector<ScoredBox>>> detections;  ///< [variant][query]
  std::vector<std::vector<double>> scores;                      ///< [variant][query]
  std::vector<std::size_t> unreadable;                          ///< [variant] as in Answers
};

class Evaluation {
 public:
  /// Queries are sorted by photo.
  Evaluation(const EvaluationRequest& request, const CocoDataset& dataset,
             const EvalSketches& sketches, const std::vector<Query>& queries,
             const Localizer& localizer);

  /// Ids of the photos of all parts, in the order of the data set.
  std::vector<std::int64_t> asked() const;
  /// A photo that cannot be read takes its queries with it, with a message on stderr.
  Answers answerAll(const CancellationToken& interrupt);

  /// The same in steps, photo by photo in any order, for several processes: `answer` in any of
  /// them, the answers together in one.
  std::size_t photos() const { return photos_.size(); }
  std::filesystem::path fileOf(std::size_t photo) const { return fileOf(photos_[photo]); }
  PhotoAnswers answer(std::size_t number) {
    return answer(decodePhoto(fileOf(number), localizer_.readSide()), photos_[number]);
  }
  /// `answers` by the number of the photo, those that are there. Tells of failures as answerAll.
  Answers together(std::vector<std::optional<PhotoAnswers>> answers) const;

 private:
  using PhotoQueries = std::vector<Query>;
  std::vector<const PhotoQueries*> ofShard(const CancellationToken& interrupt) const;
  std::filesystem::path fileOf(const PhotoQueries& queries) const;
  using Found = std::vector<Detections>;
  PhotoAnswers answer(const DecodedPhoto& photo, const PhotoQueries& queries);
  Answers noAnswers() const;
  void add(PhotoAnswers photo, const PhotoQueries& queries, Answers& answers) const;
  Found locateAll(const PhotoFeatures& features, const std::vector<Query>& queries,
                  const EvalVariant& variant, std::size_t& unreadable);
  /// The query of a variant; empty when its drawings cannot be read.
  const SketchQuery& understood(const Query& query, const EvalVariant& variant);
  std::vector<WeightedSketch> chosen(const std::vector<std::size_t>& indices, std::size_t count,
                                     const EvalVariant& variant) const;

  const EvaluationRequest& request_;
  const CocoDataset& dataset_;
  const EvalSketches& sketches_;
  const Localizer& localizer_;
  std::vector<std::vector<Query>> photos_;  ///< by photo
  std::map<std::pair<std::string, std::vector<std::size_t>>, SketchQuery>
      understood_;  ///< by variant and drawings
};

}  // namespace inkling
