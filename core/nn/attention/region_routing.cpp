#include "core/nn/attention/region_routing.h"

#include <limits>

namespace inkling {
namespace {

// The regions chosen by each region, one after another: [B, R, K, C] to [B * R, k, K, C].
Tensor gather(const Tensor& regions, const Tensor& chosen) {
  const std::int64_t batch = regions.size(0), count = regions.size(1);
  const Tensor first =
      at::arange(batch, chosen.options()).view({batch, 1, 1}) * count;  // of each photo
  return regions.flatten(0, 1)
      .index_select(0, (chosen + first).flatten())
      .view({batch * count, chosen.size(2), regions.size(2), regions.size(3)});
}

// [B * R, n, C] to [B * R, heads, n, C / heads].
Tensor splitHeads(const Tensor& x, std::int64_t heads) {
  return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

// The number of each token in its grid, [R, T]; -1 beyond the grid.
Tensor tokenNumbers(const RegionCut& cut, const Tensor& like) {
  const Tensor numbers =
      at::arange(1, cut.grid.count() + 1, like.options().dtype(at::kLong)).view({1, -1, 1});
  return cutIntoRegions(numbers, cut).squeeze(3).squeeze(0) - 1;
}

}  // namespace

Tensor cutIntoRegions(const Tensor& tokens, const RegionCut& cut) {
  const std::int64_t batch = tokens.size(0), channels = tokens.size(2);
  const TokenGrid regions = cut.regions();
  Tensor x = tokens.reshape({batch, cut.grid.height, cut.grid.width, channels});
  if (!cut.even()) {
    x = at::constant_pad_nd(x, {0, 0, 0, regions.width * cut.region.width - cut.grid.width, 0,
                                regions.height * cut.region.height - cut.grid.height});
  }
  return x
      .view({batch, regions.height, cut.region.height, regions.width, cut.region.width, channels})
      .transpose(2, 3)
      .reshape({batch, regions.count(), cut.region.count(), channels});
}

Tensor joinRegions(const Tensor& regions, const RegionCut& cut) {
  const std::int64_t batch = regions.size(0), channels = regions.size(3);
  const TokenGrid count = cut.regions();
  return regions
      .view({batch, count.height, count.width, cut.region.height, cut.region.width, channels})
      .transpose(2, 3)
      .reshape({batch, count.height * cut.region.height, count.width * cut.region.width, channels})
      .slice(1, 0, cut.grid.height)
      .slice(2, 0, cut.grid.width)
      .reshape({batch, cut.grid.count(), channels});
}

Tensor insideGrid(const RegionCut& cut, const Tensor& like) {
  return cut.even() ? Tensor() : tokenNumbers(cut, like) >= 0;
}

RoutedAttention routedAttention(const Tensor& query, const Tensor& key, const Tensor& value,
                                const Tensor& chosen, std::int64_t heads, double scale,
                                const Tensor& inside, const Tensor& share) {
  const std::int64_t batch = query.size(0), regions = query.size(1), choices = chosen.size(2);
  const auto select = [&](const Tensor& x) {
    Tensor selected = gather(x, chosen);  // [B * R, k, K, C]
    if (share.defined()) selected = selected * share.reshape({batch * regions, choices, 1, 1});
    return splitHeads(selected.flatten(1, 2), heads);
  };
  const Tensor q = splitHeads(query.flatten(0, 1) * scale, heads);
  Tensor logits = at::matmul(q, select(key).transpose(-1, -2));  // [B * R, heads, T, k * K]
  if (inside.defined()) {
    const Tensor counts =
        inside.index_select(0, chosen.flatten()).view({batch * regions, 1, 1, -1});
    logits = logits.masked_fill(counts.logical_not(), -std::numeric_limits<double>::infinity());
  }
  const Tensor weights = at::softmax(logits, -1);
  RoutedAttention result;
  result.tokens = at::matmul(weights, select(value))
                      .transpose(1, 2)
                      .reshape({batch, regions, query.size(2), value.size(3)});
  result.weights = weights.view({batch, regions, heads, query.size(2), -1});
  return result;
}

Tensor routedMap(const Tensor& weights, const Tensor& chosen, const RegionCut& cut) {
  const std::int64_t batch = weights.size(0), regions = weights.size(1), heads = weights.size(2),
                     size = weights.size(3), tokens = cut.grid.count();
  const Tensor numbers = tokenNumbers(cut, chosen);
  // Where a weight belongs: the keys' numbers. What lies beyond the grid has the weight 0.
  const Tensor keys = numbers.clamp_min(0)
                          .index_select(0, chosen.flatten())
                          .view({batch, regions, 1, 1, -1})
                          .expand_as(weights);
  const Tensor map = at::zeros({batch, regions, heads, size, tokens}, weights.options())
                         .scatter_add(-1, keys, weights);
  // And the rows in the order of the tokens.
  const Tensor rows = at::argsort(numbers.masked_fill(numbers < 0, tokens).flatten());
  return map.transpose(1, 2)
      .reshape({batch, heads, regions * size, tokens})
      .index_select(2, rows.slice(0, 0, tokens));
}

}  // namespace inkling
