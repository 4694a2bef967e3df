// What may happen to a cache: it is told, and nothing is lost but what can be made again.
#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include "core/base/file.h"
#include "core/search/sqlite.h"
#include "tests/search/cache_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CacheTrouble : public CacheTest {
 protected:
  void fill(int photos) {
    FeatureCache cache = opened();
    for (int i = 0; i < photos; ++i) put(cache, i);
  }
  void overwrite(std::uint64_t from, std::uint64_t bytes) const {
    std::fstream file(file_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(from));
    file << std::string(bytes, '\x5a');
  }
  void expectUsable(FeatureCache& cache) {
    EXPECT_TRUE(put(cache, 500));
    EXPECT_TRUE(has(cache, 500));
    EXPECT_EQ(cache.takeTrouble(), "");
  }
};

TEST_F(CacheTrouble, WhatIsNoDatabaseIsMadeAnew) {
  writeFileAtomically(file_, std::string(100'000, 'x'));
  FeatureCache cache = opened();
  EXPECT_THAT(cache.takeTrouble(), HasSubstr("features.sqlite: was damaged and is made anew"));
  expectUsable(cache);
}

TEST_F(CacheTrouble, FlippedBitsAreNoticedWhenTheyAreRead) {
  fill(10);
  // Into the middle of the blobs, which SQLite does not look at.
  overwrite(fs::file_size(file_) / 2, 1000);
  FeatureCache cache = opened();
  EXPECT_EQ(cache.takeTrouble(), "");
  EXPECT_LT(present(cache, 10), 10);  // has() compares
  EXPECT_THAT(cache.takeTrouble(), HasSubstr("was damaged and is made anew"));
  expectUsable(cache);
}

TEST_F(CacheTrouble, ADamagedCacheThatOthersHaveOpenIsLeftToThem) {
  fill(10);
  FeatureCache other = opened();
  ASSERT_TRUE(has(other, 9));
  overwrite(100, 200'000);  // the tables, not what the other has in memory
  {
    FeatureCache cache = opened();
    EXPECT_FALSE(has(cache, 1));
    EXPECT_FALSE(put(cache, 1));
    EXPECT_THAT(cache.takeTrouble(), HasSubstr("other programs have it open"));
  }
  { const FeatureCache last = std::move(other); }
  FeatureCache cache = opened();
  EXPECT_THAT(cache.takeTrouble(), HasSubstr("was damaged and is made anew"));
  expectUsable(cache);
}

TEST_F(CacheTrouble, DatabasesOfOthersAreLeftAlone) {
  Database(file_, Database::Mode::create).run("CREATE TABLE letters(text)");
  {
    FeatureCache cache = opened();
    EXPECT_FALSE(put(cache, 1));
    EXPECT_THAT(cache.takeTrouble(), HasSubstr("is a database of another program"));
  }
  EXPECT_EQ(Database(file_, Database::Mode::read).integer("SELECT count(*) FROM letters"), 0);
}

TEST_F(CacheTrouble, ACacheOfANewerVersionIsLeftAlone) {
  fill(3);
  Database(file_, Database::Mode::create).run("PRAGMA user_version = 1000");
  FeatureCache cache = opened();
  EXPECT_FALSE(has(cache, 1));
  EXPECT_FALSE(put(cache, 5));
  EXPECT_THAT(cache.takeTrouble(), HasSubstr("was written by a newer Inkling"));
}

TEST_F(CacheTrouble, AFolderThatCannotBeWrittenIsTold) {
  writeFileAtomically(folder_ / "file", "not a folder");
  FeatureCache cache = FeatureCache::open(folder_ / "file" / "features.sqlite", 64 * kMiB);
  EXPECT_FALSE(has(cache, 1));
  EXPECT_FALSE(put(cache, 1));
  EXPECT_THAT(cache.takeTrouble(), HasSubstr("the cache of photos is not used"));
  EXPECT_EQ(cache.takeTrouble(), "");
}

// The process may write no file beyond 3 MB: what a full disk is like.
TEST_F(CacheTrouble, AFullDiskKeepsWhatIsThere) {
  fill(5);
  const pid_t child = inProcess([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{3'000'000, 3'000'000};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) return 2;
    FeatureCache cache = opened();
    int kept = 0;
    for (int i = 5; i < 30; ++i) kept += put(cache, i) ? 1 : 0;
    if (kept == 25) return 3;
    if (cache.takeTrouble().find("cannot be written") == std::string::npos) return 4;
    return present(cache, 5) == 5 ? 0 : 5;
  });
  EXPECT_EQ(statusOf(child), 0);
  FeatureCache cache = opened();
  EXPECT_EQ(present(cache, 5), 5);
  expectUsable(cache);
}

TEST_F(CacheTrouble, AnotherWriterIsNotWaitedForForLong) {
  FeatureCache cache = opened();
  put(cache, 1);
  {
    Database other(file_, Database::Mode::create);
    const Transaction busy(other);
    EXPECT_FALSE(put(cache, 2));
    EXPECT_THAT(cache.takeTrouble(), HasSubstr("kept busy by another program"));
    EXPECT_TRUE(has(cache, 1)) << "reading goes on";
  }
  expectUsable(cache);
}

}  // namespace
}  // namespace inkling
