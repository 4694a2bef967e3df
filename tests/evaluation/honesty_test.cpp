// Whether scores mean what they say, and queries with a lookalike.
#include "core/evaluation/honesty.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

// Two photos; the first shows a cat (17) and a dog (18), the second a cup (47).
CocoDataset animals() {
  CocoDataset data;
  data.categories = {
      {17, "cat", "cat", false}, {18, "dog", "dog", false}, {47, "cup", "cup", false}};
  data.photos = {{1, "1.jpg", 400, 300, 0, ""}, {2, "2.jpg", 400, 300, 0, ""}};
  const auto add = [&](std::int64_t photo, int category, const Box& box) {
    data.annotations.push_back({static_cast<std::int64_t>(data.annotations.size()) + 1, photo,
                                category, box, box.area(), false});
  };
  add(1, 17, {0, 0, 100, 100});
  add(1, 18, {200, 0, 100, 100});
  add(2, 47, {0, 0, 50, 50});
  data.buildIndex("test");
  return data;
}

TEST(Honesty, CountsWhatTheThresholdLetsThrough) {
  const std::vector<Query> queries{
      {0, 17, true, false, {}, {}}, {1, 17, false, false, {}, {}}, {1, 18, false, false, {}, {}}};
  const std::vector<std::vector<ScoredBox>> found{
      {{{0, 0, 100, 100}, 0.9},
       {{200, 0, 100, 100}, 0.6},
       {{0, 200, 10, 10}, 0.01}},                        // the cat, the dog, nothing
      {{{0, 0, 50, 50}, 0.7}, {{60, 0, 50, 50}, 0.55}},  // two boxes on no cat
      {{{0, 0, 50, 50}, 0.2}}};
  const Honesty honesty = evaluateHonesty(animals(), queries, found, 0.5);
  EXPECT_DOUBLE_EQ(honesty.precision, 0.5);
  EXPECT_DOUBLE_EQ(honesty.recall, 1.0);
  EXPECT_DOUBLE_EQ(honesty.falsePositivesPerPhoto, 1.0) << "two boxes in two questions";
  EXPECT_DOUBLE_EQ(honesty.photosWithFalseMatch, 0.5);
  std::size_t boxes = 0, photos = 0;
  for (const CalibrationBin& bin : honesty.boxes.bins) boxes += bin.count;
  for (const CalibrationBin& bin : honesty.photos.bins) photos += bin.count;
  EXPECT_EQ(boxes, 5U) << "a score of 0.01 is not counted";
  EXPECT_EQ(photos, 3U);
  // Photos: 0.9 is there, 0.7 and 0.2 are not, which together count as much as the first.
  EXPECT_NEAR(honesty.photos.error, 0.1 / 2 + (0.7 + 0.2) / 4, 1e-9);
}

TEST(Honesty, PhotosHaveScoresOfTheirOwn) {
  const std::vector<Query> queries{{0, 17, true, false, {}, {}}, {1, 17, false, false, {}, {}}};
  const std::vector<std::vector<ScoredBox>> found{{{{0, 0, 100, 100}, 0.9}}, {}};
  EXPECT_NEAR(evaluateHonesty(animals(), queries, found, 0.5, {0.8, 0.3}).photos.error,
              0.2 / 2 + 0.3 / 2, 1e-9);
}

TEST(Honesty, NothingFoundIsAScoreOfZero) {
  const Honesty honesty = evaluateHonesty(
      animals(), {{0, 17, true, false, {}, {}}, {1, 17, false, false, {}, {}}}, {{}, {}}, 0.5);
  EXPECT_DOUBLE_EQ(honesty.recall, 0);
  EXPECT_NEAR(honesty.photos.error, 0.5, 1e-9);
  EXPECT_TRUE(toJson(honesty).at("box_ece").is_null());
}

TEST(Presence, IsJudgedByTheScoresOfPhotosWhereThereAreAny) {
  const CocoDataset data = animals();
  const std::vector<Query> queries{{0, 17, true, false, {}, {}}, {1, 17, false, false, {}, {}}};
  const std::vector<std::vector<ScoredBox>> found{{}, {{{0, 0, 10, 10}, 0.5}}};
  EXPECT_EQ(evaluateProtocol(data, queries, found).presenceAuroc, 0.0);
  EXPECT_EQ(evaluateProtocol(data, queries, found, {}, {0.7, 0.2}).presenceAuroc, 1.0);
  EXPECT_THROW(evaluateProtocol(data, queries, found, {}, {0.7}), UsageError);
}

TEST(Lookalikes, OnlyThingsBesideTheirKindAreAskedFor) {
  const std::vector<std::string> words{"cat", "dog", "cup", "dog"};
  const std::vector<Query> queries = makeLookalikeQueries(animals(), words);
  ASSERT_EQ(queries.size(), 2U) << "the cup stands alone";
  EXPECT_EQ(queries[0].categoryId, 17);
  ASSERT_EQ(queries[0].unwanted.size(), 1U);
  EXPECT_EQ(words[queries[0].unwanted[0]], "dog");
  EXPECT_EQ(words[queries[1].unwanted[0]], "cat");
  EXPECT_EQ(queries, makeLookalikeQueries(animals(), words));
}

TEST(Lookalikes, WhatIsRankedAboveItsLikeIsCounted) {
  const std::vector<Query> queries = makeLookalikeQueries(animals(), {"cat", "dog", "cup", "dog"});
  ASSERT_EQ(queries.size(), 2U);
  EXPECT_EQ(queries[0].unwantedCategoryId, 18);
  const ScoredBox onCat{{0, 0, 100, 100}, 0.6}, onDog{{200, 0, 100, 100}, 0.4};
  // The search for the cat ranks it first; the search for the dog does not.
  const ToldApart both = evaluateToldApart(animals(), queries, {{onCat, onDog}, {onCat, onDog}});
  EXPECT_EQ(both.pairs, 2U);
  EXPECT_DOUBLE_EQ(both.share.value(), 0.5);
  ASSERT_TRUE(both.interval.has_value());
  // No box on the dog at all: told apart. None on the cat: nothing can be said.
  EXPECT_DOUBLE_EQ(evaluateToldApart(animals(), queries, {{onCat}, {}}).share.value(), 1);
  EXPECT_EQ(evaluateToldApart(animals(), queries, {{onCat}, {}}).pairs, 1U);
  EXPECT_FALSE(evaluateToldApart(animals(), queries, {{}, {}}).share.has_value());
  EXPECT_THROW(evaluateToldApart(animals(), queries, {{}}), UsageError);
}

TEST(Lookalikes, KindsAreThoseOfCoco) {
  EXPECT_TRUE(sameKind(17, 18));  // cat, dog
  EXPECT_TRUE(sameKind(2, 9));    // bicycle, boat
  EXPECT_FALSE(sameKind(9, 10));  // boat, traffic light
  EXPECT_TRUE(sameKind(84, 90));  // book, toothbrush
}

}  // namespace
}  // namespace inkling
