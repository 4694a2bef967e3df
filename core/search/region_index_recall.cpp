#include "core/search/region_index_recall.h"

#include <algorithm>
#include <exception>
#include <functional>
#include <numeric>
#include <unordered_set>

#include "core/search/region_index_kernels.h"

namespace inkling {

ExactAnswers::ExactAnswers(std::span<const float> queries, int dimension, int top)
    : queries_(queries),
      dimension_(static_cast<std::size_t>(dimension)),
      top_(static_cast<std::size_t>(top)),
      best_(queries.size() / dimension_) {}

void ExactAnswers::add(std::int64_t photo, std::span<const float> vectors) {
  const std::size_t count = vectors.size() / dimension_;
  if (count == 0) return;
  products_.resize(count);
  for (std::size_t q = 0; q < best_.size(); ++q) {
    kernels::innerProducts(queries_.data() + q * dimension_, vectors.data(), dimension_, count,
                           products_.data());
    const Entry entry{*std::ranges::max_element(products_), -photo};
    std::vector<Entry>& heap = best_[q];
    if (heap.size() == top_) {
      if (entry < heap.front()) continue;
      std::ranges::pop_heap(heap, std::greater<>());
      heap.pop_back();
    }
    heap.push_back(entry);
    std::ranges::push_heap(heap, std::greater<>());
  }
}

std::vector<std::int64_t> ExactAnswers::best(std::size_t query) const {
  std::vector<std::int64_t> photos;
  for (const Entry& entry : best_[query]) photos.push_back(-entry.second);
  return photos;
}

double ExactAnswers::recallOf(const RegionSearcher& searcher, int candidates, int effort) const {
  std::vector<double> shares(best_.size());
  std::exception_ptr error;
  // Many searches side by side, each on one core: cores need not wait for one another, which they
  // would do for long when other programs want them, too.
#pragma omp parallel for schedule(dynamic)
  for (std::size_t q = 0; q < best_.size(); ++q) {
    try {
      shares[q] = shareFound(searcher, candidates, effort, q);
    } catch (...) {
#pragma omp critical
      error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  return shares.empty() ? 0 : sum / static_cast<double>(shares.size());
}

double ExactAnswers::shareFound(const RegionSearcher& searcher, int candidates, int effort,
                                std::size_t query) const {
  std::unordered_set<std::int64_t> found;
  const auto values = queries_.subspan(query * dimension_, dimension_);
  for (const PhotoHit& hit : rankPhotosWithin(searcher, values, candidates, effort))
    found.insert(hit.photo);
  const auto& wanted = best_[query];
  const auto hits = std::ranges::count_if(
      wanted, [&](const Entry& entry) { return found.contains(-entry.second); });
  return wanted.empty() ? 1 : static_cast<double>(hits) / static_cast<double>(wanted.size());
}

MeasuredEffort smallestEffort(const RegionSearcher& searcher, const ExactAnswers& answers,
                              int candidates, double target, int limit) {
  // 1, 2, 3, 4, 6, 8, 12, 16, 24, ...
  const auto next = [](int effort) {
    const bool powerOfTwo = (effort & (effort - 1)) == 0;
    return powerOfTwo ? effort + std::max(1, effort / 2) : effort / 3 * 4;
  };
  std::vector<MeasuredEffort> tried;
  for (int effort = 1; effort <= limit; effort = next(effort)) {
    tried.push_back({effort, answers.recallOf(searcher, candidates, effort)});
    if (tried.back().recall >= target) return tried.back();
  }
  // Where more lists hardly help any more, a search should not take longer for them.
  constexpr double kHardly = 0.005;
  const double best = std::ranges::max(tried, {}, &MeasuredEffort::recall).recall;
  return *std::ranges::find_if(
      tried, [&](const MeasuredEffort& one) { return one.recall >= best - kHardly; });
}

}  // namespace inkling
