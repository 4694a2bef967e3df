// What photos are indexed by: bytes and back, and how well it foretells what locate says.
#include "core/inference/photo_regions.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "core/inference/localizer.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

PhotoRegions someRegions() {
  PhotoRegions regions;
  regions.dimension = 3;
  regions.regions = {{{1.5, 2, 30, 40}, -0.25f, 3.5f}, {{0, 0, 29999.5, 7}, -9.2f, 0.125f}};
  regions.vectors = {1, -2, 0.5f, 0, 1000, -0.0625f};
  return regions;
}

TEST(PhotoRegions, ComeBackFromBytes) {
  const PhotoRegions before = someRegions();
  const PhotoRegions after = decodeRegions(encodeRegions(before), "photo");
  EXPECT_EQ(after.dimension, 3);
  EXPECT_EQ(after.vectors, before.vectors);
  ASSERT_EQ(after.regions.size(), 2u);
  EXPECT_EQ(after.regions[1].box, before.regions[1].box);
  EXPECT_EQ(after.regions[1].objectness, before.regions[1].objectness);
  EXPECT_EQ(after.regions[0].spread, before.regions[0].spread);
}

TEST(PhotoRegions, APhotoWithoutAnyIsNoError) {
  PhotoRegions none;
  none.dimension = 94;
  EXPECT_TRUE(decodeRegions(encodeRegions(none), "photo").regions.empty());
}

TEST(PhotoRegions, BrokenBytesAreAnInputErrorThatNamesThem) {
  const std::string whole = encodeRegions(someRegions());
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_THROW(decodeRegions(whole.substr(0, size), "photo"), InputError) << size;
  EXPECT_THROW(decodeRegions(whole + 'x', "photo"), InputError);
  for (const std::size_t at : {0u, 4u, 8u, 12u}) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    try {
      decodeRegions(broken, "street.jpg");
      FAIL() << at;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("street.jpg"), std::string::npos);
    }
  }
  std::string notANumber = whole;
  notANumber[notANumber.size() - 1] = 0x7E;
  EXPECT_THROW(decodeRegions(notANumber, "photo"), InputError);
}

class PhotoRegionsOfTheModel : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    localizer_ = new Localizer(Localizer::load(resources() / "models/inkling-s.safetensors"));
    for (const auto& entry : fs::directory_iterator(resources() / "samples/photos"))
      if (entry.path().extension() == ".jpg") files_.push_back(entry.path());
    std::ranges::sort(files_);
    files_.resize(std::min<std::size_t>(files_.size(), 8));
    for (const fs::path& file : files_) photos_.push_back(localizer_->describe(readPhoto(file)));
  }
  static void TearDownTestSuite() {
    photos_.clear();
    files_.clear();
    delete localizer_;
  }
  static fs::path resources() { return fs::path(std::getenv("INKLING_SOURCE_DIR")) / "resources"; }
  static SketchQuery query(const char* name) {
    const std::vector<WeightedSketch> wanted = {
        {readSketch(resources() / "samples/sketches" / name), 1}};
    return localizer_->understand(wanted);
  }
  static std::vector<PhotoRegions> regions() {
    std::vector<PhotoRegions> all;
    for (const PhotoFeatures& photo : photos_) all.push_back(localizer_->regions(photo));
    return all;
  }

  static inline Localizer* localizer_ = nullptr;
  static inline std::vector<fs::path> files_;
  static inline std::vector<PhotoFeatures> photos_;
};

TEST_F(PhotoRegionsOfTheModel, LieInThePhotoAndAreFew) {
  for (const PhotoRegions& photo : regions()) {
    EXPECT_GT(photo.regions.size(), 0u);
    EXPECT_LE(photo.regions.size(), 16u);
    EXPECT_EQ(photo.vectors.size(),
              photo.regions.size() * static_cast<std::size_t>(photo.dimension));
    EXPECT_LT(encodeRegions(photo).size(), 4000u);
    for (const auto& region : photo.regions) {
      EXPECT_GE(region.box.x, 0);
      EXPECT_GE(region.box.width, 0);
      EXPECT_LE(region.objectness, 0);
    }
  }
}

// Photos whose scores differ clearly are put in the right order.
TEST_F(PhotoRegionsOfTheModel, ForetellWhatLocateWillSay) {
  const std::vector<PhotoRegions> all = regions();
  for (const char* name : {"bus.json", "airplane.json", "bicycle.json", "cat.json"}) {
    const SketchQuery drawn = query(name);
    const std::vector<double> guesses = localizer_->estimate(localizer_->regionQuery(drawn), all);
    ASSERT_EQ(guesses.size(), photos_.size());
    std::vector<double> scores;
    for (const PhotoFeatures& photo : photos_)
      scores.push_back(localizer_->locate(drawn, photo).score);
    for (std::size_t a = 0; a < photos_.size(); ++a) {
      for (std::size_t b = 0; b < photos_.size(); ++b) {
        if (scores[a] > scores[b] + 0.25) {
          EXPECT_GT(guesses[a], guesses[b]) << name << files_[a] << files_[b];
        }
      }
    }
  }
}

TEST_F(PhotoRegionsOfTheModel, TheLargestInnerProductFindsThePhotoThatShowsIt) {
  const SketchQuery bus = query("bus.json");
  const RegionQuery asked = localizer_->regionQuery(bus);
  const auto width = static_cast<std::size_t>(localizer_->indexDimension());
  ASSERT_EQ(asked.probes().size() % width, 0u);
  std::vector<double> products, truth;
  for (const PhotoFeatures& photo : photos_) {
    const std::vector<float> rows = localizer_->indexVectors(localizer_->regions(photo));
    ASSERT_EQ(rows.size() % width, 0u);
    double best = -1e9;
    for (std::size_t r = 0; r < rows.size(); r += width) {
      for (std::size_t q = 0; q < asked.probes().size(); q += width) {
        double product = 0;
        for (std::size_t i = 0; i < width; ++i) product += rows[r + i] * asked.probes()[q + i];
        best = std::max(best, product);
      }
    }
    products.push_back(best);
    truth.push_back(localizer_->locate(bus, photo).score);
  }
  EXPECT_EQ(std::ranges::max_element(products) - products.begin(),
            std::ranges::max_element(truth) - truth.begin());
}

TEST_F(PhotoRegionsOfTheModel, BytesChangeTheEstimateByLittle) {
  std::vector<PhotoRegions> all = regions(), again;
  for (const PhotoRegions& photo : all) again.push_back(decodeRegions(encodeRegions(photo), "p"));
  const RegionQuery bus = localizer_->regionQuery(query("bus.json"));
  const std::vector<double> before = localizer_->estimate(bus, all),
                            after = localizer_->estimate(bus, again);
  for (std::size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 0.01);
}

}  // namespace
}  // namespace inkling
