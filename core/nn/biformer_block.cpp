#include "core/nn/biformer_block.h"

#include <cmath>

#include "core/base/error.h"

namespace inkling {
namespace {

Tensor toMaps(const Tensor& x) { return x.permute({0, 3, 1, 2}); }  // [B, H, W, C] -> [B, C, H, W]
Tensor fromMaps(const Tensor& x) { return x.permute({0, 2, 3, 1}); }  // and back

}  // namespace

/// What stands for attention, photos [B, H, W, C].
struct BiFormerBlock::Mixer {
  virtual ~Mixer() = default;
  virtual Tensor forward(const Tensor& photo) const = 0;
  /// With the parameters, named as below the official block's "attn".
  virtual Module& module() = 0;
};

namespace {

struct RoutingMixer : BiFormerBlock::Mixer {
  BiLevelRoutingAttention attention;
  RoutingMixer(const BiLevelRoutingOptions& options, Random& random) : attention(options, random) {}
  Module& module() override { return attention; }
  Tensor forward(const Tensor& photo) const override { return attention.forward(photo).output; }
};

// Classes Attention and AttentionLePE (models/_common.py).
struct PlainMixer : BiFormerBlock::Mixer, Module {
  static constexpr std::int64_t kHeads = 8;
  Linear qkv, proj;
  std::unique_ptr<DepthwiseConv2d> lepe;

  PlainMixer(std::int64_t dim, std::int64_t sideKernel, Random& random)
      : qkv(dim, 3 * dim, random, false), proj(dim, dim, random) {
    if (dim % kHeads != 0)
      fail<UsageError>("BiFormer block: the width {} is not a multiple of the {} heads", dim,
                       kHeads);
    child("qkv", qkv);
    child("proj", proj);
    if (sideKernel > 0) {
      lepe = std::make_unique<DepthwiseConv2d>(dim, sideKernel, random);
      child("lepe", *lepe);
    }
  }
  Module& module() override { return *this; }
  Tensor forward(const Tensor& photo) const override {
    const std::int64_t batch = photo.size(0), dim = photo.size(3);
    const auto parts = qkv.forward(photo.flatten(1, 2))
                           .view({batch, -1, 3, kHeads, dim / kHeads})
                           .permute({2, 0, 3, 1, 4})
                           .unbind(0);
    Tensor y = at::scaled_dot_product_attention(parts[0], parts[1], parts[2])
                   .transpose(1, 2)
                   .reshape(photo.sizes());
    if (lepe) y = y + fromMaps(lepe->forward(toMaps(photo)));
    return proj.forward(y);
  }
};

// No attention: what the official code puts in its place for comparison.
struct ConvolutionMixer : BiFormerBlock::Mixer, Module {
  Conv2d in, out;
  DepthwiseConv2d middle;
  ConvolutionMixer(std::int64_t dim, Random& random)
      : in(dim, dim, 1, 1, random, true),
        out(dim, dim, 1, 1, random, true),
        middle(dim, 5, random) {
    child("1", in);
    child("2", middle);
    child("3", out);
  }
  Module& module() override { return *this; }
  Tensor forward(const Tensor& photo) const override {
    return fromMaps(out.forward(middle.forward(in.forward(toMaps(photo)))));
  }
};

std::unique_ptr<BiFormerBlock::Mixer> makeMixer(const BiFormerBlockOptions& options,
                                                Random& random) {
  BiLevelRoutingOptions attention = options.attention;
  if (options.topk > 0) {
    attention.choices = options.topk;
    return std::make_unique<RoutingMixer>(attention, random);
  }
  if (options.topk == 0) return std::make_unique<ConvolutionMixer>(attention.dim, random);
  if (options.topk == -1) return std::make_unique<PlainMixer>(attention.dim, 0, random);
  if (options.topk == -2)
    return std::make_unique<PlainMixer>(attention.dim, attention.sideKernel, random);
  fail<UsageError>("BiFormer block: topk {} has no meaning", options.topk);
}

}  // namespace

struct BiFormerBlock::Feedforward : Module {
  Linear in, out;
  std::unique_ptr<DepthwiseConv2d> convolution;

  Feedforward(std::int64_t dim, std::int64_t hidden, bool convolved, Random& random)
      : in(dim, hidden, random), out(hidden, dim, random) {
    child("0", in);
    if (convolved) {
      convolution = std::make_unique<DepthwiseConv2d>(hidden, 3, random);
      child("1.dwconv", *convolution);
    }
    child("3", out);
  }
  Tensor forward(const Tensor& photo) const {
    Tensor x = in.forward(photo);
    if (convolution) x = fromMaps(convolution->forward(toMaps(x)));
    return out.forward(at::gelu(x));
  }
};

BiFormerBlock::BiFormerBlock(const BiFormerBlockOptions& options, Random& random)
    : options_(options), norm1_(options.attention.dim, 1e-6), norm2_(options.attention.dim, 1e-6) {
  const std::int64_t dim = options.attention.dim;
  if (options.positionKernel > 0) {
    if (options.positionKernel != 3)
      fail<UsageError>("BiFormer block: a position kernel of {} does not keep the size",
                       options.positionKernel);
    position_ = std::make_unique<DepthwiseConv2d>(dim, 3, random);
    child("pos_embed", *position_);
  }
  child("norm1", norm1_);
  mixer_ = makeMixer(options, random);
  child("attn", mixer_->module());
  child("norm2", norm2_);
  const auto hidden = static_cast<std::int64_t>(options.mlpRatio * static_cast<double>(dim));
  mlp_ = std::make_unique<Feedforward>(dim, hidden, options.mlpConvolution, random);
  child("mlp", *mlp_);
  if (options.layerScale > 0) {
    gamma1_ = at::full({dim}, options.layerScale);
    gamma2_ = at::full({dim}, options.layerScale);
    parameter("gamma1", gamma1_);
    parameter("gamma2", gamma2_);
  }
}

BiFormerBlock::~BiFormerBlock() = default;

// Stochastic depth (Huang et al., 2016), photo by photo.
Tensor BiFormerBlock::skipSometimes(const Tensor& x) const {
  if (!training() || options_.dropPath <= 0) return x;
  const double kept = 1 - options_.dropPath;
  return x * at::bernoulli(at::full({x.size(0), 1, 1, 1}, kept, x.options())) / kept;
}

Tensor BiFormerBlock::forward(const Tensor& photo) const {
  const auto scaled = [&](const Tensor& x, const Tensor& gamma) {
    return skipSometimes(gamma.defined() ? gamma * x : x);
  };
  Tensor x = fromMaps(position_ ? photo + position_->forward(photo) : photo);
  if (options_.preNorm) {
    x = x + scaled(mixer_->forward(norm1_.forward(x)), gamma1_);
    x = x + scaled(mlp_->forward(norm2_.forward(x)), gamma2_);
  } else {
    x = norm1_.forward(x + scaled(mixer_->forward(x), gamma1_));
    x = norm2_.forward(x + scaled(mlp_->forward(x), gamma2_));
  }
  return toMaps(x);
}

}  // namespace inkling
