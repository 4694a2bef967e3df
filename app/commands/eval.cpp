// inkling eval: how well the model finds what sketches ask for, on annotated photos.
#include <algorithm>
#include <map>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/eval_sketches.h"
#include "app/exit_status.h"
#include "app/options.h"
#include "app/output_file.h"
#include "app/photo_queue.h"
#include "app/terminal_progress.h"
#include "core/base/path.h"
#include "core/evaluation/coco_dataset.h"
#include "core/evaluation/protocol.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct EvalOptions {
  SharedOptions shared;
  std::string annotations, photos, sketches, out;
  std::string protocol = "sketch-guided";
  ProtocolOptions protocolOptions;
  std::size_t limit = 0;  // photos; 0: all
};

// The queries that were answered; a photo that cannot be read takes its queries with it.
struct Answers {
  std::vector<Query> queries;
  std::vector<std::vector<ScoredBox>> detections;
  std::size_t failedPhotos = 0;
};

class Evaluation {
 public:
  Evaluation(const EvalOptions& options, const CocoDataset& dataset, const EvalSketches& sketches)
      : options_(options),
        dataset_(dataset),
        sketches_(sketches),
        localizer_(loadLocalizer(options.shared)) {
    for (const Query& query : makeQueries(dataset, sketches.words, options.protocolOptions)) {
      const bool known = !photos_.empty() && photos_.back().front().photo == query.photo;
      if (!known && options.limit > 0 && photos_.size() == options.limit) break;
      if (!known) photos_.emplace_back();
      photos_.back().push_back(query);
    }
  }

  Answers answerAll(const CancellationToken& interrupt) {
    std::vector<fs::path> files;
    for (const auto& queries : photos_) files.push_back(fileOf(queries.front()));
    TerminalProgress progress(options_.shared.quiet);
    PhotoQueue queue(std::move(files));
    Answers answers;
    DecodedPhoto photo;
    for (std::size_t i = 0; !interrupt.cancelled() && queue.next(photo); ++i) {
      answerPhoto(photo, photos_[i], answers);
      progress.show({"evaluating photos", static_cast<std::int64_t>(i + 1),
                     static_cast<std::int64_t>(photos_.size()),
                     displayName(photo.path.filename())});
    }
    return answers;
  }

 private:
  fs::path fileOf(const Query& query) const {
    return fs::path(options_.photos) / dataset_.photos[query.photo].file;
  }

  void answerPhoto(const DecodedPhoto& photo, const std::vector<Query>& queries, Answers& answers) {
    try {
      if (!photo.error.empty()) throw InputError(photo.error);
      checkSize(photo, dataset_.photos[queries.front().photo]);
      std::vector<std::vector<ScoredBox>> found = locateAll(photo.image, queries);
      for (std::size_t i = 0; i < queries.size(); ++i) {
        answers.queries.push_back(queries[i]);
        answers.detections.push_back(std::move(found[i]));
      }
    } catch (const Error& error) {
      ++answers.failedPhotos;
      complain(error.what());
    }
  }

  // Boxes are in pixels: a photo of another size would be scored against the wrong ones.
  static void checkSize(const DecodedPhoto& photo, const PhotoRecord& record) {
    const bool stated = record.width > 0 && record.height > 0;
    if (stated && photo.image.size() != Size{record.width, record.height}) {
      fail<InputError>("{}: is {} x {} pixels, but {} x {} in the annotations",
                       displayName(photo.path), photo.image.width, photo.image.height, record.width,
                       record.height);
    }
  }

  std::vector<std::vector<ScoredBox>> locateAll(const Image& image,
                                                const std::vector<Query>& queries) {
    const PhotoFeatures features = localizer_.describe(image);
    std::vector<SketchQuery> understood;
    // Only queries of equally many sketches go into one batch.
    std::map<std::size_t, std::vector<std::size_t>> batches;
    for (std::size_t i = 0; i < queries.size(); ++i) {
      std::vector<WeightedSketch> wanted;
      for (const std::size_t s : queries[i].sketches) wanted.push_back({sketches_.sketches[s], 1});
      understood.push_back(localizer_.understand(wanted));
      batches[wanted.size()].push_back(i);
    }
    std::vector<std::vector<ScoredBox>> found(queries.size());
    for (const auto& [size, members] : batches) {
      std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
      for (const std::size_t i : members) pairs.emplace_back(&understood[i], &features);
      std::vector<Detections> results = localizer_.locate(pairs);
      for (std::size_t k = 0; k < members.size(); ++k) {
        found[members[k]] = std::move(results[k].boxes);
      }
    }
    return found;
  }

  const EvalOptions& options_;
  const CocoDataset& dataset_;
  const EvalSketches& sketches_;
  Localizer localizer_;
  std::vector<std::vector<Query>> photos_;  // by photo, in the order of ids
};

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
    app->add_option("--annotations", options_.annotations, "Boxes in COCO's JSON format")
        ->type_name("FILE")
        ->required();
    app->add_option("--photos", options_.photos, "Folder of the photos")
        ->type_name("FOLDER")
        ->required();
    app->add_option("--sketches", options_.sketches,
                    "Folder of drawings by word, or an .ndjson or .ndjson.gz file")
        ->type_name("FOLDER_OR_FILE")
        ->required();
    app->add_option("--protocol", options_.protocol, "sketch-guided")
        ->type_name("NAME")
        ->check(CLI::IsMember({"sketch-guided"}));
    app->add_option("--sketches-per-query", options_.protocolOptions.sketchesPerQuery,
                    "Drawings of the category that are fused into one query")
        ->type_name("K")
        ->check(CLI::Range(1, 100));
    app->add_option("--seed", options_.protocolOptions.seed, "Chooses the drawings")
        ->type_name("N");
    app->add_option("--limit", options_.limit, "Only the first N photos by id")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    app->add_option("--out", options_.out, "Write the figures as JSON")->type_name("FILE");
    addSharedOptions(*app, options_.shared);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    std::optional<OutputFile> out;
    if (!options_.out.empty()) out.emplace(options_.out);
    const CocoDataset dataset = readCocoDataset(options_.annotations);
    const EvalSketches sketches = readEvalSketches(options_.sketches, wordsOf(dataset));
    for (const std::string& error : sketches.errors) complain(error);

    const Answers answers = Evaluation(options_, dataset, sketches).answerAll(interrupt);
    if (answers.queries.empty()) {
      interrupt.check();
      fail<InputError>("{}: no photo of it could be evaluated", displayName(options_.annotations));
    }
    const ProtocolResult result =
        evaluateProtocol(dataset, answers.queries, answers.detections, options_.protocolOptions);
    printResult(toText(result));
    if (out) {
      Json json = toJson(result);
      json["model"] = displayName(modelFile(options_.shared).filename());
      json["sketches_per_query"] = options_.protocolOptions.sketchesPerQuery;
      out->write(dumpJson(json, 1) + "\n");
    }
    interrupt.check();
    if (answers.failedPhotos > 0) {
      complain(fmt::format("{} left out of the figures", counted(answers.failedPhotos, "photo")));
    }
    return answers.failedPhotos == 0 && sketches.errors.empty() ? kDone : kSomeFailed;
  }

 private:
  EvalOptions options_;
};

}  // namespace

std::unique_ptr<Command> makeEvalCommand() { return std::make_unique<EvalCommand>(); }

}  // namespace inkling
