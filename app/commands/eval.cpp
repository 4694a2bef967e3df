// inkling eval: how well the model finds what sketches ask for, on annotated photos.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/eval_figures.h"
#include "app/eval_merge.h"
#include "app/eval_team.h"
#include "app/evaluation.h"
#include "app/exit_status.h"
#include "app/options.h"
#include "app/output_file.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/search/content_hash.h"

namespace inkling {
namespace {

std::set<std::string> wordsOf(const CocoDataset& dataset) {
  std::set<std::string> words;
  for (const Category& category : dataset.categories) {
    if (!category.sketchWord.empty()) words.insert(category.sketchWord);
  }
  return words;
}

// Tells drawings apart by what is drawn, however their files are called.
ContentHash hashOf(const EvalSketches& sketches) {
  ContentHasher hasher;
  const auto add = [&](const auto& values) {
    const std::uint64_t count = values.size();
    hasher.add({reinterpret_cast<const char*>(&count), sizeof count});
    hasher.add({reinterpret_cast<const char*>(values.data()), count * sizeof(values[0])});
  };
  for (std::size_t i = 0; i < sketches.sketches.size(); ++i) {
    add(sketches.words[i]);
    add(sketches.sketches[i].raster.ink);
    for (const Stroke& stroke : sketches.sketches[i].strokes) {
      add(stroke.x);
      add(stroke.y);
    }
  }
  return hasher.finish();
}

class EvalCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("eval", "Measure the model on annotated photos");
    app->add_option("--annotations", annotations_, "Boxes in COCO's JSON format")
        ->type_name("FILE");
    app->add_option("--photos", request_.photos, "Folder of the photos")->type_name("FOLDER");
    app->add_option("--sketches", sketches_,
                    "Folder of drawings by word, or an .ndjson or .ndjson.gz file")
        ->type_name("FOLDER_OR_FILE");
    app->add_option("--protocol", settings_.protocol,
                    "sketch-guided; fusion: 1, 2, 3 and 5 drawings by each rule; not-this: things "
                    "beside their like, without and with a drawing of the other; style: the "
                    "drawings as others hand them in")
        ->type_name("NAME")
        ->check(CLI::IsMember(evalProtocols()));
    app->add_option("--sketches-per-query", settings_.options.sketchesPerQuery,
                    "Drawings of the category that are fused into one query")
        ->type_name("K")
        ->check(CLI::Range(1, 100));
    app->add_option("--fusion", settings_.fusion,
                    "How several are fused: learned, mean-tokens or mean-scores")
        ->type_name("RULE")
        ->check(CLI::IsMember(fusionRules()).description(""));
    app->add_option("--seed", settings_.options.seed, "Chooses the drawings")->type_name("N");
    app->add_option("--limit", request_.limit, "Only the first N photos by id")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    app->add_option("--out", out_, "Write the figures as JSON")->type_name("FILE");
    app->add_option("--reliability", reliability_,
                    "Draw how far scores can be believed, a PNG file")
        ->type_name("FILE");
    app->add_option("--shard", shard_,
                    "Only the photos of part I of N; --out is what \"inkling eval merge\" joins")
        ->type_name("I/N");
    addSharedOptions(*app, shared_);
    merge_ = declareEvalMerge(*app, merged_);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (merge_->parsed()) return mergeEvaluations(merged_);
    checkOptions();
    request_.quiet = shared_.quiet;
    request_.seed = settings_.options.seed;
    request_.variants = settings_.variants();
    const std::unique_ptr<Team> team = Team::join();
    if (!team) return lead(nullptr, interrupt);
    if (!request_.shard.isWhole())
      throw UsageError("several processes evaluate one data set: without --shard");
    shared_.threads = team->threads(shared_.threads);
    team->leave(team->leads() ? lead(team.get(), interrupt) : follow(*team));
  }

 private:
  // What the model is asked, and the model.
  struct Task {
    const CocoDataset dataset;
    const EvalSketches sketches;
    const std::vector<Query> asked;
    std::optional<Localizer> localizer;
    std::optional<Evaluation> evaluation;

    explicit Task(const EvalCommand& command)
        : dataset(readCocoDataset(command.annotations_)),
          sketches(readEvalSketches(command.sketches_, wordsOf(dataset))),
          asked(command.queries(dataset, sketches)) {
      if (asked.empty() && !command.settings_.asksForAbsentThings()) {
        fail<InputError>("{}: no photo shows two things of one kind that have drawings",
                         displayName(command.annotations_));
      }
      localizer.emplace(loadLocalizer(command.shared_));
      evaluation.emplace(command.request_, dataset, sketches, asked, *localizer);
    }
  };

  // Alone, or the first of several processes.
  int lead(Team* team, const CancellationToken& interrupt) {
    std::optional<OutputFile> out, picture;
    if (!out_.empty()) out.emplace(out_);
    if (!reliability_.empty()) picture.emplace(reliability_);
    Task task(*this);
    for (const std::string& error : task.sketches.errors) complain(error);
    settings_.model = displayName(modelFile(shared_).filename());
    settings_.threshold = task.localizer->threshold();
    const Answers answers = team == nullptr
                                ? task.evaluation->answerAll(interrupt)
                                : leadEvaluation(*team, *task.evaluation, interrupt, shared_.quiet);
    tell(task, answers, out, picture, interrupt);
    if (!answers.failed.empty())
      complain(fmt::format("{} left out of the figures", counted(answers.failed.size(), "photo")));
    return answers.failed.empty() && task.sketches.errors.empty() ? kDone : kSomeFailed;
  }

  int follow(Team& team) {
    std::optional<Task> task;
    followEvaluation(team, [&]() -> Evaluation& { return *task.emplace(*this).evaluation; });
    return kDone;
  }

  void tell(const Task& task, const Answers& answers, const std::optional<OutputFile>& out,
            const std::optional<OutputFile>& picture, const CancellationToken& interrupt) const {
    if (!request_.shard.isWhole()) {
      interrupt.check();
      writePart({request_.shard, partSettings(task.sketches), task.evaluation->asked(),
                 task.dataset, answers},
                *out);
      return;
    }
    if (answers.queries.empty()) {
      interrupt.check();
      fail<InputError>("{}: no photo of it could be evaluated", displayName(annotations_));
    }
    reportFigures(settings_, task.dataset, answers, out, picture);
    interrupt.check();
  }

  void checkOptions() {
    for (const auto& [value, name] : {std::pair(annotations_, "--annotations"),
                                      {request_.photos, "--photos"},
                                      {sketches_, "--sketches"}}) {
      if (value.empty()) fail<UsageError>("{} is required", name);
    }
    if (settings_.protocol == kFusionProtocol &&
        (settings_.options.sketchesPerQuery != 1 ||
         fusionRule(settings_.fusion) != FusionRule::kLearned)) {
      fail<UsageError>(
          "--protocol fusion goes through counts and rules by itself: leave out "
          "--sketches-per-query and --fusion");
    }
    requireReliability(reliability_, settings_.protocol);
    request_.shard = Shard::parse(shard_);
    if (request_.shard.isWhole()) return;
    if (out_.empty()) throw UsageError("--shard: name an --out file for the part");
    if (!reliability_.empty())
      throw UsageError("--reliability is drawn of the whole: give it to \"inkling eval merge\"");
  }

  // With all that has to be the same in all parts.
  Json partSettings(const EvalSketches& sketches) const {
    Json json = toJson(settings_);
    json["model_hash"] = hashFile(modelFile(shared_)).hex();
    json["annotations_hash"] = hashFile(annotations_).hex();
    json["drawings_hash"] = hashOf(sketches).hex();
    json["unread_drawings"] = sketches.errors.size();
    return json;
  }

  static void writePart(const EvalPart& part, const OutputFile& out) {
    out.write(evalPartText(part));
    const std::size_t queries = part.answers.queries.size();
    printResult(fmt::format("part {}: {} {} answered -> {}\n", part.shard.text(), queries,
                            queries == 1 ? "query" : "queries", displayName(out.path())));
  }

  // As many drawings a query as the hungriest variant wants.
  std::vector<Query> queries(const CocoDataset& dataset, const EvalSketches& sketches) const {
    ProtocolOptions options = settings_.options;
    for (const EvalVariant& variant : request_.variants) {
      options.sketchesPerQuery =
          std::max(options.sketchesPerQuery, static_cast<int>(variant.sketches));
    }
    return settings_.asksForAbsentThings() ? makeQueries(dataset, sketches.words, options)
                                           : makeLookalikeQueries(dataset, sketches.words, options);
  }

  SharedOptions shared_;
  EvaluationRequest request_;
  EvalSettings settings_;
  std::string annotations_, sketches_, out_, reliability_, shard_ = "1/1";
  EvalMergeOptions merged_;
  CLI::App* merge_ = nullptr;
};

}  // namespace

std::unique_ptr<Command> makeEvalCommand() { return std::make_unique<EvalCommand>(); }

}  // namespace inkling
