#include "app/eval_merge.h"

#include <CLI/CLI.hpp>

#include "app/console.h"
#include "app/eval_figures.h"
#include "app/exit_status.h"
#include "core/base/path.h"

namespace inkling {

CLI::App* declareEvalMerge(CLI::App& eval, EvalMergeOptions& options) {
  CLI::App* merge =
      eval.add_subcommand("merge", "Join the parts that several --shard runs have written");
  merge->add_option("parts", options.parts, "The files of all parts")
      ->type_name("FILE")
      ->required();
  merge->add_option("--out", options.out, "Write the figures as JSON")->type_name("FILE");
  merge
      ->add_option("--reliability", options.reliability,
                   "Draw how far scores can be believed, a PNG file")
      ->type_name("FILE");
  return merge;
}

int mergeEvaluations(const EvalMergeOptions& options) {
  const std::string first = displayName(options.parts.front());
  const EvalPart whole = mergeEvalParts({options.parts.begin(), options.parts.end()});
  const EvalSettings settings = evalSettingsOf(whole.settings, first);
  if (settings.variants().size() != whole.answers.detections.size())
    fail<InputError>("{}: the part is damaged", first);
  requireReliability(options.reliability, settings.protocol);
  std::optional<OutputFile> out, picture;
  if (!options.out.empty()) out.emplace(options.out);
  if (!options.reliability.empty()) picture.emplace(options.reliability);
  if (whole.answers.queries.empty()) throw InputError("no photo of any part could be evaluated");
  reportFigures(settings, whole.dataset, whole.answers, out, picture);
  const std::size_t failed = whole.answers.failed.size();
  if (failed > 0) complain(fmt::format("{} left out of the figures", counted(failed, "photo")));
  const bool allDrawings = jsonGet<int>(whole.settings, "unread_drawings", 0, first) == 0;
  return failed == 0 && allDrawings ? kDone : kSomeFailed;
}

}  // namespace inkling
