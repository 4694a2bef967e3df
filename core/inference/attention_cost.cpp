#include "core/inference/attention_cost.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include <ATen/Parallel.h>

#include "core/base/error.h"
#include "core/inference/translated.h"
#include "core/nn/attention/attention.h"
#include "core/nn/operator_cost.h"
#include "core/nn/runtime.h"

namespace inkling {
namespace {

constexpr double kPatience = 5;  // of a pass that takes long, fewer are timed

// The second of two layers, after the first has been passed.
class Subject {
 public:
  Subject(const std::string& mechanism, std::int64_t tokens, const CostSettings& settings)
      : grid_(gridOf(tokens)) {
    Random random(1);
    for (std::int64_t layer = 0; layer < 2; ++layer) {
      layers_.push_back(
          makeSelfAttention({mechanism, settings.dim, settings.heads, layer, 2, grid_}, random));
    }
    tokens_ = uniformTensor({1, tokens, settings.dim}, 1, random);
    layers_.front()->forward(tokens_, grid_, before_);
  }

  void run() const {
    AttentionPass pass = before_;
    layers_.back()->forward(tokens_, grid_, pass);
  }
  std::int64_t bytes() const { return static_cast<std::int64_t>(tokens_.nbytes()); }

 private:
  const TokenGrid grid_;
  std::vector<std::unique_ptr<SelfAttention>> layers_;
  Tensor tokens_;
  AttentionPass before_;
};

CostRun measured(const std::string& mechanism, std::int64_t tokens, const CostSettings& settings) {
  using Clock = std::chrono::steady_clock;
  const Subject subject(mechanism, tokens, settings);
  CostRun cost;
  cost.tokens = tokens;
  // The first pass is not timed, as operators prepare themselves in it.
  std::int64_t bytes = subject.bytes();
  const std::int64_t multiplyAdds =
      multiplyAddsOf([&] { bytes += peakTensorBytesOf([&] { subject.run(); }); });
  cost.megabytes = static_cast<double>(bytes) / 1e6;
  cost.gmacs = static_cast<double>(multiplyAdds) / 1e9;
  cost.milliseconds = std::numeric_limits<double>::infinity();
  const Clock::time_point begin = Clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
  const auto wanted = [&](int runs) {
    return runs < 1 || passed() < settings.seconds ||
           (runs < 3 && passed() < kPatience * settings.seconds);
  };
  for (int runs = 0; wanted(runs); ++runs) {
    const Clock::time_point start = Clock::now();
    subject.run();
    const std::chrono::duration<double, std::milli> taken = Clock::now() - start;
    cost.milliseconds = std::min(cost.milliseconds, taken.count());
  }
  return cost;
}

}  // namespace

TokenGrid gridOf(std::int64_t tokens) {
  if (tokens < 1) fail<UsageError>("{} tokens make no grid", tokens);
  auto height = static_cast<std::int64_t>(std::sqrt(static_cast<double>(tokens)));
  while (tokens % height != 0) --height;
  return {height, tokens / height};
}

double fittedExponent(const std::vector<CostRun>& runs) {
  std::set<std::int64_t> sizes;
  double x = 0, y = 0, xx = 0, xy = 0;
  for (const CostRun& run : runs) {
    sizes.insert(run.tokens);
    const double u = std::log(static_cast<double>(run.tokens)), v = std::log(run.milliseconds);
    x += u, y += v, xx += u * u, xy += u * v;
  }
  if (sizes.size() < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto n = static_cast<double>(runs.size());
  return (n * xy - x * y) / (n * xx - x * x);
}

int computingThreads() { return at::get_num_threads(); }

CostRun measureAttentionAt(const std::string& mechanism, std::int64_t tokens,
                           const CostSettings& settings) {
  initializeRuntime(settings.threads);
  return translated([&] { return measured(mechanism, tokens, settings); });
}

std::vector<MechanismCost> measureAttention(const std::vector<std::string>& mechanisms,
                                            const CostSettings& settings,
                                            const CancellationToken& token,
                                            const ProgressCallback& progress) {
  std::vector<MechanismCost> costs;
  for (const std::string& mechanism : mechanisms)
    costs.push_back({mechanism, 0, theoreticalExponent(mechanism), {}});
  const auto total = std::ssize(mechanisms) * std::ssize(settings.tokens);
  std::int64_t done = 0;
  for (const std::int64_t tokens : settings.tokens) {
    for (MechanismCost& cost : costs) {
      token.check();
      cost.runs.push_back(measureAttentionAt(cost.mechanism, tokens, settings));
      if (progress) progress({"measuring", ++done, total, cost.mechanism});
    }
  }
  for (MechanismCost& cost : costs) cost.exponent = fittedExponent(cost.runs);
  return costs;
}

}  // namespace inkling
