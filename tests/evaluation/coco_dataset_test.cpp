#include "core/evaluation/coco_dataset.h"

#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

using testing::HasSubstr;

const std::string kImages =
    R"("images": [{"id": 7, "file_name": "a.jpg", "width": 64, "height": 48, "license": 4,
  "flickr_id": "123"}, {"id": 5, "file_name": "b.jpg", "width": 10, "height": 20}])";
const std::string kCategories = R"("categories": [{"id": 1, "name": "person"},
  {"id": 25, "name": "giraffe", "sketch": "giraffe", "unseen": true}])";

CocoDataset with(const std::string& annotation) {
  return cocoDatasetFromJson(
      "{" + kImages + ", " + kCategories + ", \"annotations\": [" + annotation + "]}", "d.json");
}

template <typename Run>
std::string problem(const Run& run) {
  try {
    run();
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CocoDataset, ReadsAllFields) {
  const CocoDataset data = with(
      R"({"id": 3, "image_id": 7, "category_id": 25, "bbox": [1, 2.5, 3, 4], "area": 7.5, "iscrowd": 1,
          "segmentation": [[1, 2, 3]]}, {"image_id": 7, "category_id": 1, "bbox": [0, 0, 2, 3]})");
  EXPECT_EQ(data.photos[0].file, "a.jpg");
  EXPECT_EQ(data.photos[0].license, 4);
  EXPECT_EQ(data.photos[0].flickrId, "123");
  EXPECT_EQ(data.photos[1].flickrId, "");
  EXPECT_EQ(data.annotations[0].box, (Box{1, 2.5, 3, 4}));
  EXPECT_EQ(data.annotations[0].area, 7.5);
  EXPECT_TRUE(data.annotations[0].crowd);
  EXPECT_EQ(data.annotations[1].area, 6);
  EXPECT_EQ(data.category(25)->sketchWord, "giraffe");
  EXPECT_TRUE(data.category(25)->unseen);
  EXPECT_FALSE(data.category(1)->unseen);
  EXPECT_EQ(data.category(2), nullptr);
  EXPECT_EQ(data.photoIndex(5), 1u);
  EXPECT_THAT(data.annotationsOf(0), testing::ElementsAre(0, 1));
  EXPECT_THAT(data.annotationsOf(1), testing::IsEmpty());
  EXPECT_THROW(data.photoIndex(6), UsageError);
}

TEST(CocoDataset, NamesFileEntryAndField) {
  EXPECT_THAT(problem([] { cocoDatasetFromJson("{", "d.json"); }),
              HasSubstr("d.json: not valid JSON"));
  EXPECT_THAT(problem([] { cocoDatasetFromJson("[]", "d.json"); }),
              HasSubstr("the list \"images\" is missing"));
  const auto annotation = [](const std::string& text) { return problem([&] { with(text); }); };
  EXPECT_THAT(annotation("3"), HasSubstr("d.json: annotations[0] is not an object"));
  EXPECT_THAT(annotation("{}"), HasSubstr("annotations[0]: the field \"image_id\" is missing"));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": "x", "bbox": [0,0,1,1]})"),
              HasSubstr("\"category_id\""));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": 1, "bbox": [0,0,1]})"),
              HasSubstr("\"bbox\""));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": 1, "bbox": [0,0,1,-1]})"),
              HasSubstr("negative size"));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": 1, "bbox": [0,0,1,1e300]})"),
              HasSubstr("absurd"));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": 1, "bbox": [0,0,1,null]})"),
              HasSubstr("wrong type"));
  EXPECT_THAT(annotation(R"({"image_id": 6, "category_id": 1, "bbox": [0,0,1,1]})"),
              HasSubstr("photo 6, which is not"));
  EXPECT_THAT(annotation(R"({"image_id": 7, "category_id": 9, "bbox": [0,0,1,1]})"),
              HasSubstr("category 9, which is not"));
  EXPECT_THAT(annotation(R"({"image_id": 7.5, "category_id": 1, "bbox": [0,0,1,1]})"),
              HasSubstr("whole number"));
  EXPECT_THAT(problem([] {
                cocoDatasetFromJson(
                    R"({"images": [{"id": 1, "file_name": "a", "width": 0, "height": 3}]})", "d");
              }),
              HasSubstr("images[0]: the photo has no size"));
  EXPECT_THAT(problem([] {
                CocoDataset twice;
                twice.photos = {{4, "a", 1, 1, 0, ""}, {4, "b", 1, 1, 0, ""}};
                twice.buildIndex("d");
              }),
              HasSubstr("two photos have the id 4"));
  EXPECT_THAT(problem([] { readCocoDataset("/nowhere.json"); }),
              HasSubstr("/nowhere.json: cannot be opened"));
}

TEST(CocoDataset, ReadsTheValidationSet) {
  const char* shared = std::getenv("INKLING_SHARED");
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  const std::filesystem::path folder =
      shared != nullptr ? std::filesystem::path(shared)
                        : std::filesystem::path(source != nullptr ? source : ".") / "../shared";
  const auto file = folder / "data/coco/val.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no data at " << file;
  const CocoDataset data = readCocoDataset(file);
  EXPECT_EQ(data.photos.size(), 211u);
  EXPECT_EQ(data.annotations.size(), 1772u);
  EXPECT_EQ(data.categories.size(), 80u);
  int drawable = 0, unseen = 0;
  for (const Category& category : data.categories) {
    drawable += !category.sketchWord.empty();
    unseen += category.unseen;
  }
  EXPECT_EQ(drawable, 67);
  EXPECT_EQ(unseen, 14);
}

}  // namespace
}  // namespace inkling
