#include "core/nn/module.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/layers.h"

namespace inkling {
namespace {

struct Pair : Module {
  Linear first, second;
  explicit Pair(Random& random) : first(3, 4, random), second(4, 2, random) {
    child("first", first);
    child("second", second);
  }
};

TEST(Module, NamesJoinWithDots) {
  Random random(1);
  Pair pair(random);
  std::vector<std::string> names;
  pair.visit([&](const std::string& name, Tensor&, Module::Kind) { names.push_back(name); });
  EXPECT_THAT(names,
              testing::ElementsAre("first.weight", "first.bias", "second.weight", "second.bias"));
  EXPECT_EQ(pair.parameterCount(), 3 * 4 + 4 + 4 * 2 + 2);
}

TEST(Module, LoadsWhatAnotherOneHolds) {
  Random one(1), two(2);
  Pair a(one), b(two);
  ASSERT_FALSE(at::equal(a.first.weight, b.first.weight));
  StateDict state;
  for (const auto& [name, tensor] : a.state()) state["model." + name] = tensor.to(at::kHalf);
  b.load(state, "test", "model.");
  EXPECT_TRUE(at::equal(b.first.weight, a.first.weight.to(at::kHalf).to(at::kFloat)));
}

TEST(Module, SaysWhichTensorIsMissingOrMisshapen) {
  Random random(1);
  Pair pair(random);
  StateDict state;
  for (const auto& [name, tensor] : pair.state()) state[name] = tensor.clone();
  state["second.weight"] = at::zeros({5, 5});
  try {
    pair.load(state, "some.safetensors");
    FAIL() << "a wrong shape was accepted";
  } catch (const ModelError& error) {
    EXPECT_STREQ(
        error.what(),
        "some.safetensors: the tensor \"second.weight\" has shape [5, 5], expected [2, 4]");
  }
  state.erase("second.weight");
  EXPECT_THROW(pair.load(state, "some.safetensors"), ModelError);
}

TEST(Layers, BatchNormLearnsItsStatisticsOnlyInTraining) {
  BatchNorm2d norm(2);
  const Tensor x = at::randn({8, 2, 4, 4}) * 3 + 5;
  norm.forward(x);
  EXPECT_EQ(norm.running_mean.abs().sum().item<float>(), 0);
  norm.setTraining(true);
  norm.forward(x);
  EXPECT_GT(norm.running_mean.abs().sum().item<float>(), 0);
}

}  // namespace
}  // namespace inkling
