// inkling find on folders that have been indexed: the same answers, without a look at every photo.
#include <algorithm>
#include <map>

#include "core/base/file.h"
#include "core/search/sqlite.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class FindIndexed : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 1; i <= kPhotos; ++i) add(std::to_string(i) + ".jpg", i);
    add("sub/deep.jpg", 40);
    index();
  }

  static constexpr int kPhotos = 6;
  static fs::path folder() { return testFolder() / "photos"; }
  static fs::path catalogue() { return folder() / ".inkling" / "catalogue.sqlite"; }
  static fs::path cache() { return testFolder() / "cache"; }
  static Environment environment() {
    return {{"XDG_CACHE_HOME", cache()}, {"XDG_DATA_HOME", testFolder() / "data"}};
  }
  static void add(const std::string& name, int seed) { writePhoto("photos/" + name, seed); }
  static void index() {
    const ProgramResult result = inklingProgram({"index", folder(), "--quiet"}, environment());
    ASSERT_EQ(result.status, 0) << result.err;
  }
  static ProgramResult find(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"find", "--sketch", ringSketch(), "--quiet"});
    const ProgramResult result = inklingProgram(arguments, environment());
    expectGoodManners(result);
    return result;
  }
  static Json json(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "json"});
    const ProgramResult result = find(arguments);
    EXPECT_EQ(result.status, 0) << result.err;
    return parsed(result.out);
  }
  /// Scores by photo.
  static std::map<std::string, double> scores(const Json& report) {
    std::map<std::string, double> scores;
    for (const Json& photo : report["photos"]) scores[photo["photo"]] = photo["score"];
    return scores;
  }
  static void expectAlike(const Json& indexed, const Json& plain) {
    const auto a = scores(indexed), b = scores(plain);
    ASSERT_EQ(a.size(), b.size());
    for (const auto& [photo, score] : b) {
      ASSERT_TRUE(a.contains(photo)) << photo;
      EXPECT_NEAR(a.at(photo), score, 0.01) << photo;
    }
  }
};

TEST_F(FindIndexed, AnswersAsIfEveryPhotoWereLookedAt) {
  const Json indexed = json({folder()});
  expectAlike(indexed, json({folder(), "--no-index"}));
  ASSERT_EQ(indexed["indexes"].size(), 1U);
  EXPECT_EQ(indexed["indexes"][0]["photos"], kPhotos + 1);
  EXPECT_EQ(indexed["indexes"][0]["looked"], kPhotos + 1);
}

TEST_F(FindIndexed, TheSameCatalogueGivesTheSameAnswer) {
  const std::string first = find({folder(), "--format", "json"}).out;
  EXPECT_EQ(find({folder(), "--format", "json"}).out, first);
  fs::remove_all(cache());
  EXPECT_EQ(find({folder(), "--format", "json"}).out, first) << "without what is cached";
  fs::remove(folder() / ".inkling/catalogue.regions");
  EXPECT_EQ(find({folder(), "--format", "json"}).out, first) << "without the region index";
}

TEST_F(FindIndexed, PhotosOfTheFolderCountAsTheyAreNow) {
  add("new.jpg", 50);
  add("2.jpg", 51);
  fs::remove(folder() / "3.jpg");
  const Json indexed = json({folder()});
  expectAlike(indexed, json({folder(), "--no-index"}));
  EXPECT_EQ(indexed["indexes"][0]["photos"], kPhotos - 1) << "those that the catalogue knows";
}

TEST_F(FindIndexed, OnlyTheMostPromisingAreLookedAtIfSoWished) {
  const Json all = json({folder()}), two = json({folder(), "--closest", "2"});
  EXPECT_EQ(two["photos"].size(), 2U);
  EXPECT_EQ(two["indexes"][0]["looked"], 2);
  EXPECT_EQ(json({folder(), "--closest", "all"}), all);
  EXPECT_THAT(find({folder(), "--closest", "2"}).out,
              HasSubstr("looked closely at the best 2 of 7 photos indexed"));
  for (const char* wrong : {"0", "-3", "few", "2x", ""}) {
    const ProgramResult result = find({folder(), std::string("--closest=") + wrong});
    EXPECT_EQ(result.status, 2) << wrong;
  }
}

TEST_F(FindIndexed, ACatalogueCanBeSearchedByItself) {
  const Json report = json({"--catalogue", catalogue()});
  EXPECT_EQ(report["photos"].size(), static_cast<std::size_t>(kPhotos + 1));
  add("new.jpg", 50);
  EXPECT_EQ(json({"--catalogue", catalogue()})["photos"].size(),
            static_cast<std::size_t>(kPhotos + 1))
      << "as inkling index left it";
  const Json part = json({"--catalogue", catalogue(), folder() / "sub"});
  ASSERT_EQ(part["photos"].size(), 1U);
  EXPECT_THAT(part["photos"][0]["photo"].get<std::string>(), HasSubstr("deep.jpg"));
  const ProgramResult foreign = find({"--catalogue", catalogue(), testFolder()});
  EXPECT_EQ(foreign.status, 2);
  EXPECT_THAT(foreign.err, HasSubstr("is no part of"));
}

TEST_F(FindIndexed, PhotosThatCannotBeReadAreNamedAsEver) {
  writeTestFile("photos/bad.jpg", "no photo");
  inklingProgram({"index", folder(), "--quiet"}, environment());
  for (const std::vector<std::string>& what :
       {std::vector<std::string>{folder()}, {"--catalogue", catalogue()}}) {
    const ProgramResult result = find(what);
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("bad.jpg"));
    EXPECT_THAT(result.out, HasSubstr("1 input could not be used"));
  }
}

TEST_F(FindIndexed, ACatalogueThatCannotBeUsedDoesNotKeepItFromThePhotos) {
  const Json plain = json({folder(), "--no-index"});
  Database(catalogue(), Database::Mode::create).run("PRAGMA user_version = 99");
  const ProgramResult newer = find({folder(), "--format", "json"});
  EXPECT_EQ(newer.status, 0);
  EXPECT_THAT(newer.err, HasSubstr("newer Inkling"));
  EXPECT_EQ(parsed(newer.out), plain);
  const ProgramResult asked = find({"--catalogue", catalogue()});
  EXPECT_NE(asked.status, 0);
  EXPECT_THAT(asked.err, HasSubstr("newer Inkling"));

  writeFileAtomically(catalogue(), std::string(20000, 'x'));
  const ProgramResult broken = find({folder(), "--format", "json"});
  EXPECT_EQ(broken.status, 0);
  EXPECT_THAT(broken.err, HasSubstr("catalogue.sqlite"));
  EXPECT_EQ(parsed(broken.out), plain);
  EXPECT_NE(find({"--catalogue", testFolder() / "none.sqlite"}).status, 0);
}

TEST_F(FindIndexed, PicturesOfMatchesAreWritten) {
  const fs::path pictures = testFolder() / "pictures";
  const ProgramResult result =
      find({folder(), "--threshold", "0", "--overlay", pictures, "--closest", "3"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(std::distance(fs::directory_iterator(pictures), {}), 6)
      << "boxes and attention of three photos";
}

TEST_F(FindIndexed, FoldersAndPhotosGoTogether) {
  const std::string single = writePhoto("elsewhere/single.jpg", 60);
  const Json report = json({folder(), single});
  EXPECT_TRUE(find({folder(), single}).err.empty());
  EXPECT_EQ(report["photos"].size(), static_cast<std::size_t>(kPhotos + 2));
  EXPECT_TRUE(scores(report).contains(single));
}

TEST_F(FindIndexed, SomethingHasToBeNamed) {
  const ProgramResult result = find({});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("name photos or folders"));
}

}  // namespace
}  // namespace inkling
