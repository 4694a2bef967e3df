// Every kind of photo comes out as a person would see it.
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

// --- JPEG
// -----------------------------------------------------------------------------------------------------------

class EveryOrientation : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Exif, EveryOrientation, testing::Range(1, 9));

TEST_P(EveryOrientation, OfJpegIsApplied) {
  // Blocks of 16 pixels stay sharp in JPEG.
  const Image shown = quadrants({64, 32});
  const std::string plain = encodeJpeg(storedFor(GetParam(), shown), 95);
  for (const bool big : {true, false}) {
    const Image photo = decodePhoto(withExif(plain, exifBlock(GetParam(), big)), "turned.jpg");
    EXPECT_TRUE(looksLike(photo, shown, 6)) << (big ? "big" : "little") << " endian";
  }
}

TEST_P(EveryOrientation, OfPngIsApplied) {
  std::string png = encodePng(storedFor(GetParam(), quadrants()));
  png.insert(33, pngChunk("eXIf", exifBlock(GetParam())));  // after the header chunk
  EXPECT_TRUE(looksLike(decodePhoto(png, "turned.png"), quadrants(), 0));
}

// 16 bits per channel, one strip, written by hand.
std::string deepTiff(int orientation, const Image& stored) {
  std::string pixels;
  for (const std::uint8_t value : stored.rgb) pixels += littleEndian(value * 257U, 2);
  const auto entry = [](std::uint32_t tag, std::uint32_t type, std::uint32_t count,
                        std::uint32_t value) {
    return littleEndian(tag, 2) + littleEndian(type, 2) + littleEndian(count, 4) +
           littleEndian(value, 4);
  };
  const auto bytes = static_cast<std::uint32_t>(pixels.size());
  const std::uint32_t depths = 8 + bytes, directory = depths + 6;
  return std::string("II*\0", 4) + littleEndian(directory, 4) + pixels + littleEndian(16, 2) +
         littleEndian(16, 2) + littleEndian(16, 2) + littleEndian(10, 2) +
         entry(256, 4, 1, static_cast<std::uint32_t>(stored.width)) +
         entry(257, 4, 1, static_cast<std::uint32_t>(stored.height)) + entry(258, 3, 3, depths) +
         entry(259, 3, 1, 1) + entry(262, 3, 1, 2) + entry(273, 4, 1, 8) +
         entry(274, 3, 1, static_cast<std::uint32_t>(orientation)) + entry(277, 3, 1, 3) +
         entry(278, 4, 1, static_cast<std::uint32_t>(stored.height)) + entry(279, 4, 1, bytes) +
         littleEndian(0, 4);
}

TEST_P(EveryOrientation, OfDeepTiffIsApplied) {
  const std::string tiff = deepTiff(GetParam(), storedFor(GetParam(), quadrants()));
  EXPECT_TRUE(looksLike(decodePhoto(tiff, "turned.tif"), quadrants(), 0));
}

TEST(Formats, OrientationsOfOtherProgramsFilesAreApplied) {
  for (const char* name : {"turned_5.jpg", "turned_6.webp", "turned_8.tif"}) {
    EXPECT_TRUE(looksLike(readPhoto(fixtureFolder() / name), quadrants(), 4)) << name;
  }
}

TEST(Formats, NonsenseInExifIsIgnored) {
  const std::string plain = encodeJpeg(quadrants(), 95);
  const Image upright = decodePhoto(plain, "plain.jpg");
  const std::string block = exifBlock(6);
  EXPECT_EQ(decodePhoto(withExif(plain, exifBlock(9)), "nine.jpg"), upright);
  EXPECT_EQ(decodePhoto(withExif(plain, exifBlock(0)), "zero.jpg"), upright);
  for (std::size_t length = 0; length < 18; ++length) {
    EXPECT_EQ(decodePhoto(withExif(plain, block.substr(0, length)), "short.jpg"), upright);
  }
  std::string farAway = block;
  farAway.replace(4, 4, "\xFF\xFF\xFF\xF0");
  EXPECT_EQ(decodePhoto(withExif(plain, farAway), "far.jpg"), upright);
}

TEST(Formats, InksOfPrintersBecomeTheRightColours) {
  for (const char* name : {"cmyk.jpg", "ycck.jpg", "cmyk.tif"}) {
    EXPECT_TRUE(looksLike(readPhoto(fixtureFolder() / name), quadrants(), 4)) << name;
  }
}

TEST(Formats, ProgressiveAndLossyPhotosAreRead) {
  for (const char* name : {"progressive.jpg", "lossy.webp", "plain.tif", "palette.tif"}) {
    EXPECT_TRUE(looksLike(readPhoto(fixtureFolder() / name), quadrants(), 6)) << name;
  }
}

TEST(Formats, GreyBecomesRgb) {
  const Image grey = readPhoto(fixtureFolder() / "grey.jpg");
  ASSERT_EQ(grey.size(), kQuadrantsSize);
  for (const auto& [x, y, value] :
       {std::array{4, 4, 76}, {28, 4, 150}, {4, 20, 29}, {28, 20, 226}}) {
    const Rgb c = grey.at(x, y);
    EXPECT_EQ(c.r, c.g);
    EXPECT_EQ(c.g, c.b);
    EXPECT_NEAR(c.r, value, 3);
  }
  EXPECT_EQ(readPhoto(fixtureFolder() / "bilevel.tif"), Image(kQuadrantsSize));
}

// --- PNG: depth, palette, transparency
// ------------------------------------------------------------------------------

TEST(Formats, SixteenBitsAreScaledToEight) {
  const std::string row("\x00\x00\x80\x00\xFF\xFF", 6);
  const Image photo = decodePhoto(makePng({3, 1}, 16, 0, {row}), "deep.png");
  EXPECT_EQ(photo.at(0, 0), (Rgb{0, 0, 0}));
  EXPECT_EQ(photo.at(1, 0), (Rgb{128, 128, 128}));
  EXPECT_EQ(photo.at(2, 0), (Rgb{255, 255, 255}));
  const Image colour =
      decodePhoto(makePng({1, 1}, 16, 2, {std::string("\xFF\xFF\x00\x00\x80\x00", 6)}), "deep.png");
  EXPECT_EQ(colour.at(0, 0), (Rgb{255, 0, 128}));
}

TEST(Formats, TransparentShowsWhitePaper) {
  const std::string row("\x0A\x14\x1E\x00\x0A\x14\x1E\xFF\x00\x00\x00\x80", 12);
  const Image photo = decodePhoto(makePng({3, 1}, 8, 6, {row}), "alpha.png");
  EXPECT_EQ(photo.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_EQ(photo.at(1, 0), (Rgb{10, 20, 30}));
  EXPECT_EQ(photo.at(2, 0), (Rgb{127, 127, 127}));
  const Image grey =
      decodePhoto(makePng({2, 1}, 8, 4, {std::string("\x32\x00\x32\xFF", 4)}), "grey.png");
  EXPECT_EQ(grey.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_EQ(grey.at(1, 0), (Rgb{50, 50, 50}));
  for (const char* name : {"alpha.webp", "alpha.tif"}) {
    const Image other = readPhoto(fixtureFolder() / name);
    EXPECT_EQ(other.at(4, 4), (Rgb{255, 0, 0})) << name;
    EXPECT_EQ(other.at(4, 20), (Rgb{127, 127, 255})) << name;
    EXPECT_EQ(other.at(28, 20), (Rgb{255, 255, 255})) << name;
  }
}

TEST(Formats, OneColourMayStandForTransparent) {
  const std::string greyKey = pngChunk("tRNS", std::string("\x00\x32", 2));
  const Image grey = decodePhoto(makePng({2, 1}, 8, 0, {"\x32\x33"}, greyKey), "key.png");
  EXPECT_EQ(grey.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_EQ(grey.at(1, 0), (Rgb{51, 51, 51}));

  const std::string twoBitKey = pngChunk("tRNS", std::string("\x00\x01", 2));
  const Image two = decodePhoto(makePng({4, 1}, 2, 0, {"\x1B"}, twoBitKey), "two-bit.png");
  EXPECT_EQ(two.at(0, 0), (Rgb{0, 0, 0}));
  EXPECT_EQ(two.at(1, 0), (Rgb{255, 255, 255})) << "the transparent one";
  EXPECT_EQ(two.at(2, 0), (Rgb{170, 170, 170}));

  const std::string rgbKey = pngChunk("tRNS", std::string("\x00\x01\x00\x02\x00\x03", 6));
  const Image rgb =
      decodePhoto(makePng({2, 1}, 8, 2, {"\x01\x02\x03\x01\x02\x04"}, rgbKey), "key.png");
  EXPECT_EQ(rgb.at(0, 0), (Rgb{255, 255, 255}));
  EXPECT_EQ(rgb.at(1, 0), (Rgb{1, 2, 4}));
}

TEST(Formats, PalettesAreResolved) {
  const std::string palette =
      pngChunk("PLTE", std::string("\xFF\x00\x00\x00\xFF\x00\x00\x00\xFF", 9));
  const std::string row("\x00\x01\x02", 3);
  const Image photo = decodePhoto(makePng({3, 1}, 8, 3, {row}, palette), "palette.png");
  EXPECT_EQ(photo.at(0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(photo.at(2, 0), (Rgb{0, 0, 255}));
  const std::string alpha = pngChunk("tRNS", std::string("\xFF\x00", 2));
  const Image holes = decodePhoto(makePng({3, 1}, 8, 3, {row}, palette + alpha), "palette.png");
  EXPECT_EQ(holes.at(0, 0), (Rgb{255, 0, 0}));
  EXPECT_EQ(holes.at(1, 0), (Rgb{255, 255, 255}));
}

TEST(Formats, NotesInPngAreLeftAlone) {
  // A colour profile that is broken, and a text: neither is needed for the picture.
  std::string png = encodePng(quadrants());
  png.insert(33,
             pngChunk("iCCP", "broken") + pngChunk("tEXt", std::string("Title\0Quadrants", 15)));
  EXPECT_EQ(decodePhoto(png, "notes.png"), quadrants());
}

// --- The rest
// -------------------------------------------------------------------------------------------------------

TEST(Formats, BmpAndPpm) {
  EXPECT_EQ(decodePhoto(makeBmp(), "photo.bmp"), quadrants());
  EXPECT_EQ(decodePhoto(makeBmp(true), "top-down.bmp"), quadrants());
  EXPECT_EQ(decodePhoto(makePpm(), "photo.ppm"), quadrants());
  const Image grey = decodePhoto("P5 2 1 255\n" + std::string("\x07\xF0"), "photo.pgm");
  EXPECT_EQ(grey.at(0, 0), (Rgb{7, 7, 7}));
  EXPECT_EQ(grey.at(1, 0), (Rgb{240, 240, 240}));
}

TEST(Formats, OnePixelIsAPhoto) {
  const Image pixel({1, 1}, {12, 34, 56});
  EXPECT_EQ(decodePhoto(encodePng(pixel), "pixel.png"), pixel);
  EXPECT_TRUE(looksLike(decodePhoto(encodeJpeg(pixel, 100), "pixel.jpg"), pixel, 3));
}

TEST(Formats, TheContentTellsTheFormatNotTheName) {
  EXPECT_EQ(decodePhoto(encodePng(quadrants()), "really-a-png.jpg"), quadrants());
}

TEST(Formats, WhatIsNotSupportedIsNamed) {
  const auto message = [](const std::string& bytes) -> std::string {
    try {
      decodePhoto(bytes, "picture");
    } catch (const InputError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message(fixture("picture.gif")),
            "picture: GIF is not supported; convert it to JPEG or PNG");
  EXPECT_EQ(message(fixture("animated.webp")), "picture: animated WebP is not supported");
  EXPECT_EQ(message(fixture("float.tif")),
            "picture: this kind of TIFF file is not supported; 8 or 16 bits per channel are");
  EXPECT_EQ(message(std::string("\0\0\0\x1C"
                                "ftypheic",
                                12)),
            "picture: HEIC is not supported; convert it to JPEG or PNG");
}

}  // namespace
}  // namespace inkling
