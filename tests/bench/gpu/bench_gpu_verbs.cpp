// Describe and locate on a card, in photos a second: eager and as CUDA graphs, by batch and
// precision.
//
//   build/bench/bench_gpu_verbs [--model FILE] [--out FILE.json]
//
// Photos lie on the card as pixels, letterboxed; answers stay there. Needs LibTorch's CUDA part
// (scripts/setup --cuda). The file holds what is measured so far. Peers:
// tests/bench/peers/trunk_eager.py with --device cuda, eager and --compile. Exit status: 0, 2 for
// wrong use and errors, 3 without a card.
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/nn/device.h"
#include "core/nn/model_file.h"
#include "core/nn/runtime.h"

namespace inkling {
namespace {

constexpr int kWarmUp = 5, kRounds = 20;
constexpr const char* kUsage = "bench_gpu_verbs [--model FILE] [--out FILE.json]";

struct Arguments {
  std::string model = "resources/models/inkling-s.safetensors", out;
  bool isHelp = false;
};

Arguments parse(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--help") {
      arguments.isHelp = true;
      continue;
    }
    if (word != "--model" && word != "--out")
      throw std::invalid_argument("unknown argument " + word + "; " + kUsage);
    if (++i == count) throw std::invalid_argument(word + " needs a value");
    (word == "--model" ? arguments.model : arguments.out) = words[i];
  }
  return arguments;
}

double medianMilliseconds(const std::function<void()>& work) {
  const auto stream = c10::cuda::getCurrentCUDAStream();
  std::vector<double> times;
  for (int i = 0; i < kRounds; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    stream.synchronize();
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
            .count());
  }
  std::nth_element(times.begin(), times.begin() + kRounds / 2, times.end());
  return times[kRounds / 2];
}

// Times work as it is, and replayed as one graph.
std::pair<double, double> eagerAndGraph(const std::function<void()>& work) {
  const c10::cuda::CUDAStreamGuard guard(c10::cuda::getStreamFromPool());
  for (int i = 0; i < kWarmUp; ++i) work();
  c10::cuda::getCurrentCUDAStream().synchronize();
  const double eager = medianMilliseconds(work);
  at::cuda::CUDAGraph graph;
  graph.capture_begin();
  work();
  graph.capture_end();
  return {eager, medianMilliseconds([&] { graph.replay(); })};
}

TrunkInput madeUp(const TrunkConfig& config, std::int64_t batch, at::Device device) {
  const auto options = at::TensorOptions(at::kFloat).device(device);
  TrunkInput input;
  input.vit = at::randn({batch, 3, config.vitResolution, config.vitResolution}, options);
  if (config.cnnResolution > 0)
    input.cnn = at::randn({batch, 3, config.cnnResolution, config.cnnResolution}, options);
  if (config.detectorResolution > 0)
    input.detector =
        at::rand({batch, 3, config.detectorResolution, config.detectorResolution}, options) * 255;
  return input;
}

Json measured(const Model& model, const std::string& precision, std::int64_t batch,
              at::Device device) {
  const std::int64_t side = model.config.sketch.size;
  const TrunkInput input = madeUp(model.config.trunk, batch, device);
  const auto options = at::TensorOptions(at::kFloat).device(device);
  const QueryTensors query =
      model.network->understand(at::rand({batch, 1, side, side}, options).gt(0.8).to(at::kFloat),
                                at::ones({batch, 1}, options));
  PhotoBatch photos;
  const auto describe = [&] {
    photos = model.network->prepare(model.trunk->describeBatch(input));
    model.network->embedRegions(photos);
  };
  LocalizerNetwork::Located located;
  const auto locate = [&] {
    located = model.network->locate(photos, query, model.config.trunk.proposals, false);
  };
  const auto both = [&] {
    describe();
    locate();
  };
  describe();
  Json row{{"precision", precision}, {"batch", batch}};
  const std::pair<const char*, std::function<void()>> verbs[] = {
      {"describe", describe}, {"locate", locate}, {"both", both}};
  for (const auto& [name, work] : verbs) {
    const auto [eager, graph] = eagerAndGraph(work);
    row[name] = {{"eager_milliseconds", eager},
                 {"graph_milliseconds", graph},
                 {"eager_photos_per_second", 1000.0 * static_cast<double>(batch) / eager},
                 {"graph_photos_per_second", 1000.0 * static_cast<double>(batch) / graph}};
  }
  return row;
}

void print(const Json& row) {
  std::cout << "| " << row["precision"].get<std::string>() << " | " << row["batch"];
  for (const char* verb : {"describe", "locate", "both"}) {
    for (const char* way : {"eager_photos_per_second", "graph_photos_per_second"})
      std::cout << " | " << fmt::format("{:.0f}", row[verb][way].get<double>());
  }
  std::cout << " |" << std::endl;
}

int run(const Arguments& arguments) {
  if (arguments.isHelp) {
    std::cout << kUsage << "\n";
    return 0;
  }
  initializeRuntime(0);
  const DeviceChoice choice = chooseDevice("cuda");
  if (!choice.device.is_cuda()) {
    std::cerr << "bench_gpu_verbs: " << choice.note << "\n";
    return 3;
  }
  const at::NoGradGuard noGrad;
  std::cout << "| precision | photos at once | describe, photos/s | as a graph | locate | as a "
               "graph | both "
               "| as a graph |\n|---|---|---|---|---|---|---|---|\n";
  Json rows = Json::array();
  const std::pair<const char*, at::ScalarType> precisions[] = {
      {"float32", at::kFloat}, {"bfloat16", at::kBFloat16}, {"float16", at::kHalf}};
  for (const auto& [precision, type] : precisions) {
    const Model model = readModel(arguments.model);
    model.network->moveTo(choice.device);
    model.trunk->moveTo(choice.device, type);
    for (const std::int64_t batch : {1, 8, 64}) {
      rows.push_back(measured(model, precision, batch, choice.device));
      print(rows.back());
      if (!arguments.out.empty())
        writeFileAtomically(arguments.out, dumpJson({{"verbs", rows}}, 1) + "\n");
    }
  }
  return 0;
}

}  // namespace
}  // namespace inkling

int main(int count, char** words) {
  try {
    return inkling::run(inkling::parse(count, words));
  } catch (const std::exception& error) {
    std::cerr << "bench_gpu_verbs: " << error.what() << "\n";
    return 2;
  }
}
