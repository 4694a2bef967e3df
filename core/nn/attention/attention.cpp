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

struct Mechanism {
  std::string name;
  Maker make;
  double exponent;
};

const std::vector<Mechanism>& mechanisms() {
  static const std::vector<Mechanism> kMechanisms{
      {"multi-head", make<MultiHeadSelfAttention>, 2},
      {"additive", make<AdditiveSelfAttention>, 1},
      {"bilevel-routing", make<BiLevelRoutingSelfAttention>, 4.0 / 3},
      {"deformable", make<DeformableSelfAttention>, 1},
      {"dense", make<DenseSelfAttention>, 2},
      {"dynamic-multilevel", make<DynamicMultilevelSelfAttention>, 1},
      {"dynamic", make<DynamicSelfAttention>, 2},
  };
  return kMechanisms;
}

const Mechanism& mechanismCalled(const std::string& name) {
  for (const Mechanism& mechanism : mechanisms()) {
    if (mechanism.name == name) return mechanism;
  }
  fail<UsageError>("unknown attention mechanism \"{}\" (known: {})", name,
                   fmt::join(attentionMechanisms(), ", "));
}

}  // namespace

const std::vector<std::string>& attentionMechanisms() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Mechanism& mechanism : mechanisms()) names.push_back(mechanism.name);
    return names;
  }();
  return kNames;
}

std::unique_ptr<SelfAttention> makeSelfAttention(const AttentionConfig& config, Random& random) {
  if (config.heads <= 0 || config.dim % config.heads != 0) {
    fail<UsageError>("attention: the width {} is not a multiple of {} heads", config.dim,
                     config.heads);
  }
  return mechanismCalled(config.mechanism).make(config, random);
}

double theoreticalExponent(const std::string& mechanism) {
  return mechanismCalled(mechanism).exponent;
}

}  // namespace inkling
