// Indexing a folder in parts, and joining them.
#include "core/search/catalogue_parts.h"

#include <fmt/format.h>

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CataloguePartsTest : public CatalogueTest {
 protected:
  static constexpr int kParts = 3;

  void SetUp() override {
    CatalogueTest::SetUp();
    for (int i = 0; i < 250; ++i) write(fmt::format("{:03}.jpg", i), fmt::format("photo {}", i));
    write("copy of 7.jpg", "photo 7");
    write("bad.jpg", "broken");
    write("sub/bad, too.jpg", "broken");
  }

  fs::path partFile(int number) const { return top_ / fmt::format("part{}.sqlite", number); }
  IndexResult indexPart(int number) {
    Catalogue part = Catalogue::forIndexing(partFile(number), photos_);
    updateCatalogue(part);
    return describePhotos(part, describer_, {}, {}, {.choice = photosOf({number, kParts})});
  }
  std::vector<fs::path> indexParts() {
    std::vector<fs::path> files;
    for (int number = 1; number <= kParts; ++number) {
      indexPart(number);
      files.push_back(partFile(number));
    }
    return files;
  }
  IndexResult merge(const std::vector<fs::path>& files, const CancellationToken& token = {},
                    const ProgressCallback& progress = {}) {
    CatalogueParts parts(files, describer_.identity());
    Catalogue catalogue = indexing();
    updateCatalogue(catalogue);
    return describePhotos(catalogue, parts, token, progress, {.choice = parts.choice()});
  }
  // All that is known, ids and revisions apart.
  static std::string everything(const fs::path& file) {
    const Catalogue catalogue = Catalogue::forReading(file);
    std::map<std::string, std::string> lines;
    catalogue.forEachPhoto([&](const PhotoEntry& e) {
      lines[e.path.native()] = fmt::format("{} {} {} {}x{} {} {} '{}' {} {}\n", e.path.native(),
                                           e.bytes, e.hash ? e.hash->hex() : "-", e.width, e.height,
                                           e.orientation, static_cast<int>(e.state), e.error,
                                           e.describedWith, catalogue.features(e.id).value_or("-"));
    });
    std::string text;
    for (const auto& [path, line] : lines) text += line;
    return text;
  }
  std::string indexedInOneGo() {
    const fs::path file = top_ / "whole.sqlite";
    Catalogue whole = Catalogue::forIndexing(file, photos_);
    updateCatalogue(whole);
    describePhotos(whole, describer_);
    return everything(file);
  }
};

TEST_F(CataloguePartsTest, EveryPhotoIsOfOnePartAndCopiesStayTogether) {
  std::int64_t handled = 0;
  for (int number = 1; number <= kParts; ++number) {
    const IndexResult result = indexPart(number);
    const std::int64_t own = result.described + result.copied + result.failed;
    EXPECT_GT(own, 50) << "of 253";
    EXPECT_EQ(own + result.left, 253);
    EXPECT_EQ(Catalogue::forReading(partFile(number)).counts().waiting, result.left);
    handled += own;
  }
  EXPECT_EQ(handled, 253);
  EXPECT_EQ(describer_.asked.size(), 252U) << "all but the copy; both broken ones are tried";
}

TEST_F(CataloguePartsTest, PhotosOfOtherPartsAreReadOnce) {
  indexPart(1);
  const Catalogue part = Catalogue::forReading(partFile(1));
  std::optional<PhotoEntry> other;
  part.forEachPhoto([&](const PhotoEntry& photo) {
    EXPECT_TRUE(photo.hash) << photo.path;
    if (photo.state == PhotoState::waiting && photo.bytes == 9) other = photo;
  });
  ASSERT_TRUE(other);
  // Behind the known size and time the content is not looked at: the hash stays what it was.
  const auto time = fs::last_write_time(photos_ / other->path);
  write(other->path, "unnoticed");
  fs::last_write_time(photos_ / other->path, time);
  EXPECT_EQ(indexPart(1).described, 0);
  EXPECT_EQ(part.photo(other->id)->hash, other->hash);
  // With another time it is.
  write(other->path, "a changed photo");
  indexPart(1);
  EXPECT_EQ(part.photo(other->path)->hash, hashBytes("a changed photo"));
}

TEST_F(CataloguePartsTest, OnlyPhotosOfThePartAreReadAhead) {
  class Ahead : public FakeDescriber {
   public:
    void readAhead(const fs::path& photo) override { ahead.push_back(photo.filename()); }
    std::vector<std::string> ahead;
  } describer;
  Catalogue part = Catalogue::forIndexing(partFile(2), photos_);
  updateCatalogue(part);
  describePhotos(part, describer, {}, {}, {.choice = photosOf({2, kParts})});
  ASSERT_FALSE(describer.ahead.empty());
  for (const std::string& name : describer.ahead) {
    const bool own =
        name.find("bad") != std::string::npos || Shard{2, kParts}.has(hashFile(photos_ / name));
    EXPECT_TRUE(own) << name;
  }
}

TEST_F(CataloguePartsTest, UnreadablePhotosAreOfThePartOfTheirName) {
  // Can be opened, but not read, by root either.
  fs::create_symlink("/proc/self/mem", photos_ / "closed.jpg");
  ASSERT_THROW(hashFile(photos_ / "closed.jpg"), InputError);
  int failed = 0;
  for (int number = 1; number <= kParts; ++number) {
    indexPart(number);
    const auto state = Catalogue::forReading(partFile(number)).photo("closed.jpg")->state;
    const bool own = Shard{number, kParts}.hasUnreadable("closed.jpg");
    EXPECT_EQ(state, own ? PhotoState::failed : PhotoState::waiting);
    failed += own ? 1 : 0;
  }
  EXPECT_EQ(failed, 1);
  merge({partFile(1)});
  EXPECT_EQ(Catalogue::forReading(file_).photo("closed.jpg")->state, PhotoState::failed);
}

TEST_F(CataloguePartsTest, JoinedTheyAreWhatOneRunGives) {
  const std::vector<fs::path> files = indexParts();
  const IndexResult result = merge(files);
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(result.described + result.copied, 251);
  EXPECT_EQ(result.failed, 2);
  EXPECT_EQ(result.left, 0);
  EXPECT_EQ(everything(file_), indexedInOneGo());
  EXPECT_EQ(merge(files).described, 0) << "nothing waits any more";
}

TEST_F(CataloguePartsTest, FailuresOfCopiesNameTheirOwnFiles) {
  describer_.before = [](const fs::path& photo) {
    if (photo.filename() == "003.jpg") throw InputError(photo.native() + ": cannot be read today");
  };
  const std::vector<fs::path> files = indexParts();
  move("003.jpg", "elsewhere/renamed.jpg");
  merge(files);
  const auto photo = Catalogue::forReading(file_).photo("elsewhere/renamed.jpg");
  ASSERT_TRUE(photo);
  EXPECT_EQ(photo->error, (photos_ / "elsewhere/renamed.jpg").string() + ": cannot be read today");
}

TEST_F(CataloguePartsTest, WhatNoPartHasWaits) {
  std::vector<fs::path> files = indexParts();
  write("new.jpg", "made after the parts");
  const fs::path last = files.back();
  files.pop_back();
  const IndexResult result = merge(files);
  EXPECT_GT(result.left, 50);
  EXPECT_EQ(Catalogue::forReading(file_).counts().waiting, result.left);
  EXPECT_EQ(merge({last}).left, 1) << "parts may come one after another";
  bringUpToDate();
  EXPECT_EQ(everything(file_), indexedInOneGo());
}

TEST_F(CataloguePartsTest, APhotoThatWasEditedSinceIsNotTakenOver) {
  const std::vector<fs::path> files = indexParts();
  write("005.jpg", "edited since");
  merge(files);
  EXPECT_EQ(Catalogue::forReading(file_).photo("005.jpg")->state, PhotoState::waiting);
}

TEST_F(CataloguePartsTest, CanBeStoppedAnywhereAndRunAgain) {
  const std::vector<fs::path> files = indexParts();
  for (int stopAfter : {0, 30, 90, 170}) {
    const CancellationToken token;
    int seen = 0;
    const IndexResult result = merge(files, token, [&](const ProgressUpdate&) {
      if (seen++ == stopAfter) token.cancel();
    });
    EXPECT_FALSE(result.finished);
    EXPECT_EQ(Catalogue::forReading(file_).check(), "ok");
  }
  EXPECT_TRUE(merge(files).finished);
  EXPECT_EQ(everything(file_), indexedInOneGo());
}

TEST_F(CataloguePartsTest, WhatAnotherModelSaidIsNotTaken) {
  std::vector<fs::path> files = indexParts();
  describer_.model = "model-2";
  EXPECT_THAT(messageOf<InputError>([&] { merge(files); }),
              testing::AllOf(HasSubstr("part1.sqlite"), HasSubstr("another model")));
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(CataloguePartsTest, BadPartsAreNamed) {
  indexParts();
  const auto refused = [&](const fs::path& file) {
    return messageOf<InputError>([&] { merge({partFile(1), file}); });
  };
  EXPECT_THAT(refused(top_ / "missing.sqlite"), HasSubstr("missing.sqlite"));
  EXPECT_THAT(refused(write("../text.sqlite", std::string(10'000, 'x'))), HasSubstr("text.sqlite"));

  Database(top_ / "foreign.sqlite", Database::Mode::create).run("CREATE TABLE songs(name TEXT)");
  EXPECT_THAT(refused(top_ / "foreign.sqlite"),
              testing::AllOf(HasSubstr("foreign.sqlite"), HasSubstr("another program")));

  Database(partFile(2), Database::Mode::create).run("PRAGMA user_version = 1000");
  EXPECT_THAT(refused(partFile(2)), testing::AllOf(HasSubstr("part2.sqlite"), HasSubstr("newer")));

  Database(partFile(3), Database::Mode::create).run("PRAGMA wal_checkpoint(TRUNCATE)");
  std::string bytes = readFile(partFile(3));
  ASSERT_GT(bytes.size(), 40'000U);
  std::fill(bytes.begin() + 8'192, bytes.begin() + 36'864, '\x5a');
  std::ofstream(partFile(3), std::ios::binary) << bytes;
  EXPECT_THAT(refused(partFile(3)),
              testing::AllOf(HasSubstr("part3.sqlite"), HasSubstr("damaged")));
  EXPECT_EQ(readFile(partFile(3)), bytes) << "left as it is";
  EXPECT_FALSE(fs::exists(file_)) << "nothing was begun";
  EXPECT_THROW(CatalogueParts({}, "model-1"), UsageError);
}

TEST_F(CataloguePartsTest, TellsTheFolderWhenAllAreOfOne) {
  const std::vector<fs::path> files = indexParts();
  EXPECT_EQ(CatalogueParts(files, "model-1").folder(), fs::canonical(photos_));
  fs::create_directories(top_ / "mirror");
  fs::copy(photos_, top_ / "mirror", fs::copy_options::recursive);
  const fs::path other = top_ / "other.sqlite";
  {
    Catalogue catalogue = Catalogue::forIndexing(other, top_ / "mirror");
    updateCatalogue(catalogue);
    describePhotos(catalogue, describer_, {}, {}, {.choice = photosOf({3, kParts})});
  }
  EXPECT_EQ(CatalogueParts({files[0], other}, "model-1").folder(), std::nullopt);
  EXPECT_EQ(merge({files[0], files[1], other}).left, 0) << "the content counts";
  EXPECT_EQ(everything(file_), indexedInOneGo());
}

}  // namespace
}  // namespace inkling
