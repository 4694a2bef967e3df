// inkling find: every matching object in photos and folders of photos.
#include <cmath>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/find_table.h"
#include "app/options.h"
#include "app/output_file.h"
#include "app/photo_list.h"
#include "app/photo_queue.h"
#include "app/sketch_arguments.h"
#include "app/terminal_progress.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/match_pictures.h"

namespace inkling {
namespace {

struct FindOptions {
  SharedOptions shared;
  SketchArguments sketches;
  std::vector<std::string> photos;
  std::size_t top = 0;
  std::optional<double> threshold;
  std::string format = "table";
  std::string out, overlay;
};

std::string textOf(const FindReport& report, const std::string& format) {
  if (format == "json") return toJsonText(report);
  if (format == "csv") return toCsvText(report);
  return toTableText(report);
}

// The loop over the photos.
class Search {
 public:
  Search(const FindOptions& options, const QuerySketches& sketches, FindReport& report)
      : options_(options),
        report_(report),
        localizer_(loadLocalizer(options.shared)),
        query_(localizer_.understand(sketches.wanted, sketches.unwanted)) {
    report.threshold = options.threshold.value_or(localizer_.threshold());
    if (!options.overlay.empty()) {
      pictures_.emplace(options.overlay, sketchCard(sketches.wanted.front().sketch));
    }
  }

  // Throws OutputError when an overlay cannot be written; the report holds what was done.
  void run(const std::vector<std::filesystem::path>& files, const CancellationToken& interrupt) {
    TerminalProgress progress(options_.shared.quiet);
    PhotoQueue queue(files);
    const auto total = static_cast<std::int64_t>(files.size());
    std::int64_t done = 0;
    for (DecodedPhoto photo; !interrupt.cancelled() && queue.next(photo);) {
      look(photo);
      progress.show({"looking at photos", ++done, total, displayName(photo.path.filename())});
    }
  }

 private:
  void look(const DecodedPhoto& photo) {
    try {
      if (!photo.error.empty()) throw InputError(photo.error);
      const PhotoFeatures features = localizer_.describe(photo.image);
      // All boxes, so that a photo without a match still has its score.
      const Detections found = localizer_.locate(query_, features);
      FoundPhoto entry{photo.path, photo.image.size(), found.score, {}};
      for (const ScoredBox& box : found.boxes) {
        if (box.score >= report_.threshold) entry.boxes.push_back(box);
      }
      report_.photos.push_back(entry);
      if (pictures_ && !entry.boxes.empty()) {
        pictures_->write(photo.path, photo.image, entry.boxes, localizer_.attend(query_, features));
      }
    } catch (const OutputError&) {
      throw;
    } catch (const Error& error) {
      report_.failed.push_back({photo.path, error.what()});
      complain(error.what());
    }
  }

  const FindOptions& options_;
  FindReport& report_;
  Localizer localizer_;
  SketchQuery query_;
  std::optional<MatchPictures> pictures_;
};

class FindCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("find", "Find what a sketch shows in photos");
    addSketchOption(*app, options_.sketches);
    app->add_option("--weight", options_.sketches.weights,
                    "How much a sketch counts, one for each --sketch in their order")
        ->type_name("W")
        ->allow_extra_args(false);
    app->add_option("--not", options_.sketches.unwanted,
                    "A drawing of what not to find (repeatable)")
        ->type_name("SKETCH")
        ->allow_extra_args(false);
    app->add_option("photos", options_.photos, "Photos, and folders with all photos below them")
        ->type_name("PHOTO_OR_FOLDER")
        ->required();
    app->add_option("--top", options_.top, "List the N best photos only")
        ->type_name("N")
        ->check(CLI::PositiveNumber);
    app->add_option("--threshold", options_.threshold,
                    "Score from which a box is a match, 0..1 (default: the model's)")
        ->type_name("T")
        ->check(CLI::Range(0.0, 1.0));
    app->add_option("--format", options_.format, "table, json or csv")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"table", "json", "csv"}));
    app->add_option("--out", options_.out, "Write the result to FILE instead of stdout")
        ->type_name("FILE");
    app->add_option("--overlay", options_.overlay,
                    "Write pictures of the matches, with boxes and with attention, to FOLDER")
        ->type_name("FOLDER");
    addSharedOptions(*app, options_.shared);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (options_.threshold && std::isnan(*options_.threshold)) {
      fail<UsageError>("--threshold: not a number");
    }
    // What can go wrong without having looked at a photo goes wrong first.
    std::optional<OutputFile> out;
    if (!options_.out.empty()) out.emplace(options_.out);
    if (!options_.overlay.empty()) requireWritableFolder(options_.overlay);
    const QuerySketches sketches = readSketches(options_.sketches);
    PhotoList list = listPhotos(options_.photos);
    for (const FailedPhoto& failed : list.failed) complain(failed.error);

    FindReport report;
    report.query = queryJson(options_.sketches, modelFile(options_.shared));
    report.failed = std::move(list.failed);
    std::optional<OutputError> stopped;
    if (list.files.empty()) {
      complain("there is no photo to look at");
    } else {
      Search search(options_, sketches, report);
      try {
        search.run(list.files, interrupt);
      } catch (const OutputError& error) {
        stopped = error;
      }
    }
    report.sortAndKeep(options_.top);
    const std::string text = textOf(report, options_.format);
    out ? out->write(text) : printResult(text);
    if (stopped) throw *stopped;
    if (interrupt.cancelled()) throw Cancelled();
    return report.failed.empty() ? kDone : kSomeFailed;
  }

 private:
  FindOptions options_;
};

}  // namespace

std::unique_ptr<Command> makeFindCommand() { return std::make_unique<FindCommand>(); }

}  // namespace inkling
