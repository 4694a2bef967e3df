// inkling attention: what the model looked at, as pictures and numbers.
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include <CLI/CLI.hpp>

#include "app/attention_report.h"
#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/options.h"
#include "app/sketch_arguments.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"

namespace inkling {
namespace {

struct AttentionOptions {
  SharedOptions shared;
  SketchArguments sketches;
  std::string photo, out;
  std::string layer = "all", head = "mean";
  bool rollout = false, perStroke = false, self = false;
  std::vector<std::string> places;
  std::string colourMap = "viridis";
  OverlayStyle style;
};

int parseIndex(const std::string& text, const char* option, const char* words) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    fail<UsageError>("{} {}: {} or a number from 0", option, text, words);
  }
  return number;
}

HeadChoice parseHead(const std::string& text) {
  if (text == "mean") return {HeadChoice::Kind::kMean, 0};
  if (text == "max") return {HeadChoice::Kind::kMax, 0};
  return {HeadChoice::Kind::kOne, parseIndex(text, "--head", "mean, max")};
}

// nullopt: all layers.
std::optional<int> parseLayer(const std::string& text) {
  if (text == "all") return std::nullopt;
  return parseIndex(text, "--layer", "all");
}

// "120,80": a place in pixels of the photo, as a column and row of the grid.
std::pair<int, int> parsePlace(const std::string& text, Size photo, Size grid) {
  double x = 0, y = 0;
  const char* end = text.data() + text.size();
  const auto [comma, first] = std::from_chars(text.data(), end, x);
  if (first != std::errc() || comma == end || *comma != ',')
    fail<UsageError>("--at {}: a place is X,Y in pixels", text);
  const auto [last, second] = std::from_chars(comma + 1, end, y);
  if (second != std::errc() || last != end)
    fail<UsageError>("--at {}: a place is X,Y in pixels", text);
  if (!(x >= 0 && y >= 0 && x < photo.width && y < photo.height))
    fail<UsageError>("--at {}: is outside of the photo, which has {} x {} pixels", text,
                     photo.width, photo.height);
  return {std::min(static_cast<int>(x * grid.width / photo.width), grid.width - 1),
          std::min(static_cast<int>(y * grid.height / photo.height), grid.height - 1)};
}

// Writes every map that was asked for.
class MapWriter {
 public:
  MapWriter(const AttentionOptions& options, const QuerySketches& sketches,
            const AttentionMaps& maps, Size photo, AttentionReport& report)
      : options_(options),
        sketches_(sketches),
        maps_(maps),
        photo_(photo),
        report_(report),
        head_(parseHead(options.head)),
        layer_(parseLayer(options.layer)),
        card_(sketchCard(sketches.wanted.front().sketch)) {}

  // Returns whether everything could be given.
  bool writeAll() {
    for (const int layer : layers()) {
      report_.add(fmt::format("layer-{}", layer), maps_.layerMap(layer, head_), card_,
                  {{"kind", "layer"}, {"layer", layer}, {"head", options_.head}});
    }
    report_.add("relevance", maps_.relevanceMap(), card_, {{"kind", "relevance"}});
    if (options_.rollout) {
      report_.add("rollout", maps_.rollout(), card_, {{"kind", "rollout"}});
    }
    if (options_.self) writeBetweenPlaces();
    for (std::size_t i = 0; i < options_.places.size(); ++i) writeFrom(i);
    bool complete = true;
    for (std::size_t i = 0; options_.perStroke && i < sketches_.wanted.size(); ++i) {
      complete = writeStrokes(i) && complete;
    }
    return complete;
  }

 private:
  std::vector<int> layers() const {
    if (layer_) return {*layer_};
    std::vector<int> all(static_cast<std::size_t>(maps_.layers));
    std::iota(all.begin(), all.end(), 0);
    return all;
  }

  // How much places are looked at by the others.
  void writeBetweenPlaces() {
    for (const int layer : layers()) {
      report_.add(fmt::format("self-layer-{}", layer), maps_.self.lookedAt(layer, head_), card_,
                  {{"kind", "self"}, {"layer", layer}, {"head", options_.head}},
                  maps_.self.marks(layer));
    }
  }

  // Where one place looks.
  void writeFrom(std::size_t index) {
    const auto [x, y] = parsePlace(options_.places[index], photo_, maps_.photoGrid());
    for (const int layer : layers()) {
      report_.add(fmt::format("at-{}-layer-{}", index, layer),
                  maps_.self.lookedFrom(x, y, layer, head_), card_,
                  {{"kind", "at"},
                   {"at", options_.places[index]},
                   {"layer", layer},
                   {"head", options_.head}},
                  maps_.self.marksFrom(x, y, layer));
    }
  }

  bool writeStrokes(std::size_t index) {
    const Sketch& sketch = sketches_.wanted[index].sketch;
    if (sketch.strokes.empty()) {
      complain(fmt::format("{}: is a picture and has no strokes", sketch.name));
      return false;
    }
    const int layer = layer_.value_or(maps_.layers - 1);
    for (std::size_t stroke = 0; stroke < sketch.strokes.size(); ++stroke) {
      if (sketch.strokes[stroke].eraser) continue;
      const std::string prefix =
          sketches_.wanted.size() > 1 ? fmt::format("sketch-{}-", index) : std::string();
      report_.add(fmt::format("{}stroke-{}", prefix, stroke),
                  maps_.strokeMap(sketch, index, stroke, layer, head_), sketchCard(sketch, stroke),
                  {{"kind", "stroke"},
                   {"sketch", index},
                   {"stroke", stroke},
                   {"layer", layer},
                   {"head", options_.head}});
    }
    return true;
  }

  const AttentionOptions& options_;
  const QuerySketches& sketches_;
  const AttentionMaps& maps_;
  const Size photo_;
  AttentionReport& report_;
  HeadChoice head_;
  std::optional<int> layer_;
  Image card_;
};

class AttentionCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("attention", "Show what the model looked at in a photo");
    addSketchOption(*app, options_.sketches);
    app->add_option("photo", options_.photo, "The photo")->type_name("PHOTO")->required();
    app->add_option("--out", options_.out, "Folder for the pictures and attention.json")
        ->type_name("FOLDER")
        ->required();
    app->add_option("--layer", options_.layer, "all, or a layer from 0")->type_name("all|N");
    app->add_option("--head", options_.head, "mean or max over the heads, or a head from 0")
        ->type_name("mean|max|N");
    app->add_flag("--rollout", options_.rollout, "Also the attention through all layers together");
    app->add_flag("--per-stroke", options_.perStroke, "Also a map for each stroke of the drawing");
    app->add_flag("--self", options_.self,
                  "Also how much each place is looked at by the others, and the points that "
                  "deformable attention samples");
    app->add_option("--at", options_.places,
                    "Also where the place at these pixels looks, and what it had to choose from "
                    "(repeatable)")
        ->type_name("X,Y")
        ->allow_extra_args(false);
    app->add_option("--colour-map", options_.colourMap, "viridis, magma or jet")
        ->type_name("NAME")
        ->check(CLI::IsMember(colourMapNames()));
    app->add_option("--opacity", options_.style.opacity, "Of the map over the photo, 0..1")
        ->type_name("X")
        ->check(CLI::Range(0.0, 1.0));
    addSharedOptions(*app, options_.shared);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (std::isnan(options_.style.opacity)) fail<UsageError>("--opacity: not a number");
    parseHead(options_.head);
    parseLayer(options_.layer);
    options_.style.colours = parseColourMap(options_.colourMap);
    requireWritableFolder(options_.out);
    const QuerySketches sketches = readSketches(options_.sketches);
    const Localizer localizer = loadLocalizer(options_.shared);
    const ReducedPhoto read = readPhotoReduced(options_.photo, localizer.readSide());
    const bool isWhole = read.image.size() == read.full;
    const Image photo = isWhole ? read.image : readPhoto(options_.photo);
    interrupt.check();
    const AttentionMaps maps = localizer.attend(localizer.understand(sketches.wanted),
                                                localizer.describe(read.image, read.full));
    interrupt.check();

    AttentionReport report(options_.out, photo, options_.style);
    const bool complete = MapWriter(options_, sketches, maps, photo.size(), report).writeAll();
    Json head = queryJson(options_.sketches, modelFile(options_.shared));
    head.erase("not");
    head["photo"] = displayName(options_.photo);
    head["width"] = photo.width;
    head["height"] = photo.height;
    head["grid"] = {{"width", maps.gridWidth}, {"height", maps.gridHeight}};
    head["mechanism"] = maps.self.mechanism;
    head["layers"] = maps.layers;
    head["heads"] = maps.heads;
    report.finish(std::move(head));
    std::string list;
    for (const std::filesystem::path& file : report.files()) list += displayName(file) + "\n";
    printResult(list);
    return complete ? kDone : kSomeFailed;
  }

 private:
  AttentionOptions options_;
};

}  // namespace

std::unique_ptr<Command> makeAttentionCommand() { return std::make_unique<AttentionCommand>(); }

}  // namespace inkling
