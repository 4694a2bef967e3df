// A process that puts into the cache is killed at random points, again and again.
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "core/search/sqlite.h"
#include "tests/search/cache_fixtures.h"

namespace inkling {
namespace {

constexpr int kKills = 50;
constexpr std::uint64_t kLimit = 12 << 20;

using CacheKillTest = CacheTest;

TEST_F(CacheKillTest, StaysSoundWhateverItIsDoing) {
  std::mt19937 random(20240608);
  int anew = 0, filled = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const pid_t child = inProcess([&] {
      // Every third time with a lower limit: shrinking is interrupted, too.
      FeatureCache cache = opened(kill % 3 == 2 ? kLimit / 2 : kLimit);
      for (int i = 0;; ++i) {
        if (!put(cache, kill * 1000 + i)) return 1;
        cache.get(photo(kill * 1000 + i / 2), "model");
      }
    });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60'000));
    ::kill(child, SIGKILL);
    ASSERT_EQ(statusOf(child), -1) << "puts went wrong";

    FeatureCache cache = opened(kLimit);
    anew += cache.takeTrouble().empty() ? 0 : 1;
    ASSERT_EQ(Database(file_, Database::Mode::read).text("PRAGMA quick_check"), "ok");
    ASSERT_LE(cache.bytes(), kLimit);
    // What is there is what was put; has() compares.
    int there = 0;
    while (has(cache, kill * 1000 + there)) ++there;
    filled += there > 0 ? 1 : 0;
    ASSERT_TRUE(put(cache, -1));
  }
  EXPECT_EQ(anew, 0) << "never damaged";
  EXPECT_GE(filled, kKills / 4) << "kills must hit the putting";
}

}  // namespace
}  // namespace inkling
