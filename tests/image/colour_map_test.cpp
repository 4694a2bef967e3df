#include "core/image/colour_map.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

double lightness(Rgb c) { return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b; }

TEST(ColourMap, EndsAreThePublishedColours) {
  EXPECT_EQ(colour(ColourMap::viridis, 0), (Rgb{0x44, 0x01, 0x54}));
  EXPECT_EQ(colour(ColourMap::viridis, 1), (Rgb{0xFD, 0xE7, 0x25}));
  EXPECT_EQ(colour(ColourMap::magma, 0), (Rgb{0x00, 0x00, 0x04}));
  EXPECT_EQ(colour(ColourMap::magma, 1), (Rgb{0xFC, 0xFD, 0xBF}));
  EXPECT_EQ(colour(ColourMap::jet, 0), (Rgb{0, 0, 128}));
  EXPECT_EQ(colour(ColourMap::jet, 1), (Rgb{128, 0, 0}));
}

TEST(ColourMap, PerceptualMapsGrowLighterWithTheValue) {
  for (const ColourMap map : {ColourMap::viridis, ColourMap::magma}) {
    const auto table = colourTable(map);
    ASSERT_EQ(table.size(), 256U);
    for (std::size_t i = 8; i < table.size(); ++i) {
      EXPECT_GT(lightness(table[i]), lightness(table[i - 8])) << colourMapName(map) << " " << i;
    }
  }
}

TEST(ColourMap, NeighboursAreSimilar) {
  for (const ColourMap map : {ColourMap::viridis, ColourMap::magma, ColourMap::jet}) {
    const auto table = colourTable(map);
    for (std::size_t i = 1; i < table.size(); ++i) {
      EXPECT_LE(std::abs(table[i].r - table[i - 1].r), 6);
      EXPECT_LE(std::abs(table[i].g - table[i - 1].g), 6);
      EXPECT_LE(std::abs(table[i].b - table[i - 1].b), 6);
    }
  }
}

TEST(ColourMap, ValuesOutsideAreClamped) {
  EXPECT_EQ(colour(ColourMap::viridis, -3), colour(ColourMap::viridis, 0));
  EXPECT_EQ(colour(ColourMap::viridis, 7), colour(ColourMap::viridis, 1));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(colour(ColourMap::viridis, nan), colour(ColourMap::viridis, 0));
}

TEST(ColourMap, NamesRoundTrip) {
  for (const std::string& name : colourMapNames()) {
    EXPECT_EQ(colourMapName(parseColourMap(name)), name);
  }
  EXPECT_THROW(parseColourMap("rainbow"), UsageError);
  EXPECT_THROW(parseColourMap(""), UsageError);
}

}  // namespace
}  // namespace inkling
