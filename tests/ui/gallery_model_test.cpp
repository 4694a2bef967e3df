// The gallery without a window: listing folders in the background, what is shown, and how fast.
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "ui/gallery/folder_scan.h"
#include "ui/gallery/photo_model.h"
#include "ui/gallery/score_order.h"

using namespace inkling;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(inkling::PhotoPaths)

class GalleryModelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { fs::create_directories(folder_); }
  void cleanup() { fs::remove_all(folder_); }

  void photosAreListedInNaturalOrderWithoutHiddenOnes() {
    for (const char* name :
         {"p10.jpg", "p2.JPG", "sub/a.png", ".hidden.jpg", ".cache/b.jpg", "notes.txt"}) {
      fs::create_directories((folder_ / name).parent_path());
      std::ofstream(folder_ / name) << "x";
    }
    const PhotoPaths found = scanned({folder_});
    QCOMPARE(names(found), (QStringList{QStringLiteral("p2.JPG"), QStringLiteral("p10.jpg"),
                                        QStringLiteral("a.png")}));
    QCOMPARE(scanned({folder_, folder_ / "p2.JPG", folder_}).size(), found.size());
  }

  void aFolderThatIsNotThereIsNamedAndTheOthersGoOn() {
    std::ofstream(folder_ / "a.jpg") << "x";
    FolderScan scan;
    QSignalSpy failed(&scan, &FolderScan::failed), finished(&scan, &FolderScan::finished);
    scan.start({"/nowhere/at/all", folder_});
    QVERIFY(finished.wait());
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("/nowhere/at/all")));
    QCOMPARE(finished[0][0].value<PhotoPaths>().size(), std::size_t{1});
  }

  void aNewScanSilencesTheOlder() {
    for (int i = 0; i < 3000; ++i) std::ofstream(folder_ / (std::to_string(i) + ".jpg"));
    fs::create_directories(folder_ / "one");
    std::ofstream(folder_ / "one/only.jpg");
    FolderScan scan;
    QSignalSpy finished(&scan, &FolderScan::finished);
    scan.start({folder_});
    scan.start({folder_ / "one"});
    QVERIFY(finished.wait());
    QTest::qWait(200);
    QCOMPARE(finished.count(), 1);
    QCOMPARE(finished[0][0].value<PhotoPaths>().size(), std::size_t{1});
  }

  void aHundredThousandPhotosShowTheirFirstRowSoon() {
    for (int i = 0; i < 100000; ++i) {
      const fs::path sub = folder_ / std::to_string(i / 5000);
      if (i % 5000 == 0) fs::create_directories(sub);
      std::ofstream(sub / (std::to_string(i) + ".jpg"));
    }
    FolderScan scan;
    QSignalSpy first(&scan, &FolderScan::firstFound), finished(&scan, &FolderScan::finished);
    QElapsedTimer clock;
    clock.start();
    scan.start({folder_});
    QVERIFY(first.wait());
    qInfo("first %d photos after %lld ms", static_cast<int>(FolderScan::kFirst), clock.elapsed());
    QVERIFY(finished.count() == 1 || finished.wait(60000));
    qInfo("all 100,000, sorted, after %lld ms", clock.elapsed());
    PhotoModel model;
    clock.restart();
    model.setPhotos(scan.take());
    qInfo("shown after %lld ms more", clock.restart());
    QCOMPARE(model.rowCount(), 100000);
    for (std::size_t i = 0; i < model.photoCount(); ++i)
      model.setMatch(i, {static_cast<float>((i * 7919) % 1000) / 1000, {{{0, 0, 1, 1}, 0.5}}});
    qInfo("matches set in %lld ms", clock.restart());
    model.setOrder(PhotoModel::Order::kScore);
    qInfo("sorted by score in %lld ms", clock.restart());
    model.setThreshold(0.6);
    qInfo("threshold moved in %lld ms", clock.elapsed());
    QCOMPARE(model.matchCount(), std::size_t{0});
  }

  // What a person does while all of them are there, against the time of one frame.
  void aHundredThousandPhotosAreArrangedWithinAFrame() {
    PhotoModel model;
    PhotoPaths photos;
    for (int i = 0; i < 100000; ++i)
      photos.emplace_back("/home/somebody/Pictures/2024/" + std::to_string(i) + ".jpg");
    PhotoPaths again = photos;
    model.setPhotos(std::move(photos));
    for (std::size_t i = 0; i < model.photoCount(); ++i) {
      const float score = static_cast<float>((i * 7919) % 99991) / 99991;
      model.setMatch(i, {score, {{{0, 0, 1, 1}, score}}});
    }
    const QPersistentModelIndex kept = model.index(77777);
    const auto timed = [](const char* what, auto&& work) {
      std::vector<double> times;
      for (int round = 0; round < 9; ++round) {
        const std::clock_t start = std::clock();
        work(round);
        times.push_back(1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
      }
      std::sort(times.begin(), times.end());
      qInfo("%s: median %.2f ms, most %.2f ms", what, times[4], times[8]);
      return times[4];
    };
    model.setOrder(PhotoModel::Order::kScore);
    QVERIFY(timed("sorted by score", [&](int) { model.refresh(); }) < 16);
    QVERIFY(timed("threshold moved", [&](int i) { model.setThreshold(0.1 + 0.1 * i); }) < 16);
    QCOMPARE(model.photoAt(kept), std::size_t{77777});
    model.setOnlyMatches(true);
    QVERIFY(timed("threshold moved, only matches shown",
                  [&](int i) { model.setThreshold(0.05 + 0.1 * i); }) < 16);
    std::clock_t start = std::clock();
    model.setPhotos(std::move(again));
    qInfo("the same folder listed again, all searched: %.1f ms",
          1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    QCOMPARE(model.searchedCount(), std::size_t{100000});
    start = std::clock();
    model.clearMatches();
    qInfo("matches cleared: %.1f ms",
          1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }

  void whatIsSelectedStaysWhereverItGoes() {
    PhotoModel model;
    QAbstractItemModelTester tester(&model);
    model.setPhotos({"a.jpg", "b.jpg", "c.jpg"});
    const QPersistentModelIndex a = model.index(0), c = model.index(2);
    model.setMatch(0, match(0.2F));
    model.setMatch(2, match(0.8F));
    model.setOrder(PhotoModel::Order::kScore);
    QCOMPARE(shown(model), QStringLiteral("cab"));
    QCOMPARE(a.row(), 1);
    QCOMPARE(c.row(), 0);
    model.setOnlyMatches(true);
    model.setThreshold(0.5);
    QVERIFY(!a.isValid());
    QCOMPARE(model.photoAt(c), std::size_t{2});
  }

  void aReplacedPhotoIsForgotten() {
    PhotoModel model;
    model.setPhotos({"a.jpg", "b.jpg"});
    model.setMatch(0, match(0.9F));
    model.setError(1, QStringLiteral("b.jpg: broken"));
    QCOMPARE(model.matchCount(), std::size_t{1});
    QCOMPARE(*model.bestScore(), static_cast<double>(0.9F));
    model.forget(0);
    model.forget(1);
    QCOMPARE(model.matchCount(), std::size_t{0});
    QCOMPARE(model.searchedCount(), std::size_t{0});
    QVERIFY(!model.match(0) && model.error(1).isEmpty() && !model.bestScore());
  }

  void scoresAreSortedWithEqualOnesInTheirOrder() {
    const std::vector<float> scores = {0.5F, -1, 0.9F, 0.5F, 0, 1, -0.25F};
    std::vector<std::uint32_t> photos = {0, 1, 2, 3, 4, 5, 6};
    sortByScore(photos, scores);
    QCOMPARE(photos, (std::vector<std::uint32_t>{5, 2, 0, 3, 4, 6, 1}));
  }

  void thresholdOrderAndFilter() {
    PhotoModel model;
    QAbstractItemModelTester tester(&model);
    model.setPhotos({"a.jpg", "b.jpg", "c.jpg", "d.jpg"});
    model.setThreshold(0.4);
    model.setMatch(0, match(0.2F));
    model.setMatch(1, match(0.9F));
    model.setMatch(2, match(0.5F));
    QCOMPARE(shown(model), QStringLiteral("abcd"));
    QCOMPARE(model.matchCount(), std::size_t{2});
    model.setOrder(PhotoModel::Order::kScore);
    QCOMPARE(shown(model), QStringLiteral("bcad"));
    model.setOnlyMatches(true);
    QCOMPARE(shown(model), QStringLiteral("bcd"));  // d has not been searched
    model.setThreshold(0.95);
    QCOMPARE(shown(model), QStringLiteral("d"));
    model.setThreshold(0.1);
    QCOMPARE(shown(model), QStringLiteral("bcad"));
    QCOMPARE(model.data(model.index(0), PhotoModel::kBoxCountRole).toInt(), 1);
    QCOMPARE(model.indexOf(0).row(), 2);
    model.clearMatches();
    QCOMPARE(model.matchCount(), std::size_t{0});
    QVERIFY(!model.data(model.index(0), PhotoModel::kScoreRole).isValid());
  }

  void whatTheSearchPassedOverIsNoMatch() {
    PhotoModel model;
    model.setPhotos({"a.jpg", "b.jpg", "c.jpg", "d.jpg"});
    model.setMatch(0, match(0.9F));
    model.setMatch(1, match(0.1F));
    model.setError(2, QStringLiteral("c.jpg: broken"));
    model.setOnlyMatches(true);
    QCOMPARE(shown(model), QStringLiteral("acd"));  // d may still be searched
    model.setSearchOver(true);
    QCOMPARE(shown(model), QStringLiteral("ac"));
    model.setOnlyMatches(false);
    QCOMPARE(shown(model), QStringLiteral("abcd"));
    model.clearMatches();
    QVERIFY(!model.searchOver());
  }

  void rowsDoNotJumpUntilRefreshed() {
    PhotoModel model;
    QAbstractItemModelTester tester(&model);
    model.setPhotos({"a.jpg", "b.jpg"});
    model.setOrder(PhotoModel::Order::kScore);
    model.setMatch(1, match(0.9F));
    QCOMPARE(shown(model), QStringLiteral("ab"));
    model.refresh();
    QCOMPARE(shown(model), QStringLiteral("ba"));
  }

  void photosThatStayKeepTheirMatches() {
    PhotoModel model;
    model.setPhotos({"a.jpg", "b.jpg"});
    model.setMatch(1, match(0.7F));
    model.setError(0, QStringLiteral("a.jpg: broken"));
    model.setPhotos({"0.jpg", "a.jpg", "b.jpg"});
    QCOMPARE(model.match(2)->score, 0.7F);
    QCOMPARE(model.data(model.index(1), PhotoModel::kErrorRole).toString(),
             QStringLiteral("a.jpg: broken"));
    QVERIFY(!model.match(0));
  }

 private:
  static PhotoMatch match(float score) { return {score, {{{0, 0, 1, 1}, score}}}; }
  static QString shown(const PhotoModel& model) {
    QString text;
    for (int row = 0; row < model.rowCount(); ++row)
      text += model.data(model.index(row), Qt::DisplayRole).toString().left(1);
    return text;
  }
  static QStringList names(const PhotoPaths& photos) {
    QStringList list;
    for (const fs::path& photo : photos) list << QString::fromStdString(photo.filename().string());
    return list;
  }
  PhotoPaths scanned(const PhotoPaths& sources) {
    FolderScan scan;
    QSignalSpy finished(&scan, &FolderScan::finished);
    scan.start(sources);
    if (!finished.wait()) return {};
    return finished[0][0].value<PhotoPaths>();
  }

  fs::path folder_ = fs::temp_directory_path() / ("inkling-gallery-" + std::to_string(::getpid()));
};

QTEST_GUILESS_MAIN(GalleryModelTest)
#include "gallery_model_test.moc"
