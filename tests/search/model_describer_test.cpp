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

}  // namespace
}  // namespace inkling
