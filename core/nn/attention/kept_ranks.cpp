#include "core/nn/attention/kept_ranks.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <ATen/Parallel.h>

#include "core/base/error.h"

namespace inkling {
namespace {

/// Ranks of one row after the other; keeps its memory between rows.
template <typename Number>
class RowRanking {
 public:
  explicit RowRanking(std::int64_t count) : count_(count) {}

  /// Ranks exactly the entries from rank `first` to `last`; the scores lie between `least` and
  /// `most`.
  void rank(const Number* scores, Number least, Number most, std::int64_t first, std::int64_t last,
            Number* ranks) {
    row_ = scores;
    // Everything from `above` up is before `first`, everything below `below` is after `last`.
    const auto [above, before] = boundAbove(least, most, first - 1);
    const Number below = boundBelow(least, most, last);
    between_.clear();
    for (std::int64_t i = 0; i < count_; ++i)
      ranks[i] = scores[i] >= above ? Number(1) : static_cast<Number>(count_ + 1);
    for (std::int64_t i = 0; i < count_; ++i) {
      if (scores[i] >= below && scores[i] < above)
        between_.emplace_back(-scores[i], static_cast<std::int32_t>(i));
    }
    sortBetween(std::max(below, least), std::min(above, most));
    for (std::size_t i = 0; i < sorted_.size(); ++i)
      ranks[sorted_[i].second] = static_cast<Number>(before + static_cast<std::int64_t>(i) + 1);
  }

 private:
  std::int64_t countFrom(Number value) const {
    std::int32_t found = 0;  // as wide as a float: the loop becomes vector instructions
    for (std::int64_t i = 0; i < count_; ++i) found += row_[i] >= value ? 1 : 0;
    return found;
  }

  // A value that at most `wanted` entries reach, nearly as many if a few halvings find one; and how
  // many do.
  std::pair<Number, std::int64_t> boundAbove(Number low, Number high, std::int64_t wanted) const {
    std::pair<Number, std::int64_t> best{std::numeric_limits<Number>::infinity(), 0};
    for (int step = 0; step < kSteps && wanted - best.second > slack(wanted); ++step) {
      const Number middle = low / 2 + high / 2;
      const std::int64_t found = countFrom(middle);
      if (found <= wanted) {
        high = middle;
        best = {middle, found};
      } else {
        low = middle;
      }
    }
    return best;
  }

  // A value that at least `wanted` entries reach, hardly more if a few halvings find one.
  Number boundBelow(Number low, Number high, std::int64_t wanted) const {
    std::int64_t reached = count_;
    for (int step = 0; step < kSteps && reached - wanted > slack(wanted); ++step) {
      const Number middle = low / 2 + high / 2;
      const std::int64_t found = countFrom(middle);
      if (found >= wanted) {
        low = middle;
        reached = found;
      } else {
        high = middle;
      }
    }
    return low;
  }

  // Into as many drawers as there are entries, then each drawer: scores lie closely together there,
  // so hardly any drawer has more than a few.
  void sortBetween(Number lowest, Number highest) {
    const std::size_t entries = between_.size();
    const Number scale = static_cast<Number>(entries) / (highest - lowest);
    sorted_.resize(entries);
    if (!std::isfinite(scale) || scale <= 0) {
      sorted_ = between_;
      std::sort(sorted_.begin(), sorted_.end());
      return;
    }
    drawers_.assign(entries + 2, 0);
    const auto drawerOf = [&](const Entry& entry) {
      const auto place = static_cast<std::int64_t>((entry.first + highest) * scale);
      return std::min(static_cast<std::size_t>(std::max<std::int64_t>(place, 0)), entries);
    };
    for (const Entry& entry : between_) ++drawers_[drawerOf(entry) + 1];
    for (std::size_t i = 1; i < drawers_.size(); ++i) drawers_[i] += drawers_[i - 1];
    for (const Entry& entry : between_)
      sorted_[static_cast<std::size_t>(drawers_[drawerOf(entry)]++)] = entry;
    // Each drawer now begins where it ended before.
    std::int32_t begin = 0;
    for (std::size_t i = 0; i <= entries; ++i) {
      const std::int32_t end = drawers_[i];
      if (end - begin > 1) std::sort(sorted_.begin() + begin, sorted_.begin() + end);
      begin = end;
    }
  }

  // Sorting a few entries more is cheaper than another look at the whole row.
  static std::int64_t slack(std::int64_t wanted) { return 8 + wanted / 16; }

  static constexpr int kSteps = 20;
  std::int64_t count_;
  const Number* row_ = nullptr;
  using Entry = std::pair<Number, std::int32_t>;  // the score with its sign turned, and where it is
  std::vector<Entry> between_, sorted_;
  std::vector<std::int32_t> drawers_;
};

template <typename Number>
void rankRows(const Tensor& scores, const Tensor& first, const Tensor& last, Tensor& ranks) {
  const std::int64_t count = scores.size(-1), rows = scores.numel() / count;
  const Number* values = scores.const_data_ptr<Number>();
  const std::int64_t* from = first.const_data_ptr<std::int64_t>();
  const std::int64_t* to = last.const_data_ptr<std::int64_t>();
  const auto [least, most] = at::aminmax(scores, -1);
  const Number* low = least.const_data_ptr<Number>();
  const Number* high = most.const_data_ptr<Number>();
  Number* out = ranks.mutable_data_ptr<Number>();
  at::parallel_for(0, rows, 16, [&](std::int64_t begin, std::int64_t end) {
    RowRanking<Number> ranking(count);
    for (std::int64_t row = begin; row < end; ++row)
      ranking.rank(values + row * count, low[row], high[row], from[row], to[row],
                   out + row * count);
  });
}

}  // namespace

Tensor allRanks(const Tensor& scores) {
  const at::NoGradGuard noGrad;
  const Tensor order = at::argsort(scores, /*stable=*/true, /*dim=*/-1, /*descending=*/true);
  const Tensor rank = at::arange(1, scores.size(-1) + 1, scores.options()).expand_as(scores);
  return at::empty_like(scores).scatter_(-1, order, rank);
}

Tensor keptRanks(const Tensor& scores, const Tensor& budgets, const Tensor& full) {
  const at::NoGradGuard noGrad;
  if (!scores.is_cpu()) return allRanks(scores);
  const std::int64_t count = scores.size(-1);
  const auto rounded = [&](const Tensor& rank) {
    return rank.ceil().clamp(1, count).to(at::kLong).contiguous();
  };
  const Tensor rows = scores.contiguous(), first = rounded(full), last = rounded(budgets);
  Tensor ranks = at::empty_like(rows);
  if (rows.numel() == 0) return ranks;
  if (scores.scalar_type() == at::kFloat) {
    rankRows<float>(rows, first, last, ranks);
  } else if (scores.scalar_type() == at::kDouble) {
    rankRows<double>(rows, first, last, ranks);
  } else {
    throw UsageError("ranks are made of float or double scores");
  }
  return ranks;
}

}  // namespace inkling
