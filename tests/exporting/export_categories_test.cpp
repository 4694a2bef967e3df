#include "core/exporting/export_categories.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(DrawableName, KeepsAsciiAndTakesAccentsOff) {
  EXPECT_EQ(drawableName("armchair, red", 0), "armchair, red");
  EXPECT_EQ(drawableName("T\xC3\xBCr", 0), "Tur");
  EXPECT_EQ(drawableName("Tu\xCC\x88r", 0), "Tur") << "the accent as a character of its own";
  EXPECT_EQ(drawableName("Stra\xC3\x9F"
                         "e",
                         0),
            "Strasse");
  EXPECT_EQ(drawableName("\xC3\x80\xC3\x9E\xC3\xBF", 0), "AThy");
  EXPECT_EQ(drawableName("\xC5\x82\xC3\xB3\xC5\xBC"
                         "ko",
                         0),
            "lozko");
  EXPECT_EQ(drawableName("\xC4\x80\xC4\x8F\xC4\x90\xC4\xAF\xC4\xB0\xC4\xBF", 0), "AdDiIL");
  EXPECT_EQ(drawableName("\xC5\x80\xC5\x8F\xC5\x90\xC5\x9F\xC5\xA0\xC5\xBF", 0), "loOsSs");
}

TEST(DrawableName, SaysTheNumberWhereLettersCannotBeDrawn) {
  EXPECT_EQ(drawableName("\xE6\xA4\x85\xE5\xAD\x90", 1), "#2");
  EXPECT_EQ(drawableName("IKEA \xE6\xA4\x85", 4), "IKEA #5");
  EXPECT_EQ(drawableName("\xF0\x9F\xAA\x91", 0), "#1");
  EXPECT_EQ(drawableName("not\xFFutf8", 0), "notutf8 #1");
  EXPECT_EQ(drawableName("line\nbreak", 0), "line break");
}

TEST(CategoryFileNames, AreShortenedBetweenCharacters) {
  ExportSetup setup;
  std::string chinese;
  for (int i = 0; i < 30; ++i) chinese += "\xE6\xA4\x85";
  setup.categories = {{chinese, {}, {}}, {chinese + "2", {}, {}}, {"x" + chinese, {}, {}}};
  const auto names = categoryFileNames(setup);
  EXPECT_EQ(names[0], chinese.substr(0, 60));
  EXPECT_EQ(names[1], chinese.substr(0, 57) + "-2");
  EXPECT_EQ(names[2], std::string("x").append(chinese, 0, 57));
}

}  // namespace
}  // namespace inkling
