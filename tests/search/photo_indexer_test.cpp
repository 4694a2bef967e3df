#include "core/search/photo_indexer.h"

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

class IndexerTest : public CatalogueTest {
 protected:
  void SetUp() override {
    CatalogueTest::SetUp();
    for (int i = 0; i < 5; ++i) write(std::to_string(i) + ".jpg", "photo " + std::to_string(i));
    catalogue_.emplace(indexing());
    updateCatalogue(*catalogue_);
  }
  std::optional<Catalogue> catalogue_;
};

TEST_F(IndexerTest, DescribesEachPhotoOnce) {
  std::vector<std::int64_t> told;
  const IndexResult result =
      describePhotos(*catalogue_, describer_, {}, [&](const ProgressUpdate& update) {
        EXPECT_EQ(update.total, 5);
        told.push_back(update.done);
      });
  EXPECT_EQ(result.described, 5);
  EXPECT_TRUE(result.finished);
  EXPECT_THAT(told, testing::ElementsAre(0, 1, 2, 3, 4, 5));
  EXPECT_EQ(describePhotos(*catalogue_, describer_).described, 0);
  EXPECT_EQ(describer_.asked.size(), 5U);
}

TEST_F(IndexerTest, PausesAndGoesOn) {
  CancellationToken token;
  describer_.before = [&](const fs::path&) {
    if (describer_.asked.size() == 2) token.cancel();
  };
  const IndexResult paused = describePhotos(*catalogue_, describer_, token);
  EXPECT_FALSE(paused.finished);
  EXPECT_EQ(paused.described, 2) << "the photo in hand is finished";
  EXPECT_TRUE(describePhotos(*catalogue_, describer_).finished);
  EXPECT_EQ(describer_.asked.size(), 5U);
}

TEST_F(IndexerTest, ADescriberThatIsCancelledLeavesThePhotoWaiting) {
  describer_.before = [](const fs::path&) { throw Cancelled(); };
  EXPECT_FALSE(describePhotos(*catalogue_, describer_).finished);
  EXPECT_EQ(catalogue_->counts().waiting, 5);
}

TEST_F(IndexerTest, CopiesShareADescription) {
  write("copy.jpg", "photo 3");
  updateCatalogue(*catalogue_);
  const IndexResult result = describePhotos(*catalogue_, describer_);
  EXPECT_EQ(result.described, 5);
  EXPECT_EQ(result.copied, 1);
  EXPECT_EQ(content(*catalogue_)["copy.jpg"], "features of photo 3");
  EXPECT_EQ(catalogue_->photo("copy.jpg")->orientation, 6);
}

TEST_F(IndexerTest, FailedPhotosAreTriedAgainWhenChangedOrAskedFor) {
  write("0.jpg", "broken photo");
  updateCatalogue(*catalogue_);
  EXPECT_EQ(describePhotos(*catalogue_, describer_).failed, 1);
  EXPECT_EQ(describePhotos(*catalogue_, describer_).failed, 0);
  EXPECT_EQ(describePhotos(*catalogue_, describer_, {}, {}, {.retryFailed = true}).failed, 1);
  write("0.jpg", "whole photo again");
  updateCatalogue(*catalogue_);
  EXPECT_EQ(describePhotos(*catalogue_, describer_).described, 1);
  EXPECT_EQ(catalogue_->photo("0.jpg")->error, "");
}

TEST_F(IndexerTest, RunningOutOfMemoryFailsOnePhoto) {
  describer_.before = [&](const fs::path&) {
    if (describer_.asked.size() == 1) throw std::bad_alloc();
  };
  const IndexResult result = describePhotos(*catalogue_, describer_);
  EXPECT_EQ(result.failed, 1);
  EXPECT_EQ(result.described, 4);
}

TEST_F(IndexerTest, WhatConcernsAllPhotosStopsTheRun) {
  describer_.before = [](const fs::path&) { throw ModelError("no model"); };
  EXPECT_THROW(describePhotos(*catalogue_, describer_), ModelError);
  EXPECT_EQ(catalogue_->counts().waiting, 5);
}

TEST_F(IndexerTest, AFullDiskKeepsWhatWasDoneAndCanBeContinued) {
  describer_.before = [&](const fs::path&) {
    if (describer_.asked.size() == 3) catalogue_->database().run("PRAGMA max_page_count = 1");
  };
  for (int i = 0; i < 5; ++i) write(std::to_string(i) + ".jpg", std::string(5000, 'a' + i));
  updateCatalogue(*catalogue_);
  EXPECT_THAT(messageOf<OutputError>([&] { describePhotos(*catalogue_, describer_); }),
              testing::HasSubstr("the disk is full"));
  EXPECT_EQ(catalogue_->counts().described, 2);
  EXPECT_EQ(catalogue_->check(), "ok");
  catalogue_->database().run("PRAGMA max_page_count = 1000000");
  EXPECT_EQ(describePhotos(*catalogue_, describer_).described, 3);
  EXPECT_EQ(describer_.asked.size(), 6U) << "the photo in hand once more";
}

TEST_F(IndexerTest, AnotherModelDescribesAnew) {
  describePhotos(*catalogue_, describer_);
  describer_.model = "model-2";
  EXPECT_EQ(describePhotos(*catalogue_, describer_).described, 5);
  EXPECT_EQ(catalogue_->photo("0.jpg")->describedWith, "model-2");
  EXPECT_EQ(describer_.asked.size(), 10U);
}

TEST_F(IndexerTest, PhotosThatVanishAreLeftToTheNextUpdate) {
  describer_.before = [&](const fs::path&) { fs::remove(photos_ / "4.jpg"); };
  const IndexResult result = describePhotos(*catalogue_, describer_);
  EXPECT_LE(result.failed, 1);
  updateCatalogue(*catalogue_);
  EXPECT_EQ(catalogue_->photo("4.jpg"), std::nullopt);
}

TEST_F(IndexerTest, APhotoThatChangesInHandIsDescribedAgain) {
  describer_.before = [&](const fs::path& photo) {
    if (photo.filename() == "2.jpg" && describer_.asked.size() <= 5)
      std::ofstream(photo) << "edited meanwhile";
  };
  describePhotos(*catalogue_, describer_);
  EXPECT_EQ(updateCatalogue(*catalogue_).changed, 1);
  describePhotos(*catalogue_, describer_);
  EXPECT_EQ(content(*catalogue_)["2.jpg"], "features of edited meanwhile");
}

}  // namespace
}  // namespace inkling
