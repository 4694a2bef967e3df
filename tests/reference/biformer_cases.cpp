#include "tests/reference/biformer_cases.h"

#include "core/nn/attention/bilevel_routing.h"
#include "core/nn/biformer_block.h"
#include "tests/reference/official_case.h"

namespace inkling::reference {
namespace {

// What the three official classes share.
BiLevelRoutingOptions routing(Options& options) {
  BiLevelRoutingOptions result;
  result.dim = options.get<std::int64_t>("dim");
  result.heads = options.get("num_heads", result.heads);
  result.regionsPerSide = options.get("n_win", result.regionsPerSide);
  result.scale = options.get("qk_scale", result.scale);
  result.autoPad = options.get("auto_pad", result.autoPad);
  return result;
}

// What the older attention has besides, and a block hands on to it.
void legacyRouting(Options& options, BiLevelRoutingOptions& result) {
  result.queryDim = options.get("qk_dim", result.queryDim);
  result.softRouting = options.get("soft_routing", result.softRouting);
  result.diffRouting = options.get("diff_routing", result.diffRouting);
  result.paramRouting = options.get("param_routing", result.paramRouting);
  result.keyPooling = options.get("kv_downsample_mode", result.keyPooling);
  result.pooledSide = options.get("kv_per_win", result.pooledSide);
  result.poolRatio = options.get("kv_downsample_ratio", result.poolRatio);
  options.ignore({"kv_downsample_kernel"});  // read by none of the official modes
  const auto layers = options.get<std::string>("param_attention", "qkvo");
  EXPECT_TRUE(layers == "qkvo" || layers == "qkv") << "not supported: param_attention " << layers;
  result.projectOutput = layers == "qkvo";
}

// Our choice against the official one by how well the regions suit, best first. So regions that tie
// (those that are padding alone) may stand for each other.
void expectSameChoice(const Case& c, const Tensor& logits, const Tensor& chosen) {
  if (c.has("mid.routing_logits"))
    expectClose(logits, c.tensors.at("mid.routing_logits"), kTolerance, "routing logits");
  if (c.has("mid.r_idx")) {
    const Tensor official = c.tensors.at("mid.r_idx").to(logits.device(), at::kLong);
    ASSERT_EQ(chosen.sizes().vec(), official.sizes().vec());
    expectClose(logits.gather(-1, chosen), logits.gather(-1, official), kTolerance,
                "how the chosen regions suit");
  }
}

}  // namespace

void checkBiformerAttention(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  BiLevelRoutingOptions ours = routing(options);
  legacyRouting(options, ours);
  ours.choices = options.get("topk", ours.choices);
  ours.sideKernel = options.get("side_dwconv", ours.sideKernel);
  options.expectAllRead();
  Random random(1);
  BiLevelRoutingAttention attention(ours, random);
  loadOfficial(attention, c);
  const auto result = attention.forward(c.in("x_nhwc"));
  expectClose(result.output, c.out("y_nhwc"), kTolerance, "y");
  expectSameChoice(c, result.logits, result.chosen);
  if (c.has("mid.r_weight"))
    expectClose(result.shares, c.tensors.at("mid.r_weight"), kTolerance, "routing weights");
}

void checkBiformerNchwAttention(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  BiLevelRoutingOptions ours = routing(options);
  ours.choices = options.get("topk", ours.choices);
  ours.sideKernel = options.get("side_dwconv", ours.sideKernel);
  options.expect<std::string>("attn_backend", "torch");
  options.expectAllRead();
  Random random(1);
  NchwBiLevelRoutingAttention attention(ours, random);
  loadOfficial(attention, c);
  const auto result = attention.forward(c.in("x"));
  expectClose(result.output, c.out("y"), kTolerance, "y");
  expectSameChoice(c, result.logits, result.chosen);
}

void checkBiformerBlock(const Case& c) {
  const at::NoGradGuard noGrad;
  Options options(c);
  BiFormerBlockOptions ours;
  const BiLevelRoutingOptions defaults = ours.attention;
  ours.attention = routing(options);
  ours.attention.keyPooling = defaults.keyPooling;
  legacyRouting(options, ours.attention);
  ours.attention.sideKernel = options.get("side_dwconv", defaults.sideKernel);
  ours.topk = options.get("topk", ours.topk);
  ours.mlpRatio = options.get("mlp_ratio", ours.mlpRatio);
  ours.mlpConvolution = options.get("mlp_dwconv", ours.mlpConvolution);
  ours.positionKernel = options.get("before_attn_dwconv", ours.positionKernel);
  ours.layerScale = options.get("layer_scale_init_value", ours.layerScale);
  ours.preNorm = options.get("pre_norm", ours.preNorm);
  options.ignore({"drop_path"});
  options.expectAllRead();
  Random random(1);
  BiFormerBlock block(ours, random);
  loadOfficial(block, c);
  expectClose(block.forward(c.in("x")), c.out("y"), kTolerance, "y");
}

}  // namespace inkling::reference
