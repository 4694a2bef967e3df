// Where tensors are computed. Machines of developers and CI have no card: what can be shown there
// is that every refusal says why, and, on LibTorch's "meta" device, which knows shapes and devices
// but no numbers, that the network makes no tensor in the wrong place.
#include "core/nn/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/library.h>

#include "core/kernels/cuda/device.h"
#include "core/nn/attention/kept_ranks.h"
#include "core/nn/suppression.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

bool hasCard() {
  try {
    return !kernels::cuda::devices().empty();
  } catch (const kernels::cuda::Error&) {
    return false;
  }
}

TEST(ChooseDevice, KnowsItsNames) {
  for (const char* name : {"auto", "cpu", "cuda", "cuda:0", "cuda:15"})
    EXPECT_TRUE(isDeviceName(name));
  for (const char* name : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1000", "CUDA", "cpu:0"}) {
    EXPECT_FALSE(isDeviceName(name)) << name;
    EXPECT_THROW(chooseDevice(name), UsageError) << name;
  }
}

TEST(ChooseDevice, TheProcessorNeedsNoReason) {
  const DeviceChoice choice = chooseDevice("cpu");
  EXPECT_TRUE(choice.device.is_cpu());
  EXPECT_THAT(choice.note, IsEmpty());
}

TEST(ChooseDevice, WithoutACardTheProcessorTakesOverAndSaysWhyIfACardWasAskedFor) {
  if (hasCard()) GTEST_SKIP() << "this machine has a card";
  const DeviceChoice wanted = chooseDevice("cuda:0");
  EXPECT_TRUE(wanted.device.is_cpu());
  EXPECT_THAT(wanted.note, HasSubstr("--device cuda:0"));
  EXPECT_THAT(wanted.note, HasSubstr("going on with the CPU"));
  EXPECT_GT(wanted.note.size(), 60U) << "no reason: " << wanted.note;
  const DeviceChoice any = chooseDevice("auto");
  EXPECT_TRUE(any.device.is_cpu());
  EXPECT_THAT(any.note, IsEmpty());
}

TEST(ChooseDevice, ACardIsTakenUnlessItIsTooSmallOrNotThere) {
  if (!hasCard()) GTEST_SKIP() << "there is no card on this machine";
  EXPECT_TRUE(chooseDevice("auto").device.is_cuda());
  EXPECT_TRUE(chooseDevice("cuda:0").device.is_cuda());
  const DeviceChoice small = chooseDevice("cuda:0", std::int64_t{1} << 50);
  EXPECT_TRUE(small.device.is_cpu());
  EXPECT_THAT(small.note, HasSubstr("free"));
  EXPECT_THAT(chooseDevice("cuda:99").note, HasSubstr("CUDA devices"));
}

// LibTorch's C++ part does not know the shapes that some operators give. They are asked of the
// processor's operator, for zeros; tensors that are not on the device are refused, as a card would.
void shapesByTheProcessor(const c10::OperatorHandle& what, torch::jit::Stack* stack) {
  const auto& arguments = what.schema().arguments();
  const std::size_t first = stack->size() - arguments.size();
  Tensor written;  // where the caller wants the result
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    c10::IValue& value = (*stack)[first + i];
    if (!value.isTensor() || !value.toTensor().defined()) continue;
    const Tensor given = value.toTensor();
    if (!given.is_meta()) throw std::logic_error(what.schema().name() + ": on another device");
    if (arguments[i].alias_info() != nullptr && arguments[i].alias_info()->isWrite())
      written = given;
    value = at::zeros(given.sizes(), given.options().device(at::kCPU));
  }
  what.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  for (c10::IValue& value : *stack) {
    if (!value.isTensor() || !value.toTensor().defined()) continue;
    const Tensor result = value.toTensor().to(at::kMeta);
    value = written.defined() ? written.resize_(result.sizes()) : result;
  }
}

// LibTorch's processor does not know this one.
Tensor shapeOfConvolution(const Tensor& input, const Tensor& weight,
                          const std::optional<Tensor>& bias, at::IntArrayRef stride,
                          at::IntArrayRef padding, at::IntArrayRef dilation, bool, at::IntArrayRef,
                          std::int64_t) {
  if (!input.is_meta() || !weight.is_meta() || (bias && bias->defined() && !bias->is_meta()))
    throw std::logic_error("a convolution of tensors on different devices");
  std::vector<std::int64_t> shape{input.size(0), weight.size(0)};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto axis = static_cast<std::int64_t>(i) + 2;
    const std::int64_t reach = dilation[i] * (weight.size(axis) - 1) + 1;
    shape.push_back((input.size(axis) + 2 * padding[i] - reach) / stride[i] + 1);
  }
  return at::empty(shape, input.options());
}

TORCH_LIBRARY_IMPL(aten, Meta, library) {
  library.impl("convolution_overrideable", TORCH_FN(shapeOfConvolution));
  for (const char* name : {"native_batch_norm", "native_group_norm", "grid_sampler_2d",
                           "where.self", "logical_and.out", "index_select", "flip", "abs.out",
                           "where.self_out", "logical_not.out", "relu"}) {
    library.impl(name, torch::CppFunction::makeFromBoxedFunction<&shapesByTheProcessor>());
  }
}

// Everything of a model on another device: one that computes nothing.
struct MetaModel : TinyModel {
  explicit MetaModel(const ModelConfig& shape) : TinyModel(shape) {
    network.moveTo(at::kMeta);
    trunk.moveTo(at::kMeta);
  }
};

TrunkInput tinyInput() {
  TrunkInput input;
  input.vit = at::randn({2, 3, 56, 56});
  input.content = at::tensor({1.0F, 0.75F, 0.5F, 1.0F}).view({2, 2});
  return input;
}

class OnMeta : public testing::TestWithParam<std::string> {};

TEST_P(OnMeta, UnderstandAndLocateStayOnTheirDevice) {
  const at::NoGradGuard noGrad;
  ModelConfig config = tinyConfig();
  config.guidance.attention = GetParam();
  TinyModel plain(config);
  const PhotoBatch photos = plain.network.prepare(plain.trunk.describeBatch(tinyInput()));
  MetaModel model(config);
  const QueryTensors query = model.network.understand(at::rand({4, 1, 32, 32}).to(at::kMeta),
                                                      at::ones({2, 2}).to(at::kMeta));
  EXPECT_TRUE(query.tokens.is_meta() && query.words.is_meta() && query.keyBias.is_meta());
  for (const bool maps : {false, true}) {
    if (maps && GetParam() == "bilevel-routing") continue;  // which regions, is read from numbers
    const auto located = model.network.locate(photos.to(at::kMeta), query, 12, maps);
    EXPECT_TRUE(located.logits.is_meta() && located.boxes.is_meta() && located.context.is_meta());
    EXPECT_EQ(located.logits.sizes(), at::IntArrayRef({2, 12}));
  }
}

INSTANTIATE_TEST_SUITE_P(Mechanisms, OnMeta, testing::ValuesIn(attentionMechanisms()),
                         [](const auto& which) {
                           std::string name = which.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(OnMeta, TheWaysOfGuidanceStayOnTheirDevice) {
  const at::NoGradGuard noGrad;
  for (const char* mode : {"early", "concat", "correlation"}) {
    SCOPED_TRACE(mode);
    TinyModel plain(mode);
    const PhotoBatch photos = plain.network.prepare(plain.trunk.describeBatch(tinyInput()));
    MetaModel model(tinyConfig(mode));
    const QueryTensors query = model.network.understand(at::rand({2, 1, 32, 32}).to(at::kMeta),
                                                        at::ones({2, 1}).to(at::kMeta));
    const auto located = model.network.locate(photos.to(at::kMeta), query, 12, false, &model.trunk);
    EXPECT_TRUE(located.logits.is_meta());
  }
}

TEST(TrunkBatch, PhotosOfABatchAreDescribedAsAlone) {
  const at::NoGradGuard noGrad;
  for (const char* mode : {"late", "early"}) {
    TinyModel model(mode);
    const TrunkInput both = tinyInput();
    const PhotoBatch batch = model.network.prepare(model.trunk.describeBatch(both));
    for (std::int64_t i = 0; i < 2; ++i) {
      TrunkInput one;
      one.vit = both.vit.slice(0, i, i + 1);
      one.content = both.content.slice(0, i, i + 1);
      PhotoBatch alone = model.network.prepare(model.trunk.describe(one)), whole = batch;
      for (std::size_t t = 0; t < alone.tensors().size(); ++t) {
        const Tensor &a = *alone.tensors()[t], &b = *whole.tensors()[t];
        ASSERT_EQ(a.defined(), b.defined());
        if (!a.defined()) continue;
        EXPECT_TRUE(at::allclose(a[0].to(at::kFloat), b[i].to(at::kFloat), 1e-4, 1e-5)) << t;
      }
    }
  }
}

TEST(TrunkPrecision, HalfPrecisionSaysNearlyTheSame) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  const Tensor exact = model.trunk.describeBatch(tinyInput()).tokens;
  for (const auto type : {at::kBFloat16, at::kHalf}) {
    TinyModel moved;
    moved.trunk.moveTo(at::kCPU, type);
    at::manual_seed(1);
    const TrunkInput input = tinyInput();
    const Tensor tokens = moved.trunk.describeBatch(input).tokens,
                 wanted = model.trunk.describeBatch(input).tokens;
    EXPECT_EQ(tokens.scalar_type(), at::kFloat);
    EXPECT_LT((tokens - wanted).abs().mean().item<float>(), 0.05F);
    EXPECT_FALSE(at::equal(tokens, wanted));
  }
  EXPECT_TRUE(at::isfinite(exact).all().item<bool>());
}

TEST(TrunkPrecision, GuidanceInsideTheTrunkWorksInHalfPrecisionToo) {
  const at::NoGradGuard noGrad;
  TinyModel model("early");
  const auto logits = [&] {
    at::manual_seed(2);
    const PhotoBatch photos = model.network.prepare(model.trunk.describeBatch(tinyInput()));
    const QueryTensors query = model.network.understand(at::rand({2, 1, 32, 32}), at::ones({2, 1}));
    return model.network.locate(photos, query, 12, false, &model.trunk).matchLogits;
  };
  const Tensor wanted = logits();
  model.trunk.moveTo(at::kCPU, at::kBFloat16);
  const Tensor found = logits();
  EXPECT_EQ(found.scalar_type(), at::kFloat);
  EXPECT_TRUE(at::isfinite(found).all().item<bool>());
  EXPECT_LT((found - wanted).abs().mean().item<float>(), 0.2F);
}

TEST(Suppression, KeepsTheBestOfEachPhotoAndPadsTheRest) {
  const Tensor boxes =
      at::tensor({0.5F, 0.5F, 0.4F, 0.4F, 0.51F, 0.5F, 0.4F, 0.4F, 0.1F, 0.1F, 0.1F, 0.1F,
                  0.2F, 0.2F, 0.2F, 0.2F, 0.6F,  0.6F, 0.2F, 0.2F, 0.8F, 0.2F, 0.2F, 0.2F})
          .view({2, 3, 4});
  const Tensor scores = at::tensor({0.9F, 0.8F, 0.7F, 0.6F, 0.5F, 0.4F}).view({2, 3});
  const Survivors kept = suppressed(boxes, scores, 0.5, 4);
  EXPECT_TRUE(
      at::equal(kept.valid, at::tensor({1, 1, 0, 0, 1, 1, 1, 0}).view({2, 4}).to(at::kBool)));
  EXPECT_TRUE(at::equal(kept.index, at::tensor({0, 2, 0, 0, 0, 1, 2, 0}, at::kLong).view({2, 4})));
}

TEST(KeptRanks, SortingRanksTheSameEntriesThatCount) {
  at::manual_seed(5);
  const Tensor scores = at::round(at::randn({3, 2, 40}) * 4);  // with ties
  const Tensor budgets = at::rand({3, 2}) * 38 + 1, full = (budgets / 2).clamp_min(1);
  const Tensor kept = keptRanks(scores, budgets, full), all = allRanks(scores);
  const Tensor matters =
      at::logical_and(all >= full.ceil().unsqueeze(-1), all <= budgets.ceil().unsqueeze(-1));
  EXPECT_GT(matters.sum().item<std::int64_t>(), 30);
  EXPECT_TRUE(at::equal(kept.masked_select(matters), all.masked_select(matters)));
}

}  // namespace
}  // namespace inkling
