// Attention of a photo's tokens to the tokens of a drawing, and one map of who looked at what:
//
//   output = softmax(scale * query . key + keyBias) value      for each head
//   map    = the mean (or maximum) over heads of the softmax, or that of one head
//
// The softmax is over the keys. The maps of all heads never exist together: a thread holds those of
// a few photo tokens of one head, and adds them up. Plain memory, no tensor library. Photos have
// hundreds to thousands of tokens, drawings tens to hundreds; any numbers work.
//
//   SketchAttention job{...};
//   at::parallel_for(0, job.items(), 1, [&](auto begin, auto end) { sketchAttention(job, begin,
//   end); });
//
// The way it is computed is that of routing_attention.h.
#pragma once

#include <cstdint>

#include "core/kernels/instructions.h"

namespace inkling::kernels {

/// Of the attention's maps, over heads.
enum class MapReduction { kMean, kMaximum, kOneHead };

/// Each token's numbers lie side by side, those of head h from h * headWidth on. Distances
/// ("strides") are in numbers; a photo's may be 0 where all photos share one drawing.
struct SketchAttention {
  /// A matrix [photos, tokens, numbers].
  template <typename Number>
  struct Matrix {
    Number* first = nullptr;
    std::int64_t tokenStride = 0, photoStride = 0;
    Number* at(std::int64_t photo, std::int64_t token) const {
      return first + photo * photoStride + token * tokenStride;
    }
  };
  Matrix<const float> query;       ///< [photos, tokens, heads * headWidth]
  Matrix<const float> key, value;  ///< [photos, keys, heads * headWidth]
  /// [photos, keys], keys side by side, or null: added to the logits, the logarithm of a factor of
  /// the weights. -infinity: the key gets the weight 0 exactly. If all keys of a photo have it, its
  /// output and its map are NaN.
  const float* keyBias = nullptr;
  std::int64_t biasPhotoStride = 0;

  Matrix<float> output;  ///< [photos, tokens, heads * headWidth]
  Matrix<float> map;     ///< [photos, tokens, keys], or null for none; rows of kMean add up to one
  MapReduction reduction = MapReduction::kMean;
  std::int64_t mapHead = 0;  ///< of kOneHead

  std::int64_t photos = 1, tokens = 0, keys = 0, heads = 1, headWidth = 0;
  float scale = 1;  ///< of the products of queries and keys

  static constexpr std::int64_t kItemTokens = 64;
  std::int64_t itemsOfPhoto() const { return (tokens + kItemTokens - 1) / kItemTokens; }
  /// What can be computed on its own: kItemTokens tokens of one photo, all heads.
  std::int64_t items() const { return photos * itemsOfPhoto(); }
  /// Of both products.
  std::int64_t multiplyAdds() const { return 2 * photos * tokens * keys * heads * headWidth; }
};

/// Computes the items begin .. end-1. Different items may run at the same time. NaN is passed on to
/// the outputs and the map, as PyTorch does: from hidden keys and values too.
void sketchAttention(const SketchAttention& job, std::int64_t begin, std::int64_t end,
                     Instructions instructions = fastestInstructions());

}  // namespace inkling::kernels
