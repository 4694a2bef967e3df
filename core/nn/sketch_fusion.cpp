#include "core/nn/sketch_fusion.h"

#include <cmath>

#include "core/nn/position.h"

namespace inkling {
namespace {

constexpr double kFirstSharpness = 0.7, kFirstDistinction = 4;
// How far a query moves away from the unwanted: less than all the way, which would leave noise of
// drawings that are nearly alike.
constexpr double kAway = 0.8;

}  // namespace

SketchFusion::Pooling::Pooling(std::int64_t summaryWidth, Random& random)
    : trust_(summaryWidth, 1, random),
      sharpness_(at::full({1}, std::log(kFirstSharpness))),
      distinction_(at::full({1}, std::log(kFirstDistinction))) {
  child("trust", trust_);
  parameter("sharpness", sharpness_);
  parameter("distinction", distinction_);
  // At first all sketches are trusted alike.
  trust_.setZero();
}

Tensor SketchFusion::Pooling::logShares(const Tensor& summaries, const Tensor& weights) const {
  const Tensor given = at::log(weights.clamp_min(0));  // -inf for sketches that are switched off
  return at::log_softmax(trust_.forward(normalized(summaries)).squeeze(-1) + given, -1);
}

Tensor SketchFusion::Pooling::pool(const Tensor& logits, const Tensor& summaries,
                                   const Tensor& logShares) const {
  const Tensor shares = logShares.exp();
  const Tensor centred = normalized(summaries), direction = unitVectors(centred);
  const Tensor cosine = at::matmul(direction, direction.transpose(-1, -2));
  const Tensor redundancy = at::exp((cosine - 1).clamp_max(0) * distinction_.exp());
  const Tensor effective =
      1 /
      at::matmul(at::matmul(shares.unsqueeze(-2), redundancy), shares.unsqueeze(-1)).squeeze(-1);
  const Tensor mean = (at::log_softmax(logits, -1) * shares.unsqueeze(-1)).sum(-2);
  return at::log_softmax(mean * at::pow(effective.clamp_min(1), sharpness_.exp()), -1);
}

SketchFusion::SketchFusion(const ModelConfig& config, Random& random)
    : pooling_(2 * config.sketch.widths.back(), random),
      matches_(config.guidance.matches()),
      mapToToken_(config.sketch.widths.back(), config.guidance.dim, random),
      embeddingToToken_(matches_ ? config.embeddingWidth() : 2 * config.sketch.widths.back(),
                        config.guidance.dim, random),
      nothing_(truncatedNormal({1, 1, config.guidance.dim}, 0.5, random)),
      kind_(truncatedNormal({1, 1, config.guidance.dim}, 0.5, random)) {
  child("pooling", pooling_);
  child("map_to_token", mapToToken_);
  child("embedding_to_token", embeddingToToken_);
  parameter("nothing", nothing_);
  parameter("kind", kind_);
}

QueryTensors SketchFusion::forward(const SketchEncoder::Output& encoded, const MatchHead& match,
                                   const Tensor& weights) const {
  const std::int64_t batch = weights.size(0), count = weights.size(1), dim = kind_.size(2);
  const std::int64_t height = encoded.map.size(2), width = encoded.map.size(3),
                     cells = height * width;
  const Tensor summaries = encoded.summary.view({batch, count, -1});
  const Tensor share = pooling_.logShares(summaries, weights);
  const Tensor portion = share.exp();
  const Tensor embeddings = match.embedSketches(encoded.summary);

  QueryTensors query;
  query.sketches = count;
  query.tokensPerSketch = 1 + cells;
  query.embedding =
      match.renormalized((embeddings.view({batch, count, -1}) * portion.unsqueeze(-1)).sum(1));
  query.words = pooling_.pool(encoded.logits.view({batch, count, -1}), summaries, share).exp();
  query.summary = (summaries * portion.unsqueeze(-1)).sum(1);
  query.maps = (encoded.map.view({batch, count, encoded.map.size(1), height, width}) *
                portion.view({batch, count, 1, 1, 1}))
                   .sum(1);

  const Tensor mapTokens = mapToToken_.forward(encoded.map.flatten(2).transpose(1, 2)) +
                           sineGridPosition(height, width, dim, encoded.map.device());
  const Tensor whole = matches_ ? embeddings : normalized(encoded.summary);
  const Tensor summaryToken = embeddingToToken_.forward(whole).unsqueeze(1) + kind_;
  const Tensor each = at::cat({summaryToken, mapTokens}, 1).view({batch, count * (1 + cells), dim});
  query.tokens = at::cat({nothing_.expand({batch, 1, dim}), each}, 1);
  const Tensor eachBias =
      share.unsqueeze(-1).expand({batch, count, 1 + cells}).reshape({batch, count * (1 + cells)});
  query.keyBias = at::cat({at::zeros({batch, 1}, eachBias.options()), eachBias}, 1);
  return query;
}

QueryTensors QueryTensors::to(at::Device device) const {
  QueryTensors moved = *this;
  for (Tensor* tensor : {&moved.embedding, &moved.words, &moved.tokens, &moved.keyBias, &moved.maps,
                         &moved.drawn, &moved.summary})
    if (tensor->defined()) *tensor = tensor->to(device);
  return moved;
}

QueryTensors withoutUnwanted(QueryTensors wanted, const QueryTensors& unwanted,
                             const MatchHead& match) {
  const Tensor away = match.renormalized(unwanted.embedding.mean(0, true));
  wanted.embedding = match.renormalized(wanted.embedding - kAway * away);
  const Tensor rival = std::get<0>(unwanted.words.max(0, true));
  const Tensor kept = wanted.words * wanted.words / (wanted.words + rival).clamp_min(1e-9);
  wanted.words = kept / kept.sum(-1, true).clamp_min(1e-9);
  return wanted;
}

}  // namespace inkling
