// The protocol "sketch-guided": a sketch of each category that a photo shows is a query, its boxes
// are what is to be found, and all queries together are scored as one class with COCO's figures.
// One category that is not in the photo asks whether the scores can tell presence from absence.
// Small data gives wide intervals: report them. This is not the benchmark of any paper.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/evaluation/coco_dataset.h"
#include "core/evaluation/coco_metrics.h"
#include "core/geometry/box.h"

namespace inkling {

struct ProtocolOptions {
  std::uint64_t seed = 14;
  int sketchesPerQuery = 1;  ///< different sketches of the word; all of them if there are fewer
  int resamples = 1000;      ///< bootstrap samples of the photos, for the intervals
};

struct Query {
  std::size_t photo = 0;  ///< index into dataset.photos
  int categoryId = 0;
  bool present = false;  ///< false: the category that is not there, for the presence AUROC alone
  bool unseen = false;   ///< of the category
  std::vector<std::size_t> sketches;  ///< indices into the list of sketches
  std::vector<std::size_t> unwanted;  ///< the same, of a lookalike ("not this")
  int unwantedCategoryId = 0;         ///< of these, 0 without any

  friend bool operator==(const Query&, const Query&) = default;
};

/// The queries, sorted by photo id and category id. `sketchWords` holds the word of each sketch
/// there is. Categories without a sketch are not asked for, nor those of which a photo shows crowds
/// only. The choice of sketches depends on the seed, the photo's id and the category's id alone, so
/// neither the order nor the number of photos changes it, and the sketches of a query with 3
/// include that of the same query with 1. Throws UsageError for sketchesPerQuery < 1.
std::vector<Query> makeQueries(const CocoDataset& dataset,
                               const std::vector<std::string>& sketchWords,
                               const ProtocolOptions& options = {});

/// The queries of the protocol "not-this": as above, but only those for a category that is there
/// together with another of its kind (see sameKind), of which one sketch is unwanted. Of several,
/// one is drawn. Photos without such a pair are not asked about.
std::vector<Query> makeLookalikeQueries(const CocoDataset& dataset,
                                        const std::vector<std::string>& sketchWords,
                                        const ProtocolOptions& options = {});

/// True for two of COCO's categories from one of its super-categories (animals, vehicles, food,
/// furniture and so on); other data sets have no kinds, all their categories are alike.
bool sameKind(int categoryId, int otherId);

/// 95 %: from the 2.5th to the 97.5th percentile of the bootstrap samples. Nothing where there is
/// nothing to measure.
struct Interval {
  double low = 0, high = 0;
};

/// The interval of a figure's bootstrap samples.
std::optional<Interval> intervalOf(const std::vector<double>& samples);

/// How well things are told from their like: over pairs of a wanted and an unwanted object in one
/// photo, the share where the wanted one has the higher score (its best box at IoU 0.5; a box that
/// overlaps both counts for the wanted one). Pairs whose wanted object has no box are left out.
struct ToldApart {
  std::size_t pairs = 0;
  std::optional<double> share;
  std::optional<Interval> interval;
};

struct GroupResult {
  CocoFigures figures;      ///< -1 where there is nothing
  std::size_t queries = 0;  ///< with the object present
  std::optional<Interval> ap, ap50, ap75;
};

struct ProtocolResult {
  std::string protocol = "sketch-guided";
  std::uint64_t seed = 14;
  std::size_t queries = 0;  ///< with the object present
  std::size_t absentQueries = 0;
  GroupResult all, seen, unseen;
  std::optional<double> presenceAuroc;
  std::optional<Interval> presenceInterval;
};

/// What the query's photo shows of its category, and what was found there.
CocoCell cocoCellOf(const CocoDataset& dataset, const Query& query,
                    const std::vector<ScoredBox>& detections);

/// Scores the detections; `detections[i]` answers `queries[i]`, in pixels of the photo, in any
/// order, the best 100 counting. `photoScores[i]` says how likely it is that the query's photo
/// shows the object; without any, its best detection does, and a query without detections has the
/// lowest score. Throws UsageError when the lists differ in length or a score is not a number.
ProtocolResult evaluateProtocol(const CocoDataset& dataset, const std::vector<Query>& queries,
                                const std::vector<std::vector<ScoredBox>>& detections,
                                const ProtocolOptions& options = {},
                                const std::vector<double>& photoScores = {});

/// The score of query i's photo: as given, or that of its best detection, 0 without any.
double photoScore(const std::vector<double>& photoScores,
                  const std::vector<std::vector<ScoredBox>>& detections, std::size_t i);

/// Queries of makeLookalikeQueries and their detections, as above.
ToldApart evaluateToldApart(const CocoDataset& dataset, const std::vector<Query>& queries,
                            const std::vector<std::vector<ScoredBox>>& detections,
                            const ProtocolOptions& options = {});

/// "0.320 [0.283, 0.368]"; "-" for a figure below 0, which is nothing.
std::string figureText(double figure, const std::optional<Interval>& interval = {});

/// What `inkling eval --out` writes; null where there is nothing.
Json toJson(const ProtocolResult& result);
Json toJson(const ToldApart& result);

/// The same as a table for a person.
std::string toText(const ProtocolResult& result);

}  // namespace inkling
