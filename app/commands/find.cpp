// inkling find: every matching object in photos and folders of photos.
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/find_search.h"
#include "app/find_table.h"
#include "app/options.h"
#include "app/output_file.h"
#include "app/photo_list.h"
#include "app/sketch_arguments.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/search/catalogue_place.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct FindOptions {
  SharedOptions shared;
  SketchArguments sketches;
  std::vector<std::string> photos;
  std::size_t top = 0;
  std::optional<double> threshold;
  std::string format = "table";
  std::string out, overlay, catalogue;
  std::string closest;  ///< a number or "all"
  bool noIndex = false;
};

// Nothing for the search's own choice. Throws UsageError.
std::optional<std::int64_t> closestOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (text == "all") return std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1)
    fail<UsageError>("--closest: a number of photos, 1 or more, or \"all\"");
  return value;
}

std::string textOf(const FindReport& report, const std::string& format) {
  if (format == "json") return toJsonText(report);
  if (format == "csv") return toCsvText(report);
  return toTableText(report);
}

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
        ->type_name("PHOTO_OR_FOLDER");
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
    app->add_option("--catalogue", options_.catalogue,
                    "Search this catalogue, or the folders of it that are named (default: each "
                    "folder's own)")
        ->type_name("FILE");
    app->add_option("--closest", options_.closest,
                    "Photos of an indexed folder to look at closely, or all (default: 50, and on "
                    "while some match)")
        ->type_name("N");
    app->add_flag("--no-index", options_.noIndex, "Look at every photo, indexed or not");
    addSharedOptions(*app, options_.shared);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    checkOptions();
    // What can go wrong without having looked at a photo goes wrong first.
    std::optional<OutputFile> out;
    if (!options_.out.empty()) out.emplace(options_.out);
    if (!options_.overlay.empty()) requireWritableFolder(options_.overlay);
    const QuerySketches sketches = readSketches(options_.sketches);
    FindReport report;
    report.query = queryJson(options_.sketches, modelFile(options_.shared));
    std::optional<OutputError> stopped;
    try {
      search(sketches, report, interrupt);
    } catch (const OutputError& error) {
      stopped = error;
    } catch (const Cancelled&) {
      // What was found is worth telling.
    }
    report.sortAndKeep(options_.top);
    const std::string text = textOf(report, options_.format);
    out ? out->write(text) : printResult(text);
    if (stopped) throw *stopped;
    if (interrupt.cancelled()) throw Cancelled();
    return report.failed.empty() ? kDone : kSomeFailed;
  }

 private:
  void checkOptions() const {
    if (options_.threshold && std::isnan(*options_.threshold))
      fail<UsageError>("--threshold: not a number");
    if (options_.photos.empty() && options_.catalogue.empty())
      fail<UsageError>("name photos or folders to search, or a --catalogue");
    if (!options_.catalogue.empty() && options_.noIndex)
      fail<UsageError>("--catalogue and --no-index contradict each other");
    closestOf(options_.closest);
  }

  void search(const QuerySketches& sketches, FindReport& report,
              const CancellationToken& interrupt) const {
    if (!options_.catalogue.empty()) return searchCatalogue(sketches, report, interrupt);
    PhotoList list = listPhotos(options_.photos);
    for (const FailedPhoto& failed : list.failed) complain(failed.error);
    report.failed = std::move(list.failed);
    if (list.files.empty()) return complain("there is no photo to look at");
    FindSearch search(options_.shared, sketches, options_.threshold, options_.overlay, report);
    if (!options_.noIndex && search.canUseIndexes()) {
      for (const std::string& folder : options_.photos)
        searchIndexed(search, folder, list.files, interrupt);
    }
    search.lookAt(list.files, interrupt);
  }

  // Takes what an index of `folder` knows out of `files`.
  void searchIndexed(FindSearch& search, const fs::path& folder, std::vector<fs::path>& files,
                     const CancellationToken& interrupt) const {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return;
    try {
      const auto catalogue = existingCatalogue(folder);
      if (!catalogue) return;
      const FindSearch::Indexed indexed{*catalogue, folder, {}, closestOf(options_.closest)};
      files = search.lookInto(indexed, files, interrupt);
    } catch (const InputError& error) {
      // The photos themselves are there to be looked at.
      complain(fmt::format("{}; looking at every photo instead", error.what()));
    }
  }

  void searchCatalogue(const QuerySketches& sketches, FindReport& report,
                       const CancellationToken& interrupt) const {
    FindSearch::Indexed indexed{options_.catalogue, {}, {}, closestOf(options_.closest)};
    const fs::path root = Catalogue::forReading(options_.catalogue).folder();
    for (const std::string& argument : options_.photos) {
      const fs::path part = canonicalFolder(argument).lexically_relative(root);
      if (part.empty() || *part.begin() == "..") {
        fail<UsageError>("{}: is no part of {}, which {} is the catalogue of",
                         displayName(argument), displayName(root), displayName(options_.catalogue));
      }
      if (part != ".") indexed.below.push_back(part);
    }
    if (std::ssize(indexed.below) < std::ssize(options_.photos)) indexed.below.clear();
    FindSearch(options_.shared, sketches, options_.threshold, options_.overlay, report)
        .lookInto(indexed, interrupt);
  }

  FindOptions options_;
};

}  // namespace

std::unique_ptr<Command> makeFindCommand() { return std::make_unique<FindCommand>(); }

}  // namespace inkling
