#include "core/base/work_board.h"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace inkling {
namespace {

using namespace std::chrono_literals;
using Clock = WorkBoard::Clock;

std::vector<std::size_t> numbers(std::size_t count) {
  std::vector<std::size_t> items(count);
  std::iota(items.begin(), items.end(), 100U);
  return items;
}

TEST(WorkBoard, GivesOutEveryItemOnceInChunksThatBecomeSmaller) {
  const Clock::time_point now{};
  WorkBoard board(numbers(400), 4, now);
  std::vector<std::size_t> sizes, all;
  for (std::size_t member = 0; !board.finished(); member = (member + 1) % 4) {
    const auto chunk = board.take(member, now);
    ASSERT_FALSE(chunk.empty());
    sizes.push_back(chunk.size());
    all.insert(all.end(), chunk.begin(), chunk.end());
    for (const std::size_t item : chunk) EXPECT_TRUE(board.done(item));
  }
  EXPECT_EQ(all, numbers(400));
  EXPECT_GT(sizes.front(), 10U);
  EXPECT_EQ(sizes.back(), 1U);
}

TEST(WorkBoard, WhatALostMemberHadIsGivenToOthers) {
  const Clock::time_point now{};
  WorkBoard board(numbers(8), 2, now);
  const auto lost = board.take(1, now);
  board.heard(0, now + 20s);
  EXPECT_TRUE(board.expire(now + 5s, 10s).empty());
  EXPECT_EQ(board.expire(now + 20s, 10s), std::vector<std::size_t>{1});
  EXPECT_EQ(board.take(0, now + 20s), lost) << "first, as the others wait for it the longest";
  EXPECT_TRUE(board.expire(now + 20s, 10s).empty()) << "who has nothing cannot lose it";
}

TEST(WorkBoard, ALateResultCountsOnceAndIsNotGivenOutAgain) {
  const Clock::time_point now{};
  WorkBoard board({7}, 2, now);
  EXPECT_EQ(board.take(1, now), std::vector<std::size_t>{7});
  board.expire(now + 20s, 10s);
  EXPECT_TRUE(board.done(7)) << "it was only slow";
  EXPECT_FALSE(board.done(7));
  EXPECT_TRUE(board.take(0, now + 20s).empty());
  EXPECT_TRUE(board.finished());
  EXPECT_FALSE(board.done(12)) << "nobody was asked for that";
}

// Members that work, vanish, come back late and are slow, in any order.
TEST(WorkBoard, WhateverHappensEverythingIsDone) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    Clock::time_point now{};
    WorkBoard board(numbers(100), 4, now);
    std::vector<std::vector<std::size_t>> held(4);
    std::vector<Clock::time_point> backAt(4, now);  // of those who are dead
    std::set<std::size_t> done;
    for (int step = 0; step < 100'000 && !board.finished(); ++step) {
      now += 1s;
      const std::size_t member = random.below(4);
      const std::uint32_t what = random.below(10);
      board.expire(now, 60s);
      if (what == 0 || now < backAt[member]) continue;
      if (what == 1) {
        held[member].clear();
        backAt[member] = now + 100s;
      } else if (held[member].empty()) {
        held[member] = board.take(member, now);
      } else {
        const std::size_t item = held[member].back();
        if (board.done(item)) {
          EXPECT_TRUE(done.insert(item).second);
        }
        held[member].pop_back();
        board.heard(member, now);
      }
    }
    EXPECT_TRUE(board.finished()) << seed;
    EXPECT_EQ(done.size(), 100U);
  }
}

}  // namespace
}  // namespace inkling
