#include "app/eval_variants.h"

#include <fmt/format.h>

namespace inkling {

const std::vector<std::string>& evalProtocols() {
  static const std::vector<std::string> names{"sketch-guided", "fusion", "not-this", "style"};
  return names;
}

std::string nameOf(FusionRule rule) {
  switch (rule) {
    case FusionRule::kMeanTokens:
      return "mean-tokens";
    case FusionRule::kMeanScores:
      return "mean-scores";
    default:
      return "learned";
  }
}

std::vector<EvalVariant> evalVariants(const std::string& protocol, std::size_t sketches,
                                      FusionRule fusion) {
  std::vector<EvalVariant> variants;
  if (protocol == "fusion") {
    variants.push_back({"1 drawing", 1});
    for (const std::size_t count : {2, 3, 5}) {
      for (const FusionRule rule :
           {FusionRule::kLearned, FusionRule::kMeanTokens, FusionRule::kMeanScores}) {
        variants.push_back({fmt::format("{} {}", count, nameOf(rule)), count, rule});
      }
    }
  } else if (protocol == "not-this") {
    variants.push_back({"without", sketches, fusion});
    variants.push_back({"with", sketches, fusion, DrawingStyle::kAsDrawn, true});
  } else if (protocol == "style") {
    for (const DrawingStyle style : allDrawingStyles())
      variants.push_back({nameOf(style), sketches, fusion, style});
  } else {
    variants.push_back({"", sketches, fusion});
  }
  return variants;
}

}  // namespace inkling
