// Handing work from threads to threads.
#include "core/base/bounded_queue.h"

#include <atomic>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds kLong = 10min, kNone = 0ms;

TEST(BoundedQueue, GivesValuesInTheirOrderUntilTheEnd) {
  BoundedQueue<int> queue(4);
  for (const int value : {1, 2, 3}) queue.push(value);
  queue.end();
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_THAT(queue.popSome(4, kLong), ElementsAre(2, 3)) << "there will be no more to wait for";
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_THAT(queue.popSome(4, kLong), IsEmpty());
}

TEST(BoundedQueue, SomeAreAtMostThatMany) {
  BoundedQueue<int> queue(4);
  for (const int value : {1, 2, 3}) queue.push(value);
  EXPECT_THAT(queue.popSome(2, kLong), ElementsAre(1, 2));
  EXPECT_THAT(queue.popSome(9, kNone), ElementsAre(3)) << "patience is over";
}

TEST(BoundedQueue, MoreThanItHoldsAreNotWaitedFor) {
  BoundedQueue<int> queue(2);
  queue.push(1);
  queue.push(2);
  EXPECT_THAT(queue.popSome(9, kLong), ElementsAre(1, 2));
}

TEST(BoundedQueue, WaitsForTheOthersOfABatch) {
  BoundedQueue<int> queue(4);
  queue.push(1);
  std::jthread late([&] {
    std::this_thread::sleep_for(20ms);
    queue.push(2);
  });
  EXPECT_THAT(queue.popSome(2, kLong), ElementsAre(1, 2));
}

TEST(BoundedQueue, StopFreesThoseThatWait) {
  BoundedQueue<int> queue(4);
  std::jthread late([&] {
    std::this_thread::sleep_for(20ms);
    queue.stop();
  });
  EXPECT_THAT(queue.popSome(2, kLong), IsEmpty());
  EXPECT_FALSE(queue.push(1));
}

TEST(BoundedQueue, NothingIsLostBetweenManyThreads) {
  constexpr int kValues = 3000;
  BoundedQueue<int> queue(5);
  std::atomic<long> sum = 0, count = 0;
  {
    std::vector<std::jthread> threads;
    std::atomic<int> pushing = 3;
    for (int t = 0; t < 3; ++t) {
      threads.emplace_back([&, t] {
        for (int i = t; i < kValues; i += 3) queue.push(i);
        if (--pushing == 0) queue.end();
      });
      threads.emplace_back([&] {
        for (auto some = queue.popSome(3, 1ms); !some.empty(); some = queue.popSome(3, 1ms)) {
          sum += std::accumulate(some.begin(), some.end(), 0L);
          count += static_cast<long>(some.size());
        }
      });
    }
  }
  EXPECT_EQ(count, kValues);
  EXPECT_EQ(sum, static_cast<long>(kValues) * (kValues - 1) / 2);
}

}  // namespace
}  // namespace inkling
