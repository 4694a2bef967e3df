#include "core/nn/attention/bilevel_routing.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <ATen/Parallel.h>

#include "core/base/error.h"
#include "core/kernels/cuda/routing_attention.h"
#include "core/kernels/routing_attention.h"
#include "core/nn/device.h"
#include "core/nn/operator_cost.h"

namespace inkling {
namespace {

BiLevelRoutingOptions checked(BiLevelRoutingOptions options) {
  if (options.queryDim == 0) options.queryDim = options.dim;
  if (options.scale == 0) options.scale = 1.0 / std::sqrt(static_cast<double>(options.queryDim));
  if (options.heads < 1 || options.dim % options.heads != 0 ||
      options.queryDim % options.heads != 0) {
    fail<UsageError>("bi-level routing: the widths {} and {} are not multiples of {} heads",
                     options.dim, options.queryDim, options.heads);
  }
  if (options.regionsPerSide < 1 || options.choices < 1)
    fail<UsageError>("bi-level routing: {} regions per side, of which {} are chosen",
                     options.regionsPerSide, options.choices);
  if (options.paramRouting && !options.diffRouting)
    fail<UsageError>("bi-level routing: a layer for routing would get no gradients");
  if (options.diffRouting && !options.softRouting)
    fail<UsageError>("bi-level routing: hard routing with gradients is not defined");
  constexpr std::array kPoolings{"identity", "ada_avgpool", "ada_maxpool", "avgpool", "maxpool"};
  if (std::ranges::find(kPoolings, options.keyPooling) == kPoolings.end())
    fail<UsageError>("bi-level routing: unknown pooling of keys \"{}\"", options.keyPooling);
  return options;
}

std::unique_ptr<DepthwiseConv2d> sideConvolution(const BiLevelRoutingOptions& options,
                                                 Random& random) {
  if (options.sideKernel <= 0) return nullptr;
  return std::make_unique<DepthwiseConv2d>(options.dim, options.sideKernel, random);
}

// The `choices` regions that suit each region best, [B, R, k].
Tensor best(const Tensor& logits, std::int64_t choices) {
  if (choices > logits.size(-1))
    fail<InputError>("bi-level routing: {} of {} regions cannot be chosen", choices,
                     logits.size(-1));
  return std::get<1>(at::topk(logits, choices, -1));
}

}  // namespace

BiLevelRoutingAttention::BiLevelRoutingAttention(const BiLevelRoutingOptions& options,
                                                 Random& random)
    : options_(checked(options)),
      lepe_(sideConvolution(options_, random)),
      qkv_(options_.dim, 2 * options_.queryDim + options_.dim, random) {
  if (lepe_) child("lepe", *lepe_);
  if (options_.paramRouting) {
    embedding_ = std::make_unique<Linear>(options_.queryDim, options_.queryDim, random);
    child("router.emb", *embedding_);
  }
  child("qkv.qkv", qkv_);
  if (options_.projectOutput) {
    output_ = std::make_unique<Linear>(options_.dim, options_.dim, random);
    child("wo", *output_);
  }
}

Tensor BiLevelRoutingAttention::pooled(const Tensor& regions, TokenGrid region) const {
  const std::string& mode = options_.keyPooling;
  const std::int64_t side = options_.pooledSide, ratio = options_.poolRatio;
  if (mode == "identity" || (!mode.starts_with("ada") && ratio <= 1)) return regions;
  const Tensor maps = regions.flatten(0, 1)
                          .view({-1, region.height, region.width, regions.size(3)})
                          .permute({0, 3, 1, 2});
  if (!mode.starts_with("ada") && (region.height < ratio || region.width < ratio))
    fail<InputError>("bi-level routing: regions of {} x {} tokens cannot be pooled by {}",
                     region.height, region.width, ratio);
  const Tensor small = mode == "ada_avgpool" ? at::adaptive_avg_pool2d(maps, {side, side})
                       : mode == "ada_maxpool"
                           ? std::get<0>(at::adaptive_max_pool2d(maps, {side, side}))
                       : mode == "avgpool" ? at::avg_pool2d(maps, {ratio, ratio})
                                           : at::max_pool2d(maps, {ratio, ratio});
  return small.flatten(2).transpose(1, 2).reshape(
      {regions.size(0), regions.size(1), -1, regions.size(3)});
}

BiLevelRoutingAttention::Result BiLevelRoutingAttention::forward(const Tensor& photo) const {
  const std::int64_t height = photo.size(1), width = photo.size(2), side = options_.regionsPerSide,
                     queryDim = options_.queryDim;
  const std::int64_t below = (side - height % side) % side, beside = (side - width % side) % side;
  if (!options_.autoPad && (below > 0 || beside > 0))
    fail<InputError>("bi-level routing: {0} x {0} regions do not divide {1} x {2} tokens", side,
                     height, width);
  const TokenGrid grid{height + below, width + beside};
  const RegionCut cut{grid, {grid.height / side, grid.width / side}};
  const Tensor x = at::constant_pad_nd(photo, {0, 0, 0, beside, 0, below});
  const auto parts =
      qkv_.forward(x.flatten(1, 2)).split_with_sizes({queryDim, queryDim + options_.dim}, -1);
  const Tensor query = cutIntoRegions(parts[0], cut), both = cutIntoRegions(parts[1], cut);

  Result result;
  Tensor q = query.mean(2), k = both.slice(-1, 0, queryDim).mean(2);
  if (!options_.diffRouting) q = q.detach(), k = k.detach();
  if (embedding_) q = embedding_->forward(q), k = embedding_->forward(k);
  result.logits = at::matmul(q * options_.scale, k.transpose(-1, -2));
  result.chosen = best(result.logits, options_.choices);
  result.shares = at::softmax(result.logits.gather(-1, result.chosen), -1);

  const Tensor keys = pooled(both, cut.region);
  Tensor mixed = routedAttention(query, keys.slice(-1, 0, queryDim), keys.slice(-1, queryDim),
                                 result.chosen, options_.heads, options_.scale, {},
                                 options_.softRouting ? result.shares : Tensor())
                     .tokens;
  Tensor y = joinRegions(mixed, cut).view({photo.size(0), grid.height, grid.width, options_.dim});
  if (lepe_) {
    const Tensor value = parts[1].slice(-1, queryDim).view_as(y).permute({0, 3, 1, 2});
    y = y + lepe_->forward(value).permute({0, 2, 3, 1});
  }
  if (output_) y = output_->forward(y);
  result.output = y.slice(1, 0, height).slice(2, 0, width);
  return result;
}

NchwBiLevelRoutingAttention::NchwBiLevelRoutingAttention(const BiLevelRoutingOptions& options,
                                                         Random& random)
    : options_(checked(options)), lepe_(sideConvolution(options_, random)) {
  if (options_.queryDim != options_.dim || options_.softRouting || options_.diffRouting ||
      options_.keyPooling != "identity" || !options_.projectOutput)
    fail<UsageError>("bi-level routing: the newer module does not have this option");
  const std::int64_t dim = options_.dim;
  if (lepe_) child("lepe", *lepe_);
  const double bound = std::sqrt(6.0 / static_cast<double>(2 * dim));
  qkvWeight_ = uniformTensor({3 * dim, dim, 1, 1}, bound, random);
  qkvBias_ = at::zeros({3 * dim});
  outputWeight_ = uniformTensor({dim, dim, 1, 1}, bound, random);
  outputBias_ = at::zeros({dim});
  parameter("qkv_linear.weight", qkvWeight_);
  parameter("qkv_linear.bias", qkvBias_);
  parameter("output_linear.weight", outputWeight_);
  parameter("output_linear.bias", outputBias_);
}

NchwBiLevelRoutingAttention::Result NchwBiLevelRoutingAttention::forward(
    const Tensor& photo) const {
  const TokenGrid grid{photo.size(2), photo.size(3)};
  const RegionCut cut{
      grid, {grid.height / options_.regionsPerSide, grid.width / options_.regionsPerSide}};
  if (cut.region.count() == 0)
    fail<InputError>("bi-level routing: {} x {} tokens are too few for {} regions per side",
                     grid.height, grid.width, options_.regionsPerSide);
  const auto parts = at::conv2d(photo, qkvWeight_, qkvBias_).chunk(3, 1);
  const auto mean = [&](const Tensor& x) {  // over the tokens of each region that exist
    return at::avg_pool2d(x.detach(), {cut.region.height, cut.region.width}, {}, 0, true, false)
        .flatten(2)
        .transpose(1, 2);
  };
  Result result;
  result.logits = at::matmul(mean(parts[0]), mean(parts[1]).transpose(-1, -2));
  result.chosen = best(result.logits, options_.choices);
  const auto regions = [&](const Tensor& x) {
    return cutIntoRegions(x.flatten(2).transpose(1, 2), cut);
  };
  const Tensor mixed = routedAttention(regions(parts[0]), regions(parts[1]), regions(parts[2]),
                                       result.chosen, options_.heads, options_.scale)
                           .tokens;
  Tensor y = joinRegions(mixed, cut).transpose(1, 2).reshape(photo.sizes());
  if (lepe_) y = y + lepe_->forward(parts[2]);
  result.output = at::conv2d(y, outputWeight_, outputBias_);
  return result;
}

BiLevelRoutingSelfAttention::BiLevelRoutingSelfAttention(const AttentionConfig& config,
                                                         Random& random)
    : heads_(config.heads),
      scale_(1.0 / std::sqrt(static_cast<double>(config.dim))),
      qkv_(config.dim, 3 * config.dim, random),
      local_(config.dim, 5, random),
      output_(config.dim, config.dim, random) {
  child("qkv", qkv_);
  child("local", local_);
  child("output", output_);
}

RegionCut BiLevelRoutingSelfAttention::cutOf(TokenGrid grid) {
  const double half = 0.6 * std::pow(static_cast<double>(grid.count()), 1.0 / 6.0);
  const std::int64_t side = 2 * std::max<std::int64_t>(1, std::llround(half));
  return {grid, {std::min(side, grid.height), std::min(side, grid.width)}};
}

Tensor BiLevelRoutingSelfAttention::choose(const Tensor& tokens, const RegionCut& cut) const {
  const at::NoGradGuard noGrad;
  // The mean of a projection is the projection of the mean.
  const std::int64_t dim = tokens.size(2);
  const Tensor grid = tokens.detach()
                          .reshape({tokens.size(0), cut.grid.height, cut.grid.width, dim})
                          .permute({0, 3, 1, 2});
  const Tensor mean =
      at::avg_pool2d(grid, {cut.region.height, cut.region.width}, {}, 0, true, false)
          .flatten(2)
          .transpose(1, 2);
  const auto parts =
      at::linear(mean, qkv_.weight.slice(0, 0, 2 * dim), qkv_.bias.slice(0, 0, 2 * dim))
          .chunk(2, -1);
  const Tensor logits = at::matmul(parts[0], parts[1].transpose(-1, -2));
  return best(logits, std::min(kChoices, cut.regions().count()));
}

Tensor BiLevelRoutingSelfAttention::attend(const Tensor& qkv, const Tensor& chosen,
                                           const RegionCut& cut, Tensor* map) const {
  const auto parts = qkv.chunk(3, -1);
  const RoutedAttention routed =
      routedAttention(cutIntoRegions(parts[0], cut), cutIntoRegions(parts[1], cut),
                      cutIntoRegions(parts[2], cut), chosen, heads_, scale_, insideGrid(cut, qkv));
  if (map != nullptr) *map = routedMap(routed.weights, chosen, cut);
  const Tensor values =
      parts[2].reshape({qkv.size(0), cut.grid.height, cut.grid.width, -1}).permute({0, 3, 1, 2});
  return joinRegions(routed.tokens, cut) + local_.forward(values).flatten(2).transpose(1, 2);
}

Tensor BiLevelRoutingSelfAttention::attendFused(const Tensor& qkv, const Tensor& chosen,
                                                const RegionCut& cut) const {
  const std::int64_t batch = qkv.size(0), tokens = qkv.size(1), dim = qkv.size(2) / 3;
  Tensor mixed = at::empty({batch, tokens, dim}, qkv.options());
  const Tensor source = qkv.contiguous(), choice = chosen.contiguous(),
               taps = local_.weight.flatten(1).t().contiguous();
  kernels::RoutingAttention job;
  job.query = source.const_data_ptr<float>();
  job.key = job.query + dim;
  job.value = job.key + dim;
  job.tokenStride = 3 * dim;
  job.photoStride = tokens * job.tokenStride;
  job.output = mixed.data_ptr<float>();
  job.outputTokenStride = dim;
  job.outputPhotoStride = tokens * dim;
  job.photos = batch;
  job.heads = heads_;
  job.headWidth = dim / heads_;
  job.gridHeight = cut.grid.height;
  job.gridWidth = cut.grid.width;
  job.regionHeight = cut.region.height;
  job.regionWidth = cut.region.width;
  job.chosen = choice.const_data_ptr<std::int64_t>();
  job.choices = choice.size(2);
  job.scale = static_cast<float>(scale_);
  job.localWeight = taps.const_data_ptr<float>();
  job.localBias = local_.bias.const_data_ptr<float>();
  job.localKernel = local_.weight.size(2);
  if (qkv.is_cuda()) {
    startOnCard(qkv, [&](auto stream) { kernels::cuda::routingAttention(job, stream); });
    return mixed;  // multiply-adds are not noted: the choice lies on the card
  }
  at::parallel_for(0, job.items(), 1, [&](std::int64_t begin, std::int64_t end) {
    kernels::routingAttention(job, begin, end);
  });
  noteMultiplyAdds(job.multiplyAdds());
  return mixed;
}

AttentionResult BiLevelRoutingSelfAttention::forward(const Tensor& tokens, TokenGrid grid,
                                                     AttentionPass& pass) const {
  const RegionCut cut = cutOf(grid);
  AttentionResult result;
  const Tensor chosen = choose(tokens, cut);
  Tensor mixed;
  {
    const Tensor qkv = qkv_.forward(tokens);
    const bool recorded =
        at::GradMode::is_enabled() &&
        (qkv.requires_grad() || local_.weight.requires_grad() || local_.bias.requires_grad());
    const bool fused = !pass.map && !recorded && qkv.scalar_type() == at::kFloat &&
                       (qkv.is_cpu() || qkv.is_cuda());
    mixed = fused ? attendFused(qkv, chosen, cut)
                  : attend(qkv, chosen, cut, pass.map ? &result.map : nullptr);
  }
  result.tokens = output_.forward(mixed);
  if (pass.map) {
    result.regions = chosen;
    result.regionGrid = cut.regions();
  }
  return result;
}

}  // namespace inkling
