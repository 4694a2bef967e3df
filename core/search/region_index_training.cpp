#include "core/search/region_index_training.h"

#include <algorithm>
#include <cmath>

#include <faiss/Clustering.h>
#include <faiss/IndexHNSW.h>
#include <faiss/impl/DistanceComputer.h>
#include <faiss/impl/ScalarQuantizer.h>
#include <omp.h>

#include "core/base/error.h"
#include "core/search/region_index_kernels.h"

namespace inkling {
namespace {

using region_file::Code;

// Vectors for a graph to measure distances to.
class GraphStorage : public faiss::Index {
 public:
  GraphStorage(std::span<const float> vectors, int width)
      : Index(width, faiss::METRIC_L2), vectors_(vectors.begin(), vectors.end()) {}
  void add(idx_t count, const float* /*those of the constructor*/) override { ntotal += count; }
  void reset() override { ntotal = 0; }
  void search(idx_t, const float*, idx_t, float*, idx_t*,
              const faiss::SearchParameters*) const override {
    throw UsageError("only the graph is searched");
  }
  faiss::DistanceComputer* get_distance_computer() const override { return new Distance(*this); }

 private:
  struct Distance : faiss::DistanceComputer {
    explicit Distance(const GraphStorage& storage)
        : vectors(storage.vectors_.data()), width(static_cast<std::size_t>(storage.d)) {}
    void set_query(const float* vector) override { query = vector; }
    float operator()(idx_t i) override {
      return kernels::squaredDistance(query, vectors + static_cast<std::size_t>(i) * width, width);
    }
    float symmetric_dis(idx_t i, idx_t j) override {
      return kernels::squaredDistance(vectors + static_cast<std::size_t>(i) * width,
                                      vectors + static_cast<std::size_t>(j) * width, width);
    }
    const float* vectors;
    const float* query = nullptr;
    std::size_t width;
  };
  std::vector<float> vectors_;
};

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
      distances[i] = kernels::squaredDistance(
          vectors + i * width, centroids_.data() + static_cast<std::size_t>(found[i]) * width,
          width);
    }
  }

 private:
  std::unique_ptr<NearestCentroid> nearest_;
  std::vector<float> centroids_;
};

// Rows to columns: for kernels::nearestColumn().
std::vector<float> transposed(const float* rows, std::size_t count, std::size_t width) {
  std::vector<float> columns(count * width);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = 0; j < width; ++j) columns[j * count + i] = rows[i * width + j];
  }
  return columns;
}

// For the 256 centroids of a product quantizer: all are looked at. FAISS' own way would be by BLAS,
// slow with Debian's plain one, and another one on another machine.
class PlainAssignment : public Assignment {
 public:
  using Assignment::Assignment;
  void add(idx_t count, const float* centroids) override {
    columns_ = transposed(centroids, static_cast<std::size_t>(count), static_cast<std::size_t>(d));
    ntotal = count;
  }
  void search(idx_t count, const float* vectors, idx_t /*k*/, float* distances, idx_t* labels,
              const faiss::SearchParameters* /*none*/) const override {
    token_.check();
#pragma omp parallel for
    for (idx_t i = 0; i < count; ++i) {
      labels[i] = static_cast<idx_t>(
          kernels::nearestColumn(vectors + i * d, columns_.data(), static_cast<std::size_t>(d),
                                 static_cast<std::size_t>(ntotal), distances[i]));
    }
  }

 private:
  std::vector<float> columns_;
};

std::vector<float> cluster(std::span<const float> sample, int width, int count, std::uint64_t seed,
                           Assignment& assignment) {
  faiss::ClusteringParameters parameters;
  parameters.niter = 10;
  parameters.seed = static_cast<int>(seed & 0x7fffffff);
  parameters.min_points_per_centroid = 1;  // fewer than usual is no reason for a warning on stderr
  parameters.max_points_per_centroid = 64;
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
  Graph(std::span<const float> centroids, int width)
      : storage(centroids, width), index(&storage, 16) {
    index.own_fields = false;
    index.hnsw.efConstruction = 48;
    index.hnsw.efSearch = 32;
  }
  GraphStorage storage;
  faiss::IndexHNSW index;
};

NearestCentroid::NearestCentroid(std::span<const float> centroids, int width)
    : graph_(std::make_unique<Graph>(centroids, width)) {
  // Several threads would build another graph each time.
  const int before = omp_get_max_threads();
  omp_set_num_threads(1);
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
  return cluster(sample, width, lists, seed, assignment);
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
  const std::size_t part = size / static_cast<std::size_t>(bytes);
  for (int m = 0; m < bytes; ++m) {
    PlainAssignment assignment(static_cast<int>(part), token);
    const auto slice = columns(sample, size, static_cast<std::size_t>(m) * part, part);
    const auto centroids = cluster(slice, static_cast<int>(part), 256,
                                   seed + static_cast<std::uint64_t>(m) + 1, assignment);
    trained.table.insert(trained.table.end(), centroids.begin(), centroids.end());
  }
  return trained;
}

struct ResidualEncoder::Quantizer {
  Quantizer(const ResidualCode& trained, std::size_t values)
      : code(trained), width(values), scalar(values, faiss::ScalarQuantizer::QT_8bit) {
    if (code.code == Code::scalarQuantizer) {
      scalar.trained = code.table;
      return;
    }
    const std::size_t part = width / bytes();
    for (std::size_t m = 0; m < bytes(); ++m) {
      const auto table = transposed(code.table.data() + m * 256 * part, 256, part);
      columns.insert(columns.end(), table.begin(), table.end());
    }
  }
  std::size_t bytes() const { return static_cast<std::size_t>(code.bytes); }
  void product(const float* vector, std::uint8_t* to) const {
    const std::size_t part = width / bytes();
    float distance = 0;
    for (std::size_t m = 0; m < bytes(); ++m) {
      to[m] = static_cast<std::uint8_t>(kernels::nearestColumn(
          vector + m * part, columns.data() + m * 256 * part, part, 256, distance));
    }
  }

  ResidualCode code;
  std::size_t width;
  faiss::ScalarQuantizer scalar;
  std::vector<float> columns;  // product quantizer: each sub-quantizer's table, transposed
};

ResidualEncoder::ResidualEncoder(const ResidualCode& code, int width)
    : quantizer_(std::make_unique<Quantizer>(code, static_cast<std::size_t>(width))) {}

ResidualEncoder::~ResidualEncoder() = default;

std::vector<std::uint8_t> ResidualEncoder::encode(std::span<const float> residuals) const {
  const std::size_t count = residuals.size() / quantizer_->width, bytes = quantizer_->bytes();
  std::vector<std::uint8_t> codes(count * bytes);
  if (quantizer_->code.code == Code::scalarQuantizer) {
    quantizer_->scalar.compute_codes(residuals.data(), codes.data(), count);
    return codes;
  }
#pragma omp parallel for
  for (std::size_t i = 0; i < count; ++i)
    quantizer_->product(residuals.data() + i * quantizer_->width, codes.data() + i * bytes);
  return codes;
}

}  // namespace inkling
