#include "core/nn/vision_transformer.h"

#include <algorithm>

namespace inkling {

struct VisionTransformer::Block : Module {
  LayerNorm norm1, norm2;
  Linear qkv, proj;
  Mlp mlp;
  Tensor scale1, scale2;
  std::int64_t heads;

  Block(const VisionTransformerConfig& config, Random& random)
      : norm1(config.dim, 1e-6),
        norm2(config.dim, 1e-6),
        qkv(config.dim, 3 * config.dim, random),
        proj(config.dim, config.dim, random),
        mlp(config.dim, 4 * config.dim, config.dim, random),
        scale1(at::ones({config.dim})),
        scale2(at::ones({config.dim})),
        heads(config.heads) {
    child("norm1", norm1);
    child("attn.qkv", qkv);
    child("attn.proj", proj);
    parameter("ls1.gamma", scale1);
    child("norm2", norm2);
    child("mlp", mlp);
    parameter("ls2.gamma", scale2);
  }

  Tensor attend(const Tensor& x) const {
    const std::int64_t batch = x.size(0), count = x.size(1), dim = x.size(2);
    // [3, B, heads, N, dim / heads]
    const Tensor parts =
        qkv.forward(x).reshape({batch, count, 3, heads, dim / heads}).permute({2, 0, 3, 1, 4});
    const Tensor mixed = at::scaled_dot_product_attention(parts[0], parts[1], parts[2]);
    return proj.forward(mixed.transpose(1, 2).reshape({batch, count, dim}));
  }

  Tensor forward(const Tensor& x) const {
    const Tensor y = x + scale1 * attend(norm1.forward(x));
    return y + scale2 * mlp.forward(norm2.forward(y));
  }
};

VisionTransformer::VisionTransformer(const VisionTransformerConfig& config, Random& random)
    : config_(config),
      clsToken_(at::zeros({1, 1, config.dim})),
      positionTable_(at::zeros({1, 1 + config.tableSide * config.tableSide, config.dim})),
      patchWeight_(truncatedNormal({config.dim, 3, config.patch, config.patch}, 0.02, random)),
      patchBias_(at::zeros({config.dim})) {
  parameter("cls_token", clsToken_);
  parameter("pos_embed", positionTable_);
  parameter("patch_embed.proj.weight", patchWeight_);
  parameter("patch_embed.proj.bias", patchBias_);
  for (std::int64_t i = 0; i < config.depth; ++i) {
    blocks_.push_back(std::make_shared<Block>(config, random));
    child("blocks." + std::to_string(i), *blocks_.back());
  }
}

Tensor VisionTransformer::embed(const Tensor& pixels) const {
  const Tensor grid = at::conv2d(pixels, patchWeight_, patchBias_, {config_.patch, config_.patch});
  const std::int64_t batch = grid.size(0), height = grid.size(2), width = grid.size(3);
  Tensor table = positionTable_.slice(1, 1);
  if (height != config_.tableSide || width != config_.tableSide) {
    const Tensor square =
        table.transpose(1, 2).reshape({1, config_.dim, config_.tableSide, config_.tableSide});
    table = at::upsample_bicubic2d(square.to(at::kFloat), {height, width}, /*align_corners=*/false)
                .to(grid.scalar_type())
                .flatten(2)
                .transpose(1, 2);
  }
  const Tensor patches = grid.flatten(2).transpose(1, 2) + table;
  const Tensor cls = (clsToken_ + positionTable_.slice(1, 0, 1)).expand({batch, 1, config_.dim});
  return at::cat({cls, patches}, 1);
}

std::map<std::int64_t, Tensor> VisionTransformer::run(Tensor tokens, std::int64_t first,
                                                      const std::vector<std::int64_t>& wanted,
                                                      const Hook& hook) const {
  std::map<std::int64_t, Tensor> result;
  const std::int64_t last = *std::max_element(wanted.begin(), wanted.end());
  for (std::int64_t i = first; i <= last; ++i) {
    if (hook) tokens = hook(tokens, i);
    tokens = blocks_.at(static_cast<std::size_t>(i))->forward(tokens);
    if (std::find(wanted.begin(), wanted.end(), i) != wanted.end()) {
      result[i] = normalized(tokens.to(at::kFloat));
    }
  }
  return result;
}

Tensor VisionTransformer::tokensBefore(const Tensor& pixels, std::int64_t block) const {
  Tensor tokens = embed(pixels);
  for (std::int64_t i = 0; i < block; ++i)
    tokens = blocks_.at(static_cast<std::size_t>(i))->forward(tokens);
  return tokens;
}

}  // namespace inkling
