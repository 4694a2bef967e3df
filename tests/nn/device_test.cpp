// Where tensors are computed: every refusal says why. That the network computes on a device as on
// the processor is shown in sealed_card_test.cpp.
#include "core/nn/device.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TrunkInput tinyInput() {
  TrunkInput input;
  input.vit = at::randn({2, 3, 56, 56});
  input.content = at::tensor({1.0F, 0.75F, 0.5F, 1.0F}).view({2, 2});
  return input;
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
