// Describing photos with a (tiny, random) model, with and without a cache of features.
#include "core/search/model_describer.h"

#include <optional>

#include "core/base/file.h"
#include "core/image/picture_writer.h"
#include "core/inference/feature_codec.h"
#include "tests/nn/tiny_model.h"
#include "tests/search/cache_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DescriberTest : public CacheTest {
 protected:
  void SetUp() override {
    CacheTest::SetUp();
    TinyModel tiny;
    const Json card = {{"name", "tiny"}, {"licence", "none"}};
    writeSafetensors(model_, packModel(tiny.config, tiny.weights, tiny.network, card, false));
    localizer_.emplace(Localizer::load(model_, {1}));
  }
  // A record that tells all features apart.
  static RecordMaker allOfIt() {
    return {"all", [](const PhotoFeatures& features) { return encodeFeatures(features); }};
  }
  ModelDescriber describer(FeatureCache* cache = nullptr) const {
    return {*localizer_, model_, allOfIt(), cache};
  }
  fs::path photoFile(const std::string& name, int seed) const {
    Image image({120, 90}, {200, 205, 210});
    for (int x = 0; x < 120; ++x) image.set(x, (x * seed) % 90, {10, 80, 60});
    writeFileAtomically(folder_ / name, encodeJpeg(image));
    return folder_ / name;
  }
  static DescribedPhoto describe(ModelDescriber& describer, const fs::path& photo) {
    return describer.describe(photo, hashFile(photo));
  }

  const fs::path model_ = folder_ / "tiny.safetensors";
  std::optional<Localizer> localizer_;
};

TEST_F(DescriberTest, TellsSizeOrientationAndTheRecord) {
  ModelDescriber describer = this->describer();
  const DescribedPhoto photo = describe(describer, photoFile("a.jpg", 7));
  EXPECT_EQ(photo.width, 120);
  EXPECT_EQ(photo.height, 90);
  EXPECT_EQ(photo.orientation, 1);
  EXPECT_EQ(decodeFeatures(photo.features, "a.jpg").photo().width, 120);
}

TEST_F(DescriberTest, SaysTheSameOfFeaturesFromTheCache) {
  const fs::path photo = photoFile("a.jpg", 7), copy = photoFile("copy.jpg", 7);
  FeatureCache cache = opened();
  ModelDescriber first = describer(&cache), second = describer(&cache), none = describer();
  const DescribedPhoto fresh = describe(first, photo);
  const DescribedPhoto known = describe(second, copy);
  EXPECT_EQ(first.fromCache(), 0);
  EXPECT_EQ(second.fromCache(), 1);
  EXPECT_EQ(known.features, fresh.features);
  EXPECT_EQ(known.width, fresh.width);
  EXPECT_EQ(known.height, fresh.height);
  EXPECT_EQ(describe(none, photo).features, fresh.features);
}

TEST_F(DescriberTest, PhotosReadAheadAreDescribedAsTheyAreNow) {
  const fs::path a = photoFile("a.jpg", 7), b = photoFile("b.jpg", 11);
  ModelDescriber ahead = describer(), plain = describer();
  ahead.readAhead(a);
  ahead.readAhead(b);
  EXPECT_EQ(describe(ahead, a).features, describe(plain, a).features);
  photoFile("b.jpg", 13);
  EXPECT_EQ(describe(ahead, b).features, describe(plain, b).features);
  ahead.readAhead(folder_ / "not there.jpg");
  photoFile("not there.jpg", 17);
  describe(ahead, folder_ / "not there.jpg");
}

TEST_F(DescriberTest, APhotoThatIsAnotherOneByNowIsNotDescribed) {
  const fs::path photo = photoFile("a.jpg", 7);
  const ContentHash before = hashFile(photo);
  photoFile("a.jpg", 8);
  FeatureCache cache = opened();
  ModelDescriber describer = this->describer(&cache);
  try {
    describer.describe(photo, before);
    ADD_FAILURE() << "described";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.jpg: has changed while it was read"));
  }
  EXPECT_FALSE(cache.get(before, featuresIdentity(model_)));
}

TEST_F(DescriberTest, WhatIsNoPhotoIsNamed) {
  writeFileAtomically(folder_ / "bad.jpg", "not a photo");
  ModelDescriber describer = this->describer();
  describer.readAhead(folder_ / "bad.jpg");
  EXPECT_THROW(describe(describer, folder_ / "bad.jpg"), InputError);
}

TEST_F(DescriberTest, AnotherModelOrRecordIsAnotherIdentity) {
  const ModelDescriber one = describer();
  EXPECT_EQ(one.identity(), describer().identity());
  const RecordMaker record{"other", [](const PhotoFeatures&) { return std::string(); }};
  const ModelDescriber otherRecord(*localizer_, model_, record);
  EXPECT_NE(otherRecord.identity(), one.identity());
  const std::string features = featuresIdentity(model_);
  writeFileAtomically(model_, readFile(model_) + " ");
  EXPECT_NE(featuresIdentity(model_), features);
}

// As on a card, where several photos are described at once.
class BatchDescriberTest : public DescriberTest {
 protected:
  void SetUp() override {
    DescriberTest::SetUp();
    batched_.emplace(Localizer::load(model_, {.threads = 1, .device = "cpu", .batch = 3}));
    for (int i = 0; i < 5; ++i) photos_.push_back(photoFile(fmt::format("{}.jpg", i), 7 + i));
  }
  ModelDescriber batched(FeatureCache* cache = nullptr) const {
    return {*batched_, model_, allOfIt(), cache};
  }
  // Features differ by rounding alone: scores tell.
  void expectSame(const DescribedPhoto& a, const DescribedPhoto& b) const {
    EXPECT_EQ(a.width, b.width);
    Sketch ring;
    ring.strokes = {
        {.x = {10, 90, 88, 11, 10}, .y = {10, 12, 90, 88, 10}, .t = {}, .pressure = {}}};
    const std::vector<WeightedSketch> wanted = {{ring, 1.0}};
    const SketchQuery query = localizer_->understand(wanted);
    const auto found = [&](const DescribedPhoto& photo) {
      return localizer_->locate(query, decodeFeatures(photo.features, "photo"));
    };
    const Detections left = found(a), right = found(b);
    EXPECT_NEAR(left.score, right.score, 1e-3);
    EXPECT_EQ(left.boxes.size(), right.boxes.size());
  }

  std::optional<Localizer> batched_;
  std::vector<fs::path> photos_;
};

TEST_F(BatchDescriberTest, SaysOfEachWhatItSaysOfOneAlone) {
  ModelDescriber together = batched(), alone = describer();
  EXPECT_GE(together.ahead(), 3);
  for (const fs::path& photo : photos_) together.readAhead(photo);
  for (const fs::path& photo : photos_)
    expectSame(describe(together, photo), describe(alone, photo));
}

TEST_F(BatchDescriberTest, DescribesThoseThatComeNextToo) {
  FeatureCache cache = opened();
  ModelDescriber together = batched(&cache);
  for (const fs::path& photo : photos_) together.readAhead(photo);
  describe(together, photos_[0]);
  const auto isKnown = [&](std::size_t number) {
    return cache.get(hashFile(photos_[number]), featuresIdentity(model_)).has_value();
  };
  EXPECT_TRUE(isKnown(1) && isKnown(2));
  EXPECT_FALSE(isKnown(3)) << "three at once";
}

TEST_F(BatchDescriberTest, ABrokenPhotoAmongThemIsNamedInItsTurn) {
  writeFileAtomically(photos_[1], "not a photo");
  ModelDescriber together = batched(), alone = describer();
  for (const fs::path& photo : photos_) together.readAhead(photo);
  expectSame(describe(together, photos_[0]), describe(alone, photos_[0]));
  try {
    describe(together, photos_[1]);
    ADD_FAILURE() << "described";
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("1.jpg"));
  }
  expectSame(describe(together, photos_[2]), describe(alone, photos_[2]));
}

TEST_F(BatchDescriberTest, WhatHasChangedSinceIsDescribedAgain) {
  ModelDescriber together = batched(), alone = describer();
  for (const fs::path& photo : photos_) together.readAhead(photo);
  const DescribedPhoto before = describe(together, photos_[1]);
  describe(together, photos_[0]);
  photoFile("2.jpg", 31);
  expectSame(describe(together, photos_[2]), describe(alone, photos_[2]));
}

}  // namespace
}  // namespace inkling
