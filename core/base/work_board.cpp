#include "core/base/work_board.h"

#include <algorithm>

namespace inkling {

WorkBoard::WorkBoard(const std::vector<std::size_t>& items, std::size_t members,
                     Clock::time_point now)
    : free_(items.begin(), items.end()), held_(members), heard_(members, now) {
  for (const std::size_t item : items) owner_.emplace(item, kNobody);
}

std::vector<std::size_t> WorkBoard::take(std::size_t member, Clock::time_point now) {
  heard(member, now);
  const std::size_t size =
      std::clamp<std::size_t>(free_.size() / (4 * held_.size()), 1, kLargestChunk);
  std::vector<std::size_t> chunk;
  while (chunk.size() < size && !free_.empty()) {
    const std::size_t item = free_.front();
    free_.pop_front();
    const auto found = owner_.find(item);
    if (found == owner_.end()) continue;  // done by one who was taken for lost
    found->second = member;
    ++held_[member];
    chunk.push_back(item);
  }
  return chunk;
}

bool WorkBoard::done(std::size_t item) {
  const auto found = owner_.find(item);
  if (found == owner_.end()) return false;
  if (found->second != kNobody) --held_[found->second];
  owner_.erase(found);
  return true;
}

void WorkBoard::heard(std::size_t member, Clock::time_point now) { heard_[member] = now; }

std::vector<std::size_t> WorkBoard::expire(Clock::time_point now, Clock::duration patience) {
  std::vector<std::size_t> lost;
  for (std::size_t member = 0; member < held_.size(); ++member) {
    if (held_[member] > 0 && now - heard_[member] > patience) lost.push_back(member);
  }
  for (const std::size_t member : lost) {
    std::vector<std::size_t> back;
    for (auto& [item, owner] : owner_) {
      if (owner != member) continue;
      owner = kNobody;
      back.push_back(item);
    }
    std::ranges::sort(back);
    free_.insert(free_.begin(), back.begin(), back.end());
    held_[member] = 0;
  }
  return lost;
}

}  // namespace inkling
