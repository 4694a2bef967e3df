// Queries for things that stand beside others of their kind.
#include <algorithm>
#include <array>
#include <map>

#include "core/base/random.h"
#include "core/evaluation/protocol.h"

namespace inkling {
namespace {

// The last category id of each super-category of COCO, in its order: person, vehicle, outdoor,
// animal, accessory, sports, kitchen, food, furniture, electronic, appliance, indoor.
constexpr std::array kLastOfKind{1, 9, 15, 25, 33, 43, 51, 61, 71, 77, 83, 90};

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
    queries.back().unwanted = {random.pick(others)->sketches.front()};
  }
  return queries;
}

}  // namespace inkling
