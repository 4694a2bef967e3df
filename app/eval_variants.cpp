#include "app/eval_variants.h"

#include <algorithm>

#include <fmt/format.h>

namespace inkling {

const std::vector<std::string>& evalProtocols() {
  static const std::vector<std::string> names{kSketchGuided, kFusionProtocol, kNotThis, kStyle};
  return names;
}

const std::vector<std::pair<std::string, FusionRule>>& fusionRules() {
  static const std::vector<std::pair<std::string, FusionRule>> rules{
      {"learned", FusionRule::kLearned},
      {"mean-tokens", FusionRule::kMeanTokens},
      {"mean-scores", FusionRule::kMeanScores}};
  return rules;
}

std::string nameOf(FusionRule rule) {
  const auto isIt = [&](const auto& named) { return named.second == rule; };
  return std::find_if(fusionRules().begin(), fusionRules().end(), isIt)->first;
}

FusionRule fusionRule(const std::string& name) {
  const auto isIt = [&](const auto& named) { return named.first == name; };
  return std::find_if(fusionRules().begin(), fusionRules().end(), isIt)->second;
}

std::vector<EvalVariant> evalVariants(const std::string& protocol, std::size_t sketches,
                                      FusionRule fusion) {
  std::vector<EvalVariant> variants;
  if (protocol == kFusionProtocol) {
    variants.push_back({"1 drawing", 1});
    for (const std::size_t count : {2, 3, 5}) {
      for (const auto& [name, rule] : fusionRules()) {
        variants.push_back({fmt::format("{} {}", count, name), count, rule});
      }
    }
  } else if (protocol == kNotThis) {
    variants.push_back({"without", sketches, fusion});
    variants.push_back({"with", sketches, fusion, DrawingStyle::kAsDrawn, true});
  } else if (protocol == kStyle) {
    for (const DrawingStyle style : allDrawingStyles())
      variants.push_back({nameOf(style), sketches, fusion, style});
  } else {
    variants.push_back({"", sketches, fusion});
  }
  return variants;
}

}  // namespace inkling
