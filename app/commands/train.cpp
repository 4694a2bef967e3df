// inkling train: a model from a configuration, with a chart of the losses.
#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/options.h"
#include "app/terminal_progress.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/picture_writer.h"
#include "core/image/plot.h"
#include "core/nn/device.h"
#include "core/nn/runtime.h"
#include "core/training/trainer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Training steps log their learning rate; rows without one hold figures of held-out data.
bool isStep(const LogRow& row) { return row.values.contains("rate"); }

void writeLossChart(const TrainLog& log, const fs::path& file) {
  std::vector<Series> lines;
  for (const LogRow& row : log.rows()) {
    const auto loss = row.values.find("loss");
    if (!isStep(row) || loss == row.values.end()) continue;
    if (lines.empty() || lines.back().name != row.stage) lines.push_back({row.stage, {}, {}});
    lines.back().x.push_back(static_cast<double>(row.step));
    lines.back().y.push_back(loss->second);
  }
  if (lines.empty()) return;
  writePicture(file, linePlot("Training loss", "step", "loss", lines, {1000, 600}, true));
}

// The last held-out figures of each stage.
std::string heldOutText(const TrainLog& log) {
  std::vector<std::string> stages;
  std::map<std::string, std::map<std::string, double>> figures;
  for (const LogRow& row : log.rows()) {
    if (isStep(row)) continue;
    if (!figures.contains(row.stage)) stages.push_back(row.stage);
    for (const auto& [name, value] : row.values) figures[row.stage][name] = value;
  }
  std::string text;
  for (const std::string& stage : stages) {
    text += stage + ":";
    for (const auto& [name, value] : figures[stage])
      text += fmt::format("  {} {:.4g}", name, value);
    text += "\n";
  }
  return text;
}

class TrainCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("train", "Train a model from a configuration");
    app->add_option("--config", config_, "JSON; resources/models/inkling-s.train.json is one")
        ->type_name("FILE")
        ->required();
    app->add_option("--out", out_, "Folder of the run: log, checkpoints, model, chart")
        ->type_name("FOLDER")
        ->required();
    app->add_flag("--resume", request_.resume, "Go on from the checkpoints in --out");
    app->add_option("--data", data_, "Folder of the data, instead of the configuration's")
        ->type_name("FOLDER");
    app->add_option("--cache", cache_, "Folder for computed features (default: OUT/features)")
        ->type_name("FOLDER");
    app->add_option("--last-stage", request_.lastStage, "Stop after sketch, matching or guided")
        ->type_name("STAGE")
        ->check(CLI::IsMember({"sketch", "matching", "guided"}));
    app->add_option("--precision", precision_,
                    "Matrix products of a step: float32, or bfloat16 (mixed precision; weights and "
                    "losses stay float32)")
        ->type_name("TYPE")
        ->check(CLI::IsMember({"float32", "bfloat16"}));
    addRunOptions(*app, shared_);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    const DeviceChoice choice = chooseDevice(shared_.device);
    if (!choice.note.empty()) complain(choice.note);
    requireWritableFolder(out_);
    initializeRuntime(shared_.threads);
    request_.device = choice.device;
    request_.precision = precision_ == "bfloat16" ? at::kBFloat16 : at::kFloat;
    request_.config = config_;
    request_.out = out_;
    request_.dataRoot = data_;
    request_.cache = cache_;
    TerminalProgress progress(shared_.quiet);
    try {
      const TrainLog log = train(request_, progress.callback(), interrupt);
      TerminalProgress::wipe();
      writeLossChart(log, request_.out / "loss.png");
      printResult(heldOutText(log));
    } catch (const Cancelled&) {
      // What the checkpoints hold is worth a look.
      TrainLog log(request_.out / "log.csv");
      log.readExisting();
      writeLossChart(log, request_.out / "loss.png");
      throw;
    }
    return kDone;
  }

 private:
  SharedOptions shared_;
  TrainRequest request_;
  std::string config_, out_, data_, cache_, precision_ = "float32";
};

}  // namespace

std::unique_ptr<Command> makeTrainCommand() { return std::make_unique<TrainCommand>(); }

}  // namespace inkling
