// What is known of the drawings before any photo is seen. B queries, M sketch tokens: one token
// that stands for nothing, then for each sketch its embedding and its 4x4 map.
#pragma once

#include "core/nn/tensor.h"

namespace inkling {

struct QueryTensors {
  Tensor embedding;  ///< [B, embeddingWidth] fused unit vectors of the matching space
  Tensor words;      ///< [B, words] probability that the drawings show each word
  Tensor tokens;     ///< [B, M, dim]
  Tensor keyBias;    ///< [B, M] log weights; -inf leaves a token out
  Tensor maps;       ///< [B, C, h, w] weighted mean of the encoder's maps
  Tensor drawn;      ///< [B, tokenWidth] trunk features of the drawings, for a cosine start only
  Tensor summary;    ///< [B, 2C] weighted mean of the encoder's summaries

  QueryTensors to(at::Device device) const;

  std::int64_t sketches = 1;  ///< sketches a query; M = 1 + sketches * (1 + h * w)
  std::int64_t tokensPerSketch = 17;
};

}  // namespace inkling
