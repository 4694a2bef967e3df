// Who does which piece of a work that is shared out, when helpers may vanish at any time.
//
//   WorkBoard board(items, 4);                       // 4 members, numbered from 0
//   board.take(2, now);                              // a chunk for member 2
//   board.done(17);                                  // true: for the first time
//   for (std::size_t lost : board.expire(now, 15s))  // what they had is there to be taken again
//
// An item may be done twice (by a member that was taken for lost), never not at all. Not for
// several threads at once.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <unordered_map>
#include <vector>

namespace inkling {

class WorkBoard {
 public:
  using Clock = std::chrono::steady_clock;

  /// `items`: any numbers, each once; they are given out in this order.
  WorkBoard(const std::vector<std::size_t>& items, std::size_t members, Clock::time_point now);

  /// Some items for a member: fewer the fewer are left, so that all end at about the same time.
  /// Empty: nothing is to be taken at the moment.
  std::vector<std::size_t> take(std::size_t member, Clock::time_point now);
  /// An item has been done, by whomever. False if it was done before, or is none.
  bool done(std::size_t item);
  /// The member is there.
  void heard(std::size_t member, Clock::time_point now);
  /// Members with work that have not been heard for so long; they lose it to others.
  std::vector<std::size_t> expire(Clock::time_point now, Clock::duration patience);

  /// Everything is done.
  bool finished() const { return owner_.empty(); }
  std::size_t left() const { return owner_.size(); }

 private:
  static constexpr std::size_t kNobody = ~std::size_t{0};
  static constexpr std::size_t kLargestChunk = 32;
  std::deque<std::size_t> free_;                        ///< to be taken
  std::unordered_map<std::size_t, std::size_t> owner_;  ///< of items that are not done
  std::vector<std::size_t> held_;                       ///< items that each member has
  std::vector<Clock::time_point> heard_;
};

}  // namespace inkling
