#include "core/exporting/drawings_key.h"

#include <string_view>
#include <vector>

#include "core/search/content_hash.h"
#include "core/sketch/rasterise.h"

namespace inkling {
namespace {

// As the model sees it.
std::string hashOf(const WeightedSketch& weighted) {
  const std::vector<float> ink = rasterise(weighted.sketch, {192, 4.0F, 12.0F});
  const std::string_view bytes(reinterpret_cast<const char*>(ink.data()),
                               ink.size() * sizeof(float));
  return hashBytes(bytes).hex();
}

Json keyOf(std::span<const WeightedSketch> sketches) {
  Json json = Json::array();
  for (const WeightedSketch& weighted : sketches)
    json.push_back({hashOf(weighted), weighted.weight});
  return json;
}

}  // namespace

Json drawingsKey(const std::string& category, std::span<const WeightedSketch> wanted,
                 std::span<const WeightedSketch> unwanted) {
  return {{"name", category}, {"wanted", keyOf(wanted)}, {"not", keyOf(unwanted)}};
}

}  // namespace inkling
