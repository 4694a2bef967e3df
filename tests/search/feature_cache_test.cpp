// What the cache of photos keeps, what it gives up, and how large it is.
#include <atomic>
#include <thread>
#include <vector>

#include "core/search/sqlite.h"
#include "tests/search/cache_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

using FeatureCacheTest = CacheTest;

TEST_F(FeatureCacheTest, GivesBackWhatWasPutAlsoToTheNextProgram) {
  {
    FeatureCache cache = opened();
    EXPECT_FALSE(cache.get(photo(1), "model"));
    EXPECT_TRUE(put(cache, 1));
    EXPECT_TRUE(cache.put(photo(2), "model", ""));
    EXPECT_TRUE(has(cache, 1));
  }
  FeatureCache cache = opened();
  EXPECT_TRUE(has(cache, 1));
  EXPECT_EQ(cache.get(photo(2), "model"), "");
  EXPECT_EQ(cache.takeTrouble(), "");
}

TEST_F(FeatureCacheTest, KeepsTheWordsOfEachModelApart) {
  FeatureCache cache = opened();
  cache.put(photo(1), "old model", "old");
  EXPECT_FALSE(cache.get(photo(1), "new model"));
  cache.put(photo(1), "new model", "new");
  EXPECT_EQ(cache.get(photo(1), "old model"), "old");
  EXPECT_EQ(cache.get(photo(1), "new model"), "new");
}

TEST_F(FeatureCacheTest, WhatIsThereStays) {
  FeatureCache cache = opened();
  cache.put(photo(1), "model", "first");
  EXPECT_TRUE(cache.put(photo(1), "model", "second"));
  EXPECT_EQ(cache.get(photo(1), "model"), "first");
}

TEST_F(FeatureCacheTest, NeverTakesMoreThanItsLimit) {
  constexpr std::uint64_t kLimit = 8 * kMiB;
  FeatureCache cache = opened(kLimit);
  for (int i = 0; i < 150; ++i) {
    ASSERT_TRUE(put(cache, i)) << cache.takeTrouble();
    ASSERT_LE(cache.bytes(), kLimit);
    ASSERT_TRUE(has(cache, i));
  }
  // Most of the limit is used.
  EXPECT_GE(present(cache, 150), static_cast<int>(kLimit * 6 / 10 / kBlob));
  EXPECT_EQ(cache.takeTrouble(), "");
}

TEST_F(FeatureCacheTest, GivesUpWhatHasBeenUnusedForLongest) {
  FeatureCache cache = opened(8 * kMiB);
  put(cache, 0);
  put(cache, 1);
  for (int i = 2; i < 60; ++i) {
    ASSERT_TRUE(put(cache, i));
    ASSERT_TRUE(has(cache, 0)) << "used all the time";
  }
  EXPECT_FALSE(has(cache, 1));
  // Of the others, exactly the last ones are there.
  std::string there;
  for (int i = 1; i < 60; ++i) there += has(cache, i) ? '1' : '0';
  EXPECT_EQ(there.find('1'), there.rfind('0') + 1) << there;
}

TEST_F(FeatureCacheTest, RemembersWhatWasUsedByProgramsBefore) {
  {
    FeatureCache cache = opened(8 * kMiB);
    for (int i = 0; i < 15; ++i) put(cache, i);
  }
  {
    FeatureCache cache = opened(8 * kMiB);
    EXPECT_TRUE(has(cache, 0));
  }
  FeatureCache cache = opened(8 * kMiB);
  for (int i = 100; i < 112; ++i) put(cache, i);
  EXPECT_FALSE(has(cache, 1));
  EXPECT_TRUE(has(cache, 0));
}

TEST_F(FeatureCacheTest, ALowerLimitShrinksTheFile) {
  {
    FeatureCache cache = opened(64 * kMiB);
    for (int i = 0; i < 100; ++i) put(cache, i);
    EXPECT_GT(cache.bytes(), 30'000'000U);
  }
  FeatureCache cache = opened(12 * kMiB);
  // Bit by bit where there is much to give up.
  for (int i = 0; i < 200 && cache.bytes() > 12 * kMiB; ++i) put(cache, 100);
  EXPECT_LE(cache.bytes(), 12 * kMiB);
  EXPECT_TRUE(has(cache, 99)) << "the newest stay";
  EXPECT_FALSE(has(cache, 0));
  EXPECT_EQ(Database(file_, Database::Mode::read).text("PRAGMA quick_check"), "ok");
}

TEST_F(FeatureCacheTest, ALimitOfNothingKeepsNothing) {
  {
    FeatureCache cache = opened(0);
    EXPECT_FALSE(put(cache, 1));
    EXPECT_FALSE(has(cache, 1));
    EXPECT_EQ(cache.takeTrouble(), "");
  }
  EXPECT_FALSE(fs::exists(file_));
  {
    FeatureCache cache = opened(64 * kMiB);
    for (int i = 0; i < 20; ++i) put(cache, i);
  }
  {
    FeatureCache other = opened(64 * kMiB), none = opened(0);
    EXPECT_FALSE(has(none, 1));
    EXPECT_TRUE(has(other, 1)) << "whoever has it open keeps it";
  }
  { FeatureCache none = opened(0); }
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(FeatureCacheTest, WhatIsTooLargeForTheLimitIsNotKept) {
  FeatureCache cache = opened(8 * kMiB);
  EXPECT_TRUE(put(cache, 1));
  EXPECT_FALSE(cache.put(photo(2), "model", std::string(4 * kMiB, 'x')));
  EXPECT_THAT(cache.takeTrouble(), testing::HasSubstr("the limit is too small"));
  EXPECT_FALSE(cache.put(photo(2), "model", std::string(4 * kMiB, 'x')));
  EXPECT_EQ(cache.takeTrouble(), "") << "it was said before";
  EXPECT_TRUE(has(cache, 1));
}

TEST_F(FeatureCacheTest, SeveralThreadsUseItAtOnce) {
  FeatureCache cache = opened(16 * kMiB);
  std::atomic<int> lost = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 30; ++i) {
        const int number = t * 1000 + i;
        if (!put(cache, number) || !has(cache, number)) ++lost;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(lost, 0);
  EXPECT_LE(cache.bytes(), 16 * kMiB);
}

TEST_F(FeatureCacheTest, SeveralProcessesUseItAtOnce) {
  constexpr std::uint64_t kLimit = 16 * kMiB;
  std::vector<pid_t> children;
  for (int t = 0; t < 3; ++t) {
    children.push_back(inProcess([&] {
      FeatureCache cache = opened(kLimit);
      int kept = 0;
      for (int i = 0; i < 40; ++i) {
        const int number = t * 1000 + i;
        if (put(cache, number) && has(cache, number)) ++kept;
        if (cache.bytes() > kLimit) return 100;
      }
      // What the others keep busy for too long may be given up.
      return kept >= 30 ? 0 : kept + 1;
    }));
  }
  for (const pid_t child : children) EXPECT_EQ(statusOf(child), 0);
  FeatureCache cache = opened(kLimit);
  EXPECT_TRUE(put(cache, 7777));
  EXPECT_EQ(Database(file_, Database::Mode::read).text("PRAGMA quick_check"), "ok");
}

TEST_F(FeatureCacheTest, TheUsualLimitLeavesHalfOfTheDisk) {
  const std::uint64_t limit = FeatureCache::defaultLimit(folder_ / "not/made/yet.sqlite");
  EXPECT_LE(limit, std::uint64_t{20} << 30);
  EXPECT_LE(limit, fs::space(folder_).available / 2 + kMiB * 1024) << "others write, too";
  EXPECT_GT(limit, 0U);
  EXPECT_EQ(FeatureCache::defaultFile().filename(), "features.sqlite");
}

}  // namespace
}  // namespace inkling
