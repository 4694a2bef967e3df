#include "core/training/optimizer.h"

#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/layers.h"

namespace inkling {
namespace {

// One step towards fitting y = 3 x.
double fit(Linear& line, Optimizer& optimizer, double factor = 1.0) {
  const Tensor x = at::linspace(-1, 1, 21).unsqueeze(1);
  optimizer.zeroGradients();
  const Tensor loss = (line.forward(x) - 3 * x).square().mean();
  loss.backward();
  optimizer.step(factor);
  return loss.item<double>();
}

TEST(Optimizer, FitsALine) {
  Random random(1);
  Linear line(1, 1, random);
  OptimizerOptions options;
  options.learningRate = 0.05;
  options.weightDecay = 0;
  Optimizer optimizer(line, options);
  for (int i = 0; i < 300; ++i) fit(line, optimizer);
  EXPECT_NEAR(line.weight.item<float>(), 3.0, 0.01);
}

// PyTorch's AdamW (lr 0.1, weight decay 0.5, no clipping) moves a weight of 1 with gradients 1,
// then 2, to 0.85 and 0.71091: the first step is 1 * (1 - 0.05) - 0.1, the second computed by hand
// from the definition.
TEST(Optimizer, FollowsTheDefinitionOfAdamW) {
  Random random(1);
  Linear line(1, 1, random, false);
  line.weight.fill_(1.0);
  OptimizerOptions options;
  options.learningRate = 0.1;
  options.weightDecay = 0.5;
  options.clipNorm = 0;
  Optimizer optimizer(line, options);
  double m = 0, v = 0, expected = 1;
  for (int step = 1; step <= 2; ++step) {
    const double gradient = step;
    line.weight.mutable_grad() = at::full({1, 1}, gradient);
    optimizer.step(1.0);
    m = 0.9 * m + 0.1 * gradient;
    v = 0.999 * v + 0.001 * gradient * gradient;
    const double mean = m / (1 - std::pow(0.9, step)),
                 spread = std::sqrt(v / (1 - std::pow(0.999, step)));
    expected = expected * (1 - 0.1 * 0.5) - 0.1 * mean / (spread + 1e-8);
    EXPECT_NEAR(line.weight.item<float>(), expected, 1e-5);
  }
}

TEST(Optimizer, RestoredStateGoesOnExactly) {
  Random a(1), b(1);
  Linear straight(1, 1, a), resumed(1, 1, b);
  Optimizer one(straight, {}), first(resumed, {});
  for (int i = 0; i < 5; ++i) fit(straight, one);
  for (int i = 0; i < 3; ++i) fit(resumed, first);
  StateDict stored;
  for (const auto& [name, tensor] : first.state("o.")) stored[name] = tensor.clone();
  Optimizer second(resumed, {});
  second.load(stored, "o.", "test");
  for (int i = 3; i < 5; ++i) fit(resumed, second);
  EXPECT_TRUE(at::equal(straight.weight, resumed.weight));
  one.swapAverage();
  second.swapAverage();
  EXPECT_TRUE(at::equal(straight.weight, resumed.weight));
}

TEST(Optimizer, AGradientThatIsNotANumberLeavesTheWeights) {
  Random random(1);
  Linear line(1, 1, random);
  Optimizer optimizer(line, {});
  const Tensor before = line.weight.detach().clone();
  line.weight.mutable_grad() = at::full({1, 1}, std::numeric_limits<float>::quiet_NaN());
  optimizer.step(1.0);
  EXPECT_TRUE(at::equal(before, line.weight));
}

TEST(CosineSchedule, WarmsUpAndFallsToOnePercent) {
  EXPECT_NEAR(cosineSchedule(0, 100, 10), 0.1, 1e-9);
  EXPECT_NEAR(cosineSchedule(10, 100, 10), 1.0, 1e-9);
  EXPECT_NEAR(cosineSchedule(55, 100, 10), 0.505, 1e-9);
  EXPECT_NEAR(cosineSchedule(100, 100, 10), 0.01, 1e-9);
}

}  // namespace
}  // namespace inkling
