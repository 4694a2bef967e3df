#include "core/evaluation/protocol.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_map>

#include "core/evaluation/bootstrap.h"

namespace inkling {
namespace {

// The rank of each query's photo among the photos asked about, by id: what the bootstrap draws
// from.
std::vector<std::size_t> photoRanks(const CocoDataset& dataset, const std::vector<Query>& queries,
                                    std::size_t& photos) {
  std::set<std::int64_t> ids;
  for (const Query& query : queries) ids.insert(dataset.photos[query.photo].id);
  std::unordered_map<std::int64_t, std::size_t> rankOf;
  for (const std::int64_t id : ids) rankOf.emplace(id, rankOf.size());
  std::vector<std::size_t> ranks;
  for (const Query& query : queries) ranks.push_back(rankOf.at(dataset.photos[query.photo].id));
  photos = ids.size();
  return ranks;
}

// The weight of each query in a sample of photos.
std::vector<std::uint32_t> weightsOf(const std::vector<std::size_t>& ranks,
                                     const std::vector<std::uint32_t>& counts) {
  std::vector<std::uint32_t> weights;
  weights.reserve(ranks.size());
  for (const std::size_t rank : ranks) weights.push_back(counts[rank]);
  return weights;
}

using Samples = std::vector<std::vector<std::uint32_t>>;

GroupResult evaluateGroup(const std::vector<CellMatches>& cells,
                          const std::vector<std::size_t>& ranks, const Samples& samples) {
  GroupResult result;
  result.queries = cells.size();
  result.figures = cocoFigures({&cells, 1});
  const CocoAccumulator accumulator(cells);
  std::vector<double> ap, ap50, ap75;
  for (const std::vector<std::uint32_t>& counts : samples) {
    const auto values = accumulator.averagePrecisions(kAllSizes, weightsOf(ranks, counts));
    if (values[0] < 0) continue;  // no photo of the group was drawn
    ap.push_back(meanFigure(values));
    ap50.push_back(values[0]);
    ap75.push_back(values[5]);
  }
  result.ap = intervalOf(ap);
  result.ap50 = intervalOf(ap50);
  result.ap75 = intervalOf(ap75);
  return result;
}

void evaluatePresence(const std::vector<Query>& queries, const std::vector<double>& scores,
                      const std::vector<std::size_t>& ranks, const Samples& samples,
                      ProtocolResult& result) {
  std::vector<bool> present;
  for (const Query& query : queries) present.push_back(query.present);
  const WeightedRoc roc(scores, present);
  result.presenceAuroc = roc.area({});
  std::vector<double> areas;
  if (result.presenceAuroc) {
    for (const std::vector<std::uint32_t>& counts : samples) {
      if (const auto area = roc.area(weightsOf(ranks, counts))) areas.push_back(*area);
    }
  }
  result.presenceInterval = intervalOf(areas);
}

void check(const CocoDataset& dataset, const std::vector<Query>& queries,
           const std::vector<std::vector<ScoredBox>>& detections) {
  if (queries.size() != detections.size()) {
    fail<UsageError>("{} queries have {} lists of detections", queries.size(), detections.size());
  }
  for (const Query& query : queries) {
    if (query.photo >= dataset.photos.size()) fail<UsageError>("a query names no photo");
  }
  for (const std::vector<ScoredBox>& list : detections) {
    for (const ScoredBox& detection : list) {
      if (std::isnan(detection.score)) fail<UsageError>("a detection's score is not a number");
    }
  }
}

}  // namespace

std::optional<Interval> intervalOf(const std::vector<double>& samples) {
  const std::optional<double> low = quantileOf(samples, 0.025), high = quantileOf(samples, 0.975);
  if (!low || !high) return std::nullopt;
  return Interval{*low, *high};
}

double photoScore(const std::vector<double>& photoScores,
                  const std::vector<std::vector<ScoredBox>>& detections, std::size_t i) {
  if (!photoScores.empty()) return photoScores[i];
  double best = 0;
  for (const ScoredBox& detection : detections[i]) best = std::max(best, detection.score);
  return best;
}

CocoCell cocoCellOf(const CocoDataset& dataset, const Query& query,
                    const std::vector<ScoredBox>& detections) {
  CocoCell cell;
  cell.detections = detections;
  for (const std::size_t index : dataset.annotationsOf(query.photo)) {
    const Annotation& annotation = dataset.annotations[index];
    if (annotation.categoryId != query.categoryId) continue;
    cell.truths.push_back({annotation.box, annotation.area, annotation.crowd});
  }
  return cell;
}

ProtocolResult evaluateProtocol(const CocoDataset& dataset, const std::vector<Query>& queries,
                                const std::vector<std::vector<ScoredBox>>& detections,
                                const ProtocolOptions& options,
                                const std::vector<double>& photoScores) {
  check(dataset, queries, detections);
  if (!photoScores.empty() && photoScores.size() != queries.size())
    fail<UsageError>("{} queries have {} scores of photos", queries.size(), photoScores.size());
  std::size_t photos = 0;
  const std::vector<std::size_t> ranks = photoRanks(dataset, queries, photos);
  const Samples samples = bootstrapCounts(photos, std::max(0, options.resamples), options.seed);

  enum Group { kAll, kSeen, kUnseen };
  std::array<std::vector<CellMatches>, 3> cells;
  std::array<std::vector<std::size_t>, 3> ranksOf;
  ProtocolResult result;
  result.seed = options.seed;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    if (!queries[i].present) {
      ++result.absentQueries;
      continue;
    }
    ++result.queries;
    const CellMatches matches = matchCell(cocoCellOf(dataset, queries[i], detections[i]));
    for (const Group group : {kAll, queries[i].unseen ? kUnseen : kSeen}) {
      cells[group].push_back(matches);
      ranksOf[group].push_back(ranks[i]);
    }
  }
  result.all = evaluateGroup(cells[kAll], ranksOf[kAll], samples);
  result.seen = evaluateGroup(cells[kSeen], ranksOf[kSeen], samples);
  result.unseen = evaluateGroup(cells[kUnseen], ranksOf[kUnseen], samples);
  std::vector<double> scores;
  for (std::size_t i = 0; i < queries.size(); ++i)
    scores.push_back(photoScore(photoScores, detections, i));
  evaluatePresence(queries, scores, ranks, samples, result);
  return result;
}

}  // namespace inkling
