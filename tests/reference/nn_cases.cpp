#include "tests/reference/nn_cases.h"

#include <cstdlib>

#include "core/nn/attention/locformer_fusion.h"
#include "core/nn/attention/ms_deformable.h"
#include "core/nn/box_ops.h"
#include "core/nn/efficientnet.h"
#include "core/nn/graph_network.h"
#include "core/nn/position.h"
#include "core/nn/vision_transformer.h"

namespace inkling::reference {
namespace {

std::filesystem::path weightsFolder() {
  if (const char* folder = std::getenv("INKLING_WEIGHTS")) return folder;
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  return std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "data" /
         "weights";
}

void checkVisionTransformer(const Case& c, const StateDict& weights) {
  VisionTransformerConfig config;
  config.patch = c.json.value("patch", 14);
  Random random(1);
  VisionTransformer network(config, random);
  loadOnDevice(network, weights, "weights");
  std::vector<std::int64_t> blocks;
  for (const auto& [name, tensor] : c.tensors) {
    if (name.starts_with("out.block")) blocks.push_back(std::stoll(name.substr(9)));
  }
  const auto outputs = network.run(network.embed(c.in("pixels").to(at::kFloat)), 0, blocks);
  for (const std::int64_t block : blocks) {
    const std::string name = "block" + std::to_string(block);
    expectClose(outputs.at(block), c.out(name), 2e-3, name);
  }
}

}  // namespace

void checkTrunk(const Case& c) {
  const at::NoGradGuard noGrad;
  const auto arch = c.json.at("arch").get<std::string>();
  const auto file = weightsFolder() / c.json.at("weights").get<std::string>();
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << "the weights " << file << " are not here (set INKLING_WEIGHTS)";
  const StateDict weights = readSafetensors(file).tensors;
  const Tensor pixels = c.in("pixels").to(at::kFloat);
  if (arch == "vit_small_patch14_dinov2") {
    checkVisionTransformer(c, weights);
  } else if (arch == "efficientnet_lite2") {
    EfficientNetLite network(weights, file.string());
    network.moveTo(device(), at::kFloat);
    const Tensor features = network.features(pixels);
    expectClose(features, c.out("features"), 2e-3, "features");
    expectClose(network.logits(features), c.out("logits"), 2e-3, "logits");
  } else if (arch == "yolox_nano") {
    auto graph = file;
    graph.replace_extension(".graph.json");
    GraphNetwork network(readJson(graph), weights, file.string());
    network.moveTo(device(), at::kFloat);
    expectClose(network.forward(pixels), c.out("raw"), 2e-3, "raw");
  } else {
    GTEST_SKIP() << "no network called " << arch << " is implemented";
  }
}

void checkLocformerEncoderFusion(const Case& c) {
  const at::NoGradGuard noGrad;
  const Json& ctor = c.json.at("ctor");
  const auto grid = ctor.at("hw").get<std::vector<std::int64_t>>();
  const std::int64_t dim = ctor.at("d_model");
  Random random(1);
  LocformerEncoderFusion fusion(dim, ctor.at("d_ffn"), ctor.at("n_heads"), c.in("sketch").size(1),
                                random);
  loadOnDevice(fusion, c.tensors, c.file.string(), "param.");
  const auto result = fusion.forward(c.in("tokens"), {grid.at(0), grid.at(1)}, c.in("sketch"));
  expectClose(result.tokens, c.out("tokens"), kTolerance, "tokens");
  if (c.has("mid.pos_image")) {
    const Tensor position =
        sineCountPosition(grid.at(0), grid.at(1), dim).expand_as(c.tensors.at("mid.pos_image"));
    expectClose(position, c.tensors.at("mid.pos_image"), kTolerance,
                "position of the photo tokens");
  }
  // Asking for the map must not change the tokens, and its rows are probabilities.
  const auto mapped =
      fusion.forward(c.in("tokens"), {grid.at(0), grid.at(1)}, c.in("sketch"), {}, true);
  expectClose(mapped.tokens, c.out("tokens"), kTolerance, "tokens with map");
  expectClose(mapped.map.sum(-1), at::ones_like(mapped.map.select(-1, 0)), kTolerance,
              "rows of the map");
}

void checkLocformerDecoderRefine(const Case& c) {
  const at::NoGradGuard noGrad;
  const Json& ctor = c.json.at("ctor");
  const std::int64_t dim = ctor.at("d_model"), hidden = ctor.at("d_ffn"),
                     heads = ctor.at("n_heads");
  Tensor sketch = c.in("sketch");
  const std::int64_t height = sketch.size(2), width = sketch.size(3);
  const Tensor sketchPosition = sineCountPosition(height, width, dim).to(device());
  std::vector<Tensor> objects, sketches;
  for (std::int64_t level = 0; level < ctor.at("levels").get<std::int64_t>(); ++level) {
    Random random(1);
    LocformerFusion toObjects(dim, hidden, heads, random), toSketch(dim, hidden, heads, random);
    loadOnDevice(toObjects, c.tensors, c.file.string(),
                 "param.query_fusion." + std::to_string(level) + ".");
    loadOnDevice(toSketch, c.tensors, c.file.string(),
                 "param.query_fusion_sketch." + std::to_string(level) + ".");
    const Tensor tokens = sketch.flatten(2).transpose(1, 2);
    const Tensor refined =
        toObjects.forward(c.in("hs")[level], c.in("det_pos"), tokens, sketchPosition).tokens;
    const Tensor changed =
        toSketch.forward(tokens, sketchPosition, refined, c.in("det_pos")).tokens;
    sketch = changed.transpose(1, 2).reshape({sketch.size(0), dim, height, width});
    objects.push_back(refined);
    sketches.push_back(sketch);
  }
  expectClose(at::stack(objects), c.out("objects"), kTolerance, "objects");
  expectClose(at::stack(sketches), c.out("sketches"), kTolerance, "sketches");
}

void checkMsDeformableAttention(const Case& c) {
  const at::NoGradGuard noGrad;
  const Json& ctor = c.json.at("ctor");
  Random random(1);
  MsDeformableAttention attention(ctor.at("d_model"), ctor.at("n_levels"), ctor.at("n_heads"),
                                  ctor.at("n_points"), random);
  loadOnDevice(attention, c.tensors, c.file.string(), "param.");
  std::vector<TokenGrid> grids;
  const Tensor shapes = c.in("spatial_shapes");
  for (std::int64_t i = 0; i < shapes.size(0); ++i)
    grids.push_back({shapes[i][0].item<std::int64_t>(), shapes[i][1].item<std::int64_t>()});
  const Tensor mask = c.has("in.padding_mask") ? c.in("padding_mask") : Tensor();
  const auto result = attention.forward(c.in("query"), c.in("reference_points"),
                                        c.in("input_flatten"), grids, mask);
  expectClose(result.tokens, c.out("y"), kTolerance, "y");
}

void checkGiou(const Case& c) {
  const Tensor a = c.in("boxes1_xyxy"), b = c.in("boxes2_xyxy");
  expectClose(generalizedBoxIou(a, b), c.out("giou"), kTolerance, "giou");
  expectClose(boxIou(a, b).first, c.out("iou"), kTolerance, "iou");
  expectClose(xyxyToCxcywh(a), c.out("cxcywh1"), kTolerance, "cxcywh");
  expectClose(cxcywhToXyxy(c.out("cxcywh1")), a, kTolerance, "back to corners");
}

}  // namespace inkling::reference
