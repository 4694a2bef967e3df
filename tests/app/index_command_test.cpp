// inkling index: catalogues that are made, kept up to date, watched, and survive what happens to
// them.
#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "core/base/file.h"
#include "core/search/catalogue.h"
#include "core/search/catalogue_place.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class IndexCommand : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder()); }

  static fs::path folder() { return testFolder() / "photos"; }
  static fs::path catalogueFile() { return folder() / ".inkling" / "catalogue.sqlite"; }
  static Environment environment() {
    return {{"XDG_CACHE_HOME", testFolder() / "cache"}, {"XDG_DATA_HOME", testFolder() / "data"}};
  }
  static std::vector<std::string> arguments(const std::vector<std::string>& more) {
    std::vector<std::string> all{"index", folder()};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  static ProgramResult index(const std::vector<std::string>& more = {}) {
    const ProgramResult result = inklingProgram(arguments(more), environment());
    expectGoodManners(result);
    return result;
  }
  static fs::path addPhoto(const fs::path& name, int seed) {
    const fs::path file = folder() / name;
    writeFileAtomically(file, jpegBytes(seed));
    return file;
  }
  /// Path below the folder to state, of all photos that are there.
  static std::map<std::string, PhotoState> states(const fs::path& file = catalogueFile()) {
    std::map<std::string, PhotoState> all;
    const Catalogue catalogue = Catalogue::forReading(file);
    for (const PhotoEntry& photo : catalogue.photosAfter(0, 100'000))
      all[photo.path.native()] = photo.state;
    return all;
  }
  static std::set<std::string> described(const fs::path& file = catalogueFile()) {
    std::set<std::string> names;
    for (const auto& [name, state] : states(file)) {
      if (state == PhotoState::described) names.insert(name);
    }
    return names;
  }
};

using Names = std::set<std::string>;

TEST_F(IndexCommand, DescribesEachPhotoOnce) {
  addPhoto("a.jpg", 1);
  addPhoto("trip/b.jpg", 2);
  const ProgramResult first = index();
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("2 photos, 2 described now, 0 failed, 0 gone, "));
  EXPECT_THAT(first.err, HasSubstr("the catalogue is " + catalogueFile().string()));
  EXPECT_EQ(described(), (Names{"a.jpg", "trip/b.jpg"}));
  const ProgramResult second = index();
  EXPECT_EQ(second.status, 0);
  EXPECT_THAT(second.out, HasSubstr("2 photos, 0 described now"));
}

TEST_F(IndexCommand, TakesInWhatHasChanged) {
  for (int i = 0; i < 4; ++i) addPhoto(std::to_string(i) + ".jpg", i + 1);
  index();
  addPhoto("new.jpg", 10);
  addPhoto("1.jpg", 11);  // edited
  fs::create_directories(folder() / "sub");
  fs::rename(folder() / "2.jpg", folder() / "sub/moved.jpg");
  fs::remove(folder() / "3.jpg");
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("4 photos, 2 described now, 0 failed, 2 gone"));
  EXPECT_EQ(described(), (Names{"0.jpg", "1.jpg", "new.jpg", "sub/moved.jpg"}));
}

TEST_F(IndexCommand, NamesEachPhotoThatFailsUntilItIsMended) {
  addPhoto("good.jpg", 1);
  writeFileAtomically(folder() / "bad.jpg", "not a photo");
  writeFileAtomically(folder() / "cut.jpg", jpegBytes(3).substr(0, 2000));
  for (const std::string now : {"1", "0"}) {
    const ProgramResult result = index();
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.out, HasSubstr("3 photos, " + now + " described now, 2 failed"));
    EXPECT_THAT(result.err, HasSubstr((folder() / "bad.jpg: ").string()));
    EXPECT_THAT(result.err, HasSubstr((folder() / "cut.jpg: ").string()));
  }
  addPhoto("cut.jpg", 3);
  fs::remove(folder() / "bad.jpg");
  const ProgramResult mended = index();
  EXPECT_EQ(mended.status, 0) << mended.err;
  EXPECT_THAT(mended.out, HasSubstr("2 photos, 1 described now, 0 failed"));
}

TEST_F(IndexCommand, TriesFailedPhotosAgainWhenAsked) {
  writeFileAtomically(folder() / "bad.jpg", "not a photo");
  index();
  const auto revision = [] { return Catalogue::forReading(catalogueFile()).revision(); };
  const std::int64_t before = revision();
  index();
  EXPECT_EQ(revision(), before) << "left alone";
  EXPECT_EQ(index({"--retry-failed"}).status, 1);
  EXPECT_GT(revision(), before);
}

TEST_F(IndexCommand, KeepsTheCatalogueWhereItIsTold) {
  addPhoto("a.jpg", 1);
  const fs::path file = testFolder() / "elsewhere" / "mine.sqlite";
  const ProgramResult result = index({"--catalogue", file});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("the catalogue is " + file.string()));
  EXPECT_EQ(described(file), Names{"a.jpg"});
  EXPECT_FALSE(fs::exists(folder() / ".inkling"));
}

TEST_F(IndexCommand, UsesTheDataFolderWhereTheFolderCannotBeWritten) {
  addPhoto("a.jpg", 1);
  writeFileAtomically(folder() / ".inkling", "in the way");  // also for root
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 0) << result.err;
  const fs::path place = testFolder() / "data/inkling/catalogues";
  EXPECT_THAT(result.err, HasSubstr("cannot hold its catalogue, which is " + place.string()));
  ASSERT_TRUE(fs::is_directory(place));
  for (const auto& entry : fs::directory_iterator(place)) {
    if (entry.path().extension() != ".sqlite") continue;
    EXPECT_EQ(described(entry.path()), Names{"a.jpg"});
  }
}

TEST_F(IndexCommand, SeveralFoldersHaveTheirOwnCatalogues) {
  addPhoto("a.jpg", 1);
  const fs::path other = testFolder() / "other";
  writeFileAtomically(other / "b.jpg", jpegBytes(2));
  const ProgramResult result = inklingProgram(
      {"index", folder(), other, folder() / ".", testFolder() / "missing"}, environment());
  EXPECT_EQ(result.status, 1) << "one is missing";
  EXPECT_THAT(result.err, HasSubstr("missing: No such file or directory"));
  EXPECT_EQ(described(), Names{"a.jpg"});
  EXPECT_EQ(described(other / ".inkling/catalogue.sqlite"), Names{"b.jpg"});
}

TEST_F(IndexCommand, LeavesANewerCatalogueAlone) {
  addPhoto("a.jpg", 1);
  index();
  Database(catalogueFile(), Database::Mode::create).run("PRAGMA user_version = 1000");
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("was written by a newer Inkling"));
  EXPECT_EQ(Database(catalogueFile(), Database::Mode::read).integer("PRAGMA user_version"), 1000);
}

TEST_F(IndexCommand, SetsADamagedCatalogueAsideAndSaysSo) {
  addPhoto("a.jpg", 1);
  index();
  const std::string damaged = readFile(catalogueFile()).substr(0, 5000);
  std::ofstream(catalogueFile(), std::ios::binary) << damaged;
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 0) << result.err;
  const std::string aside = catalogueFile().string() + ".broken-1";
  EXPECT_THAT(result.err, HasSubstr("it is kept as " + aside));
  EXPECT_EQ(readFile(aside), damaged);
  EXPECT_EQ(described(), Names{"a.jpg"});
}

TEST_F(IndexCommand, LinksThatGoRoundAndNamesOfAnyBytesAreNoTrouble) {
  addPhoto("a.jpg", 1);
  addPhoto("caf\xe9 \xff.jpg", 2);
  fs::create_directories(folder() / "sub");
  fs::create_directory_symlink(folder(), folder() / "sub/loop");
  fs::create_symlink("nowhere.jpg", folder() / "broken link.jpg");
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(described(), (Names{"a.jpg", "caf\xe9 \xff.jpg"}));
}

TEST_F(IndexCommand, TheCacheSparesLookingAgainAndKeepsItsLimit) {
  for (int i = 0; i < 5; ++i) addPhoto(std::to_string(i) + ".jpg", i + 1);
  index();
  const fs::path cache = testFolder() / "cache/inkling/features.sqlite";
  EXPECT_TRUE(fs::exists(cache));
  EXPECT_EQ(Database(cache, Database::Mode::read).integer("SELECT count(*) FROM entries"), 5);
  EXPECT_EQ(index({"--cache-size", "0"}).status, 0);
  EXPECT_FALSE(fs::exists(cache));
}

TEST_F(IndexCommand, ABrokenCacheIsToldAndDoesNotMatter) {
  addPhoto("a.jpg", 1);
  writeFileAtomically(testFolder() / "cache/inkling", "a file in the way");
  const ProgramResult result = index();
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.err, HasSubstr("the cache of photos is not used"));
  EXPECT_EQ(described(), Names{"a.jpg"});
}

// With many photos, for what happens meanwhile.
class LongIndexing : public IndexCommand {
 protected:
  static constexpr int kPhotos = 400;

  void SetUp() override {
    IndexCommand::SetUp();
    for (int i = 0; i < kPhotos; ++i) addPhoto(std::to_string(i) + ".jpg", i);
  }
  static std::unique_ptr<RunningProgram> start(const std::vector<std::string>& more = {}) {
    return std::make_unique<RunningProgram>(arguments(more), environment());
  }
};

TEST_F(LongIndexing, ASecondProcessIsRefused) {
  const auto first = start();
  ASSERT_TRUE(first->waitForStderr("describing photos"));
  const ProgramResult second = index();
  EXPECT_EQ(second.status, 3);
  EXPECT_THAT(second.err, HasSubstr("is already indexing into this catalogue"));
  EXPECT_EQ(first->wait().status, 0);
  EXPECT_EQ(described().size(), static_cast<std::size_t>(kPhotos));
}

TEST_F(LongIndexing, AfterCtrlCTheNextRunGoesOn) {
  const auto first = start();
  ASSERT_TRUE(first->waitForStderr("describing photos"));
  // That line comes before the first photo is done.
  for (int i = 0; i < 1000 && described().empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  first->sendSignal(SIGINT);
  const ProgramResult interrupted = first->wait();
  EXPECT_EQ(interrupted.status, 130) << interrupted.err;
  EXPECT_THAT(interrupted.out, HasSubstr(" waiting, "));
  const std::size_t before = described().size();
  EXPECT_GT(before, 0U);
  EXPECT_LT(before, static_cast<std::size_t>(kPhotos));
  const ProgramResult rest = index();
  EXPECT_EQ(rest.status, 0) << rest.err;
  EXPECT_THAT(rest.out, HasSubstr(fmt::format("{} photos, {} described now", kPhotos,
                                              static_cast<std::size_t>(kPhotos) - before)));
}

// Watched: a program that stays until Ctrl-C.
class Watching : public IndexCommand {
 protected:
  void startWatching() {
    program_ = std::make_unique<RunningProgram>(arguments({"--watch"}), environment());
  }
  // What the catalogue comes to within half a minute.
  static void expectDescribed(const Names& names) {
    Names now;
    for (int i = 0; i < 600; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      try {
        now = described();
      } catch (const InputError&) {
        continue;  // there is none yet
      }
      if (now == names) return;
    }
    EXPECT_EQ(now, names);
  }
  ProgramResult stop() {
    program_->sendSignal(SIGINT);
    ProgramResult result = program_->wait();
    expectGoodManners(result);
    EXPECT_EQ(result.status, 130) << result.err;
    return result;
  }

  std::unique_ptr<RunningProgram> program_;
};

TEST_F(Watching, TakesInPhotosThatComeChangeMoveAndGo) {
  addPhoto("a.jpg", 1);
  startWatching();
  expectDescribed({"a.jpg"});
  addPhoto("b.jpg", 2);
  expectDescribed({"a.jpg", "b.jpg"});
  addPhoto("sub/deep/c.jpg", 3);
  expectDescribed({"a.jpg", "b.jpg", "sub/deep/c.jpg"});
  fs::rename(folder() / "b.jpg", folder() / "sub/b.jpg");
  expectDescribed({"a.jpg", "sub/b.jpg", "sub/deep/c.jpg"});
  fs::remove_all(folder() / "sub/deep");
  expectDescribed({"a.jpg", "sub/b.jpg"});
  const std::string out = stop().out;
  EXPECT_THAT(out, HasSubstr("1 photo, 1 described now"));
  EXPECT_THAT(out, HasSubstr("2 photos, 0 described now, 0 failed, 1 gone"));
}

TEST_F(Watching, APhotoThatIsStillBeingCopiedIsNotCalledBroken) {
  addPhoto("a.jpg", 1);
  startWatching();
  expectDescribed({"a.jpg"});
  const std::string whole = jpegBytes(2);
  std::ofstream slow(folder() / "slow.jpg", std::ios::binary);
  slow << whole.substr(0, whole.size() / 2) << std::flush;
  std::this_thread::sleep_for(std::chrono::milliseconds(800));
  slow << whole.substr(whole.size() / 2);
  slow.close();
  expectDescribed({"a.jpg", "slow.jpg"});
  EXPECT_THAT(stop().err, Not(HasSubstr("slow.jpg:")));
}

TEST_F(Watching, AFolderThatVanishesAndComesBackIsWaitedFor) {
  addPhoto("a.jpg", 1);
  startWatching();
  expectDescribed({"a.jpg"});
  fs::rename(folder(), testFolder() / "away");
  ASSERT_TRUE(program_->waitForStderr("photos: No such file"));
  fs::rename(testFolder() / "away", folder());
  addPhoto("b.jpg", 2);
  expectDescribed({"a.jpg", "b.jpg"});
  stop();
}

// Folders come and go while the program goes through them.
TEST_F(Watching, SurvivesFoldersThatVanishMeanwhile) {
  addPhoto("a.jpg", 1);
  startWatching();
  for (int i = 0; i < 60; ++i) {
    const std::string sub = "sub" + std::to_string(i % 5);
    for (int k = 0; k < 5; ++k) addPhoto(sub + "/d" + std::to_string(k) + "/p.jpg", i + k);
    std::this_thread::sleep_for(std::chrono::milliseconds(i % 7 * 10));
    fs::remove_all(folder() / sub);
  }
  expectDescribed({"a.jpg"});
  stop();
}

// The model that ships, killed at random moments; the catalogue that comes out in the end is the
// same as without.
TEST_F(IndexCommand, KillingItLosesNothingButThePhotoInHand) {
  if (realModelFile().empty()) GTEST_SKIP() << "resources/models/inkling-s.safetensors is missing";
  int photos = 0;
  for (const auto& entry : fs::directory_iterator(sourceFile("resources/samples/photos"))) {
    if (entry.path().extension() != ".jpg" || photos == 4) continue;
    fs::copy_file(entry.path(), folder() / entry.path().filename());
    ++photos;
  }
  ASSERT_EQ(photos, 4);
  writeFileAtomically(folder() / "bad.jpg", "not a photo");
  Environment real = environment();
  real["INKLING_MODEL"] = realModelFile();
  const auto everything = [](const fs::path& file) {
    std::string text;
    const Catalogue catalogue = Catalogue::forReading(file);
    std::map<std::string, std::string> lines;
    for (const PhotoEntry& e : catalogue.photosAfter(0, 1000)) {
      lines[e.path] = fmt::format("{} {} {} {}x{} {} {} '{}' {} {}\n", e.path.native(), e.bytes,
                                  e.hash ? e.hash->hex() : "-", e.width, e.height, e.orientation,
                                  static_cast<int>(e.state), e.error, e.describedWith,
                                  hashBytes(catalogue.features(e.id).value_or("-")).hex());
    }
    for (const auto& [path, line] : lines) text += line;
    return text;
  };
  const fs::path whole = testFolder() / "whole.sqlite";
  Environment alone = real;
  alone["XDG_CACHE_HOME"] = testFolder() / "cache of its own";
  EXPECT_EQ(inklingProgram(arguments({"--catalogue", whole}), alone).status, 1);

  std::mt19937 random(5);
  for (int kill = 0; kill < 6; ++kill) {
    RunningProgram program(arguments({}), real);
    program.waitForStderr(kill % 3 == 0 ? "the catalogue is" : "describing photos");
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 1500));
    program.sendSignal(SIGKILL);
    program.wait();
    if (!fs::exists(catalogueFile())) continue;
    EXPECT_EQ(Catalogue::forReading(catalogueFile()).check(), "ok");
  }
  EXPECT_EQ(inklingProgram(arguments({}), real).status, 1);
  EXPECT_EQ(everything(catalogueFile()), everything(whole));
}

}  // namespace
}  // namespace inkling
