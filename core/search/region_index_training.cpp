#include "core/search/region_index_training.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <faiss/Clustering.h>
#include <faiss/IndexHNSW.h>
#include <faiss/impl/ProductQuantizer.h>
#include <faiss/impl/ScalarQuantizer.h>
#include <faiss/utils/distances.h>
#include <omp.h>

#include "core/base/error.h"

namespace inkling {
namespace {

using region_file::Code;

// For faiss::Clustering, which puts the centroids in by add() and asks for the nearest by search():
// once for every iteration, so a good place to see whether the work was cancelled.
class Assignment : public faiss::Index {
 public:
  Assignment(int width, const CancellationToken& token)
      : Index(width, faiss::METRIC_L2), token_(token) {}
  void reset() override { ntotal = 0; }

 protected:
  const CancellationToken& token_;
};

class GraphAssignment : public Assignment {
 public:
  using Assignment::Assignment;
  void add(idx_t count, const float* centroids) override {
    const auto size = static_cast<std::size_t>(count) * static_cast<std::size_t>(d);
    nearest_ = std::make_unique<NearestCentroid>(std::span(centroids, size), static_cast<int>(d));
    centroids_.assign(centroids, centroids + size);
    ntotal = count;
  }
  void search(idx_t count, const float* vectors, idx_t /*k*/, float* distances, idx_t* labels,
              const faiss::SearchParameters* /*none*/) const override {
    token_.check();
    const auto width = static_cast<std::size_t>(d);
    const auto found = nearest_->of({vectors, static_cast<std::size_t>(count) * width});
    std::ranges::copy(found, labels);
    for (std::size_t i = 0; i < found.size(); ++i) {
      distances[i] =
          faiss::fvec_L2sqr(vectors + i * width,
                            centroids_.data() + static_cast<std::size_t>(found[i]) * width, width);
    }
  }

 private:
  std::unique_ptr<NearestCentroid> nearest_;
  std::vector<float> centroids_;
};

// For few centroids of few dimensions: all are looked at. FAISS' own way would be by BLAS, slow
// with Debian's plain one, and another one on another machine.
class PlainAssignment : public Assignment {
 public:
  using Assignment::Assignment;
  void add(idx_t count, const float* centroids) override {
    centroids_.assign(centroids, centroids + count * d);
    ntotal = count;
  }
  void search(idx_t count, const float* vectors, idx_t /*k*/, float* distances, idx_t* labels,
              const faiss::SearchParameters* /*none*/) const override {
    token_.check();
    const auto width = static_cast<std::size_t>(d), centroids = static_cast<std::size_t>(ntotal);
#pragma omp parallel
    {
      std::vector<float> all(centroids);
#pragma omp for
      for (idx_t i = 0; i < count; ++i) {
        faiss::fvec_L2sqr_ny(all.data(), vectors + i * d, centroids_.data(), width, centroids);
        const auto nearest = std::ranges::min_element(all);
        labels[i] = nearest - all.begin();
        distances[i] = *nearest;
      }
    }
  }

 private:
  std::vector<float> centroids_;
};

std::vector<float> cluster(std::span<const float> sample, int width, int count, int iterations,
                           std::uint64_t seed, Assignment& assignment) {
  faiss::ClusteringParameters parameters;
  parameters.niter = iterations;
  parameters.seed = static_cast<int>(seed & 0x7fffffff);
  parameters.min_points_per_centroid = 1;  // fewer than usual is no reason for a warning on stderr
  parameters.max_points_per_centroid = std::numeric_limits<int>::max() / count;
  faiss::Clustering clustering(width, count, parameters);
  clustering.train(std::ssize(sample) / width, sample.data(), assignment);
  return std::move(clustering.centroids);
}

// The columns [first, first + count) of rows of `width`.
std::vector<float> columns(std::span<const float> rows, std::size_t width, std::size_t first,
                           std::size_t count) {
  std::vector<float> out;
  out.reserve(rows.size() / width * count);
  for (std::size_t at = first; at < rows.size(); at += width)
    out.insert(out.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
               rows.begin() + static_cast<std::ptrdiff_t>(at + count));
  return out;
}

}  // namespace

struct NearestCentroid::Graph {
  explicit Graph(int width) : index(width, 16) {}
  faiss::IndexHNSWFlat index;
};

NearestCentroid::NearestCentroid(std::span<const float> centroids, int width)
    : graph_(std::make_unique<Graph>(width)) {
  // Several threads would build another graph each time.
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
  graph_->index.hnsw.efConstruction = 48;
  graph_->index.hnsw.efSearch = 32;
  graph_->index.add(std::ssize(centroids) / width, centroids.data());
  omp_set_num_threads(before);
}

NearestCentroid::~NearestCentroid() = default;

std::vector<std::int64_t> NearestCentroid::of(std::span<const float> vectors) const {
  const std::int64_t count = std::ssize(vectors) / graph_->index.d;
  std::vector<float> distances(static_cast<std::size_t>(count));
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  graph_->index.search(count, vectors.data(), 1, distances.data(), labels.data());
  // A graph is searched from one entry, and a far outlier's search may end nowhere.
  for (std::int64_t& label : labels) label = std::max<std::int64_t>(label, 0);
  return labels;
}

std::vector<float> trainCentroids(std::span<const float> sample, int width, int lists,
                                  std::uint64_t seed, const CancellationToken& token) {
  GraphAssignment assignment(width, token);
  return cluster(sample, width, lists, 10, seed, assignment);
}

std::vector<float> residuals(std::span<const float> vectors, std::span<const std::int64_t> lists,
                             std::span<const float> centroids, int width) {
  const auto size = static_cast<std::size_t>(width);
  std::vector<float> out(vectors.begin(), vectors.end());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const float* centroid = centroids.data() + static_cast<std::size_t>(lists[i]) * size;
    for (std::size_t j = 0; j < size; ++j) out[i * size + j] -= centroid[j];
  }
  return out;
}

ResidualCode trainCode(Code code, int bytes, std::span<const float> sample, int width,
                       std::uint64_t seed, const CancellationToken& token) {
  const auto size = static_cast<std::size_t>(width);
  ResidualCode trained{code, bytes, {}};
  if (code == Code::scalarQuantizer) {
    faiss::ScalarQuantizer quantizer(size, faiss::ScalarQuantizer::QT_8bit);
    quantizer.train(sample.size() / size, sample.data());
    trained.table = std::move(quantizer.trained);
    return trained;
  }
  // 256 centroids need no more than this to be good ones.
  sample = sample.first(std::min(sample.size(), std::size_t{32'768} * size));
  const std::size_t part = size / static_cast<std::size_t>(bytes);
  for (int m = 0; m < bytes; ++m) {
    PlainAssignment assignment(static_cast<int>(part), token);
    const auto slice = columns(sample, size, static_cast<std::size_t>(m) * part, part);
    const auto centroids = cluster(slice, static_cast<int>(part), 256, 12,
                                   seed + static_cast<std::uint64_t>(m) + 1, assignment);
    trained.table.insert(trained.table.end(), centroids.begin(), centroids.end());
  }
  return trained;
}

struct ResidualEncoder::Quantizer {
  std::unique_ptr<faiss::Quantizer> codes;
  std::size_t bytes = 0;
};

ResidualEncoder::ResidualEncoder(const ResidualCode& code, int width)
    : quantizer_(std::make_unique<Quantizer>()), width_(width) {
  const auto size = static_cast<std::size_t>(width);
  quantizer_->bytes = static_cast<std::size_t>(code.bytes);
  if (code.code == Code::productQuantizer) {
    auto quantizer = std::make_unique<faiss::ProductQuantizer>(size, quantizer_->bytes, 8);
    quantizer->centroids = code.table;
    quantizer_->codes = std::move(quantizer);
  } else {
    auto quantizer =
        std::make_unique<faiss::ScalarQuantizer>(size, faiss::ScalarQuantizer::QT_8bit);
    quantizer->trained = code.table;
    quantizer_->codes = std::move(quantizer);
  }
}

ResidualEncoder::~ResidualEncoder() = default;

std::vector<std::uint8_t> ResidualEncoder::encode(std::span<const float> residuals) const {
  const std::size_t count = residuals.size() / static_cast<std::size_t>(width_);
  std::vector<std::uint8_t> codes(count * quantizer_->bytes);
  quantizer_->codes->compute_codes(residuals.data(), codes.data(), count);
  return codes;
}

}  // namespace inkling
