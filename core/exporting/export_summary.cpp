#include "core/exporting/export_summary.h"

#include <utility>

namespace inkling {

Json exportSummary(const ExportPlan& plan, const ExportOutcome& outcome) {
  Json categories = Json::array();
  for (const ExportCategory& category : plan.setup.categories) {
    categories.push_back(
        {{"name", category.name}, {"sketches", category.sketches}, {"not", category.unwanted}});
  }
  Json json = {{"inkling_export", 1},
               {"format", plan.format},
               {"folder", plan.setup.folder},
               {"coordinate_frame", kCoordinateFrame},
               {"model", plan.setup.model},
               {"model_hash", plan.setup.modelHash},
               {"threshold", plan.setup.threshold},
               {"overlay", plan.setup.overlay},
               {"scores", plan.setup.yoloScores},
               {"categories", std::move(categories)},
               {"photos", outcome.photos},
               {"matched", outcome.matched},
               {"boxes", outcome.boxes},
               {"failed", outcome.failed}};
  if (!plan.shard.isWhole()) json["shard"] = plan.shard.text();
  return json;
}

ExportSetup setupOfSummary(const Json& summary, const std::string& name) {
  using Strings = std::vector<std::string>;
  ExportSetup setup;
  setup.folder = jsonRequire<std::string>(summary, "folder", name);
  setup.model = jsonRequire<std::string>(summary, "model", name);
  setup.modelHash = jsonRequire<std::string>(summary, "model_hash", name);
  setup.threshold = jsonRequire<double>(summary, "threshold", name);
  setup.overlay = jsonRequire<bool>(summary, "overlay", name);
  setup.yoloScores = jsonRequire<bool>(summary, "scores", name);
  for (const Json& category : jsonRequire<std::vector<Json>>(summary, "categories", name)) {
    setup.categories.push_back({jsonRequire<std::string>(category, "name", name),
                                jsonRequire<Strings>(category, "sketches", name),
                                jsonRequire<Strings>(category, "not", name)});
  }
  return setup;
}

}  // namespace inkling
