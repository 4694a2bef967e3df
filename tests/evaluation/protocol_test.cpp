#include "core/evaluation/protocol.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/random.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using Detections = std::vector<std::vector<ScoredBox>>;

// Categories 1 .. 6, of which 5 and 6 are unseen and 4 has no sketch; `photos` photos with a few
// boxes each.
CocoDataset makeDataset(int photos, std::uint64_t seed = 1) {
  CocoDataset data;
  for (int id = 1; id <= 6; ++id) {
    data.categories.push_back(
        {id, fmt::format("c{}", id), id == 4 ? "" : fmt::format("w{}", id), id >= 5});
  }
  Random random(seed);
  for (int i = 0; i < photos; ++i) {
    const std::int64_t id = 100 + 7 * i;
    data.photos.push_back({id, fmt::format("{}.jpg", id), 400, 300, 0, ""});
    for (std::uint32_t k = 1 + random.below(4); k > 0; --k) {
      const Box box{random.uniform(0, 200), random.uniform(0, 200), random.uniform(10, 150),
                    random.uniform(10, 90)};
      data.annotations.push_back({static_cast<std::int64_t>(data.annotations.size()) + 1, id,
                                  static_cast<int>(1 + random.below(6)), box, box.area(),
                                  random.chance(0.1)});
    }
  }
  data.buildIndex("test");
  return data;
}

std::vector<std::string> makeWords() {
  std::vector<std::string> words;
  for (int i = 0; i < 60; ++i) words.push_back(fmt::format("w{}", 1 + i % 6));
  return words;
}

// What is there, with a score of 0.9; nothing for absent objects.
Detections perfect(const CocoDataset& data, const std::vector<Query>& queries) {
  Detections all;
  for (const Query& query : queries) {
    auto& list = all.emplace_back();
    for (const std::size_t index : data.annotationsOf(query.photo)) {
      const Annotation& a = data.annotations[index];
      if (query.present && a.categoryId == query.categoryId && !a.crowd)
        list.push_back({a.box, 0.9});
    }
  }
  return all;
}

// Boxes that depend on the query's photo and category, not on its place in the list.
Detections noisy(const CocoDataset& data, const std::vector<Query>& queries) {
  Detections all = perfect(data, queries);
  for (std::size_t i = 0; i < queries.size(); ++i) {
    Random random(static_cast<std::uint64_t>(data.photos[queries[i].photo].id),
                  static_cast<std::uint64_t>(queries[i].categoryId));
    for (ScoredBox& found : all[i]) {
      found.box.x += random.uniform(-30, 30);
      found.score = random.uniform();
    }
    for (int k = 0; k < 3; ++k) {
      all[i].push_back(
          {{random.uniform(0, 300), random.uniform(0, 200), 50, 50}, random.uniform(0, 0.8)});
    }
  }
  return all;
}

TEST(Queries, AskForEachDrawableCategoryOnceAndForOneThatIsNotThere) {
  const CocoDataset data = makeDataset(40);
  const auto words = makeWords();
  const auto queries = makeQueries(data, words);
  std::map<std::size_t, int> absent;
  std::map<std::pair<std::size_t, int>, int> asked;
  for (const Query& query : queries) {
    ++asked[{query.photo, query.categoryId}];
    absent[query.photo] += !query.present;
    EXPECT_EQ(query.unseen, query.categoryId >= 5);
    EXPECT_NE(query.categoryId, 4);
    ASSERT_EQ(query.sketches.size(), 1u);
    EXPECT_EQ(words[query.sketches[0]], fmt::format("w{}", query.categoryId));
    int boxes = 0, crowds = 0;
    for (const std::size_t index : data.annotationsOf(query.photo)) {
      if (data.annotations[index].categoryId != query.categoryId) continue;
      (data.annotations[index].crowd ? crowds : boxes) += 1;
    }
    EXPECT_EQ(query.present, boxes > 0);
    EXPECT_TRUE(query.present || crowds == 0);
  }
  for (const auto& [photo, count] : absent) EXPECT_EQ(count, 1) << photo;
  for (const auto& [key, count] : asked) EXPECT_EQ(count, 1);
  EXPECT_EQ(absent.size(), 40u);
}

TEST(Queries, DependOnTheSeedAndNotOnTheOrderOfPhotos) {
  CocoDataset data = makeDataset(30);
  const auto words = makeWords();
  const auto before = makeQueries(data, words);
  EXPECT_EQ(before, makeQueries(data, words));
  EXPECT_NE(before, makeQueries(data, words, {15, 1, 1000}));
  std::reverse(data.photos.begin(), data.photos.end());
  std::reverse(data.annotations.begin(), data.annotations.end());
  std::reverse(data.categories.begin(), data.categories.end());
  data.buildIndex("turned");
  auto after = makeQueries(data, words);
  for (Query& query : after) query.photo = data.photos.size() - 1 - query.photo;
  EXPECT_EQ(before, after);
}

TEST(Queries, WithoutAPhotoTheOthersStay) {
  CocoDataset data = makeDataset(10);
  const auto before = makeQueries(data, makeWords());
  std::erase_if(data.annotations,
                [&](const Annotation& a) { return a.photoId == data.photos[9].id; });
  data.photos.pop_back();
  data.buildIndex("fewer");
  const auto after = makeQueries(data, makeWords());
  EXPECT_TRUE(std::equal(after.begin(), after.end(), before.begin()));
  EXPECT_LT(after.size(), before.size());
}

TEST(Queries, MoreSketchesIncludeTheOne) {
  const CocoDataset data = makeDataset(20);
  const auto one = makeQueries(data, makeWords(), {14, 1, 0});
  const auto three = makeQueries(data, makeWords(), {14, 3, 0});
  const auto all = makeQueries(data, makeWords(), {14, 99, 0});
  ASSERT_EQ(one.size(), three.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(three[i].sketches.size(), 3u);
    EXPECT_EQ(one[i].sketches[0], three[i].sketches[0]);
    EXPECT_NE(three[i].sketches[1], three[i].sketches[2]);
    EXPECT_EQ(all[i].sketches.size(), 10u);
  }
  EXPECT_THROW(makeQueries(data, makeWords(), {14, 0, 0}), UsageError);
}

TEST(Queries, WithoutSketchesThereAreNone) {
  EXPECT_TRUE(makeQueries(makeDataset(5), {"zebra"}).empty());
}

TEST(Protocol, PerfectDetectionsGiveOne) {
  const CocoDataset data = makeDataset(40);
  const auto queries = makeQueries(data, makeWords());
  const auto result = evaluateProtocol(data, queries, perfect(data, queries));
  for (const GroupResult* group : {&result.all, &result.seen, &result.unseen}) {
    EXPECT_NEAR(group->figures.ap, 1, 1e-12);
    EXPECT_NEAR(group->figures.ar100, 1, 1e-12);
    ASSERT_TRUE(group->ap.has_value());
    EXPECT_NEAR(group->ap->low, 1, 1e-12);
  }
  EXPECT_EQ(result.absentQueries, 40u);
  EXPECT_EQ(result.all.queries, result.seen.queries + result.unseen.queries);
  EXPECT_DOUBLE_EQ(result.presenceAuroc.value(), 1);
}

TEST(Protocol, NoDetectionsGiveZeroAndAnAurocOfAHalf) {
  const CocoDataset data = makeDataset(20);
  const auto queries = makeQueries(data, makeWords());
  const auto result = evaluateProtocol(data, queries, Detections(queries.size()));
  EXPECT_EQ(result.all.figures.ap, 0);
  EXPECT_DOUBLE_EQ(result.presenceAuroc.value(), 0.5);
}

TEST(Protocol, EachQueryIsAPhotoOfItsOwn) {
  // The box of one category found for the sketch of another is wrong, in the same photo.
  CocoDataset data;
  data.photos = {{1, "a", 100, 100, 0, ""}};
  data.categories = {{1, "cat", "cat", false}, {2, "dog", "dog", false}};
  data.annotations = {{1, 1, 1, {0, 0, 40, 40}, 1600, false},
                      {2, 1, 2, {50, 50, 40, 40}, 1600, false}};
  data.buildIndex("two");
  const auto queries = makeQueries(data, {"cat", "dog"});
  ASSERT_EQ(queries.size(), 2u);
  const ScoredBox cat{{0, 0, 40, 40}, 0.9}, dog{{50, 50, 40, 40}, 0.8};
  EXPECT_NEAR(evaluateProtocol(data, queries, {{cat}, {dog}}).all.figures.ap50, 1, 1e-12);
  EXPECT_EQ(evaluateProtocol(data, queries, {{dog}, {cat}}).all.figures.ap50, 0);
  // One query right (0.9), the other wrong (0.95): precision 1/2 up to recall 1/2.
  EXPECT_NEAR(evaluateProtocol(data, queries, {{cat}, {{{0, 0, 40, 40}, 0.95}}}).all.figures.ap50,
              51 * 0.5 / 101, 1e-12);
  EXPECT_FALSE(evaluateProtocol(data, queries, {{}, {}}).presenceAuroc.has_value());
}

TEST(Protocol, TheOrderOfPhotosDoesNotMatter) {
  CocoDataset data = makeDataset(30);
  auto queries = makeQueries(data, makeWords());
  const Json before = toJson(evaluateProtocol(data, queries, noisy(data, queries)));
  Random random(2);
  random.shuffle(data.photos);
  data.buildIndex("shuffled");
  queries = makeQueries(data, makeWords());
  EXPECT_EQ(before, toJson(evaluateProtocol(data, queries, noisy(data, queries))));
}

TEST(Protocol, IntervalsHoldTheFigureAndShrinkWithMorePhotos) {
  double width = 1;
  for (const int photos : {20, 80, 320}) {
    const CocoDataset data = makeDataset(photos);
    const auto queries = makeQueries(data, makeWords());
    const auto result = evaluateProtocol(data, queries, noisy(data, queries));
    ASSERT_TRUE(result.all.ap50.has_value());
    EXPECT_LE(result.all.ap50->low, result.all.figures.ap50);
    EXPECT_GE(result.all.ap50->high, result.all.figures.ap50);
    EXPECT_LE(result.presenceInterval->low, *result.presenceAuroc);
    EXPECT_GE(result.presenceInterval->high, *result.presenceAuroc);
    EXPECT_LT(result.all.ap50->high - result.all.ap50->low, width);
    width = result.all.ap50->high - result.all.ap50->low;
  }
}

TEST(Protocol, WritesTheJsonOfTheDesign) {
  const CocoDataset data = makeDataset(12);
  const auto queries = makeQueries(data, makeWords());
  const Json json = toJson(evaluateProtocol(data, queries, noisy(data, queries)));
  EXPECT_EQ(json.size(), 8u);
  EXPECT_EQ(json["protocol"], "sketch-guided");
  EXPECT_EQ(json["seed"], 14);
  EXPECT_EQ(json["queries"], json["all"]["queries"]);
  for (const char* group : {"all", "seen", "unseen"}) {
    for (const char* key : {"ap", "ap50", "ap75", "ap_small", "ap_medium", "ap_large", "ar1",
                            "ar10", "ar100", "queries"}) {
      EXPECT_TRUE(json[group].contains(key)) << key;
    }
    EXPECT_EQ(json[group].size(), 10u);
    EXPECT_EQ(json["ci95"][group]["ap50"].size(), 2u);
  }
  EXPECT_TRUE(json["presence_auroc"].is_number());
  EXPECT_EQ(json["ci95"]["presence_auroc"].size(), 2u);
}

TEST(Protocol, WritesNullWhereThereIsNothing) {
  const CocoDataset data = makeDataset(8);
  const Json json = toJson(evaluateProtocol(data, {}, {}));
  EXPECT_TRUE(json["all"]["ap"].is_null());
  EXPECT_TRUE(json["presence_auroc"].is_null());
  EXPECT_TRUE(json["ci95"]["all"]["ap"].is_null());
  EXPECT_EQ(json["queries"], 0);
}

TEST(Protocol, WritesATable) {
  const CocoDataset data = makeDataset(12);
  const auto queries = makeQueries(data, makeWords());
  const std::string text = toText(evaluateProtocol(data, queries, perfect(data, queries)));
  EXPECT_THAT(text, HasSubstr("AP50        1.000 [1.000, 1.000]    1.000 [1.000, 1.000]"));
  EXPECT_THAT(text, HasSubstr("presence AUROC  1.000 [1.000, 1.000]"));
  EXPECT_THAT(toText(evaluateProtocol(data, {}, {})), HasSubstr("AP50        -"));
}

TEST(Protocol, RefusesNonsense) {
  const CocoDataset data = makeDataset(3);
  const auto queries = makeQueries(data, makeWords());
  EXPECT_THROW(evaluateProtocol(data, queries, {}), UsageError);
  Detections bad(queries.size());
  bad[0] = {{{0, 0, 1, 1}, std::nan("")}};
  EXPECT_THROW(evaluateProtocol(data, queries, bad), UsageError);
}

TEST(Protocol, AThousandResamplesOfSevenHundredQueriesTakeSeconds) {
  const CocoDataset data = makeDataset(300);
  const auto queries = makeQueries(data, makeWords());
  EXPECT_GT(queries.size(), 700u);
  Detections detections = noisy(data, queries);
  Random random(5);
  for (auto& list : detections) {
    while (list.size() < 100)
      list.push_back({{random.uniform(0, 300), 5, 40, 40}, random.uniform()});
  }
  const auto start = std::chrono::steady_clock::now();
  evaluateProtocol(data, queries, detections);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  RecordProperty("seconds", std::to_string(seconds.count()));
  EXPECT_LT(seconds.count(), 30) << "slow even for a busy machine";
}

}  // namespace
}  // namespace inkling
