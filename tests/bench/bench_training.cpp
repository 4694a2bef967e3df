// Time of what a training run is made of, on INKLING_DEVICE (the processor if it is not set):
//
//   build/bench/bench_training [--benchmark_filter=GuidedSteps]
//
// The networks are the shipped model's, trained further; drawings and photo are the samples. Mixed
// precision is for cards: a processor without bfloat16 arithmetic gains nothing from it.
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "core/image/photo_reader.h"
#include "core/inference/trunk_input.h"
#include "core/nn/device.h"
#include "core/nn/mixed_precision.h"
#include "core/nn/model_file.h"
#include "core/nn/runtime.h"
#include "core/sketch/reader.h"
#include "core/training/guided_trainer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kDrawings = 128;  // a step, as in the shipped model's training

at::Device device() {
  static const DeviceChoice kChoice = [] {
    const char* wanted = std::getenv("INKLING_DEVICE");
    DeviceChoice choice = chooseDevice(wanted != nullptr ? wanted : "cpu");
    if (!choice.note.empty()) std::cerr << choice.note << "\n";
    return choice;
  }();
  return kChoice.device;
}

// A time is that of the work itself, not of handing it over.
void wait(const Tensor& result) { benchmark::DoNotOptimize(result.sum().item<float>()); }

at::ScalarType precision(const benchmark::State& state) {
  return state.range(0) != 0 ? at::kBFloat16 : at::kFloat;
}

const SketchSet& drawings() {
  static const SketchSet kSet = [] {
    SketchSet set;
    for (const auto& entry : fs::directory_iterator("resources/samples/sketches")) {
      if (entry.path().extension() != ".json" || entry.path().stem() == "CREDITS") continue;
      set.words.push_back(entry.path().stem());
      set.byWord.push_back({set.sketches.size()});
      set.labels.push_back(static_cast<std::int64_t>(set.labels.size()));
      set.sketches.push_back(readSketch(entry.path()));
    }
    return set;
  }();
  return kSet;
}

Model model() {
  Model loaded = readModel("resources/models/inkling-s.safetensors");
  loaded.network->moveTo(device());
  loaded.trunk->moveTo(device());
  return loaded;
}

Tensor rasters(std::int64_t size) {
  std::vector<const Sketch*> chosen;
  for (std::int64_t i = 0; i < kDrawings; ++i)
    chosen.push_back(&drawings().sketches[static_cast<std::size_t>(i) % drawings().size()]);
  Random random(1);
  return augmentedBatch(chosen, size, {}, {}, random);
}

void BM_Rasters(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(rasters(64));
  state.SetItemsProcessed(state.iterations() * kDrawings);
}
BENCHMARK(BM_Rasters)->Unit(benchmark::kMillisecond)->UseRealTime();

void BM_SketchStep(benchmark::State& state) {
  const Model loaded = model();
  SketchEncoder& encoder = loaded.network->sketchEncoder();
  Optimizer optimizer(encoder, {});
  encoder.setTraining(true);
  const Tensor input = rasters(loaded.config.sketch.size).to(device());
  const Tensor target = at::zeros({kDrawings}, at::TensorOptions(at::kLong).device(device()));
  for (auto _ : state) {
    optimizer.zeroGradients();
    Tensor loss;
    {
      const MixedPrecision mixed(device().type(), precision(state));
      loss = at::cross_entropy_loss(widened(encoder.forward(input).logits), target);
    }
    loss.backward();
    optimizer.step(1e-3);
    wait(loss.detach());
  }
  state.SetItemsProcessed(state.iterations() * kDrawings);
}
BENCHMARK(BM_SketchStep)
    ->Arg(0)
    ->Arg(1)
    ->ArgName("bfloat16")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_OptimizerStep(benchmark::State& state) {
  const Model loaded = model();
  Optimizer optimizer(*loaded.network, {});
  for (Tensor& parameter : loaded.network->parameters())
    parameter.mutable_grad() = at::ones_like(parameter.detach());
  for (auto _ : state) optimizer.step(1e-3);
  wait(loaded.network->parameters().front().detach());
}
BENCHMARK(BM_OptimizerStep)->Unit(benchmark::kMillisecond)->UseRealTime();

// A photo's features in a file, and boxes on it that are called by words of the drawings.
Scene scene(const Model& loaded, const fs::path& file) {
  const at::NoGradGuard noGrad;
  const Image photo = readPhoto("resources/samples/photos/giraffes_trees.jpg");
  const PhotoTensors described =
      loaded.trunk->describe(makeTrunkInput(photo, loaded.config.trunk, device()));
  writePhotoTensors(file, described);
  Scene scene;
  scene.features = file;
  for (std::int64_t i = 0; i < 2; ++i)
    scene.objects.push_back({i, described.boxes.slice(0, i, i + 1).cpu()});
  scene.absent = {2, 3};
  return scene;
}

// Ten steps on three photos with three words each, as in the shipped model's training.
void BM_GuidedSteps(benchmark::State& state) {
  const Model loaded = model();
  RunContext context;
  context.folder = fs::temp_directory_path() / ("inkling-bench-" + std::to_string(::getpid()));
  context.device = device();
  context.precision = precision(state);
  context.heldBytes = freeMemory(device()) / 2;
  fs::create_directories(context.folder);
  TrainLog log(context.folder / "log.csv");
  context.log = &log;
  const std::vector<Scene> scenes = {scene(loaded, context.folder / "photo.safetensors")};
  GuidedTrainerOptions options;
  options.stage.steps = 10;
  for (auto _ : state)
    trainGuided(*loaded.network, scenes, drawings(), options, context, loaded.trunk.get());
  state.SetItemsProcessed(state.iterations() * options.stage.steps);
  fs::remove_all(context.folder);
}
BENCHMARK(BM_GuidedSteps)
    ->Arg(0)
    ->Arg(1)
    ->ArgName("bfloat16")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace inkling

int main(int argc, char** argv) {
  inkling::initializeRuntime(0);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::cerr << "bench_training: " << error.what() << "\n";
    return 2;
  }
  return 0;
}
