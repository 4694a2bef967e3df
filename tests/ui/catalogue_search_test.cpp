// Searching folders that have catalogues: what was described once is known in the next session, in
// large folders only the most promising photos are looked at closely, and nothing that happens to
// catalogues, photos or the program stops the search.
#include <QApplication>
#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "core/search/catalogue_place.h"
#include "core/search/catalogue_update.h"
#include "core/search/photo_search.h"
#include "scratch_folder.h"
#include "search_answers.h"
#include "tests/ui/tiny_model_file.h"

using namespace inkling;
namespace fs = std::filesystem;

namespace {

constexpr int kLong = 120'000;  // ms, for a busy machine
constexpr std::size_t kMany = 360;
const auto kClosest = static_cast<std::size_t>(SearchOptions().closest);

using Photos = std::vector<fs::path>;

Photos photosIn(const fs::path& folder) { return listFiles(folder, photoExtensions()); }

// A small picture that differs from that of any other number.
void writePicture(const fs::path& file, int number) {
  QImage image(64, 48, QImage::Format_RGB32);
  image.fill(QColor::fromHsv(number * 37 % 360, 120, 220));
  QPainter painter(&image);
  painter.setBrush(QColor::fromHsv(number * 53 % 360, 255, 128));
  painter.drawEllipse(number % 40, number / 40 % 30, 12 + number % 11, 10 + number % 7);
  painter.end();
  QVERIFY(image.save(QString::fromStdString(file.string()), "JPG", 90));
}

// As `inkling index` does.
void indexFolder(const fs::path& folder, const fs::path& model) {
  const Localizer localizer = Localizer::load(model);
  FeatureCache cache = FeatureCache::open(FeatureCache::defaultFile(),
                                          FeatureCache::chosenLimit(FeatureCache::defaultFile()));
  Catalogue catalogue = Catalogue::forIndexing(cataloguePlace(folder), folder);
  updateCatalogue(catalogue);
  ModelDescriber describer(localizer, model, regionRecord(localizer), &cache);
  describePhotos(catalogue, describer);
}

std::int64_t describedIn(const fs::path& folder) {
  const auto file = existingCatalogue(folder);
  return file ? Catalogue::forReading(*file).counts().described : 0;
}

// An engine with a loaded model, and what it says. Thrown away, it is as if the program had ended.
struct Session {
  explicit Session(const fs::path& model, std::size_t memory = 0) : engine(nullptr, memory) {
    QSignalSpy loaded(&engine, &SearchEngine::loaded);
    engine.load(model, {1});
    if (!loaded.wait(kLong)) qFatal("the model is not loaded");
  }
  void open(const fs::path& folder) {
    photos = photosIn(folder);
    engine.setPhotos(photos, {folder});
  }
  std::size_t numberOf(const std::string& name) const {
    const auto at = std::ranges::find_if(
        photos, [&](const fs::path& photo) { return photo.filename() == name; });
    return static_cast<std::size_t>(at - photos.begin());
  }
  bool isThrough() const {
    return answers.progress.kind == SearchProgress::Kind::kIdle &&
           answers.progress.total == photos.size() && answers.progress.done == photos.size();
  }

  SearchEngine engine;
  Answers answers{engine};
  Photos photos;
};

}  // namespace

class CatalogueSearchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { writeTinyModel(tiny_); }
  void init() {
    folder_ = std::make_unique<ScratchFolder>("catalogue-search");
    keepEverythingIn(*folder_ / "home");
    fs::create_directories(photos());
  }
  void cleanup() { folder_.reset(); }

  void whatOneSessionDescribedTheNextOneKnows() {
    copySamples(4);
    {
      Session first(shippedModel());
      first.open(photos());
      QTRY_VERIFY_WITH_TIMEOUT(first.isThrough(), kLong);
      QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{4}, kLong);
      QCOMPARE(first.answers.described.size(), std::size_t{4});
    }
    Session next(shippedModel());
    next.open(photos());
    next.engine.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(next.answers.found.size(), std::size_t{4}, kLong);
    QVERIFY(next.answers.described.empty());
    const std::size_t plane = next.numberOf("airplane_sky.jpg");
    QVERIFY(next.answers.found[plane].score > 0.3F);
  }

  void whatTheCommandLineIndexedIsUsed() {
    copySamples(3);
    indexFolder(photos(), shippedModel());
    Session session(shippedModel());
    session.open(photos());
    session.engine.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{3}, kLong);
    QVERIFY(session.answers.described.empty());
    QVERIFY(session.answers.notices.empty());
  }

  void aFolderThatAnotherProcessIndexesIsSearched() {
    makePhotos(6);
    indexFolder(photos(), tiny_);
    for (int i = 6; i < 9; ++i) writePicture(photos() / ("new" + std::to_string(i) + ".jpg"), i);
    const Catalogue held = Catalogue::forIndexing(cataloguePlace(photos()), photos());
    Session session(tiny_);
    session.open(photos());
    session.engine.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{9}, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(session.isThrough(), kLong);
    QVERIFY(session.answers.notices.empty());
    QCOMPARE(describedIn(photos()), std::int64_t{6});  // it is the other one's to write
  }

  void whenTheOtherProcessHasFinishedPhotosAreKept() {
    makePhotos(3);
    auto held =
        std::make_unique<Catalogue>(Catalogue::forIndexing(cataloguePlace(photos()), photos()));
    Session session(tiny_);
    session.open(photos());
    QTRY_VERIFY_WITH_TIMEOUT(session.isThrough(), kLong);
    QTest::qWait(300);
    QCOMPARE(describedIn(photos()), std::int64_t{0});
    held.reset();
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{3}, kLong);
  }

  void aDamagedCatalogueIsSetAsideAndTheFolderSearched() {
    makePhotos(5);
    indexFolder(photos(), tiny_);
    const fs::path file = *existingCatalogue(photos());
    writeFileAtomically(file, std::string(20'000, 'x'));
    Session session(tiny_);
    session.open(photos());
    session.engine.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{5}, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.notices.size(), std::size_t{1}, kLong);
    QVERIFY(session.answers.notices[0].contains(QStringLiteral("broken-1")));
    QVERIFY(fs::exists(file.string() + ".broken-1"));
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{5}, kLong);
  }

  void withAFileInTheWayTheCatalogueLiesElsewhere() {
    makePhotos(4);
    writeFileAtomically(photos() / ".inkling", "in the way");
    {
      Session session(tiny_);
      session.open(photos());
      QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{4}, kLong);
      QVERIFY(session.answers.notices.empty());
    }
    QVERIFY(existingCatalogue(photos())->native().starts_with((*folder_ / "home").native()));
    QCOMPARE(readFile(photos() / ".inkling"), std::string("in the way"));
  }

  void withNoPlaceForACatalogueThatIsToldAndTheFolderSearched() {
    makePhotos(4);
    writeFileAtomically(photos() / ".inkling", "in the way");
    fs::create_directories(*folder_ / "home");
    writeFileAtomically(*folder_ / "home/share", "in the way, too");
    Session session(tiny_);
    session.open(photos());
    session.engine.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{4}, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.notices.size(), std::size_t{1}, kLong);
  }

  void photosThatChangeWhileOpenAreSeenAsTheyAre() {
    copySamples(0);
    fs::copy_file(sample("pizza_table.jpg"), photos() / "a.jpg");
    fs::copy_file(sample("buses_rain.jpg"), photos() / "b.jpg");
    fs::copy_file(sample("bicycle_road.jpg"), photos() / "c.jpg");
    Session session(shippedModel());
    session.open(photos());
    session.engine.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{3}, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{3}, kLong);
    const float before = session.answers.found[0].score;
    // What the window does when it hears of it: another photo behind a name, one more, one less.
    fs::copy_file(sample("airplane_sky.jpg"), photos() / "a.jpg",
                  fs::copy_options::overwrite_existing);
    fs::copy_file(sample("airplane_sky.jpg"), photos() / "d.jpg");
    fs::remove(photos() / "b.jpg");
    session.answers.found.clear();
    session.open(photos());
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{3}, kLong);
    QVERIFY(session.answers.failed.empty());
    QVERIFY(session.answers.found[session.numberOf("a.jpg")].score > before + 0.2F);
    QCOMPARE(session.answers.found[session.numberOf("d.jpg")].score,
             session.answers.found[session.numberOf("a.jpg")].score);
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{3}, kLong);
  }

  void ofManyPhotosOnlyTheMostPromisingAreLookedAt_data() {
    QTest::addColumn<quint64>("memory");
    QTest::newRow("usual memory") << quint64{0};
    QTest::newRow("memory for one photo") << quint64{1};
  }
  void ofManyPhotosOnlyTheMostPromisingAreLookedAt() {
    QFETCH(quint64, memory);
    makePhotos(kMany);
    indexFolder(photos(), tiny_);
    Session session(tiny_, memory);
    session.open(photos());
    QTRY_VERIFY_WITH_TIMEOUT(session.isThrough(), kLong);
    session.engine.setVisible({kMany - 1, kMany - 2});
    session.engine.setQuery(looking("bus"));
    QTRY_VERIFY_WITH_TIMEOUT(session.answers.found.size() >= kClosest && session.isThrough(),
                             kLong);
    // Nothing matches, so the search ends after the usual number, and those in sight.
    const std::size_t looked = session.answers.found.size();
    QVERIFY2(looked < 70, qPrintable(QString::number(looked)));
    QCOMPARE(session.answers.progress.passed, kMany - looked);
    QVERIFY(session.answers.found.contains(kMany - 1));
    QVERIFY(session.answers.found.contains(kMany - 2));
    // Scrolled into sight: it is answered after all.
    std::size_t passed = 0;
    while (session.answers.found.contains(passed)) ++passed;
    session.engine.setVisible({passed});
    QTRY_VERIFY_WITH_TIMEOUT(session.answers.found.contains(passed), kLong);
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.progress.passed, kMany - looked - 1, kLong);
    // A changed drawing answers anew.
    session.answers.found.clear();
    session.engine.setQuery(looking("airplane"));
    QTRY_VERIFY_WITH_TIMEOUT(session.answers.found.size() >= kClosest && session.isThrough(),
                             kLong);
    QVERIFY(session.answers.found.contains(passed));
    QVERIFY(session.answers.failed.empty());
    QVERIFY(session.answers.described.empty());
  }

  void photosThatTheIndexNamesAreTheBestOnes() {
    // One box matches from any score up: the search goes through all that the index names.
    const fs::path model = *folder_ / "all-match.safetensors";
    writeTinyModel(model, 0);
    makePhotos(kMany);
    indexFolder(photos(), model);
    Session session(model);
    session.open(photos());
    session.engine.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), kMany, kLong);
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.progress.passed, std::size_t{0}, kLong);
    QCOMPARE(session.answers.order.size(), kMany);  // none twice
  }

  void aPausedSearchGoesOn() {
    makePhotos(kMany);
    indexFolder(photos(), tiny_);
    Session session(tiny_);
    session.open(photos());
    QTRY_VERIFY_WITH_TIMEOUT(session.isThrough(), kLong);
    session.engine.setPaused(true);
    session.engine.setQuery(looking("bus"));
    QTRY_VERIFY_WITH_TIMEOUT(session.answers.progress.paused, kLong);
    QTest::qWait(500);
    QVERIFY(session.answers.found.empty());  // nothing is in memory yet
    session.engine.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(session.answers.found.size() >= kClosest && session.isThrough(),
                             kLong);
    QCOMPARE(session.answers.order.size(), session.answers.found.size());
  }

  void twoFoldersOfWhichOneHasNoCatalogueAreBothSearched() {
    makePhotos(kMany);
    indexFolder(photos(), tiny_);
    const fs::path other = *folder_ / "other";
    fs::create_directories(other);
    for (int i = 0; i < 5; ++i) writePicture(other / (std::to_string(i) + ".jpg"), 1000 + i);
    Session session(tiny_);
    session.photos = photosIn(photos());
    std::ranges::copy(photosIn(other), std::back_inserter(session.photos));
    session.engine.setPhotos(session.photos, {photos(), other});
    session.engine.setQuery(looking("bus"));
    for (std::size_t i = kMany; i < kMany + 5; ++i)
      QTRY_VERIFY_WITH_TIMEOUT(session.answers.found.contains(i), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(session.isThrough(), kLong);
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(other), std::int64_t{5}, kLong);
  }

  void anotherLimitOfTheCacheTakesEffectAtOnce() {
    makePhotos(5);
    Session session(tiny_);
    session.open(photos());
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{5}, kLong);
    QVERIFY(fs::exists(FeatureCache::defaultFile()));
    FeatureCache::chooseLimit(FeatureCache::defaultFile(), 0);
    session.engine.takeCacheLimit();
    QTRY_VERIFY_WITH_TIMEOUT(!fs::exists(FeatureCache::defaultFile()), kLong);
    session.engine.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(session.answers.found.size(), std::size_t{5}, kLong);
  }

  void closedAtAnyMomentItNeitherHangsNorForgets() {
    makePhotos(kMany);
    for (int round = 0; round < 20; ++round) {
      // In the middle of the comparison, of describing, of ranking, of a close look.
      QElapsedTimer clock;
      {
        Session session(tiny_);
        session.open(photos());
        if (round % 2 == 1) session.engine.setQuery(looking(round % 4 == 1 ? "bus" : "airplane"));
        if (round % 5 == 4) session.open(photos());
        QTest::qWait(round * 7919 % 400);
        clock.start();
      }
      QVERIFY2(clock.elapsed() < kLong / 4, qPrintable(QString::number(clock.elapsed())));
    }
    QVERIFY(describedIn(photos()) > 0);
    QCOMPARE(Catalogue::forReading(*existingCatalogue(photos())).check(), std::string("ok"));
    Session session(tiny_);
    session.open(photos());
    QTRY_COMPARE_WITH_TIMEOUT(describedIn(photos()), std::int64_t{kMany}, kLong);
    QVERIFY(session.answers.notices.empty());
  }

 private:
  fs::path photos() const { return *folder_ / "photos"; }
  static fs::path sample(const std::string& name) { return resources() / "samples/photos" / name; }
  void copySamples(std::size_t count) const {
    const Photos samples = photosIn(resources() / "samples/photos");
    for (std::size_t i = 0; i < count; ++i)
      fs::copy_file(samples[i], photos() / samples[i].filename());
  }
  void makePhotos(int count) const {
    for (int i = 0; i < count; ++i) writePicture(photos() / (std::to_string(i) + ".jpg"), i);
  }

  ScratchFolder models_{"catalogue-search-models"};
  const fs::path tiny_ = models_ / "tiny.safetensors";
  std::unique_ptr<ScratchFolder> folder_;
};

int main(int argc, char** argv) {
  QApplication application(argc, argv);
  CatalogueSearchTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "catalogue_search_test.moc"
