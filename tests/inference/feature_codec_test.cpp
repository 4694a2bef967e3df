// Features that were kept as bytes answer as they did before.
#include "core/inference/feature_codec.h"

#include <cstdlib>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

class FeatureCodec : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    localizer_ = new Localizer(Localizer::load(resources() / "models/inkling-s.safetensors"));
    photo_ = new PhotoFeatures(
        localizer_->describe(readPhoto(resources() / "samples/photos/buses_rain.jpg")));
  }
  static void TearDownTestSuite() {
    delete photo_;
    delete localizer_;
  }
  static fs::path resources() { return fs::path(std::getenv("INKLING_SOURCE_DIR")) / "resources"; }
  static SketchQuery query(const char* name) {
    const std::vector<WeightedSketch> wanted = {
        {readSketch(resources() / "samples/sketches" / name), 1}};
    return localizer_->understand(wanted);
  }

  static inline Localizer* localizer_ = nullptr;
  static inline PhotoFeatures* photo_ = nullptr;
};

TEST_F(FeatureCodec, AnswersAsBefore) {
  const std::string bytes = encodeFeatures(*photo_);
  const PhotoFeatures again = decodeFeatures(bytes, "photo");
  EXPECT_EQ(again.photo(), photo_->photo());
  for (const char* name : {"bus.json", "airplane.json", "cat.json"}) {
    const Detections before = localizer_->locate(query(name), *photo_);
    const Detections after = localizer_->locate(query(name), again);
    EXPECT_NEAR(after.score, before.score, 0.01) << name;
    ASSERT_FALSE(before.boxes.empty());
    ASSERT_FALSE(after.boxes.empty());
    EXPECT_NEAR(after.boxes[0].score, before.boxes[0].score, 0.01) << name;
    EXPECT_GT(iou(after.boxes[0].box, before.boxes[0].box), 0.97) << name;
  }
  EXPECT_LT(bytes.size(), photo_->bytes() * 6 / 10);
}

TEST_F(FeatureCodec, AttentionToo) {
  const SketchQuery bus = query("bus.json");
  const HeatMap before = localizer_->attend(bus, *photo_).rollout();
  const HeatMap after =
      localizer_->attend(bus, decodeFeatures(encodeFeatures(*photo_), "photo")).rollout();
  ASSERT_EQ(before.values.size(), after.values.size());
  for (std::size_t i = 0; i < before.values.size(); ++i)
    EXPECT_NEAR(before.values[i], after.values[i], 0.01);
}

TEST_F(FeatureCodec, BrokenBytesAreAnInputErrorThatNamesThem) {
  const std::string whole = encodeFeatures(*photo_);
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, whole.size() / 2, whole.size() - 1}) {
    try {
      decodeFeatures(std::string_view(whole).substr(0, size), "street.jpg");
      ADD_FAILURE() << size;
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("street.jpg"));
    }
  }
  EXPECT_THROW(encodeFeatures({}), UsageError);
}

}  // namespace
}  // namespace inkling
