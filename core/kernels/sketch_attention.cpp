#include "core/kernels/sketch_attention.h"

#include <algorithm>
#include <limits>

#include "core/kernels/attention_vectors.h"

namespace inkling::kernels {
namespace {

// What one thread works with: kLanes queries of one photo against all keys. A drawing has few
// keys: the weights of 300 for 16 queries take 19 KiB, which stay in the first caches.
struct Scratch {
  VectorMemory memory;
  float *queries, *mixed, *weights, *map;  // [width, lanes] twice, [keys, lanes] twice

  Scratch(const SketchAttention& job, std::int64_t lanes)
      : memory((2 * job.headWidth + 2 * padded(job.keys)) * lanes) {
    queries = memory.get();
    mixed = queries + job.headWidth * lanes;
    weights = mixed + job.headWidth * lanes;
    map = weights + padded(job.keys) * lanes;
  }
  static std::int64_t padded(std::int64_t keys) {
    return (keys + kTogether - 1) / kTogether * kTogether;
  }
};

// Logits become weights that add up to one.
template <int kLanes>
INKLING_INLINE void softmax(std::int64_t keys, const float* bias, float* logits) {
  using Floats = typename Vector<kLanes>::Floats;
  auto* weights = reinterpret_cast<Floats*>(logits);
  // Not from -infinity on: its difference from itself would be NaN for a key that is hidden.
  Floats highest = Floats{} + std::numeric_limits<float>::lowest(), sum = Floats{};
  for (std::int64_t j = 0; j < keys; ++j) {
    if (bias != nullptr) weights[j] += bias[j];
    highest = weights[j] > highest ? weights[j] : highest;
  }
  const Floats least = Floats{} - 87.0F;
  for (std::int64_t j = 0; j < keys; ++j) {
    const Floats below = weights[j] - highest;
    Floats weight = below;
    exponential<kLanes>(weight);
    weights[j] = below < least ? Floats{} : weight;
    sum += weights[j];
  }
  const Floats share = 1.0F / sum;
  for (std::int64_t j = 0; j < keys; ++j) weights[j] *= share;
}

// Takes the weights of a head into the map.
template <int kLanes>
INKLING_INLINE void reduce(const SketchAttention& job, std::int64_t head, const Scratch& scratch) {
  using Floats = typename Vector<kLanes>::Floats;
  const auto* weights = reinterpret_cast<const Floats*>(scratch.weights);
  auto* map = reinterpret_cast<Floats*>(scratch.map);
  const bool isFirst = job.reduction == MapReduction::kOneHead ? head == job.mapHead : head == 0;
  if (isFirst) {
    std::copy_n(scratch.weights, job.keys * kLanes, scratch.map);
  } else if (job.reduction == MapReduction::kMean) {
    for (std::int64_t j = 0; j < job.keys; ++j) map[j] += weights[j];
  } else if (job.reduction == MapReduction::kMaximum) {
    for (std::int64_t j = 0; j < job.keys; ++j) {
      const Floats most = weights[j] > map[j] ? weights[j] : map[j];
      map[j] = weights[j] == weights[j] ? most : weights[j];  // NaN is greater than all
    }
  }
}

template <int kLanes>
INKLING_INLINE void attend(const SketchAttention& job, std::int64_t photo, std::int64_t head,
                           std::int64_t token, std::int64_t count, const Scratch& scratch) {
  using Floats = typename Vector<kLanes>::Floats;
  const std::int64_t width = job.headWidth, start = head * width;
  std::fill_n(scratch.queries, width * kLanes, 0.0F);
  for (std::int64_t lane = 0; lane < count; ++lane) {
    const float* query = job.query.at(photo, token + lane) + start;
    for (std::int64_t c = 0; c < width; ++c)
      scratch.queries[c * kLanes + lane] = query[c] * job.scale;
  }
  std::fill_n(scratch.mixed, width * kLanes, 0.0F);
  products<kLanes>(Rows{job.key.at(photo, 0) + start, job.key.tokenStride}, job.keys, width,
                   scratch.queries, scratch.weights);
  softmax<kLanes>(job.keys,
                  job.keyBias == nullptr ? nullptr : job.keyBias + photo * job.biasPhotoStride,
                  scratch.weights);
  mix<kLanes>(Rows{job.value.at(photo, 0) + start, job.value.tokenStride}, job.keys, width,
              scratch.weights, Floats{}, scratch.mixed);
  for (std::int64_t lane = 0; lane < count; ++lane) {
    float* output = job.output.at(photo, token + lane) + start;
    for (std::int64_t c = 0; c < width; ++c) output[c] = scratch.mixed[c * kLanes + lane];
  }
}

// `count` <= kLanes tokens, all heads.
template <int kLanes>
INKLING_INLINE void tokens(const SketchAttention& job, std::int64_t photo, std::int64_t token,
                           std::int64_t count, const Scratch& scratch) {
  for (std::int64_t head = 0; head < job.heads; ++head) {
    attend<kLanes>(job, photo, head, token, count, scratch);
    if (job.map.first != nullptr) reduce<kLanes>(job, head, scratch);
  }
  if (job.map.first == nullptr) return;
  const float share =
      job.reduction == MapReduction::kMean ? 1.0F / static_cast<float>(job.heads) : 1.0F;
  for (std::int64_t lane = 0; lane < count; ++lane) {
    float* row = job.map.at(photo, token + lane);
    for (std::int64_t j = 0; j < job.keys; ++j) row[j] = scratch.map[j * kLanes + lane] * share;
  }
}

template <int kLanes>
INKLING_INLINE void items(const SketchAttention& job, std::int64_t begin, std::int64_t end,
                          const Scratch& scratch) {
  for (std::int64_t item = begin; item < end; ++item) {
    const std::int64_t first = item % job.itemsOfPhoto() * SketchAttention::kItemTokens;
    const std::int64_t last = std::min(first + SketchAttention::kItemTokens, job.tokens);
    for (std::int64_t token = first; token < last; token += kLanes)
      tokens<kLanes>(job, item / job.itemsOfPhoto(), token,
                     std::min<std::int64_t>(kLanes, last - token), scratch);
  }
}

void plain(const SketchAttention& job, std::int64_t begin, std::int64_t end) {
  items<4>(job, begin, end, Scratch(job, 4));
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void avx2(const SketchAttention& job, std::int64_t begin,
                                      std::int64_t end) {
  items<8>(job, begin, end, Scratch(job, 8));
}

[[gnu::target("avx512f,avx512dq,avx512vl,fma")]] void avx512(const SketchAttention& job,
                                                             std::int64_t begin, std::int64_t end) {
  items<16>(job, begin, end, Scratch(job, 16));
}
#endif

}  // namespace

void sketchAttention(const SketchAttention& job, std::int64_t begin, std::int64_t end,
                     Instructions instructions) {
#if defined(__x86_64__)
  if (instructions == Instructions::kAvx512) return avx512(job, begin, end);
  if (instructions == Instructions::kAvx2) return avx2(job, begin, end);
#endif
  static_cast<void>(instructions);
  plain(job, begin, end);
}

}  // namespace inkling::kernels
