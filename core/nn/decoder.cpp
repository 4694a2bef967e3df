#include "core/nn/decoder.h"

#include "core/nn/attention/locformer_fusion.h"
#include "core/nn/attention/ms_deformable.h"
#include "core/nn/box_ops.h"
#include "core/nn/position.h"

namespace inkling {

struct Decoder::Layer : Module {
  LayerNorm norm1, norm2, norm3;
  MultiHeadAttention among;
  MsDeformableAttention look;
  Mlp mlp;
  std::unique_ptr<LocformerFusion> objectsFromSketch, sketchFromObjects;
  Linear sketchPooled;
  Mlp score;
  ReluMlp box;

  Layer(const GuidanceConfig& config, std::int64_t summaryWidth, Random& random)
      : norm1(config.dim),
        norm2(config.dim),
        norm3(config.dim),
        among(config.dim, config.heads, random),
        look(config.dim, 1, config.heads, config.points, random),
        mlp(config.dim, config.hidden, config.dim, random, config.dropout),
        sketchPooled(config.attends() ? config.dim : summaryWidth, config.dim, random),
        score(2 * config.dim + 2, config.dim, 1, random, config.dropout),
        box(config.dim, config.dim, 4, 3, random) {
    child("norm1", norm1);
    child("among", among);
    child("norm2", norm2);
    child("look", look);
    child("norm3", norm3);
    child("mlp", mlp);
    if (config.attends()) {
      const auto fusion = [&] {
        return std::make_unique<LocformerFusion>(config.dim, config.hidden, config.heads, random);
      };
      objectsFromSketch = fusion();
      sketchFromObjects = fusion();
      child("objects_from_sketch", *objectsFromSketch);
      child("sketch_from_objects", *sketchFromObjects);
    }
    child("sketch_pooled", sketchPooled);
    child("score", score);
    child("box", box);
    score.fc2.setZero();
    box.layers.back()->setZero();
  }

  // What the score is read from: the refined objects, and the sketch as one vector. `sketch` is
  // refined, too.
  std::pair<Tensor, Tensor> compared(const Tensor& objects, const Tensor& position, Tensor& sketch,
                                     const Tensor& absent, const QueryTensors& query) const {
    if (!objectsFromSketch) {
      return {objects, sketchPooled.forward(normalized(query.summary)).unsqueeze(1)};
    }
    const Tensor refined =
        objectsFromSketch->forward(objects, position, sketch, {}, query.keyBias).tokens;
    sketch = sketchFromObjects->forward(sketch, {}, refined, position, absent).tokens;
    const Tensor switchedOff = at::isinf(query.keyBias).unsqueeze(-1);
    const Tensor pooled = std::get<0>(sketch.masked_fill(switchedOff, -1e9).max(1, true));
    return {refined, sketchPooled.forward(pooled)};
  }
};

Decoder::Decoder(const GuidanceConfig& config, std::int64_t objectWidth, std::int64_t summaryWidth,
                 Random& random)
    : config_(config), embedding_(objectWidth, config.dim, random) {
  child("embedding", embedding_);
  for (std::int64_t i = 0; i < config.decoderLayers; ++i) {
    layers_.push_back(std::make_unique<Layer>(config, summaryWidth, random));
    child("layers." + std::to_string(i), *layers_.back());
  }
}

Decoder::~Decoder() = default;

std::vector<Decoder::LayerOutput> Decoder::forward(const Input& input,
                                                   const QueryTensors& query) const {
  std::vector<LayerOutput> outputs;
  Tensor objects = embedding_.forward(at::dropout(input.embedding, config_.dropout, training()));
  Tensor boxes = input.boxes, logits = input.matchLogits;
  Tensor sketch = query.tokens;
  const Tensor absent =
      at::zeros_like(input.matchLogits).masked_fill(at::logical_not(input.valid), -1e9);
  for (const auto& layer : layers_) {
    const Tensor position = sineBoxPosition(boxes, config_.dim);
    const Tensor placed = layer->norm1.forward(objects) + position;
    objects =
        objects +
        layer->among.forward(placed, placed, layer->norm1.forward(objects), absent, false).tokens;
    const auto looked = layer->look.forward(layer->norm2.forward(objects) + position,
                                            boxes.unsqueeze(2), input.memory, {input.grid});
    objects = objects + looked.tokens;
    objects = objects + layer->mlp.forward(layer->norm3.forward(objects));

    const auto [refined, vector] = layer->compared(objects, position, sketch, absent, query);
    const Tensor evidence = at::stack({logits / 8, input.relevance / 8}, -1);
    const Tensor both = at::cat({vector.expand_as(refined), refined, evidence}, -1);
    logits = logits + layer->score.forward(both).squeeze(-1);
    const Tensor moved = at::sigmoid(inverseSigmoid(boxes) + layer->box.forward(objects));
    outputs.push_back({moved, logits, looked.locations});
    // Each layer learns its own correction; gradients do not run through the boxes of earlier ones.
    boxes = moved.detach();
  }
  return outputs;
}

}  // namespace inkling
