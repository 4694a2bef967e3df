#include "tests/bench/region_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/search/region_index_kernels.h"

namespace inkling::bench {
namespace {

constexpr std::size_t kRank = 4;
constexpr std::size_t kNormals = 1 << 16;

// The direction in which rows vary most, by power iteration, scaled by the deviation there; and
// takes it out of the rows.
std::vector<float> mainDirection(std::vector<float>& rows, std::size_t width, Random& random) {
  std::vector<double> direction(width);
  for (double& value : direction) value = random.normal();
  const std::size_t count = rows.size() / width;
  double length = 0;
  for (int iteration = 0; iteration < 12; ++iteration) {
    std::vector<double> next(width);
    for (std::size_t i = 0; i < count; ++i) {
      double along = 0;
      for (std::size_t j = 0; j < width; ++j) along += direction[j] * rows[i * width + j];
      for (std::size_t j = 0; j < width; ++j) next[j] += along * rows[i * width + j];
    }
    length = 0;
    for (const double value : next) length += value * value;
    length = std::sqrt(length);
    if (length == 0) return std::vector<float>(width);
    for (std::size_t j = 0; j < width; ++j) direction[j] = next[j] / length;
  }
  for (std::size_t i = 0; i < count; ++i) {
    double along = 0;
    for (std::size_t j = 0; j < width; ++j) along += direction[j] * rows[i * width + j];
    for (std::size_t j = 0; j < width; ++j)
      rows[i * width + j] -= static_cast<float>(along * direction[j]);
  }
  const double deviation = std::sqrt(length / static_cast<double>(count));
  std::vector<float> scaled;
  for (const double value : direction) scaled.push_back(static_cast<float>(deviation * value));
  return scaled;
}

}  // namespace

RegionModel::RegionModel(const RegionVectorsFile& real, std::uint64_t seed)
    : dimension_(static_cast<std::size_t>(real.dimension)), counts_(real.counts) {
  if (real.values.size() / dimension_ < 1000)
    throw InputError("a model needs at least 1,000 region vectors");
  Random random(seed, 77);
  for (std::size_t i = 0; i < kNormals; ++i)
    normals_.push_back(static_cast<float>(random.normal()));
  const auto of = assign(real, seed);
  fitClusters(real, of);
  fitPhotos(real, of);
}

// Lloyd's k-means; leaves the means in clusters_.
std::vector<std::size_t> RegionModel::assign(const RegionVectorsFile& real, std::uint64_t seed) {
  const std::size_t count = real.values.size() / dimension_;
  Random random(seed);
  clusters_.resize(std::clamp<std::size_t>(count / 100, 8, 512));
  for (Cluster& cluster : clusters_) {
    const std::size_t at = random.below(static_cast<std::uint32_t>(count)) * dimension_;
    cluster.mean.assign(real.values.begin() + static_cast<std::ptrdiff_t>(at),
                        real.values.begin() + static_cast<std::ptrdiff_t>(at + dimension_));
  }
  std::vector<std::size_t> of(count);
  for (int iteration = 0; iteration < 8; ++iteration) {
    std::vector<std::vector<double>> sums(clusters_.size(), std::vector<double>(dimension_));
    std::vector<std::size_t> sizes(clusters_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const float* vector = real.values.data() + i * dimension_;
      float least = std::numeric_limits<float>::max();
      for (std::size_t c = 0; c < clusters_.size(); ++c) {
        const float distance =
            kernels::squaredDistance(vector, clusters_[c].mean.data(), dimension_);
        if (distance >= least) continue;
        least = distance;
        of[i] = c;
      }
      ++sizes[of[i]];
      for (std::size_t j = 0; j < dimension_; ++j) sums[of[i]][j] += vector[j];
    }
    for (std::size_t c = 0; c < clusters_.size(); ++c) {
      clusters_[c].share = static_cast<double>(sizes[c]) / static_cast<double>(count);
      for (std::size_t j = 0; sizes[c] > 0 && j < dimension_; ++j)
        clusters_[c].mean[j] = static_cast<float>(sums[c][j] / static_cast<double>(sizes[c]));
    }
  }
  return of;
}

void RegionModel::fitClusters(const RegionVectorsFile& real, const std::vector<std::size_t>& of) {
  std::vector<std::vector<float>> residuals(clusters_.size());
  std::vector<double> squares(dimension_);
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (std::size_t j = 0; j < dimension_; ++j) {
      const float residual = real.values[i * dimension_ + j] - clusters_[of[i]].mean[j];
      residuals[of[i]].push_back(residual);
      squares[j] += static_cast<double>(residual) * residual;
    }
  }
  for (const double sum : squares)
    spread_.push_back(static_cast<float>(std::sqrt(sum / static_cast<double>(of.size()))));
  Random random(3);
  for (std::size_t c = 0; c < clusters_.size(); ++c) {
    Cluster& cluster = clusters_[c];
    std::vector<float>& rows = residuals[c];
    const std::size_t count = rows.size() / dimension_;
    cluster.deviation.resize(dimension_);
    // Few vectors say little of their directions.
    for (std::size_t rank = 0; rank < kRank && count >= 8 * kRank; ++rank) {
      const auto direction = mainDirection(rows, dimension_, random);
      cluster.directions.insert(cluster.directions.end(), direction.begin(), direction.end());
    }
    for (std::size_t j = 0; count > 0 && j < dimension_; ++j) {
      double sum = 0;
      for (std::size_t i = j; i < rows.size(); i += dimension_)
        sum += static_cast<double>(rows[i]) * rows[i];
      cluster.deviation[j] = static_cast<float>(std::sqrt(sum / static_cast<double>(count)));
    }
  }
}

void RegionModel::fitPhotos(const RegionVectorsFile& real, const std::vector<std::size_t>& of) {
  double pairs = 0, same = 0, agreement = 0, squares = 0, chance = 0;
  std::size_t first = 0;
  const auto residual = [&](std::size_t vector, std::size_t j) {
    return static_cast<double>(real.values[vector * dimension_ + j]) -
           static_cast<double>(clusters_[of[vector]].mean[j]);
  };
  for (const std::uint32_t count : real.counts) {
    for (std::size_t region = 0; region + 1 < count; ++region) {
      const std::size_t a = first + region, b = a + 1;
      pairs += 1;
      same += of[a] == of[b] ? 1 : 0;
      for (std::size_t j = 0; j < dimension_; ++j) {
        agreement += residual(a, j) * residual(b, j);
        squares += residual(a, j) * residual(a, j);
      }
    }
    first += count;
  }
  if (pairs == 0) return;
  for (const Cluster& cluster : clusters_) chance += cluster.share * cluster.share;
  sameCluster_ = std::sqrt(std::clamp((same / pairs - chance) / (1 - chance), 0.0, 1.0));
  agreement_ = std::clamp(agreement / std::max(squares, 1e-30), 0.0, 1.0);
}

std::size_t RegionModel::drawCluster(Random& random) const {
  double left = random.uniform();
  for (std::size_t c = 0; c + 1 < clusters_.size(); ++c) {
    left -= clusters_[c].share;
    if (left < 0) return c;
  }
  return clusters_.size() - 1;
}

float RegionModel::normal(Random& random) const { return normals_[random.next() % kNormals]; }

RegionVectors RegionModel::photo(std::int64_t id, int regions) const {
  Random random(mixSeed(static_cast<std::uint64_t>(id), 0xbe9c));
  const std::size_t count = regions > 0 ? static_cast<std::size_t>(regions) : random.pick(counts_);
  const std::size_t main = drawCluster(random);
  std::vector<float> common(dimension_);
  for (std::size_t j = 0; j < dimension_; ++j)
    common[j] = static_cast<float>(std::sqrt(agreement_)) * spread_[j] * normal(random);
  const auto own = static_cast<float>(std::sqrt(1 - agreement_));

  RegionVectors photo{id, {}};
  photo.values.reserve(count * dimension_);
  for (std::size_t region = 0; region < count; ++region) {
    const Cluster& cluster = clusters_[random.chance(sameCluster_) ? main : drawCluster(random)];
    std::vector<float> vector = cluster.mean;
    for (std::size_t at = 0; at < cluster.directions.size(); at += dimension_) {
      const float amount = own * normal(random);
      for (std::size_t j = 0; j < dimension_; ++j) vector[j] += amount * cluster.directions[at + j];
    }
    for (std::size_t j = 0; j < dimension_; ++j)
      vector[j] += common[j] + own * cluster.deviation[j] * normal(random);
    photo.values.insert(photo.values.end(), vector.begin(), vector.end());
  }
  return photo;
}

std::string RegionModel::summary() const {
  return fmt::format(
      "{} values, {} clusters; a region is of its photo's main cluster with probability {:.2f}, "
      "{:.2f} of the variance within clusters is common to a photo's regions",
      dimension_, clusters_.size(), sameCluster_, agreement_);
}

}  // namespace inkling::bench
