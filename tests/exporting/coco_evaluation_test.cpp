// annotations.json as the detections of an evaluation: the figures are those of the records.
#include <gtest/gtest.h>

#include "core/base/json.h"
#include "core/evaluation/coco_dataset.h"
#include "core/evaluation/coco_metrics.h"
#include "core/exporting/export_format.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

constexpr std::size_t kCategories = 3;
constexpr int kPhotos = 60;

using Cells = std::vector<std::vector<CocoCell>>;  // by category, then photo

// Objects at random, found with boxes that are moved a little, missed, or made up.
Cells randomCells(Random& random) {
  Cells cells(kCategories, std::vector<CocoCell>(kPhotos));
  for (auto& photos : cells) {
    for (CocoCell& cell : photos) {
      for (std::uint32_t k = random.below(4); k > 0; --k) {
        const double side = random.uniform(8, 180);
        const Box box{random.uniform(0, 400), random.uniform(0, 250), side, side};
        cell.truths.push_back({box, box.area(), random.chance(0.1)});
        if (random.chance(0.3)) continue;
        const double shift = side * random.uniform(0, 0.3);
        cell.detections.push_back({{box.x + shift, box.y, side, side}, random.uniform()});
      }
      if (random.chance(0.5)) cell.detections.push_back({{9, 9, 70, 50}, random.uniform()});
    }
  }
  return cells;
}

CocoFigures figuresOf(const Cells& cells) {
  std::vector<std::vector<CellMatches>> matches(cells.size());
  for (std::size_t c = 0; c < cells.size(); ++c) {
    for (const CocoCell& cell : cells[c]) matches[c].push_back(matchCell(cell));
  }
  return cocoFigures(matches);
}

std::vector<ExportedPhoto> recordsOf(const Cells& cells) {
  std::vector<ExportedPhoto> photos;
  for (int p = 0; p < kPhotos; ++p) {
    ExportedPhoto photo{"photo" + std::to_string(p) + ".jpg", {640, 480}, {}};
    for (std::size_t c = 0; c < kCategories; ++c) {
      for (const ScoredBox& found : cells[c][static_cast<std::size_t>(p)].detections)
        photo.boxes.push_back({c, found});
    }
    photos.push_back(rounded(std::move(photo)));
  }
  return photos;
}

TEST(CocoOfAnExport, GivesTheFiguresOfItsRecords) {
  Random random(21);
  const Cells cells = randomCells(random);
  const std::vector<ExportedPhoto> records = recordsOf(cells);

  Cells direct = cells, fromFile = cells;
  for (std::size_t c = 0; c < kCategories; ++c) {
    for (int p = 0; p < kPhotos; ++p) {
      const auto photo = static_cast<std::size_t>(p);
      direct[c][photo].detections.clear();
      fromFile[c][photo].detections.clear();
      for (const ExportedBox& box : records[photo].boxes) {
        if (box.category == c) direct[c][photo].detections.push_back(box.found);
      }
    }
  }

  const TestFolder folder;
  exportAll(*makeExportFormat("coco", threeCategories(), folder.path()), records, folder.path());
  const auto file = folder.path() / "annotations.json";
  const CocoDataset dataset = readCocoDataset(file);
  const Json scores = readJson(file)["annotations"];
  ASSERT_EQ(dataset.photos.size(), records.size());
  for (std::size_t photo = 0; photo < dataset.photos.size(); ++photo) {
    EXPECT_EQ(dataset.photos[photo].file, records[photo].path.native());
    for (const std::size_t i : dataset.annotationsOf(photo)) {
      const Annotation& annotation = dataset.annotations[i];
      const auto category = static_cast<std::size_t>(annotation.categoryId - 1);
      EXPECT_NEAR(annotation.area, annotation.box.area(), 1e-4);
      fromFile[category][photo].detections.push_back({annotation.box, scores[i]["score"]});
    }
  }

  const CocoFigures expected = figuresOf(direct), read = figuresOf(fromFile);
  ASSERT_GT(expected.ap, 0.05);
  ASSERT_LT(expected.ap, 0.95);
  EXPECT_EQ(read.ap, expected.ap);
  EXPECT_EQ(read.ap50, expected.ap50);
  EXPECT_EQ(read.apSmall, expected.apSmall);
  EXPECT_EQ(read.ar100, expected.ar100);
  EXPECT_NEAR(read.ap, figuresOf(cells).ap, 0.005) << "rounding boxes costs next to nothing";
}

}  // namespace
}  // namespace inkling
