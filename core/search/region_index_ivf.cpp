#include "core/search/region_index_ivf.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <faiss/IndexFlat.h>
#include <faiss/IndexIVFPQ.h>
#include <faiss/IndexScalarQuantizer.h>
#include <faiss/impl/FaissException.h>
#include <omp.h>

#include "core/base/error.h"
#include "core/search/region_index_kernels.h"

namespace inkling {
namespace {

// FAISS scans the lists of a query on all cores and merges what they found in the order in which
// they finish. One core alone always finds the same.
class OneCore {
 public:
  explicit OneCore(bool wanted) : before_(omp_get_max_threads()) {
    if (wanted) omp_set_num_threads(1);
  }
  ~OneCore() { omp_set_num_threads(before_); }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;

 private:
  int before_;
};

class OfRows : public faiss::IDSelector {
 public:
  OfRows(std::span<const std::uint32_t> rowOf, std::span<const std::uint8_t> wanted)
      : rowOf_(rowOf), wanted_(wanted) {}
  bool is_member(idx_t position) const override {
    const std::uint32_t row = rowOf_[static_cast<std::size_t>(position)];
    return row < wanted_.size() && wanted_[row] != 0;
  }

 private:
  std::span<const std::uint32_t> rowOf_;
  std::span<const std::uint8_t> wanted_;
};

std::unique_ptr<faiss::IndexIVF> emptyIndex(const InvertedFileModel& model, faiss::Index* centroids,
                                            std::size_t lists) {
  const auto width = static_cast<std::size_t>(model.width);
  if (model.code == region_file::Code::productQuantizer) {
    const auto codeBytes = static_cast<std::size_t>(model.codeBytes);
    if (width % codeBytes != 0)
      throw InputError("is damaged (its code does not divide its vectors)");
    auto index = std::make_unique<faiss::IndexIVFPQ>(centroids, width, lists, codeBytes, 8,
                                                     faiss::METRIC_INNER_PRODUCT);
    index->pq.centroids.assign(model.table.begin(), model.table.end());
    return index;
  }
  auto index = std::make_unique<faiss::IndexIVFScalarQuantizer>(
      centroids, width, lists, faiss::ScalarQuantizer::QT_8bit, faiss::METRIC_INNER_PRODUCT, true);
  index->sq.trained.assign(model.table.begin(), model.table.end());
  return index;
}

}  // namespace

// Lets FAISS read the lists where they are. An id is a position.
class InvertedFileSearcher::Lists : public faiss::InvertedLists {
 public:
  Lists(const InvertedFileContent& content, std::size_t codeBytes)
      : InvertedLists(content.listSizes.size(), codeBytes), codes_(content.codes) {
    begin_.push_back(0);
    for (const std::uint32_t size : content.listSizes) begin_.push_back(begin_.back() + size);
  }
  std::size_t list_size(std::size_t list) const override { return begin_[list + 1] - begin_[list]; }
  const std::uint8_t* get_codes(std::size_t list) const override {
    return codes_.data() + begin_[list] * code_size;
  }
  const idx_t* get_ids(std::size_t list) const override {
    auto* ids = new idx_t[list_size(list)];
    for (std::size_t i = 0; i < list_size(list); ++i) ids[i] = static_cast<idx_t>(begin_[list] + i);
    return ids;
  }
  void release_ids(std::size_t /*list*/, const idx_t* ids) const override { delete[] ids; }

  std::size_t add_entries(std::size_t, std::size_t, const idx_t*, const std::uint8_t*) override {
    throw UsageError("a region index cannot be added to");
  }
  void update_entries(std::size_t, std::size_t, std::size_t, const idx_t*,
                      const std::uint8_t*) override {
    throw UsageError("a region index cannot be changed");
  }
  void resize(std::size_t, std::size_t) override {
    throw UsageError("a region index cannot be resized");
  }

 private:
  std::span<const std::uint8_t> codes_;
  std::vector<std::size_t> begin_;
};

struct InvertedFileSearcher::Index {
  Index(const InvertedFileModel& model, const InvertedFileContent& content)
      : lists(content, static_cast<std::size_t>(model.codeBytes)),
        centroids(model.width),
        index(emptyIndex(model, &centroids, content.listSizes.size())) {
    centroids.add(static_cast<idx_t>(content.listSizes.size()), model.centroids.data());
    index->is_trained = true;
    index->ntotal = std::ssize(content.rows);
    index->replace_invlists(&lists, false);
    index->parallel_mode = 1;  // one query alone uses all cores, too
  }
  using idx_t = faiss::Index::idx_t;

  // The lists with the largest products, as many as there is room for. FAISS' flat index would take
  // most of the search's time for this (see region_index_kernels.h).
  void nearestLists(const std::vector<float>& query, std::vector<float>& nearness,
                    std::vector<idx_t>& nearest) const {
    std::vector<float> products(lists.nlist);
    kernels::innerProducts(query.data(), centroids.get_xb(), query.size(), lists.nlist,
                           products.data());
    std::vector<idx_t> order(lists.nlist);
    std::iota(order.begin(), order.end(), idx_t{0});
    const auto product = [&](idx_t list) { return products[static_cast<std::size_t>(list)]; };
    std::ranges::partial_sort(order, order.begin() + std::ssize(nearest), [&](idx_t a, idx_t b) {
      return product(a) != product(b) ? product(a) > product(b) : a < b;
    });
    std::copy_n(order.begin(), nearest.size(), nearest.begin());
    std::ranges::transform(nearest, nearness.begin(), product);
  }

  Lists lists;
  faiss::IndexFlatIP centroids;
  std::unique_ptr<faiss::IndexIVF> index;
};

InvertedFileSearcher::InvertedFileSearcher(const InvertedFileModel& model,
                                           const InvertedFileContent& content, int listsVisited)
    : dimension_(model.dimension),
      width_(model.width),
      listsVisited_(listsVisited),
      content_(content) {
  try {
    index_ = std::make_unique<Index>(model, content);
  } catch (const faiss::FaissException& error) {
    fail<InputError>("is damaged ({})", error.what());
  }
}

InvertedFileSearcher::~InvertedFileSearcher() = default;

std::vector<std::vector<VectorHit>> InvertedFileSearcher::nearest(
    std::span<const float> queries, std::int64_t k, int effort, std::span<const std::uint8_t> rows,
    bool repeatable) const {
  // A few milliseconds' work is not worth waiting for another core, which may have other things to
  // do: describing photos, say.
  constexpr std::int64_t kWorthAnotherCore = 400'000;  // vectors
  const std::int64_t expected = this->size() / wholeEffort() * effort;
  const OneCore oneCore(repeatable || expected < kWorthAnotherCore);
  const auto size = static_cast<std::size_t>(dimension_), width = static_cast<std::size_t>(width_);
  const auto visited = static_cast<std::size_t>(effort), wanted = static_cast<std::size_t>(k);
  OfRows selector(content_.rows, rows);
  faiss::IVFSearchParameters parameters;
  parameters.nprobe = visited;
  parameters.sel = rows.empty() ? nullptr : &selector;
  std::vector<float> query(width), nearness(visited), scores(wanted);
  std::vector<Index::idx_t> lists(visited), positions(wanted);

  std::vector<std::vector<VectorHit>> answer;
  for (std::size_t from = 0; from < queries.size(); from += size) {
    std::copy_n(queries.data() + from, size, query.data());
    try {
      index_->nearestLists(query, nearness, lists);
      faiss::IndexIVFStats stats;
      index_->index->search_preassigned(1, query.data(), k, lists.data(), nearness.data(),
                                        scores.data(), positions.data(), false, &parameters,
                                        &stats);
    } catch (const faiss::FaissException& error) {
      fail<InputError>("the search failed ({})", error.what());
    }
    std::vector<VectorHit>& hits = answer.emplace_back();
    for (std::size_t i = 0; i < wanted; ++i) {
      if (positions[i] >= 0 && std::isfinite(scores[i])) hits.push_back({scores[i], positions[i]});
    }
  }
  return answer;
}

RegionSearcher::Place InvertedFileSearcher::place(std::int64_t position) const {
  const auto at = static_cast<std::size_t>(position);
  const std::uint32_t row = content_.rows[at];
  if (row >= content_.photos.size()) throw InputError("is damaged (a region of no photo)");
  return {row, content_.regions[at]};
}

}  // namespace inkling
