#include "core/kernels/routing_attention.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "core/kernels/attention_vectors.h"

namespace inkling::kernels {
namespace {

constexpr std::int64_t kBlock = 64;  // keys at a time; their logits stay in the first cache

// What one thread works with; the sizes do not depend on the number of tokens, but for the list of
// tokens.
struct Scratch {
  VectorMemory memory;
  float *queries, *logits, *mixed;           // [width, lanes], [kBlock, lanes], [width, lanes]
  std::vector<std::int64_t> tokens, places;  // of the region's own; of the chosen ones

  Scratch(std::int64_t width, std::int64_t lanes) : memory((2 * width + kBlock) * lanes) {
    queries = memory.get();
    mixed = queries + width * lanes;
    logits = mixed + width * lanes;
  }
};

void appendTokens(const RoutingAttention& job, std::int64_t region,
                  std::vector<std::int64_t>& list) {
  const std::int64_t top = region / job.regionColumns() * job.regionHeight;
  const std::int64_t left = region % job.regionColumns() * job.regionWidth;
  const std::int64_t bottom = std::min(top + job.regionHeight, job.gridHeight);
  const std::int64_t right = std::min(left + job.regionWidth, job.gridWidth);
  for (std::int64_t y = top; y < bottom; ++y) {
    for (std::int64_t x = left; x < right; ++x) list.push_back(y * job.gridWidth + x);
  }
}

// `count` <= kLanes queries of one head against all chosen tokens.
template <int kLanes>
INKLING_INLINE void attend(const RoutingAttention& job, std::int64_t photo, std::int64_t head,
                           const std::int64_t* tokens, std::int64_t count, Scratch& scratch) {
  using Floats = typename Vector<kLanes>::Floats;
  const std::int64_t width = job.headWidth, stride = job.tokenStride;
  const std::int64_t start = photo * job.photoStride + head * width;
  std::fill_n(scratch.queries, width * kLanes, 0.0F);
  for (std::int64_t lane = 0; lane < count; ++lane) {
    const float* query = job.query + start + tokens[lane] * stride;
    for (std::int64_t c = 0; c < width; ++c)
      scratch.queries[c * kLanes + lane] = query[c] * job.scale;
  }
  std::fill_n(scratch.mixed, width * kLanes, 0.0F);
  Floats maximum = Floats{} - std::numeric_limits<float>::infinity(), sum = Floats{};
  auto* logits = reinterpret_cast<Floats*>(scratch.logits);
  const auto keys = static_cast<std::int64_t>(scratch.places.size());
  for (std::int64_t first = 0; first < keys; first += kBlock) {
    const std::int64_t* places = scratch.places.data() + first;
    const std::int64_t block = std::min(kBlock, keys - first);
    products<kLanes>(GatheredRows{job.key + start, stride, places}, block, width, scratch.queries,
                     scratch.logits);
    Floats highest = maximum;
    for (std::int64_t j = 0; j < block; ++j) highest = logits[j] > highest ? logits[j] : highest;
    Floats keep = maximum - highest;
    exponential<kLanes>(keep);
    maximum = highest;
    sum = sum * keep;
    for (std::int64_t j = 0; j < block; ++j) {
      Floats weight = logits[j] - highest;
      exponential<kLanes>(weight);
      logits[j] = weight;
      sum += weight;
    }
    mix<kLanes>(GatheredRows{job.value + start, stride, places}, block, width, scratch.logits, keep,
                scratch.mixed);
  }
  const Floats share = 1.0F / sum;
  auto* mixed = reinterpret_cast<Floats*>(scratch.mixed);
  for (std::int64_t c = 0; c < width; ++c) mixed[c] = mixed[c] * share;
  for (std::int64_t lane = 0; lane < count; ++lane) {
    float* output = job.output + photo * job.outputPhotoStride +
                    tokens[lane] * job.outputTokenStride + head * width;
    for (std::int64_t c = 0; c < width; ++c) output[c] = scratch.mixed[c * kLanes + lane];
  }
}

// Adds the depthwise convolution of the values at one token.
template <int kLanes>
INKLING_INLINE void addLocal(const RoutingAttention& job, std::int64_t photo, std::int64_t token) {
  using Loose = typename Vector<kLanes>::Loose;
  const std::int64_t channels = job.heads * job.headWidth, reach = job.localKernel / 2;
  const std::int64_t y = token / job.gridWidth, x = token % job.gridWidth;
  const std::int64_t top = std::max<std::int64_t>(0, y - reach),
                     bottom = std::min(job.gridHeight - 1, y + reach),
                     left = std::max<std::int64_t>(0, x - reach),
                     right = std::min(job.gridWidth - 1, x + reach);
  const float* values = job.value + photo * job.photoStride;
  float* output = job.output + photo * job.outputPhotoStride + token * job.outputTokenStride;
  std::int64_t c = 0;
  for (; c + kLanes <= channels; c += kLanes) {
    Loose sum = *reinterpret_cast<const Loose*>(job.localBias + c) +
                *reinterpret_cast<const Loose*>(output + c);
    for (std::int64_t v = top; v <= bottom; ++v) {
      for (std::int64_t u = left; u <= right; ++u) {
        const std::int64_t tap = (v - y + reach) * job.localKernel + u - x + reach;
        sum +=
            *reinterpret_cast<const Loose*>(job.localWeight + tap * channels + c) *
            *reinterpret_cast<const Loose*>(values + (v * job.gridWidth + u) * job.tokenStride + c);
      }
    }
    *reinterpret_cast<Loose*>(output + c) = sum;
  }
  for (; c < channels; ++c) {
    float sum = job.localBias[c];
    for (std::int64_t v = top; v <= bottom; ++v) {
      for (std::int64_t u = left; u <= right; ++u) {
        const std::int64_t tap = (v - y + reach) * job.localKernel + u - x + reach;
        sum += job.localWeight[tap * channels + c] *
               values[(v * job.gridWidth + u) * job.tokenStride + c];
      }
    }
    output[c] += sum;
  }
}

template <int kLanes>
INKLING_INLINE void items(const RoutingAttention& job, std::int64_t begin, std::int64_t end,
                          Scratch& scratch) {
  for (std::int64_t item = begin; item < end; ++item) {
    const std::int64_t photo = item / job.regions(), region = item % job.regions();
    scratch.tokens.clear();
    scratch.places.clear();
    appendTokens(job, region, scratch.tokens);
    for (std::int64_t i = 0; i < job.choices; ++i)
      appendTokens(job, job.chosen[item * job.choices + i], scratch.places);
    const auto count = static_cast<std::int64_t>(scratch.tokens.size());
    for (std::int64_t head = 0; head < job.heads; ++head) {
      for (std::int64_t i = 0; i < count; i += kLanes) {
        attend<kLanes>(job, photo, head, scratch.tokens.data() + i,
                       std::min<std::int64_t>(kLanes, count - i), scratch);
      }
    }
    if (job.localWeight != nullptr) {
      for (const std::int64_t token : scratch.tokens) addLocal<kLanes>(job, photo, token);
    }
  }
}

void plain(const RoutingAttention& job, std::int64_t begin, std::int64_t end) {
  Scratch scratch(job.headWidth, 4);
  items<4>(job, begin, end, scratch);
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] void avx2(const RoutingAttention& job, std::int64_t begin,
                                      std::int64_t end) {
  Scratch scratch(job.headWidth, 8);
  items<8>(job, begin, end, scratch);
}

[[gnu::target("avx512f,avx512dq,avx512vl,fma")]] void avx512(const RoutingAttention& job,
                                                             std::int64_t begin, std::int64_t end) {
  Scratch scratch(job.headWidth, 16);
  items<16>(job, begin, end, scratch);
}
#endif

}  // namespace

std::int64_t RoutingAttention::multiplyAdds() const {
  const auto tokensOf = [this](std::int64_t region) {
    const std::int64_t top = region / regionColumns() * regionHeight,
                       left = region % regionColumns() * regionWidth;
    return std::min(regionHeight, gridHeight - top) * std::min(regionWidth, gridWidth - left);
  };
  std::int64_t pairs = 0;
  for (std::int64_t item = 0; item < items(); ++item) {
    std::int64_t keys = 0;
    for (std::int64_t i = 0; i < choices; ++i) keys += tokensOf(chosen[item * choices + i]);
    pairs += tokensOf(item % regions()) * keys;
  }
  const std::int64_t width = heads * headWidth;
  const std::int64_t taps = localWeight == nullptr ? 0 : localKernel * localKernel;
  return 2 * pairs * width + photos * gridHeight * gridWidth * width * taps;
}

void routingAttention(const RoutingAttention& job, std::int64_t begin, std::int64_t end,
                      Instructions instructions) {
#if defined(__x86_64__)
  if (instructions == Instructions::kAvx512) return avx512(job, begin, end);
  if (instructions == Instructions::kAvx2) return avx2(job, begin, end);
#endif
  static_cast<void>(instructions);
  plain(job, begin, end);
}

}  // namespace inkling::kernels
