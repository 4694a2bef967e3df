#include "app/sketch_arguments.h"

#include <algorithm>
#include <cmath>

#include <CLI/CLI.hpp>

#include "core/base/path.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace {

constexpr Rgb kInk{20, 20, 20}, kFaded{175, 175, 175}, kHighlight{213, 0, 50};

RasterOptions cardOptions() { return {192, 4.0F, 12.0F}; }

// Paints ink over the card, 0 leaving it as it is.
void paint(Image& card, const std::vector<float>& ink, Rgb pen) {
  const auto mix = [](std::uint8_t under, std::uint8_t over, float amount) {
    return static_cast<std::uint8_t>(
        std::lround(static_cast<float>(under) * (1 - amount) + static_cast<float>(over) * amount));
  };
  for (std::size_t i = 0; i < ink.size(); ++i) {
    const float amount = std::clamp(ink[i], 0.0F, 1.0F);
    std::uint8_t* pixel = &card.rgb[3 * i];
    pixel[0] = mix(pixel[0], pen.r, amount);
    pixel[1] = mix(pixel[1], pen.g, amount);
    pixel[2] = mix(pixel[2], pen.b, amount);
  }
}

Image cardWith(const Sketch& sketch, Rgb pen) {
  const RasterOptions options = cardOptions();
  Image card(Size{options.size, options.size});
  paint(card, rasterise(sketch, options), pen);
  return card;
}

}  // namespace

void addSketchOption(CLI::App& command, SketchArguments& arguments) {
  command.add_option("--sketch", arguments.wanted, "A drawing of what to find (repeatable)")
      ->type_name("SKETCH")
      ->required()
      ->allow_extra_args(false);
}

QuerySketches readSketches(const SketchArguments& arguments) {
  if (!arguments.weights.empty() && arguments.weights.size() != arguments.wanted.size()) {
    fail<UsageError>("{} --weight for {} --sketch: give one for each, in the same order, or none",
                     arguments.weights.size(), arguments.wanted.size());
  }
  for (const double weight : arguments.weights) {
    if (!(weight >= 0) || !std::isfinite(weight)) {
      fail<UsageError>("--weight {}: a weight is 0 or more", weight);
    }
  }
  QuerySketches sketches;
  for (std::size_t i = 0; i < arguments.wanted.size(); ++i) {
    const double weight = arguments.weights.empty() ? 1 : arguments.weights[i];
    sketches.wanted.push_back({readSketch(arguments.wanted[i]), weight});
  }
  for (const std::string& file : arguments.unwanted) {
    sketches.unwanted.push_back({readSketch(file), 1});
  }
  return sketches;
}

Json queryJson(const SketchArguments& arguments, const std::filesystem::path& model) {
  return {{"sketches", arguments.wanted},
          {"not", arguments.unwanted},
          {"model", displayName(model.filename())}};
}

Image sketchCard(const Sketch& sketch) { return cardWith(sketch, kInk); }

Image sketchCard(const Sketch& sketch, std::size_t stroke) {
  Image card = cardWith(sketch, kFaded);
  const RasterOptions options = cardOptions();
  paint(card, rasteriseStroke(sketch, stroke, inkFrame(sketch, options), options), kHighlight);
  return card;
}

}  // namespace inkling
