#include "ui/gallery/score_order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>

namespace inkling {
namespace {

struct Entry {
  std::uint32_t key, photo;
};

// The bits of floats compare as their values do once negative ones are turned over; the complement
// makes the order fall.
std::uint32_t fallingKey(float score) {
  const auto bits = std::bit_cast<std::uint32_t>(score);
  const std::uint32_t rising = (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
  return ~rising;
}

constexpr std::uint32_t kDigits = 1U << 11;

// One pass of a radix sort: stable, by 11 bits of the key.
void pass(const std::vector<Entry>& from, std::vector<Entry>& to, std::uint32_t shift) {
  std::array<std::uint32_t, kDigits> place{};
  const auto digit = [shift](const Entry& entry) { return entry.key >> shift & (kDigits - 1); };
  for (const Entry& entry : from) ++place[digit(entry)];
  std::uint32_t before = 0;
  for (std::uint32_t& count : place) before += std::exchange(count, before);
  for (const Entry& entry : from) to[place[digit(entry)]++] = entry;
}

}  // namespace

void sortByScore(std::vector<std::uint32_t>& photos, const std::vector<float>& scores) {
  std::vector<Entry> entries, spare(photos.size());
  entries.reserve(photos.size());
  for (const std::uint32_t photo : photos) entries.push_back({fallingKey(scores[photo]), photo});
  for (const std::uint32_t shift : {0U, 11U, 22U}) {
    pass(entries, spare, shift);
    entries.swap(spare);
  }
  std::transform(entries.begin(), entries.end(), photos.begin(),
                 [](const Entry& entry) { return entry.photo; });
}

}  // namespace inkling
