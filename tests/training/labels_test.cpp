#include <gtest/gtest.h>

#include "core/training/matching_trainer.h"
#include "core/training/pair_labels.h"

namespace inkling {
namespace {

Tensor boxes(std::initializer_list<float> values) {
  return at::tensor(std::vector<float>(values)).view({-1, 4});
}

Scene street() {
  Scene scene;
  scene.objects.push_back({2, boxes({0.3F, 0.3F, 0.2F, 0.2F})});
  scene.objects.push_back({4, boxes({0.7F, 0.7F, 0.4F, 0.4F})});
  scene.absent = {1, 3};
  return scene;
}

// On the object, half on it, elsewhere, and padding.
const Tensor kProposals = boxes({0.3F, 0.3F, 0.2F, 0.2F, 0.37F, 0.3F, 0.2F, 0.2F, 0.8F, 0.2F, 0.1F,
                                 0.1F, 0.3F, 0.3F, 0.2F, 0.2F});
const Tensor kValid = at::tensor({1, 1, 1, 0}).to(at::kBool);

TEST(PairLabels, HalfOverlapsAndPaddingCountForNothing) {
  const PairLabels labels = labelPairs(street(), 2, kProposals, kValid);
  EXPECT_TRUE(at::equal(labels.target, at::tensor({1.F, 0.F, 0.F, 1.F})));
  EXPECT_TRUE(at::equal(labels.weight, at::tensor({1.F, 0.F, 1.F, 0.F})));
}

TEST(PairLabels, AnAbsentWordMakesEveryPlaceANegative) {
  const PairLabels labels = labelPairs(street(), 1, kProposals, kValid);
  EXPECT_EQ(labels.target.sum().item<float>(), 0);
  EXPECT_TRUE(at::equal(labels.weight, at::tensor({1.F, 1.F, 1.F, 0.F})));
}

TEST(PairLabels, WithoutExhaustiveBoxesOnlyBoxedPlacesAreKnown) {
  Scene scene = street();
  scene.exhaustive = false;
  const PairLabels labels = labelPairs(scene, 4, kProposals, kValid);
  EXPECT_TRUE(at::equal(labels.weight, at::tensor({1.F, 0.F, 0.F, 0.F})));
  EXPECT_EQ(labels.target[0].item<float>(), 0);
}

TEST(PairLabels, CrowdsAreNeitherRightNorWrong) {
  Scene scene = street();
  scene.ignored = boxes({0.8F, 0.2F, 0.1F, 0.1F});
  EXPECT_EQ(labelPairs(scene, 2, kProposals, kValid).weight[2].item<float>(), 0);
}

TEST(ChooseWords, AsksForWhatIsThereAndWhatIsNot) {
  Random random(2);
  const auto words = chooseWords(street(), 1, 1, random);
  ASSERT_EQ(words.size(), 2U);
  EXPECT_TRUE(words[0] == 2 || words[0] == 4);
  EXPECT_TRUE(words[1] == 1 || words[1] == 3);
  EXPECT_EQ(chooseWords(street(), 9, 9, random).size(), 4U);
}

TEST(MirrorBoxes, TwiceIsNothing) {
  const Tensor once = mirrorBoxes(kProposals, 0.9);
  EXPECT_NEAR(once[0][0].item<float>(), 0.6, 1e-6);
  EXPECT_TRUE(at::allclose(mirrorBoxes(once, 0.9), kProposals, 1e-6, 1e-6));
}

}  // namespace
}  // namespace inkling
