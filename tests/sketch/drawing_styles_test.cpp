// Drawings as other people hand them in: pictures, markers, filled shapes, photos of paper.
#include "core/sketch/drawing_styles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/imgcodecs.hpp>

#include "core/base/random.h"
#include "core/sketch/ink_from_picture.h"
#include "core/sketch/paper_light.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::HasSubstr;

const Sketch& face() {
  static const Sketch sketch =
      sketchOf({circle(128, 128, 90), circle(95, 100, 10), circle(160, 100, 10),
                strokeOf({90, 128, 166}, {160, 180, 160})});
  return sketch;
}

class Styles : public testing::TestWithParam<DrawingStyle> {};

TEST_P(Styles, AreReadBackAsTheSameDrawing) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const auto difference =
        inkling::difference(rasterise(face()), rasterise(restyled(face(), GetParam(), seed)));
    // The pupils of a marker's drawing close, and filling hides what lies inside; two unrelated
    // drawings differ by 0.2.
    const bool coarse =
        GetParam() == DrawingStyle::kThickPen || GetParam() == DrawingStyle::kFilled;
    const bool turned = GetParam() == DrawingStyle::kPaper;
    EXPECT_LT(difference.mean, coarse || turned ? 0.13 : 0.04)
        << nameOf(GetParam()) << ", seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Styles,
                         testing::ValuesIn(allDrawingStyles().begin(), allDrawingStyles().end()),
                         [](const auto& style) {
                           std::string name = nameOf(style.param);
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST(Styles, TheSameSeedGivesTheSamePicture) {
  const auto ink = [](std::uint64_t seed) {
    return restyled(face(), DrawingStyle::kPaper, seed).raster.ink;
  };
  EXPECT_EQ(ink(4), ink(4));
  EXPECT_NE(ink(4), ink(5));
}

// A page of 400 x 300 with a cross of lines, under a light that `light` gives for x and y in 0..1.
template <typename Light>
GreyPage crossUnder(const Light& light, double ink) {
  GreyPage page{400, 300, {}};
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 400; ++x) {
      const bool line = (std::abs(x - 200) < 3 && y > 60 && y < 240) ||
                        (std::abs(y - 150) < 3 && x > 90 && x < 310);
      page.values.push_back(
          static_cast<std::uint8_t>(240 * light(x / 400.0, y / 300.0) * (line ? 1 - ink : 1)));
    }
  }
  return page;
}

TEST(PaperLight, AHardShadowLeavesNoInk) {
  const GreyPage page =
      crossUnder([](double x, double y) { return x + y > 0.9 ? 0.45 : 1.0; }, 0.6);
  ASSERT_TRUE(isUnevenlyLit(page));
  const GreyPage even = evenlyLit(page);
  std::size_t wrong = 0;
  for (int y = 0; y < 300; ++y) {
    for (int x = 0; x < 400; ++x) {
      const bool line = (std::abs(x - 200) < 2 && y > 62 && y < 238) ||
                        (std::abs(y - 150) < 2 && x > 92 && x < 308);
      const bool paper = (std::abs(x - 200) > 4 && std::abs(y - 150) > 4) || x < 80 || x > 320 ||
                         y < 50 || y > 250;
      const int value =
          even.values[static_cast<std::size_t>(y) * 400 + static_cast<std::size_t>(x)];
      wrong += (line && value > 160) || (paper && value < 200);
    }
  }
  EXPECT_LT(wrong, 40U);
}

TEST(PaperLight, AnEvenPageIsLeftAlone) {
  EXPECT_FALSE(isUnevenlyLit(crossUnder([](double, double) { return 1.0; }, 0.9)));
  EXPECT_FALSE(isUnevenlyLit(crossUnder([](double x, double) { return 1 - 0.05 * x; }, 0.9)));
}

TEST(PaperLight, ChalkOnABoardIsInkToo) {
  GreyPage board = crossUnder([](double x, double) { return 0.15 + 0.25 * x; }, -1.2);
  ASSERT_TRUE(isUnevenlyLit(board));
  const GreyPage even = evenlyLit(board);
  EXPECT_LT(even.values[150 * 400 + 120], even.values[100 * 400 + 120] - 30);
}

std::string jpeg(const GreyPage& page) {
  const cv::Mat pixels(page.height, page.width, CV_8U,
                       const_cast<std::uint8_t*>(page.values.data()));
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", pixels, bytes);
  return {bytes.begin(), bytes.end()};
}

TEST(Jpeg, APhotoOfACrossIsACross) {
  const std::string bytes =
      jpeg(crossUnder([](double x, double y) { return 0.9 - 0.5 * x * y; }, 0.5));
  const Sketch read = sketchFromJpeg(bytes, "cross.jpg");
  const Sketch cross = sketchOf({strokeOf({200, 200}, {60, 240}), strokeOf({90, 310}, {150, 150})});
  EXPECT_LT(difference(rasterise(read), rasterise(cross)).mean, 0.03);
}

TEST(Jpeg, NamesFileAndReason) {
  const std::string bytes = jpeg(crossUnder([](double, double) { return 1.0; }, 0.9));
  const auto problem = [](const std::string& content) {
    return messageOf([&] { sketchFromJpeg(content, "a.jpg"); });
  };
  EXPECT_EQ(problem(""), "a.jpg: the file is empty");
  EXPECT_EQ(problem("not a picture"), "a.jpg: not a JPEG file");
  EXPECT_EQ(problem(bytes.substr(0, 4)), "a.jpg: broken JPEG header");
  EXPECT_EQ(problem(bytes.substr(0, bytes.size() - 40)), "a.jpg: the JPEG file is truncated");
  std::string bomb = bytes;
  const std::size_t frame = bomb.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  bomb.replace(frame + 5, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_THAT(problem(bomb), HasSubstr("too large"));
}

TEST(Jpeg, APhotoOfSomethingElseIsNoDrawing) {
  Random random(3);
  GreyPage leaves{600, 600, std::vector<std::uint8_t>(360000, 210)};
  for (int i = 0; i < 700; ++i) {
    const int left = 30 + static_cast<int>(random.below(530)),
              top = 30 + static_cast<int>(random.below(530));
    for (int y = top; y < top + 9; ++y) {
      for (int x = left; x < left + 9; ++x)
        leaves.values[static_cast<std::size_t>(y) * 600 + static_cast<std::size_t>(x)] = 60;
    }
  }
  EXPECT_THAT(messageOf([&] { sketchFromJpeg(jpeg(leaves), "street.jpg"); }),
              HasSubstr("does not look like a drawing"));
}

TEST(Jpeg, NoChangedByteCrashes) {
  const std::string bytes = jpeg(crossUnder([](double, double) { return 1.0; }, 0.9));
  expectNoChangedByteCrashes(bytes, sketchFromJpeg);
}

}  // namespace
}  // namespace inkling
