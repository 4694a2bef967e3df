// What the index finds, against a search that looks at everything.
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "tests/search/region_index_fixtures.h"

namespace inkling {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

void expectSame(const std::vector<RegionHit>& hits, const std::vector<RegionHit>& expected) {
  ASSERT_EQ(hits.size(), expected.size());
  for (std::size_t i = 0; i < hits.size(); ++i) {
    EXPECT_EQ(hits[i].photo, expected[i].photo) << "at " << i;
    EXPECT_EQ(hits[i].region, expected[i].region) << "at " << i;
    EXPECT_NEAR(hits[i].score, expected[i].score, 1e-4) << "at " << i;
  }
}

TEST_F(RegionIndexTest, SmallCollectionIsSearchedExactly) {
  Collection collection(400);
  const RegionIndex index = build(collection, options());
  EXPECT_TRUE(index.info().exact);
  EXPECT_EQ(index.info().method, "exact");
  EXPECT_EQ(index.info().vectors, collection.vectors());
  EXPECT_EQ(index.info().photos, 400);
  EXPECT_EQ(index.info().dimension, kDimension);
  EXPECT_EQ(index.info().identity, "model-1");
  EXPECT_EQ(index.info().revision, 42);
  EXPECT_EQ(index.info().recall, 1);
  EXPECT_EQ(index.info().bytes, std::filesystem::file_size(file_));

  const std::vector<float> queries = collection.queries(30);
  for (const int k : {1, 7, 250}) {
    const auto found = index.search(queries, k);
    ASSERT_THAT(found, SizeIs(30));
    for (std::size_t q = 0; q < found.size(); ++q) {
      auto expected =
          bruteForce(collection.photos(), std::span(queries).subspan(q * kDimension, kDimension));
      expected.resize(static_cast<std::size_t>(k));
      expectSame(found[q], expected);
    }
  }
}

TEST_F(RegionIndexTest, RanksPhotosByTheBestOfAllQueriesAndRegions) {
  Collection collection(300);
  const RegionIndex index = build(collection, options());
  const std::vector<float> queries = collection.queries(4);
  const auto expected = bruteForceRanking(collection.photos(), queries);
  const auto found = index.rankPhotos(queries, 50);
  ASSERT_THAT(found, SizeIs(50));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].photo, expected[i].photo);
    EXPECT_EQ(found[i].region, expected[i].region);
    EXPECT_EQ(found[i].query, expected[i].query);
    EXPECT_NEAR(found[i].score, expected[i].score, 1e-4);
  }
  // More than there are: every photo that has a region, once.
  EXPECT_EQ(photosOf(index.rankPhotos(queries, 100'000)), photosOf(expected));
}

// A few photos with thousands of good regions must not hide the others.
TEST_F(RegionIndexTest, LooksOnUntilEnoughDifferentPhotosAreFound) {
  Collection collection(200);
  const std::vector<float> query = collection.queries(1);
  std::vector<RegionVectors> photos = collection.photos();
  for (int i = 0; i < 3000; ++i) {
    for (const float value : query) photos[7].values.push_back(2 * value);
  }
  buildRegionIndex(
      file_, [&](const auto& take) { std::ranges::for_each(photos, take); }, options());
  auto expected = photosOf(bruteForceRanking(photos, query));
  expected.resize(20);
  EXPECT_EQ(photosOf(RegionIndex::open(file_).rankPhotos(query, 20)), expected);
}

TEST_F(RegionIndexTest, EqualScoresGoByPhotoAndRegion) {
  std::vector<RegionVectors> photos;
  for (int photo = 1; photo <= 500; ++photo)
    photos.push_back({photo, std::vector<float>(2 * kDimension, 1)});
  const std::vector<float> query(kDimension, 1);
  RegionIndexOptions few = options();
  buildRegionIndex(
      file_, [&](const auto& take) { std::ranges::for_each(photos, take); }, few);
  const auto hits = RegionIndex::open(file_).search(query, 5)[0];
  EXPECT_THAT(photosOf(hits), ElementsAre(1, 1, 2, 2, 3));
  EXPECT_EQ(hits[1].region, 1);
  EXPECT_THAT(photosOf(RegionIndex::open(file_).rankPhotos(query, 3)), ElementsAre(1, 2, 3));
}

TEST_F(RegionIndexTest, FilteredPhotosTakeNoPlace) {
  Collection collection(1200);
  const auto check = [&](const RegionIndex& index, const PhotoFilter& filter) {
    const std::vector<float> queries = collection.queries(3);
    for (const auto& hits : index.search(queries, 40, filter)) {
      EXPECT_THAT(hits, SizeIs(40));
      for (const RegionHit& hit : hits) EXPECT_TRUE(filter(hit.photo));
    }
    const auto ranking = index.rankPhotos(queries, 15, filter);
    EXPECT_THAT(ranking, SizeIs(15));
    for (const PhotoHit& hit : ranking) EXPECT_TRUE(filter(hit.photo));
    if (index.info().exact) {
      auto expected = photosOf(bruteForceRanking(collection.photos(), queries, filter));
      expected.resize(15);
      EXPECT_EQ(photosOf(ranking), expected);
    }
  };
  const RegionIndex exact = build(collection, options());
  const std::vector<float> query = collection.queries(1);
  const auto best = photosOf(exact.rankPhotos(query, 100));
  const std::set<std::int64_t> gone(best.begin(), best.end());
  for (const auto& with : {options(), approximate(collection)}) {
    const RegionIndex index = build(collection, with);
    check(index, [](std::int64_t photo) { return photo % 2 == 0; });
    check(index, [&](std::int64_t photo) { return !gone.contains(photo); });
    check(index, [](std::int64_t photo) { return photo > 10 + 3 * 1150; });  // one in 24
    EXPECT_THAT(index.rankPhotos(query, 5, [](std::int64_t) { return false; }), IsEmpty());
    EXPECT_THAT(photosOf(index.rankPhotos(query, 5, [&](std::int64_t p) { return p == best[80]; })),
                ElementsAre(best[80]));
  }
}

TEST_F(RegionIndexTest, AsksTheFilterOncePerPhoto) {
  Collection collection(500);
  const RegionIndex index = build(collection, options());
  std::multiset<std::int64_t> asked;
  index.rankPhotos(collection.queries(4), 10, [&](std::int64_t photo) {
    asked.insert(photo);
    return photo % 50 == 0;
  });
  EXPECT_EQ(asked.size(), std::set(asked.begin(), asked.end()).size());
}

TEST_F(RegionIndexTest, TailOfNewPhotosIsMergedIn) {
  Collection collection(600);
  const std::vector<RegionVectors>& all = collection.photos();
  const std::vector<RegionVectors> old(all.begin(), all.begin() + 500);
  buildRegionIndex(
      file_, [&](const auto& take) { std::ranges::for_each(old, take); }, options());
  const RegionIndex index = RegionIndex::open(file_);
  RegionTail tail(index.info().dimension);
  for (std::size_t i = all.size(); i > 500; --i) tail.add(all[i - 1]);  // in any order
  EXPECT_EQ(tail.photos(), 100);

  const std::vector<float> queries = collection.queries(3);
  auto expected = photosOf(bruteForceRanking(all, queries));
  expected.resize(60);
  const auto merged =
      mergeRankings(index.rankPhotos(queries, 60), tail.rankPhotos(queries, 60), 60);
  EXPECT_EQ(photosOf(merged), expected);
  const std::vector<RegionVectors> fresh(all.begin() + 500, all.end());
  auto hits = bruteForce(fresh, std::span(queries).first(kDimension));
  hits.resize(9);
  expectSame(tail.search(queries, 9)[0], hits);

  tail.clear();
  EXPECT_THAT(tail.rankPhotos(queries, 60), IsEmpty());
  EXPECT_THAT(messageOf<UsageError>([&] { tail.add({5, {1, 2}}); }), HasSubstr("photo 5"));
}

TEST_F(RegionIndexTest, MergingKeepsTheBetterHitOfAPhoto) {
  const std::vector<PhotoHit> a = {{1, 0, 0, 9}, {2, 0, 0, 5}}, b = {{2, 3, 1, 7}, {3, 0, 0, 5}};
  EXPECT_THAT(mergeRankings(a, b, 10),
              ElementsAre(PhotoHit{1, 0, 0, 9}, PhotoHit{2, 3, 1, 7}, PhotoHit{3, 0, 0, 5}));
  EXPECT_THAT(mergeRankings(a, b, 1), ElementsAre(PhotoHit{1, 0, 0, 9}));
}

TEST_F(RegionIndexTest, LargeCollectionReachesItsMeasuredRecallOnOtherQueries) {
  Collection collection(4000);
  const RegionIndexOptions with = approximate(collection);
  const RegionIndex index = build(collection, with);
  EXPECT_FALSE(index.info().exact);
  EXPECT_THAT(index.info().method, HasSubstr("IVF"));
  EXPECT_EQ(index.info().vectors, collection.vectors());
  ASSERT_TRUE(index.info().targetReached) << index.info().recall;
  EXPECT_GE(index.info().recall, with.targetRecall);
  EXPECT_LT(index.info().bytes, static_cast<std::uint64_t>(collection.vectors()) * kDimension * 4);

  double recall = 0;
  constexpr int kQueries = 100;
  for (int q = 0; q < kQueries; ++q) {
    const std::vector<float> query = collection.queries(1);
    auto wanted = photosOf(bruteForceRanking(collection.photos(), query));
    wanted.resize(10);
    const auto found = photosOf(index.rankPhotos(query, 30));
    ASSERT_THAT(found, SizeIs(30));
    for (const std::int64_t photo : wanted)
      recall += std::ranges::count(found, photo) > 0 ? 0.1 / kQueries : 0;
  }
  // 1000 trials, of which those of one query are alike: three standard errors are about 0.04.
  EXPECT_GT(recall, index.info().recall - 0.04);
}

TEST_F(RegionIndexTest, ApproximateScoresAreNearTheExactOnesAndEveryVectorIsThere) {
  Collection collection(1500);
  const RegionIndex index = build(collection, approximate(collection));
  const std::vector<float> query = collection.queries(1);
  const auto exact = bruteForce(collection.photos(), query);
  const auto found = index.search(query, static_cast<int>(exact.size()))[0];
  ASSERT_EQ(found.size(), exact.size());
  std::set<std::pair<std::int64_t, int>> places;
  double error = 0, spread = 0;
  std::map<std::pair<std::int64_t, int>, float> scores;
  for (const RegionHit& hit : exact) scores[{hit.photo, hit.region}] = hit.score;
  for (const RegionHit& hit : found) {
    places.insert({hit.photo, hit.region});
    error += std::pow(hit.score - scores.at({hit.photo, hit.region}), 2);
    spread += std::pow(scores.at({hit.photo, hit.region}), 2);
  }
  EXPECT_EQ(places.size(), exact.size());
  EXPECT_LT(std::sqrt(error / spread), 0.25);
}

TEST_F(RegionIndexTest, UnreachableTargetIsTold) {
  Collection collection(1500, 3, 1);  // one cloud: no lists tell its vectors apart
  RegionIndexOptions hard = approximate(collection);
  hard.recallTop = hard.recallCandidates = 100;
  hard.targetRecall = 1;
  const RegionIndex index = build(collection, hard);
  EXPECT_FALSE(index.info().targetReached);
  EXPECT_GT(index.info().recall, 0.3);
  EXPECT_LT(index.info().recall, 1);
}

TEST_F(RegionIndexTest, CodesThatMakeTheFileTooLargeAreNotTried) {
  Collection collection(1500, 3, 1);
  RegionIndexOptions hard = approximate(collection);
  hard.recallTop = hard.recallCandidates = 100;
  hard.targetRecall = 1;
  const RegionIndex large = build(collection, hard);
  hard.mostBytes = static_cast<std::uint64_t>(collection.vectors()) * 15;
  const RegionIndex small = build(collection, hard);
  EXPECT_THAT(small.info().method, HasSubstr("PQ"));
  EXPECT_LT(small.info().bytes, large.info().bytes);
  EXPECT_LT(small.info().recall, large.info().recall);
}

TEST_F(RegionIndexTest, SameInputGivesTheSameFileAndAnswers) {
  Collection collection(1500);
  for (const auto& with : {options(), approximate(collection)}) {
    const RegionIndex index = build(collection, with);
    const std::string bytes = readFile(file_);
    const std::vector<float> queries = collection.queries(4);
    const auto answer = index.rankPhotos(queries, 40);
    EXPECT_EQ(build(collection, with).rankPhotos(queries, 40), answer);
    EXPECT_TRUE(readFile(file_) == bytes);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(index.rankPhotos(queries, 40), answer);
  }
}

// Copies of one photo: more equal scores than anyone wants to look at.
TEST_F(RegionIndexTest, EqualScoresGiveTheSameAnswersInAnInvertedFileToo) {
  Collection collection(900);
  std::vector<RegionVectors> photos = collection.photos();
  const std::vector<float> black(2 * kDimension, 0.5f);
  for (std::int64_t copy = 0; copy < 3000; ++copy) photos.push_back({100'000 + copy, black});
  buildRegionIndex(
      file_, [&](const auto& take) { std::ranges::for_each(photos, take); },
      approximate(collection));
  const RegionIndex index = RegionIndex::open(file_);
  const std::vector<float> query(kDimension, 1);
  const auto regions = index.search(query, 25);
  const auto ranking = index.rankPhotos(query, 25);
  EXPECT_THAT(ranking, SizeIs(25));
  for (int i = 0; i < 20; ++i) {
    ASSERT_EQ(index.search(query, 25), regions);
    ASSERT_EQ(index.rankPhotos(query, 25), ranking);
  }
}

TEST_F(RegionIndexTest, ThreadsSearchAtTheSameTime) {
  Collection collection(1500);
  for (const auto& with : {options(), approximate(collection)}) {
    const RegionIndex index = build(collection, with);
    std::vector<std::vector<float>> queries;
    std::vector<std::vector<PhotoHit>> answers;
    for (int i = 0; i < 20; ++i) {
      queries.push_back(collection.queries(2));
      answers.push_back(index.rankPhotos(queries.back(), 20));
    }
    std::vector<int> wrong(2);
    std::vector<std::thread> threads;
    for (int& count : wrong) {
      threads.emplace_back([&] {
        for (int round = 0; round < 10; ++round) {
          for (std::size_t i = 0; i < queries.size(); ++i)
            count += index.rankPhotos(queries[i], 20) == answers[i] ? 0 : 1;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_THAT(wrong, ElementsAre(0, 0));
  }
}

TEST_F(RegionIndexTest, EmptyCollectionFindsNothing) {
  for (const int photos : {0, 3}) {
    buildRegionIndex(
        file_,
        [&](const auto& take) {
          for (int i = 0; i < photos; ++i) take({i, {}});
        },
        options());
    const RegionIndex index = RegionIndex::open(file_);
    EXPECT_EQ(index.info().photos, photos);
    const std::vector<float> query(kDimension, 1);
    EXPECT_THAT(index.search(query, 3), ElementsAre(IsEmpty()));
    EXPECT_THAT(index.rankPhotos(query, 3), IsEmpty());
    EXPECT_THAT(index.search({}, 3), IsEmpty());
  }
}

TEST_F(RegionIndexTest, SenselessQueriesAreRefused) {
  const RegionIndex index = build(Collection(20), options());
  std::vector<float> query(kDimension, 1);
  EXPECT_THAT(messageOf<UsageError>([&] { index.search(query, 0); }), HasSubstr("0 results"));
  query[3] = NAN;
  EXPECT_THAT(messageOf<UsageError>([&] { index.search(query, 1); }), HasSubstr("finite"));
  query.pop_back();
  EXPECT_THAT(messageOf<UsageError>([&] { index.rankPhotos(query, 1); }), HasSubstr("19"));
}

}  // namespace
}  // namespace inkling
