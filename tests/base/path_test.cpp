#include "core/base/path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

TEST(NaturalOrder, CountsAsPeopleDo) {
  EXPECT_TRUE(naturalLess("photo2.jpg", "photo10.jpg"));
  EXPECT_FALSE(naturalLess("photo10.jpg", "photo2.jpg"));
  EXPECT_TRUE(naturalLess("a", "B"));
  EXPECT_TRUE(naturalLess("img", "img1"));
  EXPECT_TRUE(naturalLess("v1.9", "v1.10"));
  EXPECT_FALSE(naturalLess("same", "same"));
  // Equal but for zeros: still one before the other, never both.
  EXPECT_NE(naturalLess("a01", "a1"), naturalLess("a1", "a01"));
}

TEST(Utf8, BadBytesAreReplacedAndGoodOnesKept) {
  EXPECT_EQ(toValidUtf8("caf\xC3\xA9 \xE7\x8C\xAB \xF0\x9F\x90\x88"),
            "caf\xC3\xA9 \xE7\x8C\xAB \xF0\x9F\x90\x88");
  EXPECT_EQ(toValidUtf8("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(toValidUtf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
  EXPECT_EQ(toValidUtf8("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // surrogate
  EXPECT_EQ(toValidUtf8("\xE7\x8C"), "\xEF\xBF\xBD\xEF\xBF\xBD");                  // cut short
}

TEST(ListFiles, FindsPhotosInSubfoldersInNaturalOrder) {
  const fs::path folder =
      fs::temp_directory_path() / ("inkling-list-" + std::to_string(::getpid()));
  for (const char* name :
       {"b10.JPG", "b2.jpg", "sub/a.png", "note.txt", ".hidden.jpg", ".git/x.jpg"})
    writeFileAtomically(folder / name, "x");
  fs::create_directory_symlink(folder, folder / "loop");
  std::vector<std::string> names;
  for (const fs::path& file : listFiles(folder, {".jpg", ".png"}))
    names.push_back(file.lexically_relative(folder).string());
  EXPECT_THAT(names, testing::ElementsAre("b2.jpg", "b10.JPG", "sub/a.png"));
  EXPECT_THAT(listFiles(folder / "note.txt", {".jpg"}), testing::ElementsAre(folder / "note.txt"));
  EXPECT_THROW(listFiles(folder / "absent", {".jpg"}), InputError);
  fs::remove_all(folder);
}

TEST(IsBelow, LooksAtWholeNames) {
  EXPECT_TRUE(isBelow("a/b/c.jpg", "a/b"));
  EXPECT_TRUE(isBelow("a/b", "a/b"));
  EXPECT_TRUE(isBelow("/a/b", "/"));
  EXPECT_FALSE(isBelow("a/bc", "a/b"));
  EXPECT_FALSE(isBelow("a", "a/b"));
}

}  // namespace
}  // namespace inkling
