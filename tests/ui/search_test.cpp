// Searching in the background with the model that ships: answers, their order, cancelling, bad
// photos.
#include <QSignalSpy>
#include <QTest>
#include <filesystem>

#include <unistd.h>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"
#include "core/search/feature_cache.h"
#include "event_watch.h"
#include "scratch_folder.h"
#include "search_answers.h"

using namespace inkling;
namespace fs = std::filesystem;

class SearchTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() {
    // What is in memory alone is the subject here; catalogue_search_test.cpp is about the disk.
    keepEverythingIn(home_.path());
    FeatureCache::chooseLimit(FeatureCache::defaultFile(), 0);
    photos_ = listFiles(resources() / "samples/photos", photoExtensions());
    QVERIFY(photos_.size() >= 10);
    photos_.resize(6);
    QSignalSpy loaded(&engine_, &SearchEngine::loaded);
    engine_.load(resources() / "models/inkling-s.safetensors", {0});
    QVERIFY(loaded.wait(90000));
  }
  void init() {
    fs::create_directories(folder_);
    engine_.setPaused(false);
  }
  void cleanup() {
    engine_.setOpen({}, false);
    engine_.setQuery({});
    engine_.setPhotos(std::vector<fs::path>());
    QCoreApplication::processEvents();
    fs::remove_all(folder_);
  }

  void aDrawingFindsItsThing() {
    Answers answers(engine_);
    engine_.setPhotos(photos_);
    engine_.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.found.size(), photos_.size(), 180000);
    const auto best =
        std::max_element(answers.found.begin(), answers.found.end(),
                         [](auto& a, auto& b) { return a.second.score < b.second.score; });
    QCOMPARE(photos_[best->first].filename().string(), std::string("airplane_sky.jpg"));
    QVERIFY(!best->second.boxes.empty());
    QVERIFY(answers.failed.empty());
    QTRY_VERIFY(answers.progress.kind == SearchProgress::Kind::kIdle);
    QCOMPARE(answers.progress.done, photos_.size());
  }

  void aChangedDrawingAnswersWithoutDescribingAgain() {
    Answers answers(engine_);
    engine_.setPhotos(photos_);
    QTRY_VERIFY_WITH_TIMEOUT(answers.progress.done == photos_.size(), 180000);
    QElapsedTimer clock;
    clock.start();
    engine_.setQuery(looking("bus"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.found.size(), photos_.size(), 90000);
    qInfo("%zu photos answered in %lld ms", photos_.size(), clock.elapsed());
  }

  void photosInSightComeFirst() {
    engine_.load(resources() / "models/inkling-s.safetensors", {0});  // forgets what is known
    Answers answers(engine_);
    engine_.setPaused(true);
    engine_.setPhotos(photos_);
    engine_.setVisible({4, 2});
    engine_.setQuery(looking("airplane"));
    engine_.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(answers.order.size() >= 3, 180000);
    QCOMPARE(answers.order[0], std::size_t{4});
    QCOMPARE(answers.order[1], std::size_t{2});
    QCOMPARE(answers.order[2], std::size_t{0});
  }

  void aNewerQuerySilencesTheOlder() {
    Answers answers(engine_);
    engine_.setPhotos(photos_);
    QTRY_VERIFY_WITH_TIMEOUT(answers.progress.done == photos_.size(), 180000);
    for (int i = 0; i < 20; ++i) engine_.setQuery(looking(i % 2 == 0 ? "bus" : "airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.found.size(), photos_.size(), 90000);
    QTest::qWait(300);
    // Every photo was answered once, for the last of twenty queries.
    QCOMPARE(answers.order.size(), photos_.size());
    const auto plane = std::find_if(answers.found.begin(), answers.found.end(), [&](auto& entry) {
      return photos_[entry.first].filename() == "airplane_sky.jpg";
    });
    QVERIFY(plane->second.score > 0.3F);
  }

  void theOpenPhotoAnswersFirstWithItsAttention() {
    Answers answers(engine_);
    engine_.setPaused(true);
    engine_.setPhotos(photos_);
    engine_.setOpen(photos_[3], true);
    engine_.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.attention.size(), std::size_t{1}, 90000);
    QCOMPARE(answers.order.front(), std::size_t{3});
    QCOMPARE(answers.attention[0].photo, photos_[3]);
    QCOMPARE(answers.attention[0].drawings.size(), std::size_t{1});
    const HeatMap map = answers.attention[0].maps->rollout();
    QVERIFY(map.width > 4 && map.height > 4);
  }

  void pausedMeansPausedAndNothingIsLost() {
    engine_.load(resources() / "models/inkling-s.safetensors", {0});
    Answers answers(engine_);
    engine_.setPhotos(photos_);
    engine_.setQuery(looking("bus"));
    QTRY_VERIFY_WITH_TIMEOUT(answers.found.size() >= 2, 180000);
    engine_.setPaused(true);
    QTRY_VERIFY_WITH_TIMEOUT(answers.progress.paused, 60000);
    QTest::qWait(200);
    const std::size_t before = answers.found.size();
    QVERIFY(before < photos_.size());
    QTest::qWait(1200);
    QCOMPARE(answers.found.size(), before);
    engine_.setPaused(false);
    QTRY_COMPARE_WITH_TIMEOUT(answers.found.size(), photos_.size(), 180000);
    QCOMPARE(answers.order.size(), photos_.size());  // none twice
  }

  void cancelledKeepsWhatWasFound() {
    engine_.load(resources() / "models/inkling-s.safetensors", {0});
    Answers answers(engine_);
    engine_.setPhotos(photos_);
    engine_.setQuery(looking("bus"));
    QTRY_VERIFY_WITH_TIMEOUT(answers.found.size() >= 1, 180000);
    engine_.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(answers.progress.kind == SearchProgress::Kind::kIdle, 60000);
    const std::size_t kept = answers.found.size();
    QTest::qWait(1000);
    QCOMPARE(answers.found.size(), kept);
    QVERIFY(kept < photos_.size());
  }

  void brokenPhotosAreNamedAndTheOthersGoOn() {
    writeFileAtomically(folder_ / "a.jpg", "no photo at all");
    fs::copy_file(photos_[0], folder_ / "b.jpg");
    Answers answers(engine_);
    engine_.setPhotos(std::vector{folder_ / "a.jpg", folder_ / "b.jpg", folder_ / "gone.jpg"});
    engine_.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.failed.size(), std::size_t{2}, 90000);
    QTRY_COMPARE_WITH_TIMEOUT(answers.found.size(), std::size_t{1}, 90000);
    QVERIFY(answers.failed[0].contains(QStringLiteral("a.jpg")));
    QVERIFY(answers.failed[2].contains(QStringLiteral("gone.jpg")));
  }

  void aReplacedPhotoIsLookedAtAgain() {
    const auto named = [&](const char* name) { return resources() / "samples/photos" / name; };
    const fs::path file = folder_ / "photo.jpg";
    fs::copy_file(named("pizza_table.jpg"), file);
    Answers answers(engine_);
    engine_.setPhotos(std::vector{file});
    engine_.setQuery(looking("airplane"));
    QTRY_COMPARE_WITH_TIMEOUT(answers.order.size(), std::size_t{1}, 90000);
    const float before = answers.found[0].score;
    fs::copy_file(named("airplane_sky.jpg"), file, fs::copy_options::overwrite_existing);
    engine_.forget(0);
    QTRY_COMPARE_WITH_TIMEOUT(answers.order.size(), std::size_t{2}, 90000);
    QVERIFY(answers.found[0].score > before + 0.2F);
  }

  void aModelThatCannotBeReadSaysWhy() {
    SearchEngine engine;
    QSignalSpy failed(&engine, &SearchEngine::loadFailed);
    writeFileAtomically(folder_ / "broken.safetensors", "not a model");
    engine.load(folder_ / "broken.safetensors", {0});
    engine.setPhotos(photos_);
    engine.setQuery(looking("bus"));
    QVERIFY(failed.wait(60000));
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("broken.safetensors")));
  }

  void anEngineThatIsBusyCanBeThrownAway() {
    QElapsedTimer clock;
    {
      SearchEngine engine;
      QSignalSpy loaded(&engine, &SearchEngine::loaded);
      engine.load(resources() / "models/inkling-s.safetensors", {0});
      QVERIFY(loaded.wait(90000));
      engine.setPhotos(photos_);
      engine.setQuery(looking("bus"));
      QTest::qWait(100);
      clock.start();
    }
    qInfo("thrown away in %lld ms", clock.elapsed());
  }

  void theWindowsThreadIsNeverBlocked() {
    auto& watch = static_cast<WatchedApplication*>(qApp)->watch();
    Answers answers(engine_);
    watch.start();
    engine_.setPhotos(photos_);
    for (int i = 0; i < 40; ++i) {
      engine_.setQuery(looking(i % 2 == 0 ? "bus" : "airplane"));
      QTest::qWait(50);
    }
    qInfo("slowest of %d events: %.2f ms (%s)", watch.events(), watch.worst(),
          qPrintable(watch.where()));
    QVERIFY2(watch.worst() < 16, qPrintable(watch.where()));
  }

 private:
  ScratchFolder home_{"search-home"};
  SearchEngine engine_;
  std::vector<fs::path> photos_;
  fs::path folder_ = fs::temp_directory_path() / ("inkling-search-" + std::to_string(::getpid()));
};

int main(int argc, char** argv) {
  WatchedApplication application(argc, argv);
  SearchTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "search_test.moc"
