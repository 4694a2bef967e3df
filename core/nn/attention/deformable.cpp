#include "core/nn/attention/deformable.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/error.h"
#include "core/nn/attention/splat.h"
#include "core/nn/depthwise_convolution.h"

namespace inkling {
namespace {

using Bias = DeformableOptions::Bias;

DeformableOptions checked(DeformableOptions options) {
  const bool today = options.code == DeformableOptions::Code::kToday;
  if (options.heads < 1 || options.headWidth < 1 || options.groups < 1 ||
      options.heads % options.groups != 0) {
    fail<UsageError>("deformable attention: {} heads of width {} in {} groups", options.heads,
                     options.headWidth, options.groups);
  }
  if (options.stride < 1 || options.kernel < 1)
    fail<UsageError>("deformable attention: an offset network with kernel {} and stride {}",
                     options.kernel, options.stride);
  if (options.bias == Bias::kContinuous && !today)
    fail<UsageError>("deformable attention: the code of 2022 has no continuous position bias");
  if (options.bias == Bias::kConvolution && today && !options.moves)
    fail<UsageError>("deformable attention: no convolution for positions where points stay");
  if (today && !options.moves) options.bias = Bias::kNone;
  if (today || options.pointGrid.count() == 0) {
    options.pointGrid = {options.grid.height / options.stride, options.grid.width / options.stride};
  }
  return options;
}

// (y, x) of all tokens of a grid, [1, H, W, 2].
Tensor places(const Tensor& y, const Tensor& x) {
  const auto mesh = at::meshgrid({y, x}, "ij");
  return at::stack({mesh[0], mesh[1]}, -1).unsqueeze(0);
}

Tensor swapped(const Tensor& yx) { return yx.flip(-1); }

}  // namespace

// "conv_offset" of the official class.
struct DeformableAttention::Offsets : Module {
  Tensor weight, bias;
  LayerNorm norm;
  Conv2d out;
  std::int64_t padding;

  Offsets(std::int64_t channels, const DeformableOptions& options, Random& random)
      : weight(truncatedNormal({channels, 1, options.kernel, options.kernel},
                               1.0 / static_cast<double>(options.kernel), random)),
        bias(at::zeros({channels})),
        norm(channels),
        out(channels, 2, 1, 1, random),
        padding(options.kernel / 2) {
    if (options.code == DeformableOptions::Code::kToday && options.kernel == options.stride)
      padding = 0;
    // Points start near their places in the grid.
    out.weight = truncatedNormal(out.weight.sizes(), 0.02, random);
    parameter("0.weight", weight);
    parameter("0.bias", bias);
    child("1.norm", norm);
    child("3", out);
  }

  Tensor forward(const Tensor& query, std::int64_t stride) const {
    const Tensor local = at::conv2d(query, weight, bias, {stride, stride}, {padding, padding},
                                    {1, 1}, weight.size(0));
    const Tensor normed = norm.forward(local.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
    return out.forward(at::gelu(normed));
  }
};

DeformableAttention::DeformableAttention(const DeformableOptions& options, Random& random)
    : options_(checked(options)) {
  const std::int64_t width = options_.heads * options_.headWidth;
  offsets_ = std::make_unique<Offsets>(width / options_.groups, options_, random);
  child("conv_offset", *offsets_);
  const auto projection = [&](const char* name) {
    auto layer = std::make_unique<Conv2d>(width, width, 1, 1, random, true);
    // What comes out is as large as what went in: no ReLU follows that would halve it.
    layer->weight =
        uniformTensor(layer->weight.sizes(), std::sqrt(3.0 / static_cast<double>(width)), random);
    child(name, *layer);
    return layer;
  };
  query_ = projection("proj_q");
  key_ = projection("proj_k");
  value_ = projection("proj_v");
  output_ = projection("proj_out");
  const auto table = [&](std::int64_t rows, std::int64_t columns) {
    if (rows < 1 || columns < 1)
      fail<UsageError>("deformable attention: a position bias needs a grid");
    table_ = truncatedNormal({options_.heads, rows, columns}, 0.01, random);
    parameter("rpe_table", table_);
  };
  const TokenGrid spread = first() ? options_.pointGrid : options_.grid;
  switch (options_.bias) {
    case Bias::kNone:
      break;
    case Bias::kTable:
      table(2 * spread.height - 1, 2 * spread.width - 1);
      break;
    case Bias::kFixed:
      table(options_.grid.count(), options_.pointGrid.count());
      break;
    case Bias::kContinuous:
      bias1_ = std::make_unique<Linear>(2, 32, random);
      bias2_ = std::make_unique<Linear>(32, options_.heads / options_.groups, random, false);
      child("rpe_table.0", *bias1_);
      child("rpe_table.2", *bias2_);
      break;
    case Bias::kConvolution:
      convolution_ = std::make_unique<DepthwiseConv2d>(width, 3, random);
      child("rpe_table", *convolution_);
      break;
  }
}

DeformableAttention::~DeformableAttention() = default;

Tensor DeformableAttention::reference(TokenGrid grid, const Tensor& like) const {
  const auto along = [&](std::int64_t size) {
    const auto parts = static_cast<double>(first() ? size : std::max<std::int64_t>(1, size - 1));
    return (at::arange(size, like.options()) + 0.5) / parts * 2.0 - 1.0;
  };
  return places(along(grid.height), along(grid.width));
}

Tensor DeformableAttention::queryPlaces(TokenGrid grid, const Tensor& like) const {
  if (first()) return reference(grid, like);
  const auto along = [&](std::int64_t size) {
    return size == 1 ? at::zeros({1}, like.options())
                     : at::arange(size, like.options()) / static_cast<double>(size - 1) * 2.0 - 1.0;
  };
  return places(along(grid.height), along(grid.width));
}

// Offsets [B * groups, 2, Hk, Wk] to points [B * groups, Hk, Wk, 2].
Tensor DeformableAttention::place(const Tensor& offsets, const Tensor& reference) const {
  const double range = options_.offsetRange;
  const Tensor raw = offsets.permute({0, 2, 3, 1});
  const Tensor still = reference.expand_as(raw);
  if (!options_.moves) return range >= 0 ? still : first() ? still.tanh() : still.clamp(-1.0, 1.0);
  Tensor moved = raw;
  if (first() ? range > 0 : range >= 0) {
    const auto step = [&](std::int64_t size) {
      return range / static_cast<double>(first() ? size : std::max<std::int64_t>(1, size - 1));
    };
    // Axis by axis: a tensor of both steps would have to travel to a card every time.
    moved = at::stack(
        {raw.select(3, 0).tanh() * step(raw.size(1)), raw.select(3, 1).tanh() * step(raw.size(2))},
        3);
  }
  if (range >= 0) return moved + still;
  return first() ? (moved + still).tanh() : (moved + still).clamp(-1.0, 1.0);
}

// The photo at the points, [B, C, 1, Hk * Wk].
Tensor DeformableAttention::sample(const Tensor& photo, const Tensor& points,
                                   std::int64_t stride) const {
  const std::int64_t batch = photo.size(0), channels = photo.size(1), height = points.size(1),
                     width = points.size(2);
  Tensor sampled;
  if (!options_.moves && !first()) {
    if (photo.size(2) < stride || photo.size(3) < stride || photo.size(2) / stride != height ||
        photo.size(3) / stride != width) {
      fail<InputError>("deformable attention: {} x {} points are not the means of {} x {} tokens",
                       height, width, photo.size(2), photo.size(3));
    }
    sampled = at::avg_pool2d(photo, {stride, stride}, {stride, stride});
  } else {
    sampled = sampledAtPoints(photo, points.view({batch, options_.groups, height, width, 2}),
                              options_.sampling);
  }
  return sampled.reshape({batch, channels, 1, height * width});
}

Tensor DeformableAttention::bias(const Tensor& points, TokenGrid grid) const {
  const std::int64_t groups = options_.groups, heads = options_.heads, each = heads / groups;
  const std::int64_t batch = points.size(0) / groups, count = points.size(1) * points.size(2);
  if (options_.bias == Bias::kNone || options_.bias == Bias::kConvolution) return {};
  if (options_.bias == Bias::kFixed) {
    if (table_.size(1) != grid.count() || table_.size(2) != count) {
      fail<InputError>(
          "deformable attention: the fixed position bias is for {} tokens and {} points, not for "
          "{} "
          "and {}",
          table_.size(1), table_.size(2), grid.count(), count);
    }
    return table_.unsqueeze(0);
  }
  const Tensor apart = queryPlaces(grid, points).view({1, grid.count(), 1, 2}) -
                       points.view({batch * groups, 1, count, 2});
  if (options_.bias == Bias::kContinuous) {
    const Tensor far = apart * 4.0;
    const Tensor spaced = far.sign() * (far.abs() + 1.0).log2() / 3.0;  // log2 of 8
    return bias2_->forward(at::relu(bias1_->forward(spaced)))
        .view({batch, groups, grid.count(), count, each})
        .permute({0, 1, 4, 2, 3})
        .reshape({batch, heads, grid.count(), count});
  }
  const Tensor tables = table_.view({1, groups, each, table_.size(1), table_.size(2)})
                            .expand({batch, -1, -1, -1, -1})
                            .reshape({batch * groups, each, table_.size(1), table_.size(2)});
  return at::grid_sampler_2d(tables, swapped(apart * 0.5), 0, 0, true)
      .view({batch, heads, grid.count(), count});
}

DeformableAttention::Result DeformableAttention::forward(const Tensor& photo, bool wantWeights,
                                                         std::int64_t stride) const {
  const std::int64_t batch = photo.size(0), heads = options_.heads, groups = options_.groups;
  const TokenGrid grid{photo.size(2), photo.size(3)};
  if (stride == 0) stride = options_.stride;
  if (photo.size(1) != heads * options_.headWidth)
    fail<InputError>("deformable attention: {} channels instead of {}", photo.size(1),
                     heads * options_.headWidth);
  const Tensor query = query_->forward(photo);
  Result result;
  result.offsets = precise(
      offsets_->forward(query.reshape({batch * groups, -1, grid.height, grid.width}), stride));
  const TokenGrid spread{result.offsets.size(2), result.offsets.size(3)};
  const Tensor rest = reference(spread, result.offsets);
  const Tensor points = place(result.offsets, rest);
  result.points = points.view({batch, groups, spread.height, spread.width, 2});
  result.reference = rest.unsqueeze(0).expand_as(result.points);

  const Tensor sampled = sample(photo, points, stride);
  const auto split = [&](const Tensor& x) {  // [B, heads, n, width], each token's numbers together
    return x.reshape({batch, heads, options_.headWidth, -1}).transpose(2, 3).contiguous();
  };
  const Tensor q = split(query), k = split(key_->forward(sampled)),
               v = split(value_->forward(sampled)), added = bias(points, grid);
  const double scale = 1.0 / std::sqrt(static_cast<double>(options_.headWidth));
  const bool drops = training() && options_.attentionDropout > 0;
  Tensor mixed;
  if (wantWeights || drops) {
    Tensor logits = at::matmul(q, k.transpose(-1, -2)) * scale;
    if (added.defined()) logits = logits + added;
    const Tensor weights = at::softmax(logits, -1);
    if (wantWeights) result.weights = weights;
    mixed = at::matmul(at::dropout(weights, options_.attentionDropout, drops), v);
  } else {
    std::optional<Tensor> mask;
    if (added.defined()) mask = added.expand({batch, heads, grid.count(), spread.count()});
    mixed = at::scaled_dot_product_attention(q, k, v, mask);
  }
  Tensor y = mixed.transpose(2, 3).reshape(photo.sizes());
  if (convolution_) y = y + convolution_->forward(query);
  result.output = at::dropout(output_->forward(y), options_.outputDropout, training());
  return result;
}

namespace {

DeformableOptions selfAttentionOptions(const AttentionConfig& config) {
  DeformableOptions options;
  options.code = DeformableOptions::Code::kFirst;
  options.grid = config.grid;
  options.heads = config.heads;
  options.headWidth = config.dim / config.heads;
  options.groups = config.heads % 2 == 0 ? config.heads / 2 : 1;
  options.kernel = 5;
  options.offsetRange = 2;
  options.bias = Bias::kConvolution;
  return options;
}

}  // namespace

DeformableSelfAttention::DeformableSelfAttention(const AttentionConfig& config, Random& random)
    : attention_(selfAttentionOptions(config), random) {
  child("attention", attention_);
}

AttentionResult DeformableSelfAttention::forward(const Tensor& tokens, TokenGrid grid,
                                                 AttentionPass& pass) const {
  const std::int64_t batch = tokens.size(0), longer = std::max(grid.height, grid.width);
  const Tensor photo =
      tokens.transpose(1, 2).reshape({batch, tokens.size(2), grid.height, grid.width});
  const auto attended =
      attention_.forward(photo, pass.map, (longer + kPointsPerSide - 1) / kPointsPerSide);
  AttentionResult result;
  result.tokens = attended.output.flatten(2).transpose(1, 2);
  if (pass.map) {
    const Tensor size = at::tensor(
        {static_cast<double>(grid.width), static_cast<double>(grid.height)}, tokens.options());
    const Tensor pixels = (swapped(attended.points).flatten(2, 3) + 1.0) * 0.5 * (size - 1.0);
    result.points = (pixels + 0.5) / size;
    result.map = splatWeights(attended.weights, pixels, grid);
  }
  return result;
}

}  // namespace inkling
