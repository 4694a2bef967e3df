// Time and memory of the self-attention mechanisms, without gradients, against plain multi-head
// attention on the library's fused operator (at::scaled_dot_product_attention):
//
//   build/bench/bench_attention [--benchmark_filter=bilevel-routing]
//
// One photo, 128 numbers a token, four heads, two threads, square grids. Both are run in turns and
// their fastest passes compared (what else the machine does only ever adds time): "ms", "plain_ms"
// and "times_faster". "MB" and "plain_MB" are the most that a pass holds in tensors at any time,
// besides the tokens that come in.
#include <algorithm>
#include <chrono>

#include <benchmark/benchmark.h>

#include "core/nn/attention/attention.h"
#include "core/nn/operator_cost.h"
#include "core/nn/runtime.h"

namespace inkling {
namespace {

constexpr std::int64_t kDim = 128, kHeads = 4;

struct Pass {
  std::unique_ptr<SelfAttention> attention;
  Tensor tokens;
  TokenGrid grid;

  Pass(const std::string& mechanism, std::int64_t side) : grid{side, side} {
    Random random(1);
    AttentionConfig config;
    config.mechanism = mechanism;
    config.dim = kDim;
    config.heads = kHeads;
    config.grid = grid;
    attention = makeSelfAttention(config, random);
    tokens = at::randn({1, grid.count(), kDim});
  }
  void run() const { benchmark::DoNotOptimize(attention->forward(tokens, grid).tokens); }
  double seconds() const {
    const auto begin = std::chrono::steady_clock::now();
    run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
};

double tensorMb(const Pass& pass) {
  return static_cast<double>(peakTensorBytesOf([&] { pass.run(); })) / 1e6;
}

void selfAttention(benchmark::State& state, const std::string& mechanism) {
  const at::NoGradGuard noGrad;
  const Pass pass(mechanism, state.range(0)), plain("multi-head", state.range(0));
  pass.run();
  plain.run();
  double ours = 1e9, theirs = 1e9;
  for ([[maybe_unused]] auto _ : state) {
    theirs = std::min(theirs, plain.seconds());
    const double seconds = pass.seconds();
    ours = std::min(ours, seconds);
    state.SetIterationTime(seconds);
  }
  state.counters["ms"] = ours * 1000;
  state.counters["plain_ms"] = theirs * 1000;
  state.counters["times_faster"] = theirs / ours;
  state.counters["MB"] = tensorMb(pass);
  state.counters["plain_MB"] = tensorMb(plain);
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
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
