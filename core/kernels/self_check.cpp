#include "core/kernels/self_check.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

namespace inkling::kernels {
namespace {

/// Numbers that are the same everywhere, as the folder has no library for them: SplitMix64 by
/// G. Steele and others, "Fast Splittable Pseudorandom Number Generators" (2014).
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}

  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
  }
  std::int64_t below(std::int64_t bound) { return static_cast<std::int64_t>(bits() >> 1) % bound; }
  float between(float low, float high) {
    return low + (high - low) * static_cast<float>(bits() >> 40) * 0x1p-24F;
  }
  /// About as normal numbers are spread.
  std::vector<float> several(std::int64_t count) {
    std::vector<float> result(static_cast<std::size_t>(count));
    for (float& each : result) each = between(-1.7F, 1.7F);
    return result;
  }

 private:
  std::uint64_t state_;
};

std::vector<float> nothing(std::int64_t count) {
  return std::vector<float>(static_cast<std::size_t>(count),
                            std::numeric_limits<float>::quiet_NaN());
}

// ---- letterbox

struct PhotoShape {
  int width, height, contentWidth, contentHeight, rowPadding;
};

void checkLetterbox(Backend& backend, const std::vector<PhotoShape>& shapes, bool isHalf) {
  Numbers numbers(1);
  std::vector<std::vector<std::uint8_t>> pixels;
  Letterboxing job;
  for (const PhotoShape& shape : shapes) {
    const std::int64_t rowBytes = std::int64_t{3} * shape.width + shape.rowPadding;
    auto& bytes = pixels.emplace_back(static_cast<std::size_t>(rowBytes * shape.height));
    for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(numbers.below(256));
    job.photos.push_back({bytes.data(), rowBytes, shape.width, shape.height, shape.contentWidth,
                          shape.contentHeight});
  }
  job.frameWidth = 140;
  job.frameHeight = 90;
  job.bgr = isHalf;
  job.normalise({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  std::vector<float> output = nothing(3 * job.items() * job.frameWidth);
  std::vector<std::uint16_t> halves(output.size());
  if (isHalf)
    job.halfOutput = halves.data();
  else
    job.output = output.data();
  backend.run(job);
}

void checkLetterboxes(Backend& backend) {
  // Smaller, exactly half, larger, both at once, one pixel; rows of whole words and others; more
  // photos than a card takes in one launch.
  std::vector<PhotoShape> shapes{
      {397, 211, 140, 74, 1}, {280, 180, 140, 90, 0}, {44, 33, 120, 90, 0}, {20, 300, 60, 90, 4},
      {1, 1, 90, 90, 0},      {3001, 7, 140, 1, 1},   {140, 90, 140, 90, 0}};
  for (int i = 0; i < 12; ++i) shapes.push_back({60 + 17 * i, 90, 60, 30 + i, i});
  checkLetterbox(backend, shapes, false);
  checkLetterbox(backend, {shapes.begin(), shapes.begin() + 3}, true);
}

// ---- routing attention

struct RoutingShape {
  std::int64_t photos, heads, headWidth, height, width, regionHeight, regionWidth, choices, kernel,
      gap;  ///< numbers between tokens, and at the start
};

std::vector<std::int64_t> chosenRegions(const RoutingAttention& job, Numbers& numbers) {
  std::vector<std::int64_t> all(static_cast<std::size_t>(job.regions())), chosen;
  std::iota(all.begin(), all.end(), 0);
  for (std::int64_t item = 0; item < job.items(); ++item) {
    for (std::int64_t i = 0; i < job.choices; ++i)
      std::swap(all[static_cast<std::size_t>(i)],
                all[static_cast<std::size_t>(i + numbers.below(job.regions() - i))]);
    chosen.insert(chosen.end(), all.begin(), all.begin() + job.choices);
  }
  return chosen;
}

void checkRouting(Backend& backend, const RoutingShape& shape) {
  Numbers numbers(2);
  const std::int64_t dim = shape.heads * shape.headWidth, tokens = shape.height * shape.width,
                     stride = 3 * dim + shape.gap, outputStride = dim + shape.gap;
  const std::vector<float> qkv = numbers.several(shape.photos * tokens * stride + shape.gap),
                           taps = numbers.several(shape.kernel * shape.kernel * dim),
                           bias = numbers.several(dim);
  std::vector<float> output = nothing(shape.photos * tokens * outputStride + shape.gap);
  RoutingAttention job;
  job.query = qkv.data() + shape.gap;
  job.key = job.query + dim;
  job.value = job.key + dim;
  job.tokenStride = stride;
  job.photoStride = tokens * stride;
  job.output = output.data() + shape.gap;
  job.outputTokenStride = outputStride;
  job.outputPhotoStride = tokens * outputStride;
  job.photos = shape.photos;
  job.heads = shape.heads;
  job.headWidth = shape.headWidth;
  job.gridHeight = shape.height;
  job.gridWidth = shape.width;
  job.regionHeight = shape.regionHeight;
  job.regionWidth = shape.regionWidth;
  job.choices = shape.choices;
  job.scale = 1 / std::sqrt(static_cast<float>(shape.headWidth));
  const std::vector<std::int64_t> chosen = chosenRegions(job, numbers);
  job.chosen = chosen.data();
  if (shape.kernel > 0) {
    job.localWeight = taps.data();
    job.localBias = bias.data();
    job.localKernel = shape.kernel;
  }
  backend.run(job);
}

void checkRoutings(Backend& backend) {
  for (const RoutingShape& shape : std::vector<RoutingShape>{
           {1, 1, 1, 1, 1, 1, 1, 1, 3, 0},     // one token
           {2, 3, 7, 13, 20, 4, 4, 3, 5, 1},   // smaller regions at the edges, nothing is aligned
           {2, 2, 32, 5, 4, 1, 1, 7, 0, 4},    // regions of one token
           {1, 4, 32, 32, 32, 4, 4, 8, 5, 0},  // as the product has them
           {1, 2, 32, 20, 19, 10, 10, 3, 5, 0},
           {1, 1, 64, 16, 16, 16, 8, 2, 3, 0},
           {2, 1, 128, 10, 7, 5, 4, 3, 1, 4},  // the widest
           {1, 1, 101, 10, 10, 10, 10, 1, 3, 0}})
    checkRouting(backend, shape);
}

// ---- deformable sampling

struct SamplingShape {
  std::vector<std::pair<std::int64_t, std::int64_t>> grids;  ///< height, width
  std::int64_t photos, queries, heads, headWidth, points, gap;
};

/// A place along `size` tokens, sometimes beyond them. The slopes have kinks at the middles of
/// tokens, where rounding decides what is right; so not there.
float awayFromMiddles(std::int64_t size, Numbers& numbers) {
  const auto token = static_cast<float>(numbers.below(size + 3) - 2);
  return (token + 0.5F + numbers.between(0.1F, 0.9F)) / static_cast<float>(size);
}

std::vector<float> locationsFor(const DeformableSampling& job, Numbers& numbers) {
  std::vector<float> result;
  for (std::int64_t unit = 0; unit < job.items() * job.heads; ++unit)
    for (const DeformableSampling::Level& level : job.levels)
      for (std::int64_t i = 0; i < job.points; ++i)
        for (const std::int64_t size : {level.width, level.height})
          result.push_back(awayFromMiddles(size, numbers));
  return result;
}

void checkSampling(Backend& backend, const SamplingShape& shape) {
  Numbers numbers(3);
  DeformableSampling job;
  std::int64_t tokens = 0;
  for (const auto& [height, width] : shape.grids) {
    job.levels.push_back({height, width, tokens});
    tokens += height * width;
  }
  const std::int64_t dim = shape.heads * shape.headWidth;
  job.tokenStride = dim + shape.gap;
  job.photoStride = tokens * job.tokenStride;
  job.photos = shape.photos;
  job.queries = shape.queries;
  job.heads = shape.heads;
  job.headWidth = shape.headWidth;
  job.points = shape.points;
  const std::vector<float> value = numbers.several(job.photos * job.photoStride),
                           location = locationsFor(job, numbers),
                           weight = numbers.several(static_cast<std::int64_t>(location.size()) / 2),
                           given = numbers.several(job.items() * dim);
  std::vector<float> output = nothing(job.items() * dim),
                     byValue = nothing(static_cast<std::int64_t>(value.size())),
                     byLocation = nothing(static_cast<std::int64_t>(location.size())),
                     byWeight = nothing(static_cast<std::int64_t>(weight.size()));
  job.value = value.data();
  job.location = location.data();
  job.weight = weight.data();
  job.output = output.data();
  backend.run(job);
  job.output = nullptr;
  backend.run(job, {given.data(), byValue.data(), job.tokenStride, job.photoStride,
                    byLocation.data(), byWeight.data()});
}

void checkSamplings(Backend& backend) {
  for (const SamplingShape& shape : std::vector<SamplingShape>{
           {{{1, 1}}, 1, 3, 1, 1, 2, 0},
           {{{5, 3}, {7, 7}}, 2, 9, 3, 7, 2, 1},
           {{{24, 24}}, 2, 150, 4, 32, 4, 0},  // as the product has it
           {{{13, 20}, {7, 10}, {4, 5}, {1, 2}}, 2, 40, 4, 32, 4, 4},
           {{{3, 4}}, 1, 5, 2, 200, 2, 0},  // more channels than a warp has at once
           {{{1, 9}}, 1, 50, 2, 17, 1, 0}})
    checkSampling(backend, shape);
}

// ---- sketch attention

struct SketchShape {
  std::int64_t photos, tokens, keys, heads, headWidth, gap;
  MapReduction reduction;
  bool hasBias, isOneDrawing, hasMap;
};

void checkSketch(Backend& backend, const SketchShape& shape) {
  Numbers numbers(4);
  const std::int64_t dim = shape.heads * shape.headWidth, stride = dim + shape.gap,
                     mapStride = shape.keys + shape.gap,
                     drawings = shape.isOneDrawing ? 1 : shape.photos,
                     drawingStride = shape.isOneDrawing ? 0 : shape.keys * stride,
                     allTokens = shape.photos * shape.tokens;
  const std::vector<float> query = numbers.several(allTokens * stride),
                           key = numbers.several(drawings * shape.keys * stride),
                           value = numbers.several(drawings * shape.keys * stride);
  std::vector<float> bias = numbers.several(drawings * shape.keys),
                     output = nothing(allTokens * stride), map = nothing(allTokens * mapStride);
  for (std::size_t i = 3; i < bias.size(); i += 5)
    bias[i] = -std::numeric_limits<float>::infinity();  // hidden
  SketchAttention job;
  job.query = {query.data(), stride, shape.tokens * stride};
  job.key = {key.data(), stride, drawingStride};
  job.value = {value.data(), stride, drawingStride};
  if (shape.hasBias) job.keyBias = bias.data();
  job.biasPhotoStride = shape.isOneDrawing ? 0 : shape.keys;
  job.output = {output.data(), stride, shape.tokens * stride};
  if (shape.hasMap) job.map = {map.data(), mapStride, shape.tokens * mapStride};
  job.reduction = shape.reduction;
  job.mapHead = shape.heads - 1;
  job.photos = shape.photos;
  job.tokens = shape.tokens;
  job.keys = shape.keys;
  job.heads = shape.heads;
  job.headWidth = shape.headWidth;
  job.scale = 1 / std::sqrt(static_cast<float>(shape.headWidth));
  backend.run(job);
}

void checkSketches(Backend& backend) {
  using enum MapReduction;
  for (const SketchShape& shape : std::vector<SketchShape>{
           {1, 1, 1, 1, 1, 0, kMean, false, false, true},
           {2, 70, 17, 3, 7, 1, kMean, true, false, true},
           {2, 65, 33, 2, 17, 0, kMaximum, true, true, true},
           {1, 576, 86, 8, 32, 0, kMean, true, false, true},  // as the product has it
           {1, 20, 129, 9, 32, 3, kOneHead, true, false, true},
           {3, 16, 64, 8, 32, 4, kMaximum, false, true, false},
           {2, 20, 45, 3, 64, 4, kMean, true, true, true},
           {1, 20, 45, 5, 128, 0, kMaximum, false, false, true},
           {2, 4090, 33, 2, 3, 0, kMaximum, true, false, true}})  // many blocks
    checkSketch(backend, shape);
}

// ---- non-maximum suppression

void checkSuppression(Backend& backend, std::int64_t photos, std::int64_t boxes,
                      std::int64_t mostKept, bool hasCounts) {
  Numbers numbers(5);
  std::vector<float> corners;
  for (std::int64_t i = 0; i < photos * boxes; ++i) {
    // At every tenth a box without area, or less; whole pixels, so that many overlaps are equal.
    const auto left = static_cast<float>(numbers.below(200)),
               top = static_cast<float>(numbers.below(200)), least = i % 10 == 9 ? -5.0F : 1.0F;
    corners.insert(corners.end(), {left, top, left + std::floor(numbers.between(least, 60)),
                                   top + std::floor(numbers.between(least, 60))});
  }
  std::vector<std::int64_t> counts(static_cast<std::size_t>(photos)), keptCount = counts;
  for (std::int64_t& each : counts) each = numbers.below(boxes + 1);
  NonMaximumSuppression job;
  job.boxes = corners.data();
  job.photos = photos;
  job.boxesPerPhoto = boxes;
  if (hasCounts) job.counts = counts.data();
  job.threshold = 0.4;
  job.mostKept = mostKept;
  std::vector<std::int64_t> kept(static_cast<std::size_t>(photos * job.room()));
  job.kept = kept.data();
  job.keptCount = keptCount.data();
  backend.run(job);
}

void checkSuppressions(Backend& backend) {
  checkSuppression(backend, 1, 1, 1, false);
  checkSuppression(backend, 2, 64, 64, false);
  checkSuppression(backend, 5, 130, 30, true);
  checkSuppression(backend, 1, 1000, 150, false);  // as the product has it
}

}  // namespace

std::vector<KernelDifference> selfCheck(CheckingBackend& checking) {
  checkLetterboxes(checking);
  checkRoutings(checking);
  checkSamplings(checking);
  checkSketches(checking);
  checkSuppressions(checking);
  return checking.differences();
}

}  // namespace inkling::kernels
