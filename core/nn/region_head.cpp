#include "core/nn/region_head.h"

#include <algorithm>

#include "core/base/error.h"

namespace inkling {
namespace {

// Words less likely than this are not asked for: beside the floor of the agreement they say
// nothing.
constexpr double kLeastShare = 1e-4;
// The logit of a region that is not there.
constexpr double kNoRegion = -1e9;

// Rows of one photo's tensor [1, P, ...] or [1, P], padded with zeros to `limit`.
Tensor chosenRows(const Tensor& values, const Tensor& index, std::int64_t limit) {
  const Tensor rows = values[0].index_select(0, index);
  std::vector<std::int64_t> shape(rows.sizes().begin(), rows.sizes().end());
  shape.front() = limit;
  Tensor padded = at::zeros(shape, rows.options());
  padded.slice(0, 0, rows.size(0)).copy_(rows);
  return padded.unsqueeze(0);
}

}  // namespace

RegionHead::RegionHead(std::int64_t width, std::int64_t dim)
    : region_(at::zeros({dim, width})), sketch_(at::zeros({dim, width})) {
  parameter("region.weight", region_);
  parameter("sketch.weight", sketch_);
}

void RegionHead::setProjections(const Tensor& region, const Tensor& sketch) {
  const at::NoGradGuard noGrad;
  region_.copy_(region);
  sketch_.copy_(sketch);
}

Tensor RegionHead::embedRegions(const Tensor& embedding) const {
  return at::matmul(embedding, region_.t());
}

RegionHead::Regions RegionHead::choose(const PhotoBatch& photo, const MatchHead& match,
                                       std::int64_t limit) const {
  if (!photo.embedding.defined() || !photo.names.defined())
    fail<UsageError>("the regions of the photo have not been embedded");
  const RegionFeatures& regions = photo.regions;
  const Tensor objectness = regions.objectness[0].clamp_min(MatchHead::kLeastObjectness);
  const Tensor worth = photo.names[0] * objectness.unsqueeze(-1);  // [P, words]
  Tensor left = regions.valid[0].clone(), best = at::zeros({worth.size(1)});
  std::vector<std::int64_t> chosen;
  const std::int64_t count = std::min(limit, left.sum().item<std::int64_t>());
  for (std::int64_t i = 0; i < count; ++i) {
    // Where nothing new is covered, the surer object comes first.
    const Tensor gain = (worth - best).clamp_min(0).sum(1) + 1e-6 * objectness;
    const std::int64_t next =
        gain.masked_fill(at::logical_not(left), -1).argmax().item<std::int64_t>();
    chosen.push_back(next);
    left[next] = false;
    best = at::maximum(best, worth[next]);
  }
  const Tensor index = at::tensor(chosen, at::kLong);
  const auto rows = [&](const Tensor& values) { return chosenRows(values, index, limit); };
  return {rows(embedRegions(photo.embedding)), rows(at::log(objectness).unsqueeze(0)),
          rows(at::logsumexp(match.wordLogits(photo.embedding), {-1})), rows(regions.boxes),
          rows(regions.valid)};
}

RegionHead::Query RegionHead::project(const QueryTensors& query, const MatchHead& match) const {
  const Tensor shares = std::get<0>(query.words[0].sort(-1, true));
  const Tensor order = query.words[0].argsort(-1, true);
  const std::int64_t asked =
      std::max<std::int64_t>(1, (shares >= kLeastShare).sum().item<std::int64_t>());
  const Tensor words = match.trusted(match.words().index_select(0, order.slice(0, 0, asked)));
  return {at::matmul(match.trusted(query.embedding[0]), sketch_.t()),
          at::matmul(words, sketch_.t()), shares.slice(0, 0, asked)};
}

RegionHead::Scores RegionHead::score(const Query& query, const Regions& regions,
                                     const MatchHead& match) const {
  // The projections may put a word's probability over 1 by their error.
  const Tensor names = at::exp(
      (at::matmul(regions.vectors, query.words.t()) - regions.spread.unsqueeze(-1)).clamp_max(0));
  const Tensor same = at::matmul(names, query.shares);
  const Tensor evidence = MatchHead::evidence(at::matmul(regions.vectors, query.similarity),
                                              regions.objectness, same, regions.valid);
  const Tensor logits =
      match.score(evidence).masked_fill(at::logical_not(regions.valid), kNoRegion);
  return {logits, evidence.select(1, 0).select(1, MatchHead::kContext)};
}

Tensor RegionHead::indexed(const Regions& regions, const MatchHead& match) const {
  const Tensor prior =
      match.weights()[1] * regions.objectness - match.weights()[2] * regions.spread;
  return at::cat({regions.vectors, prior.unsqueeze(-1), at::ones_like(prior).unsqueeze(-1)}, -1);
}

Tensor RegionHead::probes(const Query& query, const MatchHead& match, std::int64_t limit) const {
  const std::int64_t count = std::min(limit, query.words.size(0));
  const Tensor word = match.weights()[2];
  const Tensor vectors =
      match.weights()[0] * query.similarity + word * query.words.slice(0, 0, count);
  const Tensor sure = word * at::log(query.shares.slice(0, 0, count).clamp_min(1e-9));
  return at::cat({vectors, at::ones({count, 1}), sure.unsqueeze(-1)}, -1);
}

Tensor RegionHead::wordProbes(const MatchHead& match) const {
  const Tensor words = at::matmul(match.trusted(match.words()), sketch_.t());
  const Tensor one = at::ones({words.size(0), 1});
  return at::cat({(match.weights()[0] + match.weights()[2]) * words, one, at::zeros_like(one)}, -1);
}

}  // namespace inkling
