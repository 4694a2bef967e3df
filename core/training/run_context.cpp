#include "core/training/run_context.h"

#include <algorithm>
#include <functional>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/nn/mixed_precision.h"
#include "core/nn/runtime.h"

namespace inkling {

StageRunner::StageRunner(std::string stage, Module& module, const StageOptions& options,
                         const RunContext& context)
    : stage_(std::move(stage)),
      module_(module),
      options_(options),
      context_(context),
      optimizer_(module, options.optimizer) {}

std::uint64_t StageRunner::seedFor(std::int64_t step) const {
  std::uint64_t stageNumber = 0;
  for (const char c : stage_) stageNumber = stageNumber * 131 + static_cast<unsigned char>(c);
  return mixSeed(context_.seed, stageNumber, static_cast<std::uint64_t>(step));
}

std::filesystem::path StageRunner::checkpointFile() const {
  return context_.folder / (stage_ + ".checkpoint.safetensors");
}

void StageRunner::saveCheckpoint(std::int64_t nextStep) {
  TensorFile file;
  for (const auto& [name, tensor] : module_.state())
    file.tensors["weights." + name] = tensor.detach();
  file.tensors.merge(optimizer_.state("optimizer."));
  file.metadata["stage"] = stage_;
  file.metadata["next_step"] = std::to_string(nextStep);
  file.metadata["steps"] = std::to_string(options_.steps);
  file.metadata["seed"] = std::to_string(context_.seed);
  writeSafetensors(checkpointFile(), file);
}

std::int64_t StageRunner::loadCheckpoint() {
  if (!context_.resume || !std::filesystem::exists(checkpointFile())) {
    loadStart();
    return 0;
  }
  const std::string name = checkpointFile().string();
  const TensorFile file = readSafetensors(checkpointFile());
  const auto field = [&](const char* key) {
    const auto found = file.metadata.find(key);
    if (found == file.metadata.end())
      fail<ModelError>("{}: not a checkpoint (no \"{}\")", name, key);
    return found->second;
  };
  if (field("steps") != std::to_string(options_.steps) ||
      field("seed") != std::to_string(context_.seed)) {
    fail<UsageError>(
        "{}: written by a run with {} steps and seed {}; give the same to resume, or another "
        "folder",
        name, field("steps"), field("seed"));
  }
  module_.load(file.tensors, name, "weights.");
  optimizer_.load(file.tensors, "optimizer.", name);
  return std::stoll(field("next_step"));
}

void StageRunner::loadStart() {
  if (options_.start.empty()) return;
  module_.load(readSafetensors(options_.start).tensors, options_.start.string(), "weights.");
}

namespace {

// Figures stay where they were computed until the log wants them: nothing waits for a card.
std::map<std::string, double> means(const std::map<std::string, Tensor>& sums, std::int64_t count) {
  std::map<std::string, double> values;
  for (const auto& [name, sum] : sums)
    values[name] = sum.item<double>() / static_cast<double>(count);
  return values;
}

}  // namespace

void StageRunner::learn(std::int64_t index, const std::function<StepResult(std::int64_t)>& step,
                        std::map<std::string, Tensor>& sums) {
  seedOperators(seedFor(index));
  module_.setTraining(true);
  optimizer_.zeroGradients();
  StepResult result;
  {
    const MixedPrecision mixed(context_.device.type(), context_.precision);
    result = step(index);
  }
  if (result.loss.defined()) result.loss.backward();
  result.figures["loss"] = result.loss.defined() ? result.loss : at::zeros({});
  const double factor = cosineSchedule(index, options_.steps, options_.warmup);
  result.figures["gradient"] = at::scalar_tensor(optimizer_.step(factor), at::kDouble);
  result.figures["rate"] = at::scalar_tensor(factor * options_.optimizer.learningRate, at::kDouble);
  for (const auto& [name, value] : result.figures) {
    const Tensor exact = value.detach().to(at::kDouble);
    Tensor& sum = sums[name];
    sum = sum.defined() ? sum + exact : exact;
  }
}

void StageRunner::run(const std::function<StepResult(std::int64_t)>& step,
                      const std::function<std::map<std::string, double>()>& evaluate) {
  const std::int64_t first = loadCheckpoint();
  context_.log->truncate(stage_, first);
  std::map<std::string, Tensor> sums;
  std::int64_t counted = 0;
  const auto evaluateAverage = [&](std::int64_t next) {
    if (!evaluate) return;
    optimizer_.swapAverage();
    module_.setTraining(false);
    context_.log->add({stage_, next, evaluate()});
    optimizer_.swapAverage();
  };
  for (std::int64_t i = first; i < options_.steps; ++i) {
    if (context_.cancellation.cancelled()) {
      saveCheckpoint(i);
      context_.log->save();
      throw Cancelled();
    }
    learn(i, step, sums);
    ++counted;
    const std::int64_t next = i + 1;
    if (next % options_.logEvery == 0 || next == options_.steps) {
      std::map<std::string, double> values = means(sums, counted);
      if (context_.progress)
        context_.progress(
            {stage_, next, options_.steps, fmt::format("loss {:.4f}", values["loss"])});
      context_.log->add({stage_, next, values});
      sums.clear();
      counted = 0;
    }
    if (next % options_.checkpointEvery == 0 && next < options_.steps) {
      evaluateAverage(next);
      saveCheckpoint(next);
      context_.log->save();
    }
  }
  if (first < options_.steps) {
    evaluateAverage(options_.steps);
    saveCheckpoint(options_.steps);
    context_.log->save();
  }
  optimizer_.swapAverage();
  module_.setTraining(false);
  module_.requireGradients(false);
}

}  // namespace inkling
