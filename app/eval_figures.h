// From the answers of an evaluation to what `inkling eval` tells of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/eval_report.h"
#include "app/output_file.h"
#include "core/evaluation/eval_part.h"

namespace inkling {

/// What an evaluation is of: all that decides its figures, photos apart.
struct EvalSettings {
  std::string protocol = kSketchGuided;
  ProtocolOptions options;
  std::string fusion = nameOf(FusionRule::kLearned);
  std::string model;  ///< file name
  double threshold = 0;

  std::vector<EvalVariant> variants() const;
  bool asksForAbsentThings() const { return protocol != kNotThis; }
};

/// As kept in a part, and back. Throws InputError naming `name`.
Json toJson(const EvalSettings& settings);
EvalSettings evalSettingsOf(const Json& json, const std::string& name);

/// Throws UsageError when `picture` cannot be drawn of this protocol, or is no .png.
void requireReliability(const std::string& picture, const std::string& protocol);

/// Prints the figures, and writes and draws them where that is wanted.
void reportFigures(const EvalSettings& settings, const CocoDataset& dataset, const Answers& answers,
                   const std::optional<OutputFile>& out, const std::optional<OutputFile>& picture);

}  // namespace inkling
