// The formats that are pictures: boxes drawn, attention, and cut-out objects.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/exporting/export_format.h"
#include "core/image/overlay.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Rgb kGrey = {128, 128, 128};

ExportSetup setupOf(const std::vector<std::string>& names) {
  ExportSetup setup;
  for (const std::string& name : names) setup.categories.push_back({name, {}, {}});
  return setup;
}

std::vector<std::string> pathsOf(const std::vector<ExportFile>& files) {
  std::vector<std::string> paths;
  for (const ExportFile& file : files) paths.push_back(file.path.native());
  return paths;
}

bool isNear(Rgb a, Rgb b, int tolerance) {
  return std::abs(a.r - b.r) <= tolerance && std::abs(a.g - b.g) <= tolerance &&
         std::abs(a.b - b.b) <= tolerance;
}

TEST(PicturesExport, FramesTheBoxesInTheColourOfTheirCategory) {
  const auto format = makeExportFormat("pictures", setupOf({"chair", "table"}), {});
  const Image picture({400, 300}, kGrey);
  const ExportedPhoto photo{
      "a.jpg", {400, 300}, {{0, {{40, 60, 100, 200}, 0.9}}, {1, {{200, 60, 150, 200}, 0.8}}}};
  const auto files = format->filesOf(photo, "sub/a", {&picture, {}});
  ASSERT_THAT(pathsOf(files), ElementsAre("sub/a.boxes.jpg"));
  const Image boxed = decodePhoto(files[0].content, "boxed");
  ASSERT_EQ(boxed.size(), picture.size());
  EXPECT_TRUE(isNear(boxed.at(90, 259), groupColour(0), 60)) << "lower edge of the chair";
  EXPECT_TRUE(isNear(boxed.at(270, 259), groupColour(1), 60)) << "lower edge of the table";
  EXPECT_TRUE(isNear(boxed.at(90, 160), kGrey, 6)) << "the object itself is not covered";
}

TEST(PicturesExport, ACategoryHasItsColourAlsoWhereItIsAlone) {
  const auto format = makeExportFormat("pictures", setupOf({"chair", "table"}), {});
  const Image picture({400, 300}, kGrey);
  const ExportedPhoto photo{"a.jpg", {400, 300}, {{1, {{200, 60, 150, 200}, 0.8}}}};
  const Image boxed =
      decodePhoto(format->filesOf(photo, "a", {&picture, {}}).at(0).content, "boxed");
  EXPECT_TRUE(isNear(boxed.at(270, 259), groupColour(1), 60));
}

TEST(PicturesExport, PhotosWithoutAMatchNeedNoPicture) {
  for (const char* name : {"pictures", "crops"}) {
    const auto format = makeExportFormat(name, setupOf({"chair"}), {});
    EXPECT_TRUE(format->needsPicture());
    EXPECT_THAT(format->filesOf({"a.jpg", {4, 3}, {}}, "a", {}), IsEmpty());
  }
}

TEST(PicturesExport, AttentionIsAskedForOnlyWhereThereIsAMatch) {
  ExportSetup setup = setupOf({"chair", "a/b.c", "lamp"});
  setup.overlay = true;
  const auto format = makeExportFormat("pictures", setup, {});
  EXPECT_THAT(format->plannedFiles("a"),
              ElementsAre("a.boxes.jpg", "a.attention-chair.jpg", "a.attention-a_b_c.jpg",
                          "a.attention-lamp.jpg"));
  const Image picture({40, 30}, kGrey);
  std::vector<std::size_t> asked;
  const auto overlay = [&](std::size_t category) {
    asked.push_back(category);
    return Image({40, 30}, {static_cast<std::uint8_t>(100 * category), 0, 0});
  };
  const ExportedPhoto photo{
      "a.jpg",
      {40, 30},
      {{1, {{1, 1, 9, 9}, 0.9}}, {1, {{5, 5, 9, 9}, 0.8}}, {2, {{0, 0, 9, 9}, 0.7}}}};
  const auto files = format->filesOf(photo, "a", {&picture, overlay});
  EXPECT_THAT(pathsOf(files),
              ElementsAre("a.boxes.jpg", "a.attention-a_b_c.jpg", "a.attention-lamp.jpg"));
  EXPECT_THAT(asked, ElementsAre(1, 2));
  EXPECT_TRUE(isNear(decodePhoto(files[1].content, "x").at(20, 15), {100, 0, 0}, 6));
  EXPECT_TRUE(isNear(decodePhoto(files[2].content, "x").at(20, 15), {200, 0, 0}, 6));
  EXPECT_THROW(format->filesOf(photo, "a", {&picture, {}}), UsageError);

  ExportSetup one = setupOf({"chair"});
  one.overlay = true;
  EXPECT_THAT(makeExportFormat("pictures", one, {})->plannedFiles("a"),
              ElementsAre("a.boxes.jpg", "a.attention.jpg"));
  EXPECT_THAT(makeExportFormat("pictures", setupOf({"chair"}), {})->plannedFiles("a"),
              ElementsAre("a.boxes.jpg"));
}

TEST(PicturesExport, NamesHaveRoomForEverySuffix) {
  ExportSetup setup = setupOf({std::string(300, 'c'), std::string(300, 'c') + "2"});
  setup.overlay = true;
  for (const std::string& name : exportFormatNames()) {
    const auto format = makeExportFormat(name, setup, TestFolder().path());
    EXPECT_LE(format->longestSuffix(), 80U) << name;
    for (const auto& file : format->plannedFiles("a"))
      EXPECT_LE(file.native().size(), 1 + format->longestSuffix()) << file;
  }
}

TEST(PicturesExport, APictureOfAnotherSizeIsRefused) {
  const ExportedPhoto photo{"a.jpg", {40, 30}, {{0, {{1, 1, 9, 9}, 0.9}}}};
  const Image other({30, 40}, kGrey);
  for (const char* name : {"pictures", "crops"}) {
    const auto format = makeExportFormat(name, setupOf({"chair"}), {});
    EXPECT_THROW(format->filesOf(photo, "a", {&other, {}}), InputError);
    EXPECT_THROW(format->filesOf(photo, "a", {}), UsageError);
  }
}

TEST(PicturesExport, EveryNumberOfBoxesFitsOnEverySizeOfPhoto) {
  Random random(13);
  const auto format = makeExportFormat("pictures", threeCategories(), {});
  for (const Size size : {Size{1, 1}, Size{3, 200}, Size{200, 3}, Size{64, 48}, Size{1000, 700}}) {
    for (const std::size_t boxes : {1, 30, 500}) {
      const ExportedPhoto photo = randomPhoto("a.jpg", size, boxes, 3, random);
      const Image picture(size, kGrey);
      const auto files = format->filesOf(photo, "a", {&picture, {}});
      EXPECT_EQ(decodePhoto(files.at(0).content, "boxed").size(), size);
    }
  }
}

// A photo whose red says the column and whose green the row.
Image gradient(Size size) {
  Image image(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x)
      image.set(x, y, {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 60});
  }
  return image;
}

TEST(CropsExport, CutsOutThePixelsOfTheBox) {
  const auto format = makeExportFormat("crops", setupOf({"chair", "table"}), {});
  const Image picture = gradient({250, 200});
  const ExportedPhoto photo{"sub/a.jpg",
                            {250, 200},
                            {{0, {{20.5, 30.5, 60, 40}, 0.9}},
                             {0, {{100, 100, 150, 100}, 0.8}},
                             {1, {{0, 0, 16, 16}, 0.7}}}};
  const auto files = format->filesOf(photo, "sub/a", {&picture, {}});
  ASSERT_THAT(pathsOf(files),
              ElementsAre("crops/chair/sub/a.crop-001.jpg", "crops/chair/sub/a.crop-002.jpg",
                          "crops/table/sub/a.crop-001.jpg"));
  const Image first = decodePhoto(files[0].content, "crop");
  EXPECT_EQ(first.size(), (Size{61, 41})) << "every pixel that the box touches";
  EXPECT_TRUE(isNear(first.at(0, 0), {20, 30, 60}, 8));
  EXPECT_TRUE(isNear(first.at(60, 40), {80, 70, 60}, 8));
  const Image second = decodePhoto(files[1].content, "crop");
  EXPECT_EQ(second.size(), (Size{150, 100}));
  EXPECT_TRUE(isNear(second.at(149, 99), {249, 199, 60}, 8));
}

TEST(CropsExport, ABoxThinnerThanAPixelIsOnePixel) {
  const auto format = makeExportFormat("crops", setupOf({"chair"}), {});
  const Image picture = gradient({50, 40});
  const ExportedPhoto photo{
      "a.jpg", {50, 40}, {{0, {{49.99, 39.99, 0.01, 0.01}, 0.9}}, {0, {{7.3, 0, 0.2, 40}, 0.8}}}};
  const auto files = format->filesOf(photo, "a", {&picture, {}});
  EXPECT_EQ(decodePhoto(files.at(0).content, "crop").size(), (Size{1, 1}));
  EXPECT_EQ(decodePhoto(files.at(1).content, "crop").size(), (Size{1, 40}));
}

TEST(CropsExport, OfAPhotoThatWasReadReducedAreOfThePictureThatIsThere) {
  const auto format = makeExportFormat("crops", setupOf({"chair"}), {});
  const Image picture = gradient({101, 76});  // 1/4 of the photo, rounded up
  const ExportedPhoto photo{"a.jpg", {401, 301}, {{0, {{200, 100, 80, 40}, 0.9}}}};
  const Image crop = decodePhoto(format->filesOf(photo, "a", {&picture, {}}).at(0).content, "crop");
  EXPECT_NEAR(crop.width, 20, 1);
  EXPECT_NEAR(crop.height, 10, 1);
  EXPECT_TRUE(isNear(crop.at(0, 0), {50, 25, 60}, 9));
}

TEST(CropsExport, FoldersOfCategoriesAreSafeAndDifferent) {
  const auto format = makeExportFormat(
      "crops", setupOf({"../up", "a/b", "a:b", "A_B", "..", " ", "T\xC3\xBCr", "not\xFFutf8"}), {});
  ExportedPhoto photo{"a.jpg", {9, 9}, {}};
  for (std::size_t i = 0; i < 8; ++i) photo.boxes.push_back({i, {{0, 0, 9, 9}, 0.5}});
  const Image picture({9, 9}, kGrey);
  std::vector<std::string> folders;
  for (const ExportFile& file : format->filesOf(photo, "a", {&picture, {}}))
    folders.push_back(file.path.parent_path().native());
  EXPECT_THAT(folders,
              ElementsAre("crops/___up", "crops/a_b", "crops/a_b-2", "crops/A_B-3", "crops/__",
                          "crops/category", "crops/T\xC3\xBCr", "crops/not\xEF\xBF\xBDutf8"));
}

}  // namespace
}  // namespace inkling
