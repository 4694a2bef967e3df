// Handing work from threads to threads, at most so much at a time.
#pragma once

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace inkling {

/// A queue that makes producers wait while it is full and consumers while it is empty.
///
///   BoundedQueue<Photo> queue(4);
///   // producers: if (!queue.push(std::move(photo))) return;          ... the last one:
///   queue.end()
///   // consumers: while (auto photo = queue.pop()) use(*photo);
///   // whoever gives up: queue.stop()
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room. False, and nothing is kept, after stop().
  bool push(T value) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || values_.size() < capacity_; });
    if (stopped_) return false;
    values_.push_back(std::move(value));
    changed_.notify_all();
    return true;
  }

  /// Waits for a value. None when there will be no more.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || ended_ || !values_.empty(); });
    if (stopped_ || values_.empty()) return std::nullopt;
    std::optional<T> value(std::move(values_.front()));
    values_.pop_front();
    changed_.notify_all();
    return value;
  }

  /// Waits for a value, and then for up to `most` values as long as `patience` lasts: the next may
  /// never come before this one is done. Empty when there will be no more.
  std::vector<T> popSome(std::size_t most, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || ended_ || !values_.empty(); });
    most = std::min(most, capacity_);
    changed_.wait_for(lock, patience, [&] { return stopped_ || ended_ || values_.size() >= most; });
    std::vector<T> some;
    if (stopped_) return some;
    while (some.size() < most && !values_.empty()) {
      some.push_back(std::move(values_.front()));
      values_.pop_front();
    }
    changed_.notify_all();
    return some;
  }

  /// Nothing more will be pushed; what is there can be popped.
  void end() {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  /// Nobody waits any longer, and what is there is lost.
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<T> values_;
  const std::size_t capacity_;
  bool ended_ = false, stopped_ = false;
};

}  // namespace inkling
