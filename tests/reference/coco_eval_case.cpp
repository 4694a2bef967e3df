// COCO's figures against those that pycocotools gave for the same boxes.
#include <algorithm>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/evaluation/coco_metrics.h"
#include "tests/reference/cases.h"

namespace inkling {
namespace {

constexpr double kTolerance = 1e-6;

// Where there is nothing to find the files hold -1 or null.
double figureOf(const Json& value) { return value.is_null() ? -1 : value.get<double>(); }

Box boxOf(const Json& entry) {
  const auto v = entry.at("bbox").get<std::vector<double>>();
  return {v.at(0), v.at(1), v.at(2), v.at(3)};
}

std::vector<std::int64_t> sortedIds(const Json& entries) {
  std::vector<std::int64_t> ids;
  for (const Json& entry : entries) ids.push_back(entry.at("id"));
  std::sort(ids.begin(), ids.end());
  return ids;
}

// Cells by category, then by photo, both in the order of their ids.
std::vector<std::vector<CellMatches>> matchAll(const Json& json) {
  std::map<std::pair<std::int64_t, std::int64_t>, CocoCell> cells;
  for (const Json& entry : json.at("gt").at("annotations")) {
    cells[{entry.at("category_id"), entry.at("image_id")}].truths.push_back(
        {boxOf(entry), entry.at("area"), entry.value("iscrowd", 0) != 0});
  }
  for (const Json& entry : json.at("dets")) {
    cells[{entry.at("category_id"), entry.at("image_id")}].detections.push_back(
        {boxOf(entry), entry.at("score")});
  }
  std::vector<std::vector<CellMatches>> categories;
  for (const std::int64_t category : sortedIds(json.at("gt").at("categories"))) {
    std::vector<CellMatches>& matches = categories.emplace_back();
    for (const std::int64_t photo : sortedIds(json.at("gt").at("images"))) {
      matches.push_back(matchCell(cells[{category, photo}]));
    }
  }
  return categories;
}

void expectFigures(const Json& stats, const CocoFigures& ours) {
  const std::map<std::string, double> figures = {{"AP", ours.ap},
                                                 {"AP50", ours.ap50},
                                                 {"AP75", ours.ap75},
                                                 {"AP_small", ours.apSmall},
                                                 {"AP_medium", ours.apMedium},
                                                 {"AP_large", ours.apLarge},
                                                 {"AR_1", ours.ar1},
                                                 {"AR_10", ours.ar10},
                                                 {"AR_100", ours.ar100},
                                                 {"AR_small", ours.arSmall},
                                                 {"AR_medium", ours.arMedium},
                                                 {"AR_large", ours.arLarge}};
  EXPECT_EQ(stats.size(), figures.size());
  for (const auto& [name, value] : stats.items()) {
    ASSERT_TRUE(figures.contains(name)) << name;
    EXPECT_NEAR(figures.at(name), figureOf(value), kTolerance) << name;
  }
}

void expectCurve(const Json& expected, const PrecisionCurve& ours, std::size_t category) {
  ASSERT_EQ(expected.size(), ours.size());
  for (std::size_t r = 0; r < ours.size(); ++r) {
    // The file holds six decimals.
    EXPECT_NEAR(ours[r], expected[r].get<double>(), kTolerance)
        << "category " << category << ", recall " << cocoRecall(r);
  }
}

}  // namespace

void checkCocoEvalCase(const std::filesystem::path& jsonFile) {
  SCOPED_TRACE(jsonFile.filename().string());
  const Json json = readJson(jsonFile);
  const std::vector<std::vector<CellMatches>> categories = matchAll(json);
  expectFigures(json.at("stats"), cocoFigures(categories));

  const std::vector<std::int64_t> ids = sortedIds(json.at("gt").at("categories"));
  for (const Json& entry : json.at("per_category")) {
    const auto at = std::find(ids.begin(), ids.end(), entry.at("category_id").get<std::int64_t>());
    ASSERT_NE(at, ids.end());
    const auto values = CocoAccumulator(categories[static_cast<std::size_t>(at - ids.begin())])
                            .averagePrecisions(kAllSizes);
    EXPECT_NEAR(meanFigure(values), figureOf(entry.at("AP")), kTolerance);
    EXPECT_NEAR(values[0], figureOf(entry.at("AP50")), kTolerance);
  }

  const Json& curves = json.at("precision_iou50_area_all_maxdet100");
  ASSERT_EQ(curves.size(), categories.size());
  for (std::size_t k = 0; k < categories.size(); ++k) {
    expectCurve(curves[k], CocoAccumulator(categories[k]).precisionCurve(kAllSizes, 0), k);
  }
}

}  // namespace inkling
