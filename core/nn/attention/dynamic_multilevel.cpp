#include "core/nn/attention/dynamic_multilevel.h"

#include <algorithm>
#include <cmath>

namespace inkling {
namespace {

/// Places of the kernel [kernel, kernel] (of how much weight is where) as seen from each token:
/// [N, N], 0 where the kernel does not reach.
Tensor spread(const Tensor& kernel, TokenGrid grid) {
  const std::int64_t size = kernel.size(0), reach = size / 2;
  // From token at y to token at y', the kernel's row y' - y + reach; a row of zeros stands for
  // everything out of reach.
  const Tensor padded = at::constant_pad_nd(kernel, {0, 1, 0, 1});
  const auto places = [&](std::int64_t count) {
    const Tensor line = at::arange(count, kernel.options().dtype(at::kLong));
    const Tensor place = line.unsqueeze(0) - line.unsqueeze(1) + reach;  // [from, to]
    return at::where(place.ge(0).logical_and(place.lt(size)), place, at::full_like(place, size));
  };
  const Tensor rows = places(grid.height), columns = places(grid.width);
  const Tensor all = padded.index_select(0, rows.flatten())
                         .index_select(1, columns.flatten())
                         .view({grid.height, grid.height, grid.width, grid.width});
  return all.permute({0, 2, 1, 3}).reshape({grid.count(), grid.count()});
}

// At least 8: fewer ReLUs might all be silent, and the gate the same for all photos.
std::int64_t gateWidth(std::int64_t dim) { return std::max<std::int64_t>(8, dim / 4); }

}  // namespace

std::vector<std::int64_t> DynamicMultilevelSelfAttention::kernels(std::int64_t branches) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < branches; ++i) sizes.push_back(3 + 2 * i);
  return sizes;
}

DynamicMultilevelSelfAttention::DynamicMultilevelSelfAttention(const AttentionConfig& config,
                                                               Random& random)
    : squeeze_(config.dim, gateWidth(config.dim), random),
      excite_(gateWidth(config.dim), config.dim, random),
      mix_(config.dim, config.dim, random) {
  for (const std::int64_t kernel : kernels(config.heads)) {
    branches_.push_back(std::make_unique<DepthwiseConv2d>(config.dim, kernel, random));
    // So that the sum of the branches is about as large as what goes in.
    branches_.back()->weight.div_(std::sqrt(static_cast<double>(config.heads)));
    child("branches." + std::to_string(branches_.size() - 1), *branches_.back());
  }
  child("squeeze", squeeze_);
  child("excite", excite_);
  child("mix", mix_);
}

Tensor DynamicMultilevelSelfAttention::gate(const Tensor& tokens) const {
  return at::sigmoid(excite_.forward(at::relu(squeeze_.forward(tokens.mean(1)))));
}

AttentionResult DynamicMultilevelSelfAttention::forward(const Tensor& tokens, TokenGrid grid,
                                                        AttentionPass& pass) const {
  const Tensor photo =
      tokens.transpose(1, 2).reshape({tokens.size(0), tokens.size(2), grid.height, grid.width});
  Tensor levels = branches_.front()->forward(photo);
  for (std::size_t i = 1; i < branches_.size(); ++i) levels = levels + branches_[i]->forward(photo);
  AttentionResult result;
  result.tokens = gate(tokens).unsqueeze(1) * mix_.forward(levels.flatten(2).transpose(1, 2));
  if (pass.map) result.map = map(grid).unsqueeze(0).expand({tokens.size(0), -1, -1, -1});
  return result;
}

Tensor DynamicMultilevelSelfAttention::map(TokenGrid grid) const {
  std::vector<Tensor> levels;
  for (const auto& branch : branches_) {
    // A tiny share for every place: a kernel of zeros would look nowhere.
    const Tensor weight = branch->weight.abs().sum(0).squeeze(0) + 1e-12;
    const Tensor spreading = spread(weight, grid);
    levels.push_back(spreading / spreading.sum(-1, true));
  }
  return at::stack(levels);
}

}  // namespace inkling
