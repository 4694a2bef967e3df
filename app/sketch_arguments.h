// The drawings that a command line names.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/image/image.h"
#include "core/inference/localizer.h"

namespace CLI {
class App;
}

namespace inkling {

struct SketchArguments {
  std::vector<std::string> wanted;    ///< --sketch
  std::vector<std::string> unwanted;  ///< --not
  std::vector<double> weights;        ///< --weight, as many as --sketch or none
};

/// Declares --sketch, which a command cannot do without.
void addSketchOption(CLI::App& command, SketchArguments& arguments);

struct QuerySketches {
  std::vector<WeightedSketch> wanted, unwanted;
};

/// Reads every drawing. Throws UsageError for weights that do not match, InputError naming the
/// first file that cannot be used: without it the query would be another one.
QuerySketches readSketches(const SketchArguments& arguments);

/// {"sketches": [...], "not": [...], "model": "FILE NAME"}.
Json queryJson(const SketchArguments& arguments, const std::filesystem::path& model);

/// The drawing on a small white card, as the model sees it but larger. With `stroke`, that stroke
/// is red and the others are grey.
Image sketchCard(const Sketch& sketch);
Image sketchCard(const Sketch& sketch, std::size_t stroke);

}  // namespace inkling
