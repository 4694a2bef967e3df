#include "core/exporting/export_photo.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ExportedPhoto photoWith(Size size, std::vector<ExportedBox> boxes) {
  return {"sub/a.jpg", size, std::move(boxes)};
}

TEST(RoundedPhoto, HasBoxesToAHundredthAndScoresToAMillionth) {
  const ExportedPhoto photo =
      rounded(photoWith({100, 80}, {{0, {{1.23456, 2.0, 10.001, 5.555}, 0.12345678}}}));
  EXPECT_THAT(photo.boxes, ElementsAre(ExportedBox{0, {{1.23, 2.0, 10.01, 5.56}, 0.123457}}));
}

TEST(RoundedPhoto, IsClippedToThePhoto) {
  const ExportedPhoto photo = rounded(photoWith({100, 80}, {{0, {{-5, -5, 500, 20}, 0.5}},
                                                            {0, {{99.999, 79.999, 9, 9}, 0.4}},
                                                            {0, {{100, 0, 5, 5}, 0.3}},
                                                            {0, {{10, 10, 0, 5}, 0.2}}}));
  EXPECT_THAT(photo.boxes, ElementsAre(ExportedBox{0, {{0, 0, 100, 15}, 0.5}},
                                       ExportedBox{0, {{99.99, 79.99, 0.01, 0.01}, 0.4}}))
      << "what has nothing inside the photo is left out, the rest keeps a side of 0.01";
}

TEST(RoundedPhoto, IsInOrderOfCategoriesBestFirst) {
  const Box box{0, 0, 5, 5};
  const ExportedPhoto photo =
      rounded(photoWith({9, 9}, {{1, {box, 0.9}}, {0, {box, 0.2}}, {0, {box, 0.7}}}));
  EXPECT_THAT(photo.boxes, ElementsAre(ExportedBox{0, {box, 0.7}}, ExportedBox{0, {box, 0.2}},
                                       ExportedBox{1, {box, 0.9}}));
}

TEST(RoundedPhoto, HoldsNoNumberThatIsNotFinite) {
  const double nan = std::nan(""), inf = std::numeric_limits<double>::infinity();
  const ExportedPhoto photo = rounded(photoWith({9, 9}, {{0, {{nan, 0, 5, 5}, 0.5}},
                                                         {0, {{0, 0, inf, 5}, 0.5}},
                                                         {0, {{0, 0, 5, 5}, nan}},
                                                         {0, {{0, 0, 6, 6}, 7}}}));
  EXPECT_THAT(photo.boxes,
              ElementsAre(ExportedBox{0, {{0, 0, 6, 6}, 1}}, ExportedBox{0, {{0, 0, 5, 5}, 0}}));
}

TEST(RoundedPhoto, StaysInsideAndStaysTheSameWhenRoundedAgain) {
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    const Size size{1 + static_cast<int>(random.below(40000)),
                    1 + static_cast<int>(random.below(300))};
    const ExportedPhoto photo = randomPhoto("a.jpg", size, 20, 3, random);
    for (const ExportedBox& exported : photo.boxes) {
      const Box& box = exported.found.box;
      ASSERT_GE(std::min(box.x, box.y), 0);
      ASSERT_GE(std::min(box.width, box.height), 0.01);
      ASSERT_LE(box.right(), size.width + 1e-9);
      ASSERT_LE(box.bottom(), size.height + 1e-9);
    }
    ASSERT_EQ(rounded(photo), photo);
  }
}

TEST(EncodedPhoto, IsOneLineOfJson) {
  const ExportedPhoto photo{"sub/line\nbreak.jpg", {640, 480}, {{2, {{1.5, 2, 3, 4.25}, 0.75}}}};
  EXPECT_EQ(encodeExported(photo),
            R"({"boxes":[[2,1.5,2.0,3.0,4.25,0.75]],"height":480,"path":"sub/line\nbreak.jpg",)"
            R"("width":640})");
}

TEST(EncodedPhoto, ComesBackExactlyWhateverItsNameAndBoxes) {
  Random random(11);
  for (int round = 0; round < 5; ++round) {
    for (const ExportedPhoto& photo : hardPhotos(3, random)) {
      const std::string line = encodeExported(photo);
      ASSERT_EQ(line.find('\n'), std::string::npos);
      const ExportedPhoto back = decodeExported(line, "test");
      ASSERT_EQ(back.path.native(), photo.path.native());
      ASSERT_EQ(back, photo);
      ASSERT_EQ(encodeExported(back), line);
    }
  }
}

TEST(EncodedPhoto, EveryPrefixOfALineIsRefused) {
  const std::string line =
      encodeExported({"not\xFFutf8.jpg", {64, 48}, {{0, {{1, 2, 3, 4}, 0.5}}}});
  for (std::size_t bytes = 0; bytes < line.size(); ++bytes)
    EXPECT_THROW(decodeExported(line.substr(0, bytes), "journal"), InputError) << bytes;
}

TEST(EncodedPhoto, DamageIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"([])", "\"path\" is missing"},
      {R"({"path":"a","width":1,"height":1})", "\"boxes\" is missing"},
      {R"({"path":"","width":1,"height":1,"boxes":[]})", "path is empty"},
      {R"({"path":"a\u0000b","width":1,"height":1,"boxes":[]})", "zero byte"},
      {R"({"path":7,"width":1,"height":1,"boxes":[]})", "wrong type"},
      {R"({"path_bytes":"fg","width":1,"height":1,"boxes":[]})", "not hexadecimal"},
      {R"({"path_bytes":"ff0","width":1,"height":1,"boxes":[]})", "cut off"},
      {R"({"path":"a","width":0,"height":1,"boxes":[]})", "\"width\" is not a whole number"},
      {R"({"path":"a","width":1,"height":2.5,"boxes":[]})", "\"height\" is not a whole number"},
      {R"({"path":"a","width":1,"height":1,"boxes":{}})", "not a list"},
      {R"({"path":"a","width":1,"height":1,"boxes":[[0,1,2,3,4]]})", "a box is not"},
      {R"({"path":"a","width":1,"height":1,"boxes":[[-1,1,2,3,4,0.5]]})", "the category"},
      {R"({"path":"a","width":1,"height":1,"boxes":[[99999999999999999999,1,2,3,4,0.5]]})",
       "the category"},
      {R"({"path":"a","width":1,"height":1,"boxes":[[0,1,null,3,4,0.5]]})", "not a number"},
      {R"({"path":"a","width":1,"height":1,"boxes":[[0,1,1e300,3,4,0.5]]})", "not a number"}};
  for (const auto& [line, reason] : cases) {
    try {
      decodeExported(line, "journal, line 3");
      ADD_FAILURE() << "accepted: " << line;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::StartsWith("journal, line 3: "));
      EXPECT_THAT(error.what(), HasSubstr(reason)) << line;
    }
  }
}

TEST(EncodedPhoto, NumbersThatAreNotFiniteAreRefused) {
  EXPECT_THROW(encodeExported(photoWith({9, 9}, {{0, {{0, 0, 1, 1}, std::nan("")}}})), UsageError);
}

}  // namespace
}  // namespace inkling
