#include "app/eval_figures.h"

#include <algorithm>
#include <utility>

#include "app/console.h"
#include "core/base/path.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

std::vector<VariantResult> resultsOf(const EvalSettings& settings, const CocoDataset& dataset,
                                     const Answers& answers) {
  std::vector<VariantResult> results;
  for (EvalVariant& variant : settings.variants()) {
    const std::size_t v = results.size();
    VariantResult each;
    each.variant = std::move(variant);
    each.result = evaluateProtocol(dataset, answers.queries, answers.detections[v],
                                   settings.options, answers.photoScores[v]);
    if (settings.asksForAbsentThings()) {
      each.honesty = evaluateHonesty(dataset, answers.queries, answers.detections[v],
                                     settings.threshold, answers.photoScores[v]);
    } else {
      each.toldApart =
          evaluateToldApart(dataset, answers.queries, answers.detections[v], settings.options);
    }
    each.unreadable = answers.unreadable[v];
    results.push_back(std::move(each));
  }
  return results;
}

}  // namespace

std::vector<EvalVariant> EvalSettings::variants() const {
  return evalVariants(protocol, static_cast<std::size_t>(options.sketchesPerQuery),
                      fusionRule(fusion));
}

Json toJson(const EvalSettings& settings) {
  return {{"protocol", settings.protocol},
          {"seed", settings.options.seed},
          {"sketches_per_query", settings.options.sketchesPerQuery},
          {"fusion", settings.fusion},
          {"model", settings.model},
          {"threshold", settings.threshold}};
}

EvalSettings evalSettingsOf(const Json& json, const std::string& name) {
  EvalSettings settings;
  settings.protocol = jsonRequire<std::string>(json, "protocol", name);
  settings.options.seed = jsonRequire<std::uint64_t>(json, "seed", name);
  settings.options.sketchesPerQuery = jsonRequire<int>(json, "sketches_per_query", name);
  settings.fusion = jsonRequire<std::string>(json, "fusion", name);
  settings.model = jsonRequire<std::string>(json, "model", name);
  settings.threshold = jsonRequire<double>(json, "threshold", name);
  const auto& rules = fusionRules();
  const bool known = std::any_of(rules.begin(), rules.end(),
                                 [&](const auto& rule) { return rule.first == settings.fusion; });
  if (!known || settings.options.sketchesPerQuery < 1 ||
      std::count(evalProtocols().begin(), evalProtocols().end(), settings.protocol) == 0)
    fail<InputError>("{}: is of an evaluation that this Inkling does not know", name);
  return settings;
}

void requireReliability(const std::string& picture, const std::string& protocol) {
  if (picture.empty()) return;
  if (lowerExtension(picture) != ".png")
    fail<UsageError>("{}: the reliability diagram is written as .png", displayName(picture));
  if (protocol == kNotThis) {
    fail<UsageError>(
        "--reliability needs a protocol that asks for absent things, too; not-this does not");
  }
}

void reportFigures(const EvalSettings& settings, const CocoDataset& dataset, const Answers& answers,
                   const std::optional<OutputFile>& out, const std::optional<OutputFile>& picture) {
  const std::vector<VariantResult> results = resultsOf(settings, dataset, answers);
  printResult(evalText(settings.protocol, results));
  if (picture) picture->write(encodePng(reliabilityDiagram(*results.front().honesty)));
  if (!out) return;
  Json json = evalJson(settings.protocol, results);
  json["model"] = settings.model;
  json["sketches_per_query"] = settings.options.sketchesPerQuery;
  out->write(dumpJson(json, 1) + "\n");
}

}  // namespace inkling
