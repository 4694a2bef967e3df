#include "core/search/region_index_exact.h"

#include <algorithm>
#include <cmath>

#include <faiss/impl/FaissException.h>
#include <faiss/impl/IDSelector.h>
#include <faiss/utils/distances.h>

#include "core/base/error.h"

namespace inkling {
namespace {

class OfRows : public faiss::IDSelector {
 public:
  OfRows(const RegionSearcher& searcher, std::span<const std::uint8_t> rows)
      : searcher_(searcher), rows_(rows) {}
  bool is_member(idx_t position) const override {
    return rows_[static_cast<std::size_t>(searcher_.place(position).row)] != 0;
  }

 private:
  const RegionSearcher& searcher_;
  std::span<const std::uint8_t> rows_;
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
  const std::int64_t row = next - first_.begin() - 1;
  return {row, static_cast<std::int32_t>(
                   position - static_cast<std::int64_t>(first_[static_cast<std::size_t>(row)]))};
}

std::vector<std::vector<VectorHit>> ExactSearcher::nearest(std::span<const float> queries,
                                                           std::int64_t k, int /*effort*/,
                                                           std::span<const std::uint8_t> rows,
                                                           bool /*repeatable*/) const {
  // So few at a time that FAISS does not call BLAS, whose rounding depends on the number of queries
  // and on which BLAS there is.
  constexpr std::size_t kAtOnce = 16;
  const auto size = static_cast<std::size_t>(dimension_);
  const auto wanted = static_cast<std::size_t>(k);
  const OfRows selector(*this, rows);
  std::vector<std::vector<VectorHit>> answer;
  for (std::size_t from = 0; from < queries.size() / size; from += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, queries.size() / size - from);
    std::vector<float> scores(count * wanted);
    std::vector<std::int64_t> positions(count * wanted);
    try {
      faiss::knn_inner_product(queries.data() + from * size, values_.data(), size, count,
                               static_cast<std::size_t>(size_), wanted, scores.data(),
                               positions.data(), rows.empty() ? nullptr : &selector);
    } catch (const faiss::FaissException& error) {
      fail<InputError>("the exact search failed ({})", error.what());
    }
    for (std::size_t q = 0; q < count; ++q) {
      std::vector<VectorHit>& hits = answer.emplace_back();
      for (std::size_t i = q * wanted; i < (q + 1) * wanted; ++i) {
        if (positions[i] >= 0 && std::isfinite(scores[i]))
          hits.push_back({scores[i], positions[i]});
      }
    }
  }
  return answer;
}

}  // namespace inkling
