// inkling export: the detections of a whole archive as files.
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/export_queries.h"
#include "app/export_team.h"
#include "app/options.h"
#include "app/terminal_progress.h"
#include "core/base/path.h"
#include "core/exporting/export_job.h"
#include "core/exporting/export_merge.h"
#include "core/search/model_describer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  SharedOptions shared;
  SketchArguments sketches;
  std::string folder, format, out, shard = "1/1";
  std::optional<double> threshold;
  std::optional<std::int64_t> maxFailures;
  bool resume = false, force = false, overlay = false, scores = false;
};

struct MergeOptions {
  std::vector<std::string> parts;
  std::string out;
  bool resume = false, force = false, quiet = false;
};

std::string photos(std::int64_t count) { return counted(static_cast<std::size_t>(count), "photo"); }

std::string summaryLine(const ExportOutcome& outcome, const fs::path& out) {
  return fmt::format("{} {} in {} of {} -> {}\n", outcome.boxes,
                     outcome.boxes == 1 ? "box" : "boxes", outcome.matched, photos(outcome.photos),
                     displayName(out));
}

int tell(const ExportOutcome& outcome, const fs::path& out) {
  if (!outcome.finished) {
    complain(fmt::format("{} exported so far; --resume goes on", photos(outcome.photos)));
    throw Cancelled();
  }
  printResult(summaryLine(outcome, out));
  if (outcome.failed == 0) return kDone;
  complain(fmt::format("{} could not be read, see failures.csv", photos(outcome.failed)));
  return kSomeFailed;
}

class ExportCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand(
        "export", "Write what sketches find in a folder of photos as files for other programs");
    app->add_option("--sketch", options_.sketches.wanted,
                    "A drawing of what to find, FILE or NAME=FILE (repeatable; drawings of one "
                    "name are one category)")
        ->type_name("SKETCH")
        ->allow_extra_args(false);
    app->add_option("--weight", options_.sketches.weights,
                    "How much a sketch counts, one for each --sketch in their order")
        ->type_name("W")
        ->allow_extra_args(false);
    app->add_option("--not", options_.sketches.unwanted,
                    "A drawing of what not to find, FILE for all categories or NAME=FILE for one")
        ->type_name("SKETCH")
        ->allow_extra_args(false);
    app->add_option("folder", options_.folder, "Folder with all photos below it")
        ->type_name("FOLDER");
    app->add_option("--format", options_.format, "coco, yolo, voc, csv, pictures or crops")
        ->type_name("FORMAT")
        ->check(CLI::IsMember(exportFormatNames()));
    app->add_option("--out", options_.out, "Folder for the files")->type_name("FOLDER");
    app->add_option("--threshold", options_.threshold,
                    "Score from which a box is a match, 0..1 (default: the model's)")
        ->type_name("T")
        ->check(CLI::Range(0.0, 1.0));
    app->add_flag("--overlay", options_.overlay, "pictures: the attention, too");
    app->add_flag("--scores", options_.scores, "yolo: the score as sixth column");
    app->add_flag("--resume", options_.resume, "Go on with an export that was interrupted");
    app->add_flag("--force", options_.force, "Replace an export that is there");
    app->add_option("--max-failures", options_.maxFailures,
                    "Stop when more photos than this cannot be read")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber);
    app->add_option("--shard", options_.shard,
                    "Only part I of N, to be joined by \"inkling export merge\"")
        ->type_name("I/N");
    addBatchOption(*app, options_.shared);
    addSharedOptions(*app, options_.shared);
    declareMerge(*app);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (merge_->parsed()) return merge(interrupt);
    checkOptions();
    const std::unique_ptr<Team> team = Team::join();
    if (!team) return lead(nullptr, interrupt);
    team->leave(team->leads() ? lead(team.get(), interrupt) : follow(*team, interrupt));
  }

 private:
  // What photos are looked at with.
  class Tools {
   public:
    Tools(const Localizer& localizer, const std::vector<ExportQuery>& queries,
          const fs::path& model)
        : cache_(FeatureCache::openDefault()),
          understood_(understand(localizer, queries)),
          tools_{localizer, understood_, featuresIdentity(model, localizer.precision()), &cache_} {}
    const ExportTools& get() const { return tools_; }
    void tellTrouble() const {
      if (const std::string trouble = cache_.takeTrouble(); !trouble.empty()) complain(trouble);
    }

   private:
    static std::vector<SketchQuery> understand(const Localizer& localizer,
                                               const std::vector<ExportQuery>& queries) {
      std::vector<SketchQuery> understood;
      for (const ExportQuery& query : queries)
        understood.push_back(localizer.understand(query.sketches.wanted, query.sketches.unwanted));
      return understood;
    }
    mutable FeatureCache cache_;
    const std::vector<SketchQuery> understood_;
    const ExportTools tools_;
  };

  int lead(Team* team, const CancellationToken& interrupt) const {
    const std::vector<ExportQuery> queries = readExportQueries(options_.sketches);
    // What can go wrong without having looked at a photo goes wrong first.
    const Localizer localizer = loadLocalizer(one());
    const ExportStart start = startOf(team, localizer);
    ExportJob job(planOf(queries, localizer), start);
    if (job.isFinished()) {
      complain(fmt::format("{}: was finished before", displayName(options_.out)));
      return tell(job.outcome(), options_.out);
    }
    const Tools tools(localizer, queries, modelFile(options_.shared));
    TerminalProgress progress(options_.shared.quiet);
    const auto failed = [](const FailedPhoto& photo) { complain(photo.error); };
    const ExportOutcome outcome = team == nullptr
                                      ? job.run(tools.get(), interrupt, progress.callback(), failed)
                                      : leadExport(*team, job, tools.get(), start.threads,
                                                   interrupt, progress.callback(), failed);
    tools.tellTrouble();
    return tell(outcome, options_.out);
  }

  // One of several processes, of which another one leads.
  int follow(Team& team, const CancellationToken& interrupt) const {
    const std::vector<ExportQuery> queries = readExportQueries(options_.sketches);
    const Localizer localizer = loadLocalizer(one());
    const Tools tools(localizer, queries, modelFile(options_.shared));
    followExport(team, planOf(queries, localizer), tools.get(), startOf(&team, localizer).threads,
                 interrupt);
    return kDone;
  }

  void declareMerge(CLI::App& app) {
    merge_ = app.add_subcommand("merge", "Join the parts that several --shard runs have written");
    merge_->add_option("parts", merged_.parts, "Out folders of all parts")
        ->type_name("FOLDER")
        ->required();
    merge_->add_option("--out", merged_.out, "Folder for the whole")
        ->type_name("FOLDER")
        ->required();
    merge_->add_flag("--resume", merged_.resume, "Go on with a merge that was interrupted");
    merge_->add_flag("--force", merged_.force, "Replace an export that is there");
    merge_->add_flag("-q,--quiet", merged_.quiet, "No progress on stderr");
  }

  int merge(const CancellationToken& interrupt) const {
    TerminalProgress progress(merged_.quiet);
    ExportStart start;
    start.resume = merged_.resume;
    start.force = merged_.force;
    const std::vector<fs::path> parts(merged_.parts.begin(), merged_.parts.end());
    return tell(mergeExports(parts, merged_.out, start, interrupt, progress.callback()),
                merged_.out);
  }

  void checkOptions() const {
    if (options_.sketches.wanted.empty()) throw UsageError("name a --sketch of what to find");
    if (options_.folder.empty()) throw UsageError("name a FOLDER of photos");
    if (options_.format.empty()) throw UsageError("name a --format");
    if (options_.out.empty()) throw UsageError("name an --out folder");
    if (options_.threshold && std::isnan(*options_.threshold))
      throw UsageError("--threshold: not a number");
    if (options_.resume && options_.force)
      throw UsageError("--resume and --force contradict each other");
  }

  // Every photo is looked at by one thread: see ExportPipeline.
  SharedOptions one() const {
    SharedOptions shared = options_.shared;
    shared.threads = 1;
    return shared;
  }

  ExportStart startOf(const Team* team, const Localizer& localizer) const {
    ExportStart start;
    start.resume = options_.resume;
    start.force = options_.force;
    start.maxFailures = options_.maxFailures;
    const int wanted = options_.shared.threads;
    const int cores = static_cast<int>(std::thread::hardware_concurrency());
    start.threads = PipelineThreads::forCores(team != nullptr ? team->threads(wanted)
                                              : wanted > 0    ? wanted
                                                              : cores,
                                              localizer.device() != "cpu");
    return start;
  }

  ExportPlan planOf(const std::vector<ExportQuery>& queries, const Localizer& localizer) const {
    const fs::path model = modelFile(options_.shared);
    ExportPlan plan;
    plan.folder = options_.folder;
    plan.out = options_.out;
    plan.format = options_.format;
    plan.query = queryKey(queries);
    plan.shard = Shard::parse(options_.shard);
    for (const ExportQuery& query : queries) plan.setup.categories.push_back(query.category);
    plan.setup.model = displayName(model.filename());
    plan.setup.modelHash = hashFile(model).hex();
    plan.setup.threshold = options_.threshold.value_or(localizer.threshold());
    plan.setup.folder = displayName(fs::weakly_canonical(plan.folder).filename());
    plan.setup.overlay = options_.overlay;
    plan.setup.yoloScores = options_.scores;
    return plan;
  }

  ExportOptions options_;
  MergeOptions merged_;
  CLI::App* merge_ = nullptr;
};

}  // namespace

std::unique_ptr<Command> makeExportCommand() { return std::make_unique<ExportCommand>(); }

}  // namespace inkling
