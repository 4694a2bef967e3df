// Layers of deformable attention as they are trained: by the sampling kernel and by the library's
// operators, in float32 and under autocast.
#include <array>
#include <optional>

#include <gtest/gtest.h>

#include "core/nn/attention/deformable.h"
#include "core/nn/attention/ms_deformable.h"
#include "core/nn/runtime.h"
#include "tests/nn/autocast.h"
#include "tests/nn/tensors_near.h"

namespace inkling {
namespace {

constexpr SamplingWay kKernel = SamplingWay::kKernel, kOperators = SamplingWay::kOperators;

// Output and gradients of a layer: of what comes in, and of all parameters.
template <typename F>
std::vector<Tensor> trained(Module& layer, const std::vector<Tensor>& inputs, F&& forward,
                            bool autocast) {
  layer.requireGradients(true);
  std::vector<Tensor> leaves, results;
  for (const Tensor& input : inputs) leaves.push_back(input.detach().requires_grad_(true));
  Tensor output;
  {
    std::optional<Autocast> cast;
    if (autocast) cast.emplace();
    output = forward(leaves).to(at::kFloat);
  }
  for (Tensor& parameter : layer.parameters()) {
    parameter.mutable_grad().reset();
    leaves.push_back(parameter);
  }
  output.backward(at::cos(at::arange(output.numel()) * 1.7).view_as(output));
  results.push_back(output.detach());
  for (const Tensor& leaf : leaves)
    results.push_back(leaf.grad().defined() ? leaf.grad().clone() : at::zeros_like(leaf));
  return results;
}

// How far two results are apart, all gradients taken as one vector.
struct Distance {
  double output = 0, gradients = 0;
};

Distance distance(const std::vector<Tensor>& got, const std::vector<Tensor>& wanted) {
  const auto relative = [](const Tensor& a, const Tensor& b) {
    return ((a - b).norm() / b.norm()).item<double>();
  };
  const auto whole = [](const std::vector<Tensor>& all) {
    std::vector<Tensor> flat;
    for (std::size_t i = 1; i < all.size(); ++i) flat.push_back(all[i].flatten());
    return at::cat(flat);
  };
  for (const Tensor& each : got) EXPECT_EQ(each.scalar_type(), at::kFloat);
  return {relative(got[0], wanted[0]), relative(whole(got), whole(wanted))};
}

// bfloat16 has 8 bits. Gradients by places differ more than that: where rounding carries a point
// over the middle of a token, its samples have another slope.
void expectNearFloat(const std::vector<Tensor>& mixed, const std::vector<Tensor>& single) {
  const Distance apart = distance(mixed, single);
  EXPECT_LE(apart.output, 0.02);
  EXPECT_LE(apart.gradients, 0.2);
}

// Both ways get the same half-precision numbers and compute in float32.
void expectAlike(const std::vector<Tensor>& kernel, const std::vector<Tensor>& operators) {
  const Distance apart = distance(kernel, operators);
  EXPECT_LE(apart.output, 2e-3);
  EXPECT_LE(apart.gradients, 5e-3);
}

struct MultiScale {
  std::vector<TokenGrid> grids{{8, 6}, {4, 3}};
  MsDeformableAttention layer = make();
  std::vector<Tensor> inputs;
  Tensor reference;

  explicit MultiScale(std::int64_t numbers) {
    seedOperators(5);
    layer.sampling_offsets.weight = at::randn_like(layer.sampling_offsets.weight) * 0.3;
    inputs = {at::randn({2, 20, 16}), at::randn({2, 60, 16})};
    reference = at::rand({2, 20, 2, numbers}) * 0.8 + 0.1;
  }
  static MsDeformableAttention make() {
    Random random(3);
    return {16, 2, 4, 3, random};
  }
  std::vector<Tensor> run(bool autocast) {
    return trained(
        layer, inputs,
        [&](const std::vector<Tensor>& x) {
          return layer.forward(x[0], reference, x[1], grids).tokens;
        },
        autocast);
  }
};

TEST(MultiScaleLayer, GradientsAgreeWithTheOperators) {
  for (const std::int64_t numbers : {2, 4}) {
    MultiScale scale(numbers);
    const auto kernel = scale.run(false);
    scale.layer.sampling = kOperators;
    const auto operators = scale.run(false);
    for (std::size_t i = 0; i < kernel.size(); ++i)
      expectNear(kernel[i], operators[i], "tensor " + std::to_string(i), 2e-5);
  }
}

TEST(MultiScaleLayer, TrainingTwiceGivesTheSameBits) {
  MultiScale one(2), two(2);
  const auto first = one.run(false), second = two.run(false);
  for (std::size_t i = 0; i < first.size(); ++i) EXPECT_TRUE(at::equal(first[i], second[i])) << i;
}

TEST(MultiScaleLayer, UnderAutocastItIsNearFloat32BothWays) {
  for (const std::int64_t numbers : {2, 4}) {
    MultiScale scale(numbers);
    const auto single = scale.run(false), kernel = scale.run(true);
    expectNearFloat(kernel, single);
    scale.layer.sampling = kOperators;
    const auto operators = scale.run(true);
    expectNearFloat(operators, single);
    expectAlike(kernel, operators);
  }
}

TEST(MultiScaleLayer, UnderAutocastPlacesAreExactThoughTheReferenceIsHalf) {
  MultiScale scale(4);
  const at::NoGradGuard noGrad;
  const Autocast cast;
  const auto run = [&](const Tensor& reference) {
    return scale.layer.forward(scale.inputs[0].to(at::kBFloat16), reference,
                               scale.inputs[1].to(at::kBFloat16), scale.grids);
  };
  const Tensor half = scale.reference.to(at::kBFloat16);
  const auto result = run(half);
  EXPECT_EQ(result.locations.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::equal(result.locations, run(half.to(at::kFloat)).locations));
}

DeformableOptions deformableOptions(DeformableOptions::Bias bias, SamplingWay way) {
  DeformableOptions options;
  options.grid = {8, 6};
  options.heads = 4;
  options.headWidth = 4;
  options.groups = 2;
  options.stride = 2;
  options.offsetRange = 2;
  options.bias = bias;
  options.sampling = way;
  return options;
}

TEST(DeformableLayer, ByKernelAndByOperatorsAlikeWithAndWithoutAutocast) {
  using Bias = DeformableOptions::Bias;
  for (const Bias bias :
       {Bias::kNone, Bias::kTable, Bias::kFixed, Bias::kContinuous, Bias::kConvolution}) {
    SCOPED_TRACE(testing::Message() << "bias " << static_cast<int>(bias));
    seedOperators(5);
    const std::vector<Tensor> inputs{at::randn({2, 16, 8, 6})};
    const auto run = [&](SamplingWay way, bool autocast) {
      Random random(3);
      DeformableAttention layer(deformableOptions(bias, way), random);
      return trained(
          layer, inputs, [&](const std::vector<Tensor>& x) { return layer.forward(x[0]).output; },
          autocast);
    };
    const auto single = run(kOperators, false), mixed = run(kOperators, true);
    expectNearFloat(mixed, single);
    expectAlike(run(kKernel, false), single);
    expectAlike(run(kKernel, true), mixed);
  }
}

TEST(DeformableLayer, UnderAutocastPlacesAreExactThoughThePhotoIsHalf) {
  Random random(3);
  const DeformableAttention layer(
      deformableOptions(DeformableOptions::Bias::kTable, SamplingWay::kBest), random);
  const at::NoGradGuard noGrad;
  const Tensor photo = at::randn({2, 16, 8, 6});
  const Tensor single = layer.forward(photo).output;
  const Autocast cast;
  const auto half = layer.forward(photo.to(at::kBFloat16));
  EXPECT_EQ(half.points.scalar_type(), at::kFloat);
  expectNear(half.output.to(at::kFloat), single, "from half precision", 0.03);
}

}  // namespace
}  // namespace inkling
