#include "core/nn/guided_encoder.h"

#include "core/nn/position.h"

namespace inkling {

struct GuidedEncoder::Layer : Module {
  LayerNorm norm1, norm2, norm3;
  std::unique_ptr<SelfAttention> self;
  std::unique_ptr<MultiHeadAttention> cross;
  Mlp mlp;

  Layer(const GuidanceConfig& config, std::int64_t number, TokenGrid grid, Random& random)
      : norm1(config.dim),
        norm2(config.dim),
        norm3(config.dim),
        self(makeSelfAttention(
            {config.attention, config.dim, config.heads, number, config.encoderLayers, grid},
            random)),
        mlp(config.dim, config.hidden, config.dim, random, config.dropout) {
    child("norm1", norm1);
    child("self", *self);
    if (config.attends()) {
      cross = std::make_unique<MultiHeadAttention>(config.dim, config.heads, random);
      child("norm2", norm2);
      child("cross", *cross);
    }
    child("norm3", norm3);
    child("mlp", mlp);
  }
};

GuidedEncoder::GuidedEncoder(const GuidanceConfig& config, std::int64_t tokenWidth,
                             std::int64_t summaryWidth, TokenGrid grid, Random& random)
    : config_(config),
      input_(tokenWidth + (config.mode == "concat" ? summaryWidth : 0), config.dim, random),
      norm_(config.dim),
      relevance_(config.dim, 1, random) {
  child("input", input_);
  for (std::int64_t i = 0; i < config.encoderLayers; ++i) {
    layers_.push_back(std::make_unique<Layer>(config, i, grid, random));
    child("layers." + std::to_string(i), *layers_.back());
  }
  child("norm", norm_);
  child("relevance", relevance_);
  relevance_.bias.fill_(-2.0);
}

GuidedEncoder::~GuidedEncoder() = default;

Tensor GuidedEncoder::project(const Tensor& tokens, TokenGrid grid,
                              const QueryTensors& query) const {
  Tensor input = at::dropout(tokens, config_.dropout, training());
  if (config_.mode == "concat") {
    const Tensor sketch = normalized(query.summary).unsqueeze(1);
    input = at::cat({input, sketch.expand({-1, tokens.size(1), -1})}, -1);
  }
  return input_.forward(input) +
         sineGridPosition(grid.height, grid.width, config_.dim, tokens.device());
}

GuidedEncoder::Output GuidedEncoder::forward(const Tensor& tokens, TokenGrid grid,
                                             const QueryTensors& query, bool wantMaps) const {
  Output output;
  Tensor x = project(tokens, grid, query);
  AttentionPass pass;
  pass.map = wantMaps;
  for (const auto& layer : layers_) {
    // The sketch comes first: what a token then tells its neighbours is about the object that is
    // looked for.
    if (layer->cross) {
      const AttentionResult cross = layer->cross->forward(layer->norm2.forward(x), query.tokens,
                                                          query.tokens, query.keyBias, wantMaps);
      x = x + cross.tokens;
      if (wantMaps) output.sketchMaps.push_back(cross.map);
    }
    AttentionResult self = layer->self->forward(layer->norm1.forward(x), grid, pass);
    x = x + self.tokens;
    x = x + layer->mlp.forward(layer->norm3.forward(x));
    self.tokens = Tensor();
    if (wantMaps) output.self.push_back(std::move(self));
  }
  output.tokens = norm_.forward(x);
  output.relevance = relevance_.forward(output.tokens).squeeze(-1);
  return output;
}

}  // namespace inkling
