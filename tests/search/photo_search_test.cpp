// Search of an indexed folder, with a (tiny, random) model that knows nothing but is quick.
#include "core/search/photo_search.h"

#include <algorithm>
#include <map>
#include <optional>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "core/image/picture_writer.h"
#include "core/inference/feature_codec.h"
#include "core/search/catalogue_update.h"
#include "tests/nn/tiny_model.h"
#include "tests/search/cache_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class PhotoSearchTest : public CacheTest {
 protected:
  void SetUp() override {
    CacheTest::SetUp();
    setenv("XDG_CACHE_HOME", (folder_ / "caches").c_str(), 1);
    fs::create_directories(photos_);
    TinyModel tiny;
    const Json card = {{"name", "tiny"}, {"licence", "none"}};
    writeSafetensors(model_, packModel(tiny.config, tiny.weights, tiny.network, card, false));
    localizer_.emplace(Localizer::load(model_, {1}));
    const std::vector<WeightedSketch> wanted = {{drawing(), 1}};
    query_ = localizer_->understand(wanted);
    for (int i = 1; i <= kPhotos; ++i) write(fmt::format("{:02}.jpg", i), i);
  }
  void TearDown() override {
    unsetenv("XDG_CACHE_HOME");
    CacheTest::TearDown();
  }

  static Sketch drawing() {
    Sketch sketch;
    sketch.name = "drawing";
    sketch.width = sketch.height = 100;
    Stroke stroke;
    for (int i = 0; i <= 20; ++i) {
      stroke.x.push_back(5.0f * static_cast<float>(i));
      stroke.y.push_back(i % 2 == 0 ? 50.0f : 90.0f);
    }
    sketch.strokes.push_back(stroke);
    return sketch;
  }
  void write(const std::string& name, int seed) const {
    Random random(static_cast<std::uint64_t>(seed));
    Image image({120, 90}, {200, 205, 210});
    for (int i = 0; i < 400; ++i) {
      image.set(static_cast<int>(random.below(120)), static_cast<int>(random.below(90)),
                {static_cast<std::uint8_t>(random.below(255)), 80, 60});
    }
    writeFileAtomically(photos_ / name, encodeJpeg(image));
  }
  void index(FeatureCache* cache = nullptr) const {
    Catalogue catalogue = Catalogue::forIndexing(catalogue_, photos_);
    updateCatalogue(catalogue);
    ModelDescriber describer(*localizer_, model_, regionRecord(*localizer_), cache);
    describePhotos(catalogue, describer);
  }
  RegionSetup setup(std::int64_t tailLimit = 4000) const {
    RegionSetup setup = regionSetup(*localizer_, model_);
    setup.tailLimit = tailLimit;
    return setup;
  }

  /// Photos and their scores, in the order that they were looked at.
  using Answer = std::vector<std::pair<std::string, double>>;
  Answer find(const SearchOptions& options = SearchOptions::everything(),
              FeatureCache* cache = nullptr, std::int64_t tailLimit = 4000) {
    const Catalogue catalogue = Catalogue::forReading(catalogue_);
    PhotoSearch search(catalogue, *localizer_, cache, setup(tailLimit));
    search.refresh();
    return find(search, options);
  }
  Answer find(const PhotoSearch& search, const SearchOptions& options,
              const CancellationToken& token = {}) {
    Answer answer;
    outcome_ = search.find(query_, options, token, [&](const LookedPhoto& match) {
      if (!match.error.empty()) {
        errors_.push_back(match.error);
        return;
      }
      EXPECT_EQ(match.size, (Size{120, 90}));
      answer.emplace_back(match.photo.path.native(), match.found.score);
    });
    return answer;
  }
  static std::vector<std::string> names(const Answer& answer) {
    std::vector<std::string> names;
    for (const auto& [name, score] : answer) names.push_back(name);
    return names;
  }
  static std::vector<std::string> sortedNames(const Answer& answer) {
    auto sorted = names(answer);
    std::ranges::sort(sorted);
    return sorted;
  }

  static constexpr int kPhotos = 12;
  const fs::path photos_ = folder_ / "photos", catalogue_ = folder_ / "catalogue.sqlite",
                 regions_ = folder_ / "catalogue.regions", model_ = folder_ / "tiny.safetensors";
  std::optional<Localizer> localizer_;
  SketchQuery query_;
  SearchOutcome outcome_;
  std::vector<std::string> errors_;
};

TEST_F(PhotoSearchTest, AllOfThemAreAnsweredAsIfEachWereLookedAt) {
  index();
  const Answer answer = find();
  ASSERT_EQ(answer.size(), static_cast<std::size_t>(kPhotos));
  for (const auto& [name, score] : answer) {
    const PhotoFeatures features = localizer_->describe(readPhoto(photos_ / name));
    EXPECT_NEAR(score, localizer_->locate(query_, features).score, 0.01) << name;
  }
  EXPECT_EQ(outcome_.looked, kPhotos);
  EXPECT_EQ(outcome_.photos, kPhotos);
  EXPECT_TRUE(outcome_.finished);
}

TEST_F(PhotoSearchTest, TheAnswerDependsOnTheContentNotOnWhatIsCachedOrIndexed) {
  FeatureCache cache = opened();
  index(&cache);
  const Answer fromPhotos = find();
  EXPECT_EQ(outcome_.described, kPhotos);
  const Answer fromCache = find(SearchOptions::everything(), &cache);
  EXPECT_EQ(outcome_.described, 0);
  EXPECT_EQ(fromCache, fromPhotos);
  EXPECT_FALSE(fs::exists(regions_));
  const Answer fromIndex = find(SearchOptions::everything(), &cache, 5);
  EXPECT_TRUE(fs::exists(regions_)) << "many photos are searched by an index";
  EXPECT_EQ(fromIndex, fromPhotos);
}

TEST_F(PhotoSearchTest, PhotosThatComeChangeAndGoAreFollowed) {
  index();
  find(SearchOptions::everything(), nullptr, 5);  // makes an index
  write("new.jpg", 77);
  write("03.jpg", 78);
  fs::remove(photos_ / "04.jpg");
  fs::create_directories(photos_ / "sub");
  fs::rename(photos_ / "05.jpg", photos_ / "sub/moved.jpg");
  index();
  const Answer followed = find(SearchOptions::everything(), nullptr, 5);
  std::vector<std::string> expected = {"new.jpg", "sub/moved.jpg"};
  for (int i = 1; i <= kPhotos; ++i)
    if (i != 4 && i != 5) expected.push_back(fmt::format("{:02}.jpg", i));
  std::ranges::sort(expected);
  EXPECT_EQ(sortedNames(followed), expected);
  fs::remove(regions_);
  EXPECT_EQ(find(), followed) << "as if it had been indexed like that at once";
}

TEST_F(PhotoSearchTest, AnOpenSearchTakesInWhatAnotherProcessIndexes) {
  index();
  const Catalogue catalogue = Catalogue::forReading(catalogue_);
  PhotoSearch search(catalogue, *localizer_, nullptr, setup());
  search.refresh();
  write("later.jpg", 99);
  index();
  EXPECT_EQ(find(search, SearchOptions::everything()).size(), 12U) << "not before refresh()";
  search.refresh();
  EXPECT_EQ(find(search, SearchOptions::everything()).size(), 13U);
  fs::remove(photos_ / "later.jpg");
  index();
  search.refresh();
  EXPECT_EQ(find(search, SearchOptions::everything()).size(), 12U);
}

TEST_F(PhotoSearchTest, GoesOnWhileItFindsSomething) {
  index();
  SearchOptions options;
  options.closest = 3;
  options.patience = 2;
  options.threshold = 1.1;  // nothing ever matches
  EXPECT_EQ(find(options).size(), 3U);
  options.threshold = 0;  // everything does
  EXPECT_EQ(find(options).size(), static_cast<std::size_t>(kPhotos));
  options.most = 7;
  EXPECT_EQ(find(options).size(), 7U);
  options.closest = 1;
  options.patience = 4;
  options.threshold = 1.1;
  EXPECT_EQ(find(options).size(), 4U);
}

TEST_F(PhotoSearchTest, TheClosestAreTheFirstOfAll) {
  index();
  const Answer all = find();
  SearchOptions few;
  few.closest = few.most = 4;
  EXPECT_EQ(find(few), Answer(all.begin(), all.begin() + 4));
}

TEST_F(PhotoSearchTest, APartOfTheFolderCanBeSearched) {
  index();
  SearchOptions options = SearchOptions::everything();
  options.counts = [](const fs::path& path) { return path.native() < "04"; };
  EXPECT_THAT(sortedNames(find(options)), ElementsAre("01.jpg", "02.jpg", "03.jpg"));
  EXPECT_EQ(outcome_.ranked, 3);
  options.closest = options.most = 2;
  EXPECT_EQ(find(options).size(), 2U) << "photos that do not count take nobody's place";
}

TEST_F(PhotoSearchTest, PhotosThatAreGoneOrBrokenSinceAreLeftOutOrTold) {
  index();
  fs::remove(photos_ / "01.jpg");
  writeFileAtomically(photos_ / "02.jpg", "no photo any more");
  const Answer answer = find();
  EXPECT_EQ(answer.size(), 10U);
  EXPECT_EQ(outcome_.looked, 11);
  ASSERT_EQ(errors_.size(), 1U);
  EXPECT_THAT(errors_[0], HasSubstr("02.jpg"));
}

TEST_F(PhotoSearchTest, APhotoThatHasChangedSinceIsLookedAtAnew) {
  FeatureCache cache = opened();
  index(&cache);
  const Answer before = find(SearchOptions::everything(), &cache);
  write("02.jpg", 1234);
  const Answer after = find(SearchOptions::everything(), &cache);
  EXPECT_EQ(outcome_.described, 1);
  const PhotoFeatures now = localizer_->describe(readPhoto(photos_ / "02.jpg"));
  for (const auto& [name, score] : after) {
    if (name != "02.jpg") continue;
    EXPECT_NEAR(score, localizer_->locate(query_, now).score, 0.01);
  }
  EXPECT_EQ(names(after), names(before)) << "its place is still that of what was indexed";
}

TEST_F(PhotoSearchTest, EndsAfterThePhotoInHand) {
  index();
  const Catalogue catalogue = Catalogue::forReading(catalogue_);
  PhotoSearch search(catalogue, *localizer_, nullptr, setup());
  search.refresh();
  const CancellationToken token;
  int seen = 0;
  const SearchOutcome outcome =
      search.find(query_, SearchOptions::everything(), token, [&](const LookedPhoto&) {
        if (++seen == 3) token.cancel();
      });
  EXPECT_EQ(seen, 3);
  EXPECT_FALSE(outcome.finished);
}

TEST_F(PhotoSearchTest, ADamagedOrForeignIndexIsReplaced) {
  index();
  const Answer right = find(SearchOptions::everything(), nullptr, 5);
  const std::string whole = readFile(regions_);
  writeFileAtomically(regions_, whole.substr(0, whole.size() / 2));
  EXPECT_EQ(find(SearchOptions::everything(), nullptr, 5), right);
  EXPECT_EQ(readFile(regions_).size(), whole.size()) << "made anew";

  // The catalogue is made anew: other photos have the numbers that the index knows.
  fs::remove(catalogue_);
  for (int i = 1; i <= kPhotos; ++i) write(fmt::format("{:02}.jpg", i), 100 - i);
  index();
  const Answer others = find(SearchOptions::everything(), nullptr, 5);
  fs::remove(regions_);
  EXPECT_EQ(others, find());
}

TEST_F(PhotoSearchTest, WhereTheCatalogueCannotHaveAnIndexTheCacheFolderHasIt) {
  index();
  fs::create_directories(regions_ / "in the way");
  const Answer answer = find(SearchOptions::everything(), nullptr, 5);
  EXPECT_EQ(answer.size(), static_cast<std::size_t>(kPhotos));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "caches/inkling/regions"), {}), 1);
  EXPECT_EQ(find(SearchOptions::everything(), nullptr, 5), answer);
}

TEST_F(PhotoSearchTest, PhotosOfAnotherModelDoNotCount) {
  index();
  TinyModel other("late", 4);
  const fs::path file = folder_ / "other.safetensors";
  writeSafetensors(file, packModel(other.config, other.weights, other.network,
                                   {{"name", "other"}, {"licence", "none"}}, false));
  const Localizer localizer = Localizer::load(file, {1});
  const Catalogue catalogue = Catalogue::forReading(catalogue_);
  PhotoSearch search(catalogue, localizer, file, nullptr);
  search.refresh();
  EXPECT_EQ(search.library().photos(), 0);
  EXPECT_TRUE(search.rank(query_, 10).empty());
}

TEST_F(PhotoSearchTest, AModelWithoutAnIndexSaysSo) {
  ModelConfig plain = tinyConfig();
  plain.indexDim = 0;
  TinyModel tiny(plain);
  const fs::path file = folder_ / "plain.safetensors";
  writeSafetensors(file, packModel(tiny.config, tiny.weights, tiny.network,
                                   {{"name", "plain"}, {"licence", "none"}}, false));
  const Localizer localizer = Localizer::load(file, {1});
  EXPECT_FALSE(localizer.hasIndex());
  index();
  const Catalogue catalogue = Catalogue::forReading(catalogue_);
  EXPECT_THROW(PhotoSearch(catalogue, localizer, file, nullptr), ModelError);
}

TEST_F(PhotoSearchTest, AnEmptyFolderAnswersWithNothing) {
  for (int i = 1; i <= kPhotos; ++i) fs::remove(photos_ / fmt::format("{:02}.jpg", i));
  index();
  EXPECT_TRUE(find().empty());
  EXPECT_EQ(outcome_.photos, 0);
}

}  // namespace
}  // namespace inkling
