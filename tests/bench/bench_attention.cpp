// Time and memory of the self-attention mechanisms, without gradients, against plain multi-head
// attention on the library's fused operator (at::scaled_dot_product_attention):
//
//   build/bench/bench_attention [--benchmark_filter=bilevel-routing]
//
// and of training: forward and backward of deformable attention with its sampling kernel, against
// the same with the library's operators, as whole layers and the sampling alone:
//
//   build/bench/bench_attention --benchmark_filter=training
//
// One photo, 128 numbers a token, four heads, two threads, square grids. Both are run in turns and
// their fastest passes compared (what else the machine does only ever adds time): "ms", "plain_ms"
// and "times_faster". "MB" and "plain_MB" are the most that a pass holds in tensors at any time,
// besides the tokens that come in.
#include <algorithm>
#include <chrono>
#include <functional>

#include <benchmark/benchmark.h>

#include "core/nn/attention/deformable.h"
#include "core/nn/attention/ms_deformable.h"
#include "core/nn/operator_cost.h"
#include "core/nn/runtime.h"

namespace inkling {
namespace {

constexpr std::int64_t kDim = 128, kHeads = 4;

double secondsOf(const std::function<void()>& pass) {
  const auto begin = std::chrono::steady_clock::now();
  pass();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void compare(benchmark::State& state, const std::function<void()>& pass,
             const std::function<void()>& plain) {
  pass();
  plain();
  double ours = 1e9, theirs = 1e9;
  for ([[maybe_unused]] auto _ : state) {
    theirs = std::min(theirs, secondsOf(plain));
    const double seconds = secondsOf(pass);
    ours = std::min(ours, seconds);
    state.SetIterationTime(seconds);
  }
  state.counters["ms"] = ours * 1000;
  state.counters["plain_ms"] = theirs * 1000;
  state.counters["times_faster"] = theirs / ours;
  state.counters["MB"] = static_cast<double>(peakTensorBytesOf(pass)) / 1e6;
  state.counters["plain_MB"] = static_cast<double>(peakTensorBytesOf(plain)) / 1e6;
}

void selfAttention(benchmark::State& state, const std::string& mechanism) {
  const at::NoGradGuard noGrad;
  const TokenGrid grid{state.range(0), state.range(0)};
  const auto make = [&](const std::string& name) {
    Random random(1);
    AttentionConfig config;
    config.mechanism = name;
    config.dim = kDim;
    config.heads = kHeads;
    config.grid = grid;
    return makeSelfAttention(config, random);
  };
  const auto attention = make(mechanism), plain = make("multi-head");
  const Tensor tokens = at::randn({1, grid.count(), kDim});
  compare(
      state, [&] { benchmark::DoNotOptimize(attention->forward(tokens, grid).tokens); },
      [&] { benchmark::DoNotOptimize(plain->forward(tokens, grid).tokens); });
}

// ---- Training ----

// Backward of a loss whose gradient is as large as the output, to tensors that keep none.
void train(const Tensor& output, const std::vector<Tensor>& leaves) {
  output.backward(at::ones_like(output));
  for (const Tensor& leaf : leaves) leaf.mutable_grad().reset();
}

// Queries are the tokens of the finest of three levels, each half as wide as the one before.
std::vector<TokenGrid> levelsFrom(std::int64_t side) {
  return {{side, side}, {side / 2, side / 2}, {side / 4, side / 4}};
}

std::int64_t tokensOf(const std::vector<TokenGrid>& grids) {
  std::int64_t tokens = 0;
  for (const TokenGrid& grid : grids) tokens += grid.count();
  return tokens;
}

void trainMultiScale(benchmark::State& state) {
  const std::vector<TokenGrid> grids = levelsFrom(state.range(0));
  const std::int64_t queries = grids[0].count();
  Random random(1);
  MsDeformableAttention attention(kDim, 3, kHeads, 4, random);
  attention.requireGradients(true);
  const Tensor query = at::randn({1, queries, kDim}).requires_grad_(true),
               value = at::randn({1, tokensOf(grids), kDim}).requires_grad_(true),
               reference = at::rand({1, queries, 3, 2});
  std::vector<Tensor> leaves = attention.parameters();
  leaves.insert(leaves.end(), {query, value});
  const auto pass = [&](SamplingWay way) {
    attention.sampling = way;
    train(attention.forward(query, reference, value, grids).tokens, leaves);
  };
  compare(
      state, [&] { pass(SamplingWay::kKernel); }, [&] { pass(SamplingWay::kOperators); });
}

void trainMultiScaleSampling(benchmark::State& state) {
  const std::vector<TokenGrid> grids = levelsFrom(state.range(0));
  const std::int64_t queries = grids[0].count();
  DeformableSamples samples;
  samples.value = at::randn({1, tokensOf(grids), kDim}).requires_grad_(true);
  samples.locations = at::rand({1, queries, kHeads, 3, 4, 2}).requires_grad_(true);
  samples.weights = at::rand({1, queries, kHeads, 3, 4}).requires_grad_(true);
  samples.grids = grids;
  const auto pass = [&](SamplingWay way) {
    train(sampled(samples, way), {samples.value, samples.locations, samples.weights});
  };
  compare(
      state, [&] { pass(SamplingWay::kKernel); }, [&] { pass(SamplingWay::kOperators); });
}

// As the mechanism "deformable" has it (deformable.h), tokens row by row.
void trainDeformable(benchmark::State& state) {
  const std::int64_t side = state.range(0);
  DeformableOptions options;
  options.code = DeformableOptions::Code::kFirst;
  options.grid = {side, side};
  options.heads = kHeads;
  options.headWidth = kDim / kHeads;
  options.groups = kHeads / 2;
  options.stride = side / DeformableSelfAttention::kPointsPerSide;
  options.kernel = 5;
  options.offsetRange = 2;
  options.bias = DeformableOptions::Bias::kConvolution;
  const auto make = [&](SamplingWay way) {
    options.sampling = way;
    Random random(1);
    auto attention = std::make_unique<DeformableAttention>(options, random);
    attention->requireGradients(true);
    return attention;
  };
  const auto kernel = make(SamplingWay::kKernel), operators = make(SamplingWay::kOperators);
  const Tensor tokens = at::randn({1, side * side, kDim}).requires_grad_(true);
  const auto pass = [&](DeformableAttention& attention) {
    std::vector<Tensor> leaves = attention.parameters();
    leaves.push_back(tokens);
    train(attention.forward(tokens.transpose(1, 2).reshape({1, kDim, side, side})).output, leaves);
  };
  compare(
      state, [&] { pass(*kernel); }, [&] { pass(*operators); });
}

void trainDeformableSampling(benchmark::State& state) {
  const std::int64_t side = state.range(0), points = DeformableSelfAttention::kPointsPerSide;
  const Tensor tokens = at::randn({1, side * side, kDim}).requires_grad_(true),
               places = (at::rand({1, kHeads / 2, points, points, 2}) * 2 - 1).requires_grad_(true);
  const auto pass = [&](SamplingWay way) {
    const Tensor photo = tokens.transpose(1, 2).reshape({1, kDim, side, side});
    train(sampledAtPoints(photo, places, way), {tokens, places});
  };
  compare(
      state, [&] { pass(SamplingWay::kKernel); }, [&] { pass(SamplingWay::kOperators); });
}

}  // namespace
}  // namespace inkling

int main(int argc, char** argv) {
  inkling::initializeRuntime(2);
  for (const std::string& mechanism : inkling::attentionMechanisms()) {
    auto* bench = benchmark::RegisterBenchmark(
        mechanism.c_str(),
        [mechanism](benchmark::State& state) { inkling::selfAttention(state, mechanism); });
    bench->UseManualTime()->Unit(benchmark::kMillisecond);
    for (const std::int64_t side : {16, 32, 64, 128}) bench->Arg(side);
  }
  const std::pair<const char*, void (*)(benchmark::State&)> trainings[] = {
      {"training/multi-scale", inkling::trainMultiScale},
      {"training/multi-scale/sampling", inkling::trainMultiScaleSampling},
      {"training/deformable", inkling::trainDeformable},
      {"training/deformable/sampling", inkling::trainDeformableSampling}};
  for (const auto& [name, function] : trainings) {
    benchmark::RegisterBenchmark(name, function)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond)
        ->Arg(32)
        ->Arg(64);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
