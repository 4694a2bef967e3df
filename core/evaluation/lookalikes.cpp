// Queries for things that stand beside others of their kind.
#include <algorithm>
#include <array>
#include <map>

#include "core/base/random.h"
#include "core/evaluation/bootstrap.h"
#include "core/evaluation/protocol.h"

namespace inkling {
namespace {

// The last category id of each super-category of COCO, in its order: person, vehicle, outdoor,
// animal, accessory, sports, kitchen, food, furniture, electronic, appliance, indoor.
constexpr std::array kLastOfKind{1, 9, 15, 25, 33, 43, 51, 61, 71, 77, 83, 90};

constexpr double kFound = 0.5;

// The best score of a box that lies on `object`, but on none of `before`; nothing without one.
std::optional<double> bestOn(const Box& object, const std::vector<Box>& before,
                             const std::vector<ScoredBox>& detections) {
  std::optional<double> best;
  for (const ScoredBox& detection : detections) {
    const auto on = [&](const Box& box) { return iou(detection.box, box) >= kFound; };
    if (on(object) && std::none_of(before.begin(), before.end(), on))
      best = std::max(best.value_or(detection.score), detection.score);
  }
  return best;
}

std::vector<Box> objectsOf(const CocoDataset& dataset, std::size_t photo, int categoryId) {
  std::vector<Box> boxes;
  for (const std::size_t index : dataset.annotationsOf(photo)) {
    const Annotation& annotation = dataset.annotations[index];
    if (annotation.categoryId == categoryId && !annotation.crowd) boxes.push_back(annotation.box);
  }
  return boxes;
}

struct Pairs {
  double won = 0, all = 0;
};

Pairs pairsOf(const CocoDataset& dataset, const Query& query,
              const std::vector<ScoredBox>& detections) {
  const std::vector<Box> wanted = objectsOf(dataset, query.photo, query.categoryId);
  const std::vector<Box> unwanted = objectsOf(dataset, query.photo, query.unwantedCategoryId);
  Pairs pairs;
  for (const Box& object : wanted) {
    const std::optional<double> score = bestOn(object, {}, detections);
    if (!score) continue;
    for (const Box& other : unwanted) {
      const std::optional<double> rival = bestOn(other, wanted, detections);
      pairs.won += !rival || *score > *rival ? 1 : 0;
      ++pairs.all;
    }
  }
  return pairs;
}

}  // namespace

bool sameKind(int categoryId, int otherId) {
  const auto kind = [](int id) {
    return std::lower_bound(kLastOfKind.begin(), kLastOfKind.end(), id) - kLastOfKind.begin();
  };
  return kind(categoryId) == kind(otherId);
}

std::vector<Query> makeLookalikeQueries(const CocoDataset& dataset,
                                        const std::vector<std::string>& sketchWords,
                                        const ProtocolOptions& options) {
  const std::vector<Query> all = makeQueries(dataset, sketchWords, options);
  std::map<std::size_t, std::vector<const Query*>> there;  // by photo
  for (const Query& query : all) {
    if (query.present) there[query.photo].push_back(&query);
  }
  std::vector<Query> queries;
  for (const Query& query : all) {
    if (!query.present) continue;
    std::vector<const Query*> others;
    for (const Query* other : there[query.photo]) {
      if (other->categoryId != query.categoryId && sameKind(other->categoryId, query.categoryId))
        others.push_back(other);
    }
    if (others.empty()) continue;
    const auto photo = static_cast<std::uint64_t>(dataset.photos[query.photo].id);
    Random random(mixSeed(options.seed + 1, photo, static_cast<std::uint64_t>(query.categoryId)));
    queries.push_back(query);
    const Query* other = random.pick(others);
    queries.back().unwanted = {other->sketches.front()};
    queries.back().unwantedCategoryId = other->categoryId;
  }
  return queries;
}

ToldApart evaluateToldApart(const CocoDataset& dataset, const std::vector<Query>& queries,
                            const std::vector<std::vector<ScoredBox>>& detections,
                            const ProtocolOptions& options) {
  if (queries.size() != detections.size())
    fail<UsageError>("{} queries have {} lists of detections", queries.size(), detections.size());
  std::map<std::size_t, Pairs> byPhoto;
  ToldApart result;
  Pairs sum;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    const Pairs pairs = pairsOf(dataset, queries[i], detections[i]);
    for (Pairs* into : {&byPhoto[queries[i].photo], &sum}) {
      into->won += pairs.won;
      into->all += pairs.all;
    }
  }
  result.pairs = static_cast<std::size_t>(sum.all);
  if (sum.all == 0) return result;
  result.share = sum.won / sum.all;
  std::vector<double> samples;
  for (const auto& counts :
       bootstrapCounts(byPhoto.size(), std::max(0, options.resamples), options.seed)) {
    Pairs sample;
    auto count = counts.begin();
    for (const auto& [photo, pairs] : byPhoto) {
      sample.won += *count * pairs.won;
      sample.all += *count * pairs.all;
      ++count;
    }
    if (sample.all > 0) samples.push_back(sample.won / sample.all);
  }
  result.interval = intervalOf(samples);
  return result;
}

}  // namespace inkling
