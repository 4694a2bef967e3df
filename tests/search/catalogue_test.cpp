#include "core/search/catalogue.h"

#include <csignal>

#include <sys/wait.h>

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST_F(CatalogueTest, KeepsWhatWasSaidOfAPhoto) {
  write("sub/a.jpg", "aaaa");
  write("b.jpg", "broken");
  bringUpToDate();
  const Catalogue catalogue = Catalogue::forReading(file_);
  EXPECT_EQ(catalogue.folder(), fs::canonical(photos_));
  const auto entry = catalogue.photo("sub/a.jpg");
  ASSERT_TRUE(entry);
  EXPECT_EQ(entry->bytes, 4U);
  EXPECT_EQ(entry->hash, hashBytes("aaaa"));
  EXPECT_EQ(entry->width, 4);
  EXPECT_EQ(entry->height, 7);
  EXPECT_EQ(entry->orientation, 6);
  EXPECT_EQ(entry->state, PhotoState::described);
  EXPECT_EQ(entry->describedWith, "model-1");
  EXPECT_EQ(catalogue.features(entry->id), "features of aaaa");
  EXPECT_EQ(catalogue.photo(entry->id)->path, "sub/a.jpg");

  const auto failed = catalogue.photo("b.jpg");
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->state, PhotoState::failed);
  EXPECT_THAT(failed->error, HasSubstr("b.jpg: is no photo"));
  EXPECT_EQ(catalogue.features(failed->id), std::nullopt);
  EXPECT_EQ(catalogue.photo("absent.jpg"), std::nullopt);
  EXPECT_EQ(catalogue.counts().described, 1);
  EXPECT_EQ(catalogue.counts().failed, 1);
  EXPECT_EQ(catalogue.counts().photos(), 2);
  EXPECT_EQ(catalogue.check(), "ok");
}

TEST_F(CatalogueTest, ComesInPages) {
  for (int i = 0; i < 25; ++i) write(std::to_string(i) + ".jpg", std::to_string(i));
  bringUpToDate();
  const Catalogue catalogue = Catalogue::forReading(file_);
  std::size_t photos = 0, pages = 0;
  for (auto page = catalogue.photosAfter(0, 10); !page.empty();
       page = catalogue.photosAfter(page.back().id, 10)) {
    photos += page.size();
    ++pages;
  }
  EXPECT_EQ(photos, 25U);
  EXPECT_EQ(pages, 3U);
}

TEST_F(CatalogueTest, TellsWhatHasChangedSinceARevision) {
  write("a.jpg", "a");
  write("b.jpg", "b");
  bringUpToDate();
  const Catalogue catalogue = Catalogue::forReading(file_);
  EXPECT_EQ(catalogue.changedSince(0, 0, 100).size(), 2U);
  const std::int64_t before = catalogue.revision();
  bringUpToDate();
  EXPECT_EQ(catalogue.revision(), before) << "nothing has changed";
  fs::remove(photos_ / "a.jpg");
  write("c.jpg", "c");
  bringUpToDate();
  const auto changed = catalogue.changedSince(before, 1'000'000, 100);
  ASSERT_EQ(changed.size(), 2U);
  EXPECT_EQ(changed[0].path, "a.jpg");
  EXPECT_TRUE(changed[0].gone);
  EXPECT_EQ(changed[1].path, "c.jpg");
  EXPECT_EQ(catalogue.revision(), changed[1].revision);
}

TEST_F(CatalogueTest, IsRefusedWhenItComesFromANewerVersion) {
  { indexing(); }
  Database(file_, Database::Mode::create).run("PRAGMA user_version = 99");
  EXPECT_THAT(messageOf<InputError>([&] { indexing(); }),
              HasSubstr("catalogue.sqlite: was written by a newer Inkling (catalogue version 99"));
  EXPECT_THROW(Catalogue::forReading(file_), InputError);
  EXPECT_FALSE(fs::exists(file_.native() + ".broken-1"));
}

TEST_F(CatalogueTest, LeavesFilesOfOtherProgramsAlone) {
  Database(file_, Database::Mode::create).run("CREATE TABLE recipes(x)");
  EXPECT_THAT(messageOf<InputError>([&] { indexing(); }),
              HasSubstr("is a database of another program"));
  const fs::path photo = write("photo.jpg", std::string(5000, 'p'));
  EXPECT_THROW(Catalogue::forIndexing(photo, photos_), DamagedDatabase);
  EXPECT_EQ(readFile(photo), std::string(5000, 'p'));
}

TEST_F(CatalogueTest, ReadingNeedsACatalogue) {
  EXPECT_THROW(Catalogue::forReading(file_), InputError);
  EXPECT_FALSE(fs::exists(file_));
  std::ofstream(file_).flush();
  EXPECT_THAT(messageOf<InputError>([&] { Catalogue::forReading(file_); }),
              HasSubstr("index the folder once"));
}

TEST_F(CatalogueTest, SetsARuinedFileAsideAndStartsAnew) {
  write("a.jpg", "a");
  std::ofstream(file_) << std::string(10'000, 'x');
  EXPECT_THROW(Catalogue::forReading(file_), DamagedDatabase);
  const Catalogue catalogue = indexing();
  EXPECT_EQ(catalogue.setAside(), file_.native() + ".broken-1");
  EXPECT_EQ(readFile(*catalogue.setAside()), std::string(10'000, 'x'));
  EXPECT_EQ(catalogue.counts().photos(), 0);
}

TEST_F(CatalogueTest, NoticesDamageInside) {
  for (int i = 0; i < 200; ++i) write(std::to_string(i) + ".jpg", std::to_string(i));
  bringUpToDate();
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(4096);
    file << std::string(4 * 4096, '\xA5');
  }
  EXPECT_EQ(indexing().setAside(), file_.native() + ".broken-1");
  EXPECT_EQ(bringUpToDate().added, 200);
  EXPECT_EQ(content().size(), 200U);
  EXPECT_EQ(describer_.asked.size(), 400U);
}

TEST_F(CatalogueTest, DamagedFeaturesOfALargeCatalogueAreNoticedWhenRead) {
  for (int i = 0; i < 35; ++i)
    write(std::to_string(i) + ".jpg", std::string(2 << 20, 'a' + i % 20));
  bringUpToDate();
  const auto root = Database(file_, Database::Mode::read)
                        .integer("SELECT rootpage FROM sqlite_schema WHERE name = 'features'");
  {
    std::fstream file(file_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp((root - 1) * 4096);
    file << std::string(4096, '\xA5');
  }
  {
    const Catalogue catalogue = indexing();
    EXPECT_FALSE(catalogue.setAside());
    EXPECT_THROW(catalogue.features(1), DamagedDatabase);
    EXPECT_NE(catalogue.check(), "ok");
  }
  EXPECT_TRUE(Catalogue::forIndexing(file_, photos_, CatalogueCheck::whole).setAside());
  EXPECT_FALSE(Catalogue::forIndexing(file_, photos_, CatalogueCheck::whole).setAside());
}

TEST_F(CatalogueTest, CannotBeChangedByReaders) {
  write("a.jpg", "a");
  { indexing(); }
  Catalogue catalogue = Catalogue::forReading(file_);
  EXPECT_THROW(updateCatalogue(catalogue), OutputError);
}

TEST_F(CatalogueTest, BelongsToOneFolder) {
  { indexing(); }
  fs::create_directories(top_ / "others");
  EXPECT_THAT(messageOf<UsageError>([&] { Catalogue::forIndexing(file_, top_ / "others"); }),
              HasSubstr("is the catalogue of"));
  // The folder has been renamed: its catalogue goes with it.
  fs::rename(photos_, top_ / "renamed");
  EXPECT_EQ(Catalogue::forIndexing(file_, top_ / "renamed").folder(),
            fs::canonical(top_ / "renamed"));
}

TEST_F(CatalogueTest, BesideThePhotosItTravelsWithThem) {
  const auto beside = [](const fs::path& folder) { return folder / ".inkling/catalogue.sqlite"; };
  { Catalogue::forIndexing(beside(photos_), photos_); }
  fs::copy(photos_, top_ / "copy", fs::copy_options::recursive);
  EXPECT_EQ(Catalogue::forIndexing(beside(top_ / "copy"), top_ / "copy").folder(),
            fs::canonical(top_ / "copy"));
}

TEST_F(CatalogueTest, HasOneIndexerAndAnyNumberOfReaders) {
  write("a.jpg", "a");
  bringUpToDate();
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    // In the middle of a change that takes its time.
    Catalogue catalogue = indexing();
    CatalogueWriter writer(catalogue);
    writer.begin();
    [[maybe_unused]] const ssize_t told = ::write(ready[1], "!", 1);
    for (;;) ::pause();
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  EXPECT_THAT(messageOf<OutputError>([&] { indexing(); }),
              HasSubstr("process " + std::to_string(child) + " is already indexing"));
  EXPECT_EQ(content().size(), 1U);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  EXPECT_EQ(indexing().counts().photos(), 1) << "the lock ends with its holder";
}

}  // namespace
}  // namespace inkling
