// Time of the three verbs with the shipped model, at 1 and 2 threads:
//
//   build/bench/bench_verbs [--benchmark_filter=Locate]
//
// The model is INKLING_MODEL, or resources/models/inkling-s.safetensors under the working folder.
// BM_Trunk runs the three networks on a prepared photo and proposes regions, for comparison with
// tests/bench/peers/trunk_eager.py.
#include <cstdlib>
#include <iostream>
#include <map>

#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "core/image/photo_reader.h"
#include "core/inference/localizer.h"
#include "core/inference/trunk_input.h"
#include "core/nn/model_file.h"
#include "core/nn/runtime.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace {

std::filesystem::path modelPath() {
  const char* path = std::getenv("INKLING_MODEL");
  return path != nullptr ? path : "resources/models/inkling-s.safetensors";
}

const Localizer& localizer() {
  static const Localizer kLocalizer = Localizer::load(modelPath());
  return kLocalizer;
}

const Image& photo() {
  static const Image kPhoto = readPhoto("resources/samples/photos/giraffes_trees.jpg");
  return kPhoto;
}

SketchQuery query(std::size_t sketches) {
  const std::vector<WeightedSketch> drawings(
      sketches, {readSketch("resources/samples/sketches/giraffe.json"), 1.0});
  return localizer().understand(drawings);
}

void useThreads(const benchmark::State& state) {
  at::set_num_threads(static_cast<int>(state.range(0)));
}

void BM_Describe(benchmark::State& state) {
  useThreads(state);
  for (auto _ : state) benchmark::DoNotOptimize(localizer().describe(photo()));
}
BENCHMARK(BM_Describe)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_Understand(benchmark::State& state) {
  useThreads(state);
  for (auto _ : state) benchmark::DoNotOptimize(query(static_cast<std::size_t>(state.range(1))));
}
BENCHMARK(BM_Understand)
    ->ArgsProduct({{1, 2}, {1, 5}})
    ->ArgNames({"threads", "sketches"})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_Locate(benchmark::State& state) {
  useThreads(state);
  const PhotoFeatures features = localizer().describe(photo());
  const SketchQuery drawn = query(1);
  for (auto _ : state) benchmark::DoNotOptimize(localizer().locate(drawn, features));
}
BENCHMARK(BM_Locate)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

void BM_Trunk(benchmark::State& state) {
  useThreads(state);
  static const Model kModel = readModel(modelPath());
  const at::NoGradGuard noGrad;
  const TrunkInput input = makeTrunkInput(photo(), kModel.config.trunk);
  for (auto _ : state) benchmark::DoNotOptimize(kModel.trunk->describe(input));
}
BENCHMARK(BM_Trunk)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace inkling

int main(int argc, char** argv) {
  inkling::initializeRuntime(0);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  try {
    inkling::localizer();
  } catch (const std::exception& error) {
    std::cerr << "bench_verbs: " << error.what() << "\n";
    return 3;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
