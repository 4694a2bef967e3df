#include "core/search/region_index_exact.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/search/region_index_kernels.h"

namespace inkling {
namespace {

// The k best so far, the worst of them on top of a heap. Of equal scores the earlier position wins,
// so that the answer does not depend on the order of the work.
class Best {
 public:
  explicit Best(std::size_t k) : k_(k) {}

  bool wants(float score) const {
    return std::isfinite(score) && (hits_.size() < k_ || score > hits_.front().score);
  }
  void add(const VectorHit& hit) {
    if (hits_.size() == k_) {
      std::ranges::pop_heap(hits_, before);
      hits_.pop_back();
    }
    hits_.push_back(hit);
    std::ranges::push_heap(hits_, before);
  }
  std::vector<VectorHit> take() { return std::move(hits_); }

 private:
  static bool before(const VectorHit& a, const VectorHit& b) {
    return a.score != b.score ? a.score > b.score : a.position < b.position;
  }
  std::size_t k_;
  std::vector<VectorHit> hits_;
};

}  // namespace

ExactSearcher::ExactSearcher(int dimension, std::span<const float> values,
                             std::span<const std::int64_t> photos,
                             std::span<const std::uint64_t> first)
    : dimension_(dimension),
      size_(std::ssize(values) / dimension),
      values_(values),
      photos_(photos),
      first_(first) {}

RegionSearcher::Place ExactSearcher::place(std::int64_t position) const {
  const auto next = std::ranges::upper_bound(first_, static_cast<std::uint64_t>(position));
  const auto row = static_cast<std::size_t>(next - first_.begin() - 1);
  return {static_cast<std::int64_t>(row),
          static_cast<std::int32_t>(static_cast<std::uint64_t>(position) - first_[row])};
}

std::vector<std::vector<VectorHit>> ExactSearcher::nearest(std::span<const float> queries,
                                                           std::int64_t k, int /*effort*/,
                                                           std::span<const std::uint8_t> rows,
                                                           bool /*repeatable*/) const {
  // All queries see a block of vectors while it is in the processor's cache.
  constexpr std::int64_t kBlock = 512;
  const auto width = static_cast<std::size_t>(dimension_);
  std::vector<Best> best(queries.size() / width, Best(static_cast<std::size_t>(k)));
  std::array<float, kBlock> scores{};
  for (std::int64_t from = 0; from < size_; from += kBlock) {
    const std::int64_t count = std::min(kBlock, size_ - from);
    const float* block = values_.data() + from * dimension_;
    for (std::size_t q = 0; q < best.size(); ++q) {
      kernels::innerProducts(queries.data() + q * width, block, width,
                             static_cast<std::size_t>(count), scores.data());
      for (std::int64_t i = 0; i < count; ++i) {
        const float score = scores[static_cast<std::size_t>(i)];
        if (!best[q].wants(score)) continue;
        if (rows.empty() || rows[static_cast<std::size_t>(place(from + i).row)] != 0)
          best[q].add({score, from + i});
      }
    }
  }
  std::vector<std::vector<VectorHit>> answer;
  for (Best& one : best) answer.push_back(one.take());
  return answer;
}

}  // namespace inkling
