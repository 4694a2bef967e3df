#include "core/nn/attention/locformer_fusion.h"

#include <cmath>

#include "core/nn/position.h"

namespace inkling {

LocformerFusion::LocformerFusion(std::int64_t dim, std::int64_t hidden, std::int64_t heads,
                                 Random& random)
    : self_attn(dim, heads, random),
      linear1(dim, hidden, random),
      linear2(hidden, dim, random),
      norm3(dim) {
  child("self_attn", self_attn);
  child("linear1", linear1);
  child("linear2", linear2);
  child("norm3", norm3);
}

AttentionResult LocformerFusion::forward(const Tensor& tokens, const Tensor& position,
                                         const Tensor& other, const Tensor& otherPosition,
                                         const Tensor& keyBias, bool wantMap) const {
  const Tensor query = position.defined() ? tokens + position : tokens;
  const Tensor key = otherPosition.defined() ? other + otherPosition : other;
  AttentionResult result = self_attn.forward(query, key, other, keyBias, wantMap);
  const Tensor update = linear2.forward(at::relu(linear1.forward(result.tokens)));
  result.tokens = norm3.forward(tokens + update);
  return result;
}

LocformerEncoderFusion::LocformerEncoderFusion(std::int64_t dim, std::int64_t hidden,
                                               std::int64_t heads, std::int64_t sketchChannels,
                                               Random& random)
    : fusion(dim, hidden, heads, random),
      projectWeight(uniformTensor({dim, sketchChannels, 1, 1},
                                  std::sqrt(6.0 / static_cast<double>(dim + sketchChannels)),
                                  random)),
      projectBias(at::zeros({dim})),
      projectNorm(32, dim) {
  child("fusion", fusion);
  parameter("attention_proj.0.weight", projectWeight);
  parameter("attention_proj.0.bias", projectBias);
  child("attention_proj.1", projectNorm);
}

AttentionResult LocformerEncoderFusion::forward(const Tensor& tokens, TokenGrid grid,
                                                const Tensor& sketch, const Tensor& keyBias,
                                                bool wantMap) const {
  const std::int64_t dim = tokens.size(2);
  const Tensor map = projectNorm.forward(at::conv2d(sketch, projectWeight, projectBias));
  return fusion.forward(tokens, sineCountPosition(grid.height, grid.width, dim, tokens.device()),
                        map.flatten(2).transpose(1, 2),
                        sineCountPosition(sketch.size(2), sketch.size(3), dim, sketch.device()), keyBias, wantMap);
}

}  // namespace inkling
