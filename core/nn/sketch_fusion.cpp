#include "core/nn/sketch_fusion.h"

#include "core/nn/position.h"

namespace inkling {

SketchFusion::SketchFusion(const ModelConfig& config, Random& random)
    : trust_(2 * config.sketch.widths.back(), 1, random), mapToToken_(config.sketch.widths.back(), config.guidance.dim, random),
      embeddingToToken_(config.embeddingWidth(), config.guidance.dim, random),
      nothing_(truncatedNormal({1, 1, config.guidance.dim}, 0.5, random)),
      kind_(truncatedNormal({1, 1, config.guidance.dim}, 0.5, random)) {
  child("trust", trust_);
  child("map_to_token", mapToToken_);
  child("embedding_to_token", embeddingToToken_);
  parameter("nothing", nothing_);
  parameter("kind", kind_);
  // At first all sketches are trusted alike.
  trust_.setZero();
}

QueryTensors SketchFusion::forward(const SketchEncoder::Output& encoded, const Tensor& embeddings, const Tensor& weights) const {
  const std::int64_t batch = weights.size(0), count = weights.size(1), dim = kind_.size(2);
  const std::int64_t height = encoded.map.size(2), width = encoded.map.size(3), cells = height * width;
  const Tensor given = at::log(weights.clamp_min(0));  // -inf for sketches that are switched off
  const Tensor normalized = at::layer_norm(encoded.summary, {encoded.summary.size(-1)}, {}, {}, 1e-5);
  const Tensor share = at::log_softmax(trust_.forward(normalized).view({batch, count}) + given, -1);
  const Tensor portion = share.exp();

  QueryTensors query;
  query.sketches = count;
  query.tokensPerSketch = 1 + cells;
  const Tensor mean = (embeddings.view({batch, count, -1}) * portion.unsqueeze(-1)).sum(1);
  query.embedding = mean / mean.norm(2, -1, true).clamp_min(1e-6);
  query.words = (at::softmax(encoded.logits, -1).view({batch, count, -1}) * portion.unsqueeze(-1)).sum(1);
  query.maps = (encoded.map.view({batch, count, encoded.map.size(1), height, width}) * portion.view({batch, count, 1, 1, 1})).sum(1);

  const Tensor mapTokens = mapToToken_.forward(encoded.map.flatten(2).transpose(1, 2)) + sineGridPosition(height, width, dim);
  const Tensor summaryToken = embeddingToToken_.forward(embeddings).unsqueeze(1) + kind_;
  const Tensor each = at::cat({summaryToken, mapTokens}, 1).view({batch, count * (1 + cells), dim});
  query.tokens = at::cat({nothing_.expand({batch, 1, dim}), each}, 1);
  const Tensor eachBias = share.unsqueeze(-1).expand({batch, count, 1 + cells}).reshape({batch, count * (1 + cells)});
  query.keyBias = at::cat({at::zeros({batch, 1}), eachBias}, 1);
  return query;
}

}  // namespace inkling
