// What one evaluation compares: the same photos, asked in several ways in one run.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "core/inference/localizer.h"
#include "core/sketch/drawing_styles.h"

namespace inkling {

struct EvalVariant {
  std::string name;
  std::size_t sketches = 1;  ///< drawings of each query; the first ones of the largest variant's
  FusionRule fusion = FusionRule::kLearned;
  DrawingStyle style = DrawingStyle::kAsDrawn;  ///< how the drawings reach the reader
  bool unwanted = false;                        ///< with the query's unwanted drawing
};

inline constexpr const char* kSketchGuided = "sketch-guided";
inline constexpr const char* kFusionProtocol = "fusion";
inline constexpr const char* kNotThis = "not-this";
inline constexpr const char* kStyle = "style";

/// Names for --protocol, in the order they are told.
const std::vector<std::string>& evalProtocols();

/// The variants of a protocol; the first is what the others are compared with.
///   sketch-guided  `sketches` drawings fused by `fusion`
///   fusion         1, 2, 3 and 5 drawings, by each rule
///   not-this       things beside their like, without and with a drawing of the other
///   style          the drawings as they are, and in each style
std::vector<EvalVariant> evalVariants(const std::string& protocol, std::size_t sketches,
                                      FusionRule fusion);

/// The rules of fusion by their names: learned, mean-tokens, mean-scores.
const std::vector<std::pair<std::string, FusionRule>>& fusionRules();
std::string nameOf(FusionRule rule);
/// The rule of one of these names.
FusionRule fusionRule(const std::string& name);

}  // namespace inkling
