// inkling model: the card of a model file, whether it works, rewriting it, and what attention
// costs.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/model_bench.h"
#include "app/model_text.h"
#include "app/options.h"
#include "app/output_file.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/kernels/cuda/stream.h"
#include "core/kernels/self_check.h"
#include "core/nn/safetensors.h"

namespace inkling {
namespace {

// A grey page with a dark ring, and the drawing of a ring.
Image testPhoto() {
  Image photo(Size{320, 240}, {210, 210, 205});
  for (int y = 0; y < photo.height; ++y) {
    for (int x = 0; x < photo.width; ++x) {
      const double distance = std::hypot(x - 130.0, y - 120.0);
      if (distance > 50 && distance < 64) photo.set(x, y, {40, 60, 90});
    }
  }
  return photo;
}

Sketch testSketch() {
  Stroke ring;
  for (int i = 0; i <= 48; ++i) {
    const double angle = i * std::acos(-1.0) / 24;
    ring.x.push_back(static_cast<float>(128 + 90 * std::cos(angle)));
    ring.y.push_back(static_cast<float>(128 + 90 * std::sin(angle)));
  }
  Sketch sketch;
  sketch.name = "ring";
  sketch.width = sketch.height = 256;
  sketch.strokes.push_back(std::move(ring));
  return sketch;
}

void checkDetections(const Detections& found, Size photo, const std::string& name) {
  constexpr double kSlack = 1e-3;
  for (const ScoredBox& box : found.boxes) {
    const bool inside = box.box.x >= -kSlack && box.box.y >= -kSlack &&
                        box.box.right() <= photo.width + kSlack &&
                        box.box.bottom() <= photo.height + kSlack;
    if (!inside) fail<ModelError>("{}: gives a box outside of the photo", name);
    if (!(box.score >= 0 && box.score <= 1)) {
      fail<ModelError>("{}: gives the score {}, which is not in 0..1", name, box.score);
    }
  }
}

void checkAttention(const AttentionMaps& maps, const std::string& name) {
  if (maps.keys <= 0 || maps.toSketch.empty()) fail<ModelError>("{}: shows no attention", name);
  const auto keys = static_cast<std::ptrdiff_t>(maps.keys);
  for (auto row = maps.toSketch.begin(); row != maps.toSketch.end(); row += keys) {
    const double sum = std::accumulate(row, row + keys, 0.0);
    if (!(std::abs(sum - 1) < 1e-2)) {
      fail<ModelError>("{}: its attention sums to {:.3f} instead of 1", name, sum);
    }
  }
}

// Whether the fast kernels, those of the card or of this processor's vector instructions, give what
// plain code gives.
std::string checkKernels(const std::string& device) {
  try {
    std::unique_ptr<kernels::Backend> fast =
        device == "cpu"
            ? kernels::cpuBackend()
            : kernels::cudaBackend(std::stoi(device.substr(std::string("cuda:").size())));
    const std::string name = fast->name();
    const auto checking =
        kernels::checkingBackend(kernels::cpuBackend(kernels::Instructions::kPlain),
                                 std::move(fast), kernels::kSelfCheckTolerance);
    double most = 0;
    const std::vector<kernels::KernelDifference> all = kernels::selfCheck(*checking);
    for (const kernels::KernelDifference& each : all) most = std::max(most, each.relative);
    return fmt::format("kernels: ok ({} of them; {} at most {:.1e} from plain code)\n", all.size(),
                       name, most);
  } catch (const kernels::Mismatch& mismatch) {
    fail<Error>("the kernels of {} do not work on this machine: {}", device, mismatch.what());
  } catch (const kernels::cuda::Error& error) {
    fail<Error>("the kernels of {} do not work on this machine: {}", device, error.what());
  }
}

// Puts what `inkling eval --out` wrote on the model's card.
void addFigures(TensorFile& model, const std::string& file) {
  const std::string name = displayName(file);
  Json figures = readJson(file);
  if (!figures.is_object() || !figures.contains("protocol"))
    fail<InputError>("{}: not a result of inkling eval", name);
  Json card = parseJson(model.metadata.at("inkling"), name);
  card["figures"] = std::move(figures);
  model.metadata["inkling"] = dumpJson(card);
}

class ModelCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app =
        root.add_subcommand("model", "Show, check or rewrite a model file, or measure attention");
    app->require_subcommand(1);
    info_ = app->add_subcommand("info", "What the model is, learnt from, and cannot do");
    info_->add_option("file", file_, "Model file (default: --model)")->type_name("FILE");
    info_->add_option("--format", format_, "text or json")
        ->type_name("FORMAT")
        ->check(CLI::IsMember({"text", "json"}));
    addSharedOptions(*info_, shared_);
    check_ = app->add_subcommand(
        "check", "Load the model and run it on a built-in photo; check the kernels");
    check_->add_option("file", file_, "Model file (default: --model)")->type_name("FILE");
    addSharedOptions(*check_, shared_);
    convert_ = app->add_subcommand("convert", "Check a model file strictly and write it anew");
    convert_->add_option("in", file_, "Model file")->type_name("IN")->required();
    convert_->add_option("out", out_, "File to write")->type_name("OUT")->required();
    convert_->add_option("--figures", figures_, "Result of inkling eval --out, to put on the card")
        ->type_name("EVAL.json");
    addRunOptions(*convert_, shared_);
    bench_ = declareModelBench(*app, benched_);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (bench_->parsed()) return benchModel(benched_, interrupt);
    if (convert_->parsed()) requireWritableFile(out_);
    if (!file_.empty()) shared_.model = file_;
    const Localizer localizer = loadLocalizer(shared_);
    if (info_->parsed()) {
      info(localizer);
    } else if (check_->parsed()) {
      check(localizer);
      printResult(checkKernels(localizer.device()));
    } else {
      TensorFile model = readSafetensors(file_);
      if (!figures_.empty()) addFigures(model, figures_);
      writeSafetensors(out_, model);
    }
    return kDone;
  }

 private:
  void info(const Localizer& localizer) const {
    if (format_ == "json") {
      printResult(dumpJson(localizer.card(), 1) + "\n");
      return;
    }
    const std::filesystem::path file = modelFile(shared_);
    std::error_code error;
    const std::uintmax_t bytes = std::filesystem::file_size(file, error);
    printResult(modelCardText(displayName(file), localizer.card(), localizer.parameterCount(),
                              error ? 0 : bytes));
  }

  void check(const Localizer& localizer) const {
    using Clock = std::chrono::steady_clock;
    const std::string name = displayName(modelFile(shared_));
    const Image photo = testPhoto();
    const std::vector<WeightedSketch> sketches = {{testSketch(), 1}};
    try {
      const Clock::time_point start = Clock::now();
      const PhotoFeatures features = localizer.describe(photo);
      const Clock::time_point described = Clock::now();
      const SketchQuery query = localizer.understand(sketches);
      const Detections found = localizer.locate(query, features);
      const Clock::time_point located = Clock::now();
      checkDetections(found, photo.size(), name);
      checkAttention(localizer.attend(query, features), name);
      const auto milliseconds = [](Clock::duration time) {
        return std::chrono::duration<double, std::milli>(time).count();
      };
      printResult(
          fmt::format("{}: ok ({} parameters; describe {:.0f} ms, understand and locate "
                      "{:.0f} ms, threshold {:.3f})\n",
                      name, localizer.parameterCount(), milliseconds(described - start),
                      milliseconds(located - described), localizer.threshold()));
    } catch (const ModelError&) {
      throw;
    } catch (const Error& error) {
      fail<ModelError>("{}: does not work: {}", name, error.what());
    }
  }

  CLI::App* info_ = nullptr;
  CLI::App* check_ = nullptr;
  CLI::App* convert_ = nullptr;
  CLI::App* bench_ = nullptr;
  ModelBenchOptions benched_;
  SharedOptions shared_;
  std::string file_, out_, figures_, format_ = "text";
};

}  // namespace

std::unique_ptr<Command> makeModelCommand() { return std::make_unique<ModelCommand>(); }

}  // namespace inkling
