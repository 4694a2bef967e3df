// The Localizer on a device says what it says on the processor, one by one and in batches.
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/inference/engine.h"
#include "core/inference/feature_codec.h"
#include "core/inference/photo_regions.h"
#include "tests/nn/sealed_card.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

Image photo(int seed, Size size = {120, 90}) {
  Image image(size, {200, 205, 210});
  for (int x = 0; x < size.width; ++x) {
    for (int y = 0; y < size.height; ++y)
      if ((x * seed + y) % 37 < 9) image.set(x, y, {10, 80, 60});
  }
  return image;
}

WeightedSketch drawing(float turn, double weight = 1) {
  Sketch sketch;
  sketch.strokes = {{.x = {10, 90, 88 - turn, 11, 10 + turn},
                     .y = {10, 12 + turn, 90, 88, 10},
                     .t = {},
                     .pressure = {}}};
  return {sketch, weight};
}

class LocalizerDevice : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    at::manual_seed(1);
    TinyModel tiny(GetParam());
    const Json card = {{"name", "tiny"}, {"licence", "none"}};
    writeSafetensors(model_, packModel(tiny.config, tiny.weights, tiny.network, card, false));
    here_ = std::make_unique<Localizer>(load(at::kCPU));
    there_ = std::make_unique<Localizer>(load(sealedCard()));
  }
  void TearDown() override { fs::remove(model_); }
  Localizer load(at::Device device) const {
    return Localizer(std::make_unique<Engine>(engineOn(device, model_)));
  }

  static void expectSame(const Detections& got, const Detections& expected) {
    EXPECT_NEAR(got.score, expected.score, 1e-4);
    ASSERT_EQ(got.boxes.size(), expected.boxes.size());
    for (std::size_t i = 0; i < got.boxes.size(); ++i) {
      EXPECT_NEAR(got.boxes[i].score, expected.boxes[i].score, 1e-4);
      EXPECT_GT(iou(got.boxes[i].box, expected.boxes[i].box), 0.99);
    }
  }
  // What a Localizer finds, from the pixels on.
  static Detections found(const Localizer& localizer, const Image& image,
                          std::span<const WeightedSketch> wanted,
                          std::span<const WeightedSketch> unwanted = {},
                          FusionRule rule = FusionRule::kLearned) {
    return localizer.locate(localizer.understand(wanted, unwanted, rule),
                            localizer.describe(image));
  }

  fs::path model_ =
      fs::temp_directory_path() / ("inkling-device-" + std::to_string(::getpid()) + ".safetensors");
  std::unique_ptr<Localizer> here_, there_;
};

TEST_P(LocalizerDevice, FindsTheSame) {
  EXPECT_EQ(there_->device(), "sealed:0");
  const std::vector<WeightedSketch> one = {drawing(0)};
  expectSame(found(*there_, photo(7), one), found(*here_, photo(7), one));
}

TEST_P(LocalizerDevice, SoForSeveralDrawingsAndUnwantedOnes) {
  const std::vector<WeightedSketch> wanted = {drawing(0), drawing(20, 0.5), drawing(35)},
                                    unwanted = {drawing(50), drawing(10)};
  for (const FusionRule rule :
       {FusionRule::kLearned, FusionRule::kMeanTokens, FusionRule::kMeanScores}) {
    expectSame(found(*there_, photo(7), wanted, {}, rule),
               found(*here_, photo(7), wanted, {}, rule));
    expectSame(found(*there_, photo(7), wanted, unwanted, rule),
               found(*here_, photo(7), wanted, unwanted, rule));
  }
}

TEST_P(LocalizerDevice, PhotosDescribedTogetherAreAsAlone) {
  const std::vector<Image> images = {photo(7), photo(11, {60, 140}), photo(3, {200, 200})};
  std::vector<PhotoToDescribe> wanted;
  for (const Image& image : images) wanted.push_back({&image, {}});
  wanted[1].full = {600, 1400};
  const std::vector<PhotoFeatures> together = there_->describe(wanted);
  ASSERT_EQ(together.size(), 3U);
  EXPECT_EQ(together[1].photo(), (Size{600, 1400}));
  const std::vector<WeightedSketch> one = {drawing(0)};
  const SketchQuery query = here_->understand(one);
  for (std::size_t i = 0; i < images.size(); ++i)
    expectSame(here_->locate(query, together[i]),
               here_->locate(query, here_->describe(images[i], wanted[i].full)));
  EXPECT_LT(encodeFeatures(together[0]).size(),
            2 * encodeFeatures(here_->describe(images[0])).size())
      << "a photo keeps its own part of the batch alone";
  EXPECT_EQ(there_->describe(std::span<const PhotoToDescribe>()).size(), 0U);
  const Image empty;
  wanted[2].image = &empty;
  EXPECT_THROW(there_->describe(wanted), UsageError);
}

TEST_P(LocalizerDevice, ManyPairsAreAsOneByOne) {
  const PhotoFeatures a = there_->describe(photo(7)), b = there_->describe(photo(11));
  std::vector<SketchQuery> queries;
  for (const float turn : {0.0F, 20.0F, 35.0F}) {
    const std::vector<WeightedSketch> one = {drawing(turn)};
    queries.push_back(there_->understand(one));
  }
  std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
  for (const SketchQuery& query : queries) {
    pairs.emplace_back(&query, &a);
    pairs.emplace_back(&query, &b);
  }
  const std::vector<Detections> all = there_->locate(pairs);
  ASSERT_EQ(all.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i)
    expectSame(all[i], here_->locate(*pairs[i].first, *pairs[i].second));
}

TEST_P(LocalizerDevice, LooksWhereItLooks) {
  const std::vector<WeightedSketch> one = {drawing(0)};
  const auto maps = [&](const Localizer& localizer) {
    return localizer.attend(localizer.understand(one), localizer.describe(photo(7)));
  };
  const AttentionMaps got = maps(*there_), expected = maps(*here_);
  ASSERT_EQ(got.toSketch.size(), expected.toSketch.size());
  for (std::size_t i = 0; i < got.toSketch.size(); ++i)
    EXPECT_NEAR(got.toSketch[i], expected.toSketch[i], 1e-4);
}

TEST_P(LocalizerDevice, IsIndexedAlike) {
  ASSERT_EQ(there_->hasIndex(), here_->hasIndex());
  if (!here_->hasIndex()) GTEST_SKIP() << "a model without an index";
  const PhotoRegions got = there_->regions(there_->describe(photo(7))),
                     expected = here_->regions(here_->describe(photo(7)));
  EXPECT_THAT(got.vectors, testing::Pointwise(testing::FloatNear(1e-4F), expected.vectors));
}

INSTANTIATE_TEST_SUITE_P(Guidance, LocalizerDevice, testing::Values("late", "early"),
                         [](const auto& which) { return std::string(which.param); });

}  // namespace
}  // namespace inkling
