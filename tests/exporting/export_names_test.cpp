#include "core/exporting/export_names.h"

#include <algorithm>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/base/random.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

std::vector<std::string> namesOf(const std::vector<fs::path>& paths,
                                 std::size_t suffix = kLongestExportSuffix) {
  const ExportNames names(paths, suffix);
  std::vector<std::string> result;
  for (const fs::path& path : paths) result.push_back(names.nameOf(path).native());
  return result;
}

TEST(ExportNames, AreThePathsWithoutExtension) {
  EXPECT_THAT(namesOf({"a.jpg", "sub/b.jpeg", "sub/deeper/c.tar.png", "none"}),
              ElementsAre("a", "sub/b", "sub/deeper/c.tar", "none"));
}

TEST(ExportNames, KeepTheExtensionWhereItTellsPhotosApart) {
  EXPECT_THAT(namesOf({"sub/a.jpg", "sub/a.png", "a.jpg", "b.jpg"}),
              ElementsAre("sub/a.jpg", "sub/a.png", "a", "b"));
  EXPECT_THAT(namesOf({"Photo.jpg", "photo.png"}), ElementsAre("Photo.jpg", "photo.png"))
      << "on file systems without upper and lower case they are one";
}

TEST(ExportNames, LeaveTheExportsOwnNamesAlone) {
  EXPECT_THAT(namesOf({"classes.jpg", "Annotations.png", "sub/classes.jpg", "failures"}),
              ElementsAre("classes.jpg", "Annotations.png", "sub/classes", "failures-2"));
  EXPECT_THAT(namesOf({"classes.txt/a.jpg", "sub/classes.txt/a.jpg", "classes/a.jpg"}),
              ElementsAre("classes.txt-2/a", "sub/classes.txt/a", "classes/a"));
}

TEST(ExportNames, GetANumberWhereTheFullNameIsTakenToo) {
  // "a.png" needs its full name beside "a.jpg"; the photo "a.png.jpg" is called so already.
  EXPECT_THAT(namesOf({"a.jpg", "a.png", "a.png.jpg"}), ElementsAre("a.jpg", "a.png", "a.png-2"));
  EXPECT_THAT(namesOf({"a.JPG", "a.jpg", "A.jpg"}), ElementsAre("a.JPG-2", "a.jpg-3", "A.jpg"));
  EXPECT_THAT(namesOf({"a.JPG", "a.jpg", "a.jpg-2.png"}),
              ElementsAre("a.JPG", "a.jpg-3", "a.jpg-2"));
}

TEST(ExportNames, MakeWayForFoldersThatAreCalledLikeTheirFiles) {
  EXPECT_THAT(namesOf({"a.jpg", "a.txt/x.jpg"}), ElementsAre("a.jpg", "a.txt/x"));
  EXPECT_THAT(namesOf({"a.jpg", "A.Boxes.JPG/x.jpg"}), ElementsAre("a.jpg", "A.Boxes.JPG/x"));
  EXPECT_THAT(namesOf({"a.jpg", "a.xml/x.jpg", "a.jpg.xml/x.jpg"}),
              ElementsAre("a.jpg-2", "a.xml/x", "a.jpg.xml/x"));
}

TEST(ExportNames, LongNamesAreCutBetweenCharacters) {
  std::string chinese;
  for (int i = 0; i < 83; ++i) chinese += "\xE6\xA4\x85";  // 249 bytes
  const auto names = namesOf({chinese + ".jpg", std::string(251, 'x') + ".jpg"}, 20);
  EXPECT_EQ(names[0], chinese.substr(0, 234));
  EXPECT_EQ(names[1], std::string(235, 'x'));
  EXPECT_THAT(namesOf({std::string(251, 'x') + ".jpg"}, 4), ElementsAre(std::string(251, 'x')))
      << "what fits stays";
}

TEST(ExportNames, LongNamesStayUnique) {
  std::vector<fs::path> paths;
  for (int i = 0; i < 30; ++i)
    paths.push_back("sub/" + std::string(240, 'x') + std::to_string(100 + i) + ".jpg");
  const auto names = namesOf(paths);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), paths.size());
  for (const std::string& name : names) EXPECT_LE(name.size(), 4 + 255 - kLongestExportSuffix);
}

TEST(ExportNames, RefusePathsOutsideOfTheFolder) {
  for (const char* path : {"/etc/a.jpg", "../a.jpg", "sub/../../a.jpg", "", "sub/"})
    EXPECT_THROW(namesOf({path}), UsageError) << path;
}

// Names of few letters, so that everything collides with everything.
std::vector<fs::path> collidingPaths(Random& random) {
  const std::vector<std::string> parts = {
      "a",          "A",      "b",    "a-2",          ".txt",
      ".jpg",       ".JPG",   ".png", ".xml",         "-2",
      ".boxes.jpg", "export", "\xFF", "\xE6\xA4\x85", ".attention-x.jpg",
      "classes"};
  std::set<fs::path> paths;
  const std::uint32_t count = 1 + random.below(40);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string path;
    for (std::uint32_t depth = random.below(3); depth > 0; --depth)
      path.append("d").append(random.pick(parts)).append(random.pick(parts)).append("/");
    path += random.pick(parts) + random.pick(parts) + random.pick(parts);
    if (random.chance(0.3)) path = path.substr(path.starts_with('d') ? 1 : 0);
    if (path.find("//") == std::string::npos && !path.starts_with('/')) paths.insert(path);
  }
  // On a disk, a path is a file or a folder.
  std::vector<fs::path> files;
  for (const fs::path& path : paths) {
    const bool folder = std::any_of(paths.begin(), paths.end(), [&](const fs::path& other) {
      return other.native().starts_with(path.native() + '/');
    });
    if (!folder) files.push_back(path);
  }
  return files;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c < 0x80 ? std::tolower(c) : c; });
  return text;
}

TEST(ExportNames, NoFileOfAnyPhotoCollidesWhateverTheNames) {
  Random random(3);
  for (int round = 0; round < 2000; ++round) {
    std::vector<fs::path> paths = collidingPaths(random);
    const ExportNames names(paths);
    std::set<std::string> files = {"classes.txt", "annotations.json", "detections.csv",
                                   "failures.csv", "export.json"};
    std::set<std::string> folders;
    std::map<fs::path, fs::path> given;
    for (const fs::path& path : paths) {
      const fs::path name = names.nameOf(path);
      given[path] = name;
      for (const char* suffix : {".txt", ".xml", ".boxes.jpg", ".attention.jpg"}) {
        ASSERT_TRUE(files.insert(lower(withSuffix(name, suffix).native())).second)
            << path << " in round " << round;
      }
      for (fs::path up = name.parent_path(); !up.empty(); up = up.parent_path())
        folders.insert(lower(up.native()));
    }
    for (const std::string& folder : folders)
      ASSERT_FALSE(files.contains(folder)) << folder << " in round " << round;

    random.shuffle(paths);
    const ExportNames shuffled(paths);
    for (const fs::path& path : paths)
      ASSERT_EQ(shuffled.nameOf(path), given[path]) << "the order of the photos must not matter";
  }
}

TEST(ExportNames, AreUniqueForHardNamesAndAsShortAsAsked) {
  const std::vector<fs::path> paths = hardNames();
  for (const std::size_t suffix : {4, 20, 80}) {
    const auto names = namesOf(paths, suffix);
    EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), paths.size());
    for (const std::string& name : names)
      EXPECT_LE(fs::path(name).filename().native().size() + suffix, 255U);
  }
}

TEST(ExportNames, APathThatIsGivenTwiceIsOnePhoto) {
  EXPECT_THAT(namesOf({"a.jpg", "a.jpg"}), ElementsAre("a", "a"));
}

}  // namespace
}  // namespace inkling
