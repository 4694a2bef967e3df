#include "core/nn/attention/deformable_sampling.h"

#include <array>
#include <cmath>
#include <limits>

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/nn/runtime.h"
#include "tests/nn/autocast.h"
#include "tests/nn/sealed_card.h"
#include "tests/nn/tensors_near.h"

namespace inkling {
namespace {

constexpr SamplingWay kKernel = SamplingWay::kKernel, kOperators = SamplingWay::kOperators;

struct Shape {
  const char* name;
  std::int64_t batch, queries, heads, width, points;
  std::vector<TokenGrid> grids;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> kShapes = {
      {"one of each", 1, 1, 1, 1, 1, {{1, 1}}},
      {"a row and a column", 2, 9, 2, 3, 2, {{1, 7}, {5, 1}}},
      {"odd sizes", 2, 11, 3, 5, 3, {{5, 3}, {7, 9}, {1, 2}}},
      {"whole vectors", 1, 40, 4, 32, 4, {{16, 16}, {8, 8}, {4, 4}}},
      {"more than a vector", 3, 17, 2, 37, 1, {{13, 6}}},
      {"more levels than cards take", 1, 5, 2, 8, 1, std::vector<TokenGrid>(9, TokenGrid{2, 3})},
  };
  return kShapes;
}

// Points all over the grid and around it; some at the outer edges, at corners and far away.
DeformableSamples samplesOf(const Shape& shape) {
  seedOperators(7);
  std::int64_t tokens = 0;
  for (const TokenGrid& grid : shape.grids) tokens += grid.count();
  const auto levels = static_cast<std::int64_t>(shape.grids.size());
  DeformableSamples samples;
  samples.value = at::randn({shape.batch, tokens, shape.heads * shape.width});
  samples.locations =
      at::rand({shape.batch, shape.queries, shape.heads, levels, shape.points, 2}) * 1.6 - 0.3;
  samples.weights = at::randn({shape.batch, shape.queries, shape.heads, levels, shape.points});
  samples.grids = shape.grids;
  const std::vector<float> special{0, 0, 1, 1, 0, 1, 0.3F, 0, 1, 0.7F, -8, 0.5F, 0.5F, 1e9F};
  const Tensor places = at::tensor(special).view({-1, 2});
  Tensor flat = samples.locations.view({-1, 2});
  // The first stay as they are, so that the smallest shape has a point inside.
  const std::int64_t count = std::min(places.size(0), flat.size(0) / 2);
  flat.slice(0, flat.size(0) - count).copy_(places.slice(0, 0, count));
  if (flat.size(0) == 1) flat.fill_(0.4F);
  return samples;
}

struct Sampled {
  Tensor output;
  std::array<Tensor, 3> gradients;  // undefined where not wanted
};

constexpr std::array<bool, 3> kAll{true, true, true};
constexpr std::array<const char*, 3> kNames{"values", "locations", "weights"};

Sampled run(const DeformableSamples& samples, SamplingWay way, std::array<bool, 3> wanted = kAll) {
  const std::array<Tensor, 3> inputs{samples.value.detach().requires_grad_(wanted[0]),
                                     samples.locations.detach().requires_grad_(wanted[1]),
                                     samples.weights.detach().requires_grad_(wanted[2])};
  Sampled result;
  result.output = sampled({inputs[0], inputs[1], inputs[2], samples.grids}, way);
  const Tensor given = at::cos(at::arange(result.output.numel()) * 1.7).view_as(result.output);
  result.output.backward(given.to(result.output.scalar_type()));
  for (std::size_t i = 0; i < 3; ++i) result.gradients[i] = inputs[i].grad();
  return result;
}

TEST(DeformableSampling, KernelAndOperatorsAgree) {
  for (const Shape& shape : shapes()) {
    SCOPED_TRACE(shape.name);
    const DeformableSamples samples = samplesOf(shape);
    const Sampled kernel = run(samples, kKernel), operators = run(samples, kOperators);
    expectNear(kernel.output, operators.output, "output");
    for (std::size_t i = 0; i < 3; ++i)
      expectNear(kernel.gradients[i], operators.gradients[i], kNames[i]);
  }
}

// Where the samples bend, both take the slope on the same side. In grids whose sides are powers of
// two such places are exact.
TEST(DeformableSampling, AtTheMiddlesOfTokensBothTakeTheSameSlope) {
  DeformableSamples samples = samplesOf({"middles", 1, 6, 1, 4, 6, {{4, 4}}});
  for (std::int64_t y = 0; y < 6; ++y)
    for (std::int64_t x = 0; x < 6; ++x) {
      const float column = static_cast<float>(x) - 0.5F, row = static_cast<float>(y) - 0.5F;
      samples.locations[0][y][0][0][x].copy_(at::tensor({column / 4, row / 4}));
    }
  const Sampled kernel = run(samples, kKernel), operators = run(samples, kOperators);
  expectNear(kernel.output, operators.output, "output");
  for (std::size_t i = 0; i < 3; ++i)
    expectNear(kernel.gradients[i], operators.gradients[i], kNames[i]);
}

TEST(DeformableSampling, PointsNowhereGetAndGiveNothing) {
  DeformableSamples samples = samplesOf(shapes()[2]);
  samples.locations.fill_(std::numeric_limits<float>::quiet_NaN());
  const Sampled kernel = run(samples, kKernel);
  EXPECT_FALSE(kernel.output.any().item<bool>());
  for (const Tensor& gradient : kernel.gradients) EXPECT_FALSE(gradient.any().item<bool>());
}

TEST(DeformableSampling, OnlyWhatIsWantedIsComputed) {
  const DeformableSamples samples = samplesOf(shapes()[2]);
  const Sampled all = run(samples, kKernel);
  for (unsigned some = 1; some < 8; ++some) {
    const std::array<bool, 3> wanted{(some & 1U) != 0, (some & 2U) != 0, (some & 4U) != 0};
    const Sampled part = run(samples, kKernel, wanted);
    EXPECT_TRUE(at::equal(part.output, all.output));
    for (std::size_t i = 0; i < 3; ++i) {
      ASSERT_EQ(part.gradients[i].defined(), wanted[i]) << some << ", " << kNames[i];
      if (!wanted[i]) continue;
      EXPECT_TRUE(at::equal(part.gradients[i], all.gradients[i])) << some << ", " << kNames[i];
    }
  }
}

// As torch.autograd.grad(inputs=[locations]): the others are leaves that want none this time.
TEST(DeformableSampling, APassMayAskForOneGradientOnly) {
  const DeformableSamples samples = samplesOf(shapes()[2]);
  const Tensor value = samples.value.clone().requires_grad_(true),
               locations = samples.locations.clone().requires_grad_(true);
  const Tensor output = sampled({value, locations, samples.weights, samples.grids}, kKernel);
  const std::vector<Tensor> inputs{locations};
  output.sum().backward({}, /*keep_graph=*/true, /*create_graph=*/false, inputs);
  EXPECT_FALSE(value.grad().defined());
  const Tensor alone = locations.grad().clone();
  output.sum().backward();
  EXPECT_TRUE(at::equal(locations.grad(), alone * 2));
  EXPECT_TRUE(value.grad().defined());
}

TEST(DeformableSampling, WithAndWithoutGradientsTheSameBits) {
  for (const Shape& shape : shapes()) {
    const DeformableSamples samples = samplesOf(shape);
    EXPECT_TRUE(at::equal(sampled(samples), run(samples, SamplingWay::kBest).output));
  }
}

TEST(DeformableSampling, EveryRunGivesTheSameBitsWithAnyThreads) {
  const DeformableSamples samples = samplesOf({"all", 2, 400, 4, 32, 4, {{24, 24}, {12, 12}}});
  const int before = at::get_num_threads();
  const Sampled first = run(samples, kKernel);
  for (const int threads : {1, 2, 3, 2}) {
    at::set_num_threads(threads);
    const Sampled again = run(samples, kKernel);
    EXPECT_TRUE(at::equal(again.output, first.output));
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_TRUE(at::equal(again.gradients[i], first.gradients[i])) << kNames[i];
  }
  at::set_num_threads(before);
}

TEST(DeformableSampling, TensorsMayLieInMemoryInAnyOrder) {
  const DeformableSamples samples = samplesOf(shapes()[2]);
  const Sampled plain = run(samples, kKernel);
  const auto turned = [](const Tensor& x) {  // the same numbers, the first dimension innermost
    return x.movedim(0, -1).contiguous().movedim(-1, 0).detach();
  };
  const DeformableSamples odd{turned(samples.value), turned(samples.locations),
                              turned(samples.weights), samples.grids};
  ASSERT_FALSE(odd.value.is_contiguous() || odd.locations.is_contiguous());
  const Sampled other = run(odd, kKernel);
  EXPECT_TRUE(at::equal(other.output, plain.output));
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_TRUE(at::equal(other.gradients[i], plain.gradients[i])) << kNames[i];

  // One weight for all, and the gradient of a sum: both are one number repeated.
  const Tensor weight = at::full({1}, 0.5F).requires_grad_(true);
  const auto sum = [&](SamplingWay way) {
    weight.mutable_grad().reset();
    sampled(
        {samples.value, samples.locations, weight.expand(samples.weights.sizes()), samples.grids},
        way)
        .sum()
        .backward();
    return weight.grad().clone();
  };
  expectNear(sum(kKernel), sum(kOperators), "weight", 1e-4);
}

TEST(DeformableSampling, NoPhotosOrNoQueriesAreFine) {
  for (const auto& [batch, queries] : {std::pair<std::int64_t, std::int64_t>{0, 5}, {2, 0}}) {
    const DeformableSamples samples =
        samplesOf({"none", batch, queries, 2, 4, 2, {{3, 5}, {2, 2}}});
    const Sampled none = run(samples, kKernel);
    EXPECT_EQ(none.output.sizes(), (std::vector<std::int64_t>{batch, queries, 8}));
    EXPECT_TRUE(at::equal(none.gradients[0], at::zeros_like(samples.value)));
    EXPECT_EQ(none.gradients[1].sizes(), samples.locations.sizes());
  }
}

TEST(DeformableSampling, GradientsOfGradientsAreRefused) {
  const DeformableSamples samples = samplesOf(shapes()[2]);
  for (const std::size_t first : {0, 1, 2}) {
    std::array<Tensor, 3> inputs{samples.value.clone(), samples.locations.clone(),
                                 samples.weights.clone()};
    inputs[first].requires_grad_(true);
    const Tensor output = sampled({inputs[0], inputs[1], inputs[2], samples.grids}, kKernel);
    output.square().sum().backward({}, true, /*create_graph=*/true);
    const Tensor gradient = inputs[first].grad();
    ASSERT_TRUE(gradient.requires_grad()) << "else a part of a derivative is lost silently";
    EXPECT_THROW(gradient.square().sum().backward(), UsageError);
  }
}

TEST(DeformableSampling, WhatWasChangedSinceIsNoticed) {
  DeformableSamples samples = samplesOf(shapes()[2]);
  samples.weights.requires_grad_(true);
  const Tensor output = sampled(samples, kKernel);
  samples.value.zero_();
  EXPECT_ANY_THROW(output.sum().backward());
}

TEST(DeformableSampling, WhatIsNoKernelsGoesByOperators) {
  DeformableSamples samples = samplesOf(shapes()[2]);
  const Sampled single = run(samples, SamplingWay::kBest);
  DeformableSamples doubles{samples.value.to(at::kDouble), samples.locations.to(at::kDouble),
                            samples.weights.to(at::kDouble), samples.grids};
  const Sampled twice = run(doubles, SamplingWay::kBest);
  EXPECT_EQ(twice.output.scalar_type(), at::kDouble);
  expectNear(single.gradients[1].to(at::kDouble), twice.gradients[1], "locations");
  EXPECT_THROW(sampled(doubles, kKernel), UsageError);
  // One of them is enough.
  EXPECT_EQ(
      sampled({samples.value, doubles.locations, samples.weights, samples.grids}).scalar_type(),
      at::kDouble);
  const DeformableSamples meta{samples.value.to(at::kMeta), samples.locations.to(at::kMeta),
                               samples.weights.to(at::kMeta), samples.grids};
  EXPECT_THROW(sampled(meta, kKernel), UsageError);
  const auto card = [](const Tensor& x) { return x.to(sealedCard()); };
  const DeformableSamples there{card(samples.value), card(samples.locations), card(samples.weights),
                                samples.grids};
  expectNear(sampled(there).cpu(), single.output, "on a card of another kind");
  EXPECT_THROW(sampled(there, kKernel), UsageError);
  EXPECT_THROW(
      sampledAtPoints(there.value.view({2, 15, 16, 5}), card(at::zeros({2, 1, 1, 1, 2})), kKernel),
      UsageError);
}

// Without autocast half precision is what was asked for.
TEST(DeformableSampling, HalfPrecisionIsTheKernelsUnderAutocastOnly) {
  const DeformableSamples samples = samplesOf(shapes()[2]);
  for (const at::ScalarType type : {at::kBFloat16, at::kHalf}) {
    const DeformableSamples half{samples.value.to(type), samples.locations,
                                 samples.weights.to(type), samples.grids};
    const DeformableSamples rounded{half.value.to(at::kFloat), half.locations,
                                    half.weights.to(at::kFloat), half.grids};
    EXPECT_THROW(sampled(half, kKernel), UsageError);
    const DeformableSamples all{half.value, half.locations.to(type), half.weights, half.grids};
    EXPECT_EQ(sampled(all).scalar_type(), type);
    const Sampled single = run(rounded, kKernel);
    const Autocast cast(type);
    const Sampled mixed = run(half, SamplingWay::kBest);
    EXPECT_TRUE(at::equal(mixed.output, single.output));
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(mixed.gradients[i].scalar_type(), i == 1 ? at::kFloat : type);
      EXPECT_TRUE(at::equal(mixed.gradients[i], single.gradients[i].to(i == 1 ? at::kFloat : type)))
          << kNames[i];
    }
  }
}

TEST(DeformableSampling, SizesThatDoNotBelongTogetherAreRefused) {
  const DeformableSamples good = samplesOf({"good", 2, 4, 2, 4, 2, {{3, 5}, {2, 2}}});
  const auto refused = [&](auto change) {
    DeformableSamples bad = good;
    change(bad);
    for (const SamplingWay way : {SamplingWay::kBest, kKernel, kOperators})
      EXPECT_THROW(sampled(bad, way), InputError);
  };
  refused([](auto& bad) { bad.grids[1] = {2, 3}; });
  refused([](auto& bad) { bad.grids[1] = {2, 1}; });
  refused([](auto& bad) { bad.grids[0] = {-3, -5}; });
  refused([](auto& bad) {
    bad.grids[1] = {0, 2};
    bad.value = bad.value.slice(1, 0, 15);
  });
  refused([](auto& bad) { bad.grids.pop_back(); });
  refused([](auto& bad) { bad.grids.clear(); });
  refused([](auto& bad) { bad.value = bad.value.slice(2, 0, 7); });
  refused([](auto& bad) { bad.value = bad.value.slice(0, 0, 1); });
  refused([](auto& bad) { bad.value = bad.value[0]; });
  refused([](auto& bad) { bad.weights = bad.weights.slice(4, 0, 1); });
  refused([](auto& bad) { bad.locations = bad.locations.slice(1, 0, 3); });
  refused([](auto& bad) { bad.locations = bad.locations.slice(5, 0, 1); });
}

// ---- A photo at points ----

TEST(SampledAtPoints, KernelAndOperatorsAgree) {
  for (const auto& [height, width, groups] :
       {std::array<std::int64_t, 3>{1, 1, 1}, {1, 6, 2}, {5, 3, 1}, {8, 8, 4}, {13, 7, 3}}) {
    for (const bool tokens : {false, true}) {
      SCOPED_TRACE(testing::Message() << height << " x " << width << ", tokens " << tokens);
      seedOperators(7);
      Tensor photo = at::randn({2, groups * 5, height, width});
      if (tokens) photo = photo.contiguous(at::MemoryFormat::ChannelsLast);
      const Tensor points = at::rand({2, groups, 4, 3, 2}) * 2.6 - 1.3;
      const auto both = [&](SamplingWay way) {
        const Tensor x = photo.detach().requires_grad_(true),
                     p = points.detach().requires_grad_(true);
        const Tensor y = sampledAtPoints(x, p, way);
        y.backward(at::cos(at::arange(y.numel()) * 1.7).view_as(y));
        return std::array<Tensor, 3>{y.detach(), x.grad(), p.grad()};
      };
      const auto kernel = both(kKernel), operators = both(kOperators);
      expectNear(kernel[0], operators[0], "output");
      expectNear(kernel[1], operators[1], "photo");
      if (height * width > 1) expectNear(kernel[2], operators[2], "points", 2e-5);
    }
  }
}

TEST(SampledAtPoints, OnTheProcessorTheOperatorsAreTheBestWay) {
  const Tensor photo = at::randn({1, 8, 5, 7}), points = at::rand({1, 2, 3, 3, 2}) * 2 - 1;
  EXPECT_TRUE(
      at::equal(sampledAtPoints(photo, points), sampledAtPoints(photo, points, kOperators)));
}

}  // namespace
}  // namespace inkling
