#include "core/nn/attention/attention.h"

#include <fmt/ranges.h>

#include "core/base/error.h"
#include "core/nn/attention/additive.h"
#include "core/nn/attention/bilevel_routing.h"
#include "core/nn/attention/deformable.h"
#include "core/nn/attention/dense.h"
#include "core/nn/attention/dynamic.h"
#include "core/nn/attention/dynamic_multilevel.h"
#include "core/nn/attention/multi_head.h"

namespace inkling {
namespace {

using Maker = std::unique_ptr<SelfAttention> (*)(const AttentionConfig&, Random&);

template <typename Mechanism>
std::unique_ptr<SelfAttention> make(const AttentionConfig& config, Random& random) {
  return std::make_unique<Mechanism>(config, random);
}

const std::vector<std::pair<std::string, Maker>>& makers() {
  static const std::vector<std::pair<std::string, Maker>> kMakers{
      {"multi-head", make<MultiHeadSelfAttention>},
      {"additive", make<AdditiveSelfAttention>},
      {"bilevel-routing", make<BiLevelRoutingSelfAttention>},
      {"deformable", make<DeformableSelfAttention>},
      {"dense", make<DenseSelfAttention>},
      {"dynamic-multilevel", make<DynamicMultilevelSelfAttention>},
      {"dynamic", make<DynamicSelfAttention>},
  };
  return kMakers;
}

}  // namespace

const std::vector<std::string>& attentionMechanisms() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const auto& [name, maker] : makers()) names.push_back(name);
    return names;
  }();
  return kNames;
}

std::unique_ptr<SelfAttention> makeSelfAttention(const AttentionConfig& config, Random& random) {
  if (config.heads <= 0 || config.dim % config.heads != 0) {
    fail<UsageError>("attention: the width {} is not a multiple of {} heads", config.dim,
                     config.heads);
  }
  for (const auto& [name, maker] : makers()) {
    if (name == config.mechanism) return maker(config, random);
  }
  fail<UsageError>("unknown attention mechanism \"{}\" (known: {})", config.mechanism,
                   fmt::join(attentionMechanisms(), ", "));
}

}  // namespace inkling
