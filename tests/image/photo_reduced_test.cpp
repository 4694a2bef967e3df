// Photos made smaller while they are decoded look as the whole photos do.
#include <chrono>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"
#include "core/image/resize.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

std::string errorOf(const std::string& bytes, int leastSide = 8) {
  try {
    decodePhotoReduced(bytes, "photo", leastSide);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

double meanDifference(const Image& a, const Image& b) {
  if (a.size() != b.size()) return 255;
  double sum = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(int{a.rgb[i]} - int{b.rgb[i]});
  return sum / static_cast<double>(a.rgb.size());
}

int ceilDiv(int value, int by) { return (value + by - 1) / by; }

// Slow changes of colour, as in a photo: every way to shrink them gives the same.
Image gradient(Size size) {
  Image image(size);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const auto part = [](int value, int of) {
        return static_cast<std::uint8_t>(value * 255 / of);
      };
      image.set(x, y, {part(x, size.width), part(y, size.height), 90});
    }
  }
  return image;
}

TEST(ReducedPhotos, LookAsTheWholePhotoMadeSmaller) {
  for (const auto& path : listFiles(fixtureFolder(), photoExtensions())) {
    Image whole;
    try {
      whole = readPhoto(path);
    } catch (const InputError& error) {
      EXPECT_THROW(readPhotoReduced(path, 4), InputError) << path;
      continue;
    }
    const int longer = std::max(whole.width, whole.height);
    for (const int scale : {1, 2, 4, 8}) {
      const ReducedPhoto photo = readPhotoReduced(path, ceilDiv(longer, scale));
      EXPECT_EQ(photo.full, whole.size()) << path;
      const Size size{ceilDiv(whole.width, scale), ceilDiv(whole.height, scale)};
      EXPECT_EQ(photo.image.size(), size) << path << " at 1/" << scale;
      // The fixtures are tiny: at 1/8 a seam between quadrants is most of the picture.
      const double most = scale == 1 ? 1.5 : 12;
      EXPECT_LT(meanDifference(photo.image, resize(whole, size)), most) << path << " 1/" << scale;
    }
  }
}

TEST(ReducedPhotos, EveryOrientation) {
  const Image shown = gradient({640, 360});
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const std::string jpeg =
        withExif(encodeJpeg(storedFor(orientation, shown), 95), exifBlock(orientation));
    const ReducedPhoto photo = decodePhotoReduced(jpeg, "turned.jpg", 160);
    EXPECT_EQ(photo.full, shown.size()) << orientation;
    EXPECT_EQ(photo.image.size(), (Size{160, 90})) << orientation;
    EXPECT_LT(meanDifference(photo.image, resize(shown, {160, 90})), 3) << orientation;
  }
}

TEST(ReducedPhotos, TheSmallestThatIsLargeEnough) {
  const std::string jpeg = encodeJpeg(gradient({801, 605})), png = encodePng(gradient({801, 605}));
  for (const std::string& bytes : {jpeg, png}) {
    const auto sizeFor = [&](int leastSide) {
      return decodePhotoReduced(bytes, "photo", leastSide).image.size();
    };
    EXPECT_EQ(sizeFor(2000), (Size{801, 605}));
    EXPECT_EQ(sizeFor(402), (Size{801, 605}));
    EXPECT_EQ(sizeFor(401), (Size{401, 303}));
    EXPECT_EQ(sizeFor(200), (Size{201, 152}));
    EXPECT_EQ(sizeFor(1), (Size{101, 76}));
  }
}

TEST(ReducedPhotos, GiantJpegsAreReadReduced) {
  const std::string jpeg = encodeJpeg(Image({20000, 15000}, {200, 100, 50}), 60);
  EXPECT_THROW(decodePhoto(jpeg, "giant.jpg"), InputError);
  const auto start = std::chrono::steady_clock::now();
  const ReducedPhoto photo = decodePhotoReduced(jpeg, "giant.jpg", 320);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(took.count()));
  EXPECT_EQ(photo.full, (Size{20000, 15000}));
  EXPECT_EQ(photo.image.size(), (Size{2500, 1875}));
  EXPECT_LT(std::abs(int{photo.image.at(1000, 1000).r} - 200), 4);
  // Whatever is asked for, it stays within what a photo may take in memory.
  EXPECT_EQ(decodePhotoReduced(jpeg, "giant.jpg", 20000).image.size(), (Size{10000, 7500}));
}

TEST(ReducedPhotos, OtherGiantsAndAbsurdClaimsAreRefused) {
  EXPECT_THAT(errorOf(makePng({20000, 20000}, 8, 2, {"tiny"})), HasSubstr("too large"));
  std::string jpeg = encodeJpeg(quadrants());
  const std::size_t sides = jpeg.find(std::string("\xFF\xC0\x00\x11\x08", 5)) + 5;
  jpeg.replace(sides, 4, "\xF0\xF0\xF0\xF0");
  EXPECT_THAT(errorOf(jpeg), HasSubstr("at most 1000 megapixels, 65500 per side"));
  std::string progressive = fixture("progressive.jpg");
  progressive.replace(progressive.find(std::string("\xFF\xC2\x00\x11\x08", 5)) + 5, 4,
                      "\x70\x00\x70\x00", 4);
  EXPECT_THAT(errorOf(progressive), HasSubstr("at most 360 megapixels"));
}

TEST(ReducedPhotos, BrokenOnesAreRefusedAsWhenReadWhole) {
  const std::string jpeg = encodeJpeg(quadrants({640, 480}), 90);
  EXPECT_EQ(errorOf(jpeg.substr(0, jpeg.size() / 2)), "photo: truncated JPEG file");
  EXPECT_EQ(errorOf(std::string()), "photo: the file is empty");
  EXPECT_THAT(errorOf(std::string("notes")), HasSubstr("not a photo"));
  EXPECT_THROW(readPhotoReduced("nowhere.jpg", 100), InputError);
}

}  // namespace
}  // namespace inkling
