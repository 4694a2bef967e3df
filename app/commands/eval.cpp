// inkling eval: how well the model finds what sketches ask for, on annotated photos.
#include <algorithm>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/eval_report.h"
#include "app/evaluation.h"
#include "app/exit_status.h"
#include "app/options.h"
#include "app/output_file.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

std::set<std::string> wordsOf(const CocoDataset& dataset) {
  std::set<std::string> words;
  for (const Category& category : dataset.categories) {
    if (!category.sketchWord.empty()) words.insert(category.sketchWord);
  }
  return words;
}

class EvalCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("eval", "Measure the model on annotated photos");
    app->add_option("--annotations", annotations_, "Boxes in COCO's JSON format")
        ->type_name("FILE")
        ->required();
    app->add_option("--photos", request_.photos, "Folder of the photos")
        ->type_name("FOLDER")
        ->required();
    app->add_option("--sketches", sketches_,
                    "Folder of drawings by word, or an .ndjson or .ndjson.gz file")
        ->type_name("FOLDER_OR_FILE")
        ->required();
    app->add_option("--protocol", protocol_,
                    "sketch-guided; fusion: 1, 2, 3 and 5 drawings by each rule; not-this: things "
                    "beside their like, without and with a drawing of the other; style: the "
                    "drawings as others hand them in")
        ->type_name("NAME")
        ->check(CLI::IsMember(evalProtocols()));
    app->add_option("--sketches-per-query", protocolOptions_.sketchesPerQuery,
                    "Drawings of the category that are fused into one query")
        ->type_name("K")
        ->check(CLI::Range(1, 100));
    app->add_option("--fusion", fusion_,
                    "How several are fused: learned, mean-tokens or mean-scores")
        ->type_name("RULE")
        ->check(CLI::IsMember(fusionRules()).description(""));
    app->add_option("--seed", protocolOptions_.seed, "Chooses the drawings")->type_name("N");
    app->add_option("--limit", request_.limit, "Only the first N photos by id")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    app->add_option("--out", out_, "Write the figures as JSON")->type_name("FILE");
    app->add_option("--reliability", reliability_,
                    "Draw how far scores can be believed, a PNG file")
        ->type_name("FILE");
    addSharedOptions(*app, shared_);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    checkOptions();
    std::optional<OutputFile> out, picture;
    if (!out_.empty()) out.emplace(out_);
    if (!reliability_.empty()) picture.emplace(reliability_);
    const CocoDataset dataset = readCocoDataset(annotations_);
    const EvalSketches sketches = readEvalSketches(sketches_, wordsOf(dataset));
    for (const std::string& error : sketches.errors) complain(error);
    request_.quiet = shared_.quiet;
    request_.seed = protocolOptions_.seed;
    request_.variants =
        evalVariants(protocol_, static_cast<std::size_t>(protocolOptions_.sketchesPerQuery),
                     fusionRule(fusion_));

    const std::vector<Query> asked = queries(dataset, sketches);
    if (asked.empty() && protocol_ == kNotThis) {
      fail<InputError>("{}: no photo shows two things of one kind that have drawings",
                       displayName(annotations_));
    }
    const Localizer localizer = loadLocalizer(shared_);
    const Answers answers =
        Evaluation(request_, dataset, sketches, asked, localizer).answerAll(interrupt);
    if (answers.queries.empty()) {
      interrupt.check();
      fail<InputError>("{}: no photo of it could be evaluated", displayName(annotations_));
    }
    report(dataset, answers, localizer.threshold(), out, picture);
    interrupt.check();
    if (answers.failedPhotos > 0) {
      complain(fmt::format("{} left out of the figures", counted(answers.failedPhotos, "photo")));
    }
    return answers.failedPhotos == 0 && sketches.errors.empty() ? kDone : kSomeFailed;
  }

 private:
  bool asksForAbsentThings() const { return protocol_ != kNotThis; }

  void checkOptions() const {
    if (protocol_ == kFusionProtocol &&
        (protocolOptions_.sketchesPerQuery != 1 || fusionRule(fusion_) != FusionRule::kLearned)) {
      fail<UsageError>(
          "--protocol fusion goes through counts and rules by itself: leave out "
          "--sketches-per-query and --fusion");
    }
    if (!reliability_.empty() && lowerExtension(reliability_) != ".png") {
      fail<UsageError>("{}: the reliability diagram is written as .png", displayName(reliability_));
    }
    if (!reliability_.empty() && !asksForAbsentThings()) {
      fail<UsageError>(
          "--reliability needs a protocol that asks for absent things, too; not-this does not");
    }
  }

  // As many drawings a query as the hungriest variant wants.
  std::vector<Query> queries(const CocoDataset& dataset, const EvalSketches& sketches) const {
    ProtocolOptions options = protocolOptions_;
    for (const EvalVariant& variant : request_.variants) {
      options.sketchesPerQuery =
          std::max(options.sketchesPerQuery, static_cast<int>(variant.sketches));
    }
    return asksForAbsentThings() ? makeQueries(dataset, sketches.words, options)
                                 : makeLookalikeQueries(dataset, sketches.words, options);
  }

  void report(const CocoDataset& dataset, const Answers& answers, double threshold,
              std::optional<OutputFile>& out, std::optional<OutputFile>& picture) const {
    std::vector<VariantResult> results;
    for (std::size_t v = 0; v < request_.variants.size(); ++v) {
      VariantResult each;
      each.variant = request_.variants[v];
      each.result = evaluateProtocol(dataset, answers.queries, answers.detections[v],
                                     protocolOptions_, answers.photoScores[v]);
      if (asksForAbsentThings()) {
        each.honesty = evaluateHonesty(dataset, answers.queries, answers.detections[v], threshold,
                                       answers.photoScores[v]);
      } else {
        each.toldApart =
            evaluateToldApart(dataset, answers.queries, answers.detections[v], protocolOptions_);
      }
      each.unreadable = answers.unreadable[v];
      results.push_back(std::move(each));
    }
    printResult(evalText(protocol_, results));
    if (picture) picture->write(encodePng(reliabilityDiagram(*results.front().honesty)));
    if (!out) return;
    Json json = evalJson(protocol_, results);
    json["model"] = displayName(modelFile(shared_).filename());
    json["sketches_per_query"] = protocolOptions_.sketchesPerQuery;
    out->write(dumpJson(json, 1) + "\n");
  }

  SharedOptions shared_;
  EvaluationRequest request_;
  ProtocolOptions protocolOptions_;
  std::string annotations_, sketches_, out_, reliability_;
  std::string protocol_ = kSketchGuided, fusion_ = nameOf(FusionRule::kLearned);
};

}  // namespace

std::unique_ptr<Command> makeEvalCommand() { return std::make_unique<EvalCommand>(); }

}  // namespace inkling
