// Which sketches ask for what in which photo.
#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "core/base/random.h"
#include "core/evaluation/protocol.h"

namespace inkling {
namespace {

class QueryMaker {
 public:
  QueryMaker(const CocoDataset& dataset, const std::vector<std::string>& sketchWords,
             const ProtocolOptions& options)
      : dataset_(dataset), options_(options) {
    for (std::size_t i = 0; i < sketchWords.size(); ++i) sketchesOf_[sketchWords[i]].push_back(i);
    for (const Category& category : dataset.categories) {
      if (!category.sketchWord.empty() && sketchesOf_.contains(category.sketchWord)) {
        drawable_[category.id] = &category;
      }
    }
  }

  void add(std::size_t photo, std::vector<Query>& queries) const {
    std::set<int> shown, asked;
    for (const std::size_t index : dataset_.annotationsOf(photo)) {
      const Annotation& annotation = dataset_.annotations[index];
      shown.insert(annotation.categoryId);
      if (!annotation.crowd && drawable_.contains(annotation.categoryId)) {
        asked.insert(annotation.categoryId);
      }
    }
    for (const int id : asked) queries.push_back(query(photo, *drawable_.at(id), true));
    std::vector<const Category*> absent;
    for (const auto& [id, category] : drawable_) {
      if (!shown.contains(id)) absent.push_back(category);
    }
    if (absent.empty()) return;
    // Category ids are positive, so this seed is no query's.
    Random random(mixSeed(options_.seed, photoId(photo), 0));
    queries.push_back(query(photo, *random.pick(absent), false));
  }

 private:
  std::uint64_t photoId(std::size_t photo) const {
    return static_cast<std::uint64_t>(dataset_.photos[photo].id);
  }

  Query query(std::size_t photo, const Category& category, bool present) const {
    Random random(mixSeed(options_.seed, photoId(photo), static_cast<std::uint64_t>(category.id)));
    std::vector<std::size_t> sketches = sketchesOf_.at(category.sketchWord);
    const std::size_t count =
        std::min(sketches.size(), static_cast<std::size_t>(options_.sketchesPerQuery));
    for (std::size_t i = 0; i < count; ++i) {
      const auto left = static_cast<std::uint32_t>(sketches.size() - i);
      std::swap(sketches[i], sketches[i + random.below(left)]);
    }
    sketches.resize(count);
    return {photo, category.id, present, category.unseen, std::move(sketches), {}};
  }

  const CocoDataset& dataset_;
  const ProtocolOptions& options_;
  std::map<std::string, std::vector<std::size_t>> sketchesOf_;
  std::map<int, const Category*> drawable_;  // by id
};

}  // namespace

std::vector<Query> makeQueries(const CocoDataset& dataset,
                               const std::vector<std::string>& sketchWords,
                               const ProtocolOptions& options) {
  if (options.sketchesPerQuery < 1) fail<UsageError>("a query needs at least one sketch");
  std::vector<std::size_t> order(dataset.photos.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return dataset.photos[a].id < dataset.photos[b].id;
  });
  const QueryMaker maker(dataset, sketchWords, options);
  std::vector<Query> queries;
  for (const std::size_t photo : order) maker.add(photo, queries);
  return queries;
}

}  // namespace inkling
