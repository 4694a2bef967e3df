#include "core/search/catalogue_update.h"

#include <chrono>
#include <cstdio>
#include <ostream>

#include "tests/search/fixtures.h"

namespace inkling {

// Printed by GoogleTest when an expectation fails.
void PrintTo(const CatalogueChanges& c, std::ostream* out) {
  *out << c.added << " added, " << c.changed << " changed, " << c.moved << " moved, " << c.returned
       << " returned, " << c.removed << " removed, " << c.unchanged << " unchanged";
}

namespace {

namespace fs = std::filesystem;

class UpdateTest : public CatalogueTest {
 protected:
  void SetUp() override {
    CatalogueTest::SetUp();
    for (const std::string name : {"a", "b", "c"}) write(name + ".jpg", "content " + name);
    bringUpToDate();
    describer_.asked.clear();
  }
  // A time that no file has got by itself.
  void touch(const fs::path& name) {
    fs::last_write_time(photos_ / name, fs::file_time_type::clock::now() - std::chrono::hours(9));
  }
  std::int64_t idOf(const fs::path& name) const {
    const auto entry = Catalogue::forReading(file_).photo(name);
    return entry ? entry->id : -1;
  }
};

MATCHER_P6(Are, added, changed, moved, returned, removed, unchanged, "") {
  return arg.added == added && arg.changed == changed && arg.moved == moved &&
         arg.returned == returned && arg.removed == removed && arg.unchanged == unchanged;
}

TEST_F(UpdateTest, FindsNothingWhereNothingHasChanged) {
  const CatalogueChanges changes = bringUpToDate();
  EXPECT_THAT(changes, Are(0, 0, 0, 0, 0, 3));
  EXPECT_FALSE(changes.any());
  EXPECT_TRUE(describer_.asked.empty());
}

TEST_F(UpdateTest, FindsNewChangedAndRemovedPhotos) {
  write("d.jpg", "content d");
  write("b.jpg", "another content");
  write("c.jpg", "content C");  // of the same size
  touch("c.jpg");
  fs::remove(photos_ / "a.jpg");
  EXPECT_THAT(bringUpToDate(), Are(1, 2, 0, 0, 1, 0));
  EXPECT_THAT(describer_.asked, testing::UnorderedElementsAre("b.jpg", "c.jpg", "d.jpg"));
  EXPECT_THAT(content(), testing::ElementsAre(testing::Pair("b.jpg", "features of another content"),
                                              testing::Pair("c.jpg", "features of content C"),
                                              testing::Pair("d.jpg", "features of content d")));
}

TEST_F(UpdateTest, ANewTimeAloneIsNoChange) {
  touch("a.jpg");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 0, 0, 0, 3));
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 0, 0, 0, 3));
  EXPECT_TRUE(describer_.asked.empty());
}

TEST_F(UpdateTest, MovedPhotosKeepIdAndDescription) {
  const std::int64_t id = idOf("a.jpg");
  move("a.jpg", "deep/er/z.jpg");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 1, 0, 0, 2));
  EXPECT_TRUE(describer_.asked.empty());
  EXPECT_EQ(idOf("deep/er/z.jpg"), id);
  EXPECT_EQ(idOf("a.jpg"), -1);
  EXPECT_EQ(content()["deep/er/z.jpg"], "features of content a");
}

TEST_F(UpdateTest, PhotosThatSwapNamesAreMoved) {
  const std::int64_t a = idOf("a.jpg"), b = idOf("b.jpg");
  touch("a.jpg");
  bringUpToDate();
  move("a.jpg", "x");
  move("b.jpg", "a.jpg");
  move("x", "b.jpg");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 2, 0, 0, 1));
  EXPECT_TRUE(describer_.asked.empty());
  EXPECT_EQ(idOf("a.jpg"), b);
  EXPECT_EQ(idOf("b.jpg"), a);
}

TEST_F(UpdateTest, APhotoMovedOverAnotherReplacesIt) {
  const std::int64_t a = idOf("a.jpg");
  touch("b.jpg");
  bringUpToDate();
  move("a.jpg", "b.jpg");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 1, 0, 0, 1));
  EXPECT_EQ(idOf("b.jpg"), a);
  EXPECT_TRUE(describer_.asked.empty());
}

TEST_F(UpdateTest, PhotosThatComeBackAreKnown) {
  const std::int64_t a = idOf("a.jpg");
  fs::rename(photos_, top_ / "unplugged");
  fs::create_directories(photos_);
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 0, 0, 3, 0));
  EXPECT_EQ(Catalogue::forReading(file_).counts().gone, 3);
  EXPECT_TRUE(content().empty());
  fs::remove(photos_);
  fs::rename(top_ / "unplugged", photos_);
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 0, 3, 0, 0));
  EXPECT_TRUE(describer_.asked.empty());
  EXPECT_EQ(idOf("a.jpg"), a);
  // Back under another name, after a while.
  fs::rename(photos_ / "a.jpg", top_ / "away");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 0, 0, 1, 2));
  fs::rename(top_ / "away", photos_ / "new.jpg");
  EXPECT_THAT(bringUpToDate(), Are(0, 0, 1, 0, 0, 2));
  EXPECT_EQ(idOf("new.jpg"), a);
  EXPECT_TRUE(describer_.asked.empty());
}

TEST_F(UpdateTest, ForgetsWhatHasBeenGoneForLong) {
  fs::remove(photos_ / "a.jpg");
  Catalogue catalogue = indexing();
  updateCatalogue(catalogue, {}, {}, {.keepGoneNs = 0});
  EXPECT_EQ(catalogue.counts().gone, 0);
  EXPECT_EQ(catalogue.database().integer("SELECT count(*) FROM features"), 2);
}

TEST_F(UpdateTest, AFolderThatIsMissingRemovesNothing) {
  Catalogue catalogue = indexing();
  fs::rename(photos_, top_ / "elsewhere");
  EXPECT_THROW(updateCatalogue(catalogue), InputError);
  EXPECT_EQ(catalogue.counts().described, 3);
}

TEST_F(UpdateTest, CancellingRemovesNothing) {
  fs::remove(photos_ / "a.jpg");
  const CancellationToken token;
  token.cancel();
  Catalogue catalogue = indexing();
  EXPECT_FALSE(updateCatalogue(catalogue, token).finished);
  EXPECT_EQ(catalogue.counts().described, 3);
}

TEST_F(UpdateTest, NamesMayBeAnyBytes) {
  const std::string name = "caf\xE9 \xFF'\"\n.jpg";
  write(name, "strange");
  EXPECT_EQ(bringUpToDate().added, 1);
  EXPECT_EQ(content()[name], "features of strange");
  move(name, "\xFE.jpg");
  EXPECT_EQ(bringUpToDate().moved, 1);
  EXPECT_EQ(content()["\xFE.jpg"], "features of strange");
  EXPECT_EQ(describer_.asked, std::vector{name});
}

TEST_F(UpdateTest, LinksInCirclesEnd) {
  fs::create_directories(photos_ / "sub");
  fs::create_directory_symlink(photos_, photos_ / "sub" / "loop");
  fs::create_symlink(photos_ / "self.jpg", photos_ / "self.jpg");
  fs::create_symlink("absent", photos_ / "dangling.jpg");
  fs::create_symlink(photos_ / "a.jpg", photos_ / "link.jpg");
  EXPECT_THAT(bringUpToDate(), Are(1, 0, 0, 0, 0, 3)) << "the link to a photo is one";
  EXPECT_TRUE(describer_.asked.empty()) << "and has the same content";
}

TEST_F(UpdateTest, HiddenFilesAndTheCatalogueItselfAreNoPhotos) {
  write(".hidden.jpg", "x");
  write(".inkling/thumb.jpg", "x");
  write("notes.txt", "x");
  EXPECT_FALSE(bringUpToDate().any());
}

// Prints what the figures in docs are taken from.
TEST_F(CatalogueTest, TwentyThousandPhotosAreLookedThroughInSeconds) {
  constexpr int kPhotos = 20'000, kDescribed = 5000;
  for (int i = 0; i < kPhotos; ++i) write(std::to_string(i) + ".jpg", std::to_string(i));
  Catalogue catalogue = indexing();
  const auto timed = [&](const char* what) {
    const auto start = std::chrono::steady_clock::now();
    const CatalogueChanges changes = updateCatalogue(catalogue);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    std::printf("%d photos, %s: %.2f s\n", kPhotos, what, time.count());
    EXPECT_LT(time.count(), 60) << "even on a busy disk";
    return changes;
  };
  EXPECT_EQ(timed("all new").added, kPhotos);
  EXPECT_EQ(timed("unchanged").unchanged, kPhotos);
  const auto start = std::chrono::steady_clock::now();
  const CancellationToken token;
  describer_.before = [&](const fs::path&) {
    if (describer_.asked.size() == kDescribed) token.cancel();
  };
  describePhotos(catalogue, describer_, token);
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
  std::printf("%d photos, catalogue's share of describing: %.2f s\n", kDescribed, time.count());
  fs::rename(photos_, top_ / "old");
  fs::create_directories(photos_);
  fs::rename(top_ / "old", photos_ / "moved");
  const CatalogueChanges changes = timed("all moved");
  EXPECT_EQ(changes.moved, kDescribed);
  EXPECT_EQ(changes.added, kPhotos - kDescribed);
}

}  // namespace
}  // namespace inkling
