#include "tests/reference/attention_cases.h"

#include "core/nn/attention/additive.h"
#include "core/nn/attention/dense.h"
#include "core/nn/swiftformer.h"
#include "core/nn/swin_ram.h"
#include "tests/reference/official_case.h"

namespace inkling::reference {

void checkSwiftformerAttention(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  Random random(1);
  AdditiveAttention attention(options.get<std::int64_t>("in_dims", 512),
                              options.get<std::int64_t>("token_dim", 256),
                              options.get<std::int64_t>("num_heads", 2), random);
  options.expectAllRead();
  loadOfficial(attention, c);
  const AdditiveAttention::Result result = attention.forward(c.in("x"));
  expectClose(result.tokens, c.out("y"), kTolerance, "y");
  if (c.has("mid.alpha"))
    expectClose(result.weights, c.tensors.at("mid.alpha"), kTolerance, "alpha");
  if (c.has("mid.global_q"))
    expectClose(result.globalQuery, c.tensors.at("mid.global_q"), kTolerance, "global_q");
}

void checkSwiftformerConvEncoder(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  options.ignore({"drop_path"});
  Random random(1);
  SwiftFormerConvEncoder block(
      options.get<std::int64_t>("dim"), options.get<std::int64_t>("hidden_dim", 64),
      options.get<std::int64_t>("kernel_size", 3), random, options.get("use_layer_scale", true));
  options.expectAllRead();
  loadOfficial(block, c);
  expectClose(block.forward(c.in("x")), c.out("y"), kTolerance, "y");
}

void checkSwiftformerEncoder(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  options.ignore({"drop", "drop_path", "layer_scale_init_value"});
  options.expect<std::string>("act_layer", "GELU");
  Random random(1);
  SwiftFormerEncoder block(options.get<std::int64_t>("dim"), options.get("mlp_ratio", 4.0), random,
                           options.get("use_layer_scale", true) ? 1e-5 : 0.0);
  options.expectAllRead();
  loadOfficial(block, c);
  expectClose(block.forward(c.in("x")), c.out("y"), kTolerance, "y");
  if (c.has("mid.local")) {
    expectClose(block.local_representation.forward(c.in("x")), c.tensors.at("mid.local"),
                kTolerance, "local representation");
  }
}

void checkSwiftformerNet(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  options.ignore({"drop_rate", "drop_path_rate", "layer_scale_init_value"});
  options.expect<std::string>("act_layer", "GELU");
  SwiftFormerConfig config;
  config.layers = options.get<std::vector<std::int64_t>>("layers");
  config.embedDims = options.get<std::vector<std::int64_t>>("embed_dims");
  config.downsamples = options.get<std::vector<bool>>("downsamples");
  config.mlpRatio = options.get("mlp_ratios", 4.0);
  config.attentionBlocks = options.get<std::int64_t>("vit_num", 1);
  config.classes = options.get<std::int64_t>("num_classes", 1000);
  config.distillation = options.get("distillation", true);
  config.downKernel = options.get<std::int64_t>("down_patch_size", 3);
  config.downStride = options.get<std::int64_t>("down_stride", 2);
  config.downPadding = options.get<std::int64_t>("down_pad", 1);
  config.scaleAtStart = options.get("use_layer_scale", true) ? 1e-5 : 0.0;
  config.featuresOnly = options.get("fork_feat", false);
  options.expectAllRead();
  Random random(1);
  SwiftFormer network(config, random);
  loadOfficial(network, c);
  if (!config.featuresOnly) {
    expectClose(network.forward(c.in("x")), c.out("y"), kTolerance, "y");
    return;
  }
  const std::vector<Tensor> features = network.features(c.in("x"));
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::string name = "feature" + std::to_string(i);
    expectClose(features[i], c.out(name), kTolerance, name);
  }
}

// The official transformer around the attention: residuals around normalized attention and MLP, and
// values handed from layer to layer.
void checkDenseAttention(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  options.ignore({"dropout"});
  const auto dim = options.get<std::int64_t>("dim"), heads = options.get<std::int64_t>("heads"),
             width = options.get<std::int64_t>("dim_head"),
             hidden = options.get<std::int64_t>("mlp_dim"),
             depth = options.get<std::int64_t>("depth");
  options.expectAllRead();
  constexpr std::int64_t kOfficialWeights = 12;
  Random random(1);
  Tensor x = c.in("x");
  AttentionPass pass;
  for (std::int64_t i = 0; i < depth; ++i) {
    const std::string layer = "layers." + std::to_string(i) + ".";
    LayerNorm norm(dim), mlpNorm(dim);
    DenseAttention attention(dim, heads, width, kOfficialWeights, random);
    Linear first(dim, hidden, random), second(hidden, dim, random);
    loadOfficial(norm, c, layer + "0.norm.");
    loadOfficial(attention, c, layer + "0.fn.");
    loadOfficial(mlpNorm, c, layer + "1.norm.");
    loadOfficial(first, c, layer + "1.fn.net.0.");
    loadOfficial(second, c, layer + "1.fn.net.3.");
    const Tensor attended = attention.forward(norm.forward(x), pass).tokens;
    if (const auto mid = c.tensors.find("mid.layer" + std::to_string(i) + ".attn_out");
        mid != c.tensors.end())
      expectClose(attended, mid->second, kTolerance, mid->first);
    x = x + attended;
    x = x + second.forward(at::gelu(first.forward(mlpNorm.forward(x))));
  }
  expectClose(x, c.out("y"), kTolerance, "y");
}

void checkSwinRam(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  // The size of the photos it was trained on counts with absolute positions only.
  options.ignore({"pretrain_img_size", "drop_rate", "attn_drop_rate", "drop_path_rate",
                  "out_indices", "frozen_stages", "use_checkpoint"});
  options.expect("ape", false);
  SwinRamConfig config;
  config.patch = options.get("patch_size", config.patch);
  config.channels = options.get("in_chans", config.channels);
  config.embedDim = options.get("embed_dim", config.embedDim);
  config.depths = options.get("depths", config.depths);
  config.heads = options.get("num_heads", config.heads);
  config.window = options.get("window_size", config.window);
  config.mlpRatio = options.get("mlp_ratio", config.mlpRatio);
  config.qkvBias = options.get("qkv_bias", config.qkvBias);
  config.logitScale = options.get("qk_scale", config.logitScale);
  config.patchNorm = options.get("patch_norm", config.patchNorm);
  config.objects = options.get("det_token_num", config.objects);
  config.positionDim = options.get("pos_dim", config.positionDim);
  config.crossStages = options.get("cross_indices", config.crossStages);
  const auto method = options.get<std::string>("method", "vidt");
  ASSERT_TRUE(method == "vidt" || method == "vidt_wo_neck") << method;
  config.neck = method == "vidt";
  options.expectAllRead();
  Random random(1);
  SwinRam body(config, random);
  loadOfficial(body, c, "",
               R"(norm\d\..*|.*downsample\.(expansion|norm2)\..*|.*relative_position_index)");
  const SwinRam::Output output = body.forward(c.in("x"), c.in("mask"));
  for (std::size_t i = 0; i < output.features.size(); ++i) {
    const std::string name = "feature" + std::to_string(i);
    expectClose(output.features[i], c.out(name), kTolerance, name);
  }
  expectClose(output.objects, c.out("det_tgt"), kTolerance, "det_tgt");
  expectClose(output.objectPositions, c.out("det_pos"), kTolerance, "det_pos");
}

}  // namespace inkling::reference
