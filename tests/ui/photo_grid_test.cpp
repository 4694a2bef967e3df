// The grid of the gallery: what it reads, how it moves, what it paints, and how fast.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <ctime>

#include "gallery_test_case.h"
#include "ui/theme/theme.h"

using namespace inkling;
namespace fs = std::filesystem;

class PhotoGridTest : public GalleryTestCase {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QVERIFY(showGallery()); }
  void cleanup() { removeGallery(); }

  void onlyWhatIsInSightAndOneScreenAheadIsRead() {
    const PhotoFolder folder;
    const PhotoPaths photos = folder.addMany(5000);
    int made = 0;
    connect(&grid().thumbnails(), &ThumbnailStore::ready, this, [&] { ++made; });
    open(photos);
    const auto sight = grid().visiblePhotos();
    QVERIFY(sight.size() >= 6 && sight.size() <= 20);
    QTRY_VERIFY(grid().thumbnails().thumbnail(photos[sight.back()]));
    QTRY_COMPARE(grid().thumbnails().pendingCount(), std::size_t{0});
    QTest::qWait(150);
    QVERIFY2(made <= 2 * static_cast<int>(sight.size()) + 4, qPrintable(QString::number(made)));
    QVERIFY(grid().thumbnails().thumbnail(photos[sight.back() + 1]));
    QVERIFY(!grid().thumbnails().thumbnail(photos[100]));
    // Far away, what lies between is not read.
    bar()->setValue(bar()->maximum());
    QTRY_VERIFY(grid().thumbnails().thumbnail(photos.back()));
    QVERIFY(made < 60);
    QVERIFY(!grid().thumbnails().thumbnail(photos[2500]));
  }

  void visibleChangedTellsThePhotosOnTheScreen() {
    QSignalSpy visible(panel_, &GalleryPanel::visibleChanged);
    open(manyNames(1000));
    QTRY_COMPARE(visible.count(), 1);
    const auto first = visible[0][0].value<std::vector<std::size_t>>();
    QCOMPARE(first.front(), std::size_t{0});
    wheel(-120);
    wheel(-120);
    wheel(-120);
    QTRY_COMPARE(visible.count(), 2);  // gathered
    QVERIFY(visible[1][0].value<std::vector<std::size_t>>().front() > 0);
  }

  void theKeyboardMovesThroughThePhotos() {
    open(manyNames(1000));
    QSignalSpy current(panel_, &GalleryPanel::currentPhotoChanged);
    grid().setFocus();
    const int columns = columnsNow();
    QVERIFY(columns >= 2);
    const auto presses = [&](Qt::Key key) {
      QTest::keyClick(&grid(), key);
      return panel_->currentPhoto() ? static_cast<int>(*panel_->currentPhoto()) : -1;
    };
    QCOMPARE(presses(Qt::Key_Right), 0);
    QCOMPARE(presses(Qt::Key_Right), 1);
    QCOMPARE(presses(Qt::Key_Down), 1 + columns);
    QCOMPARE(presses(Qt::Key_Up), 1);
    QCOMPARE(presses(Qt::Key_Up), 1);
    QCOMPARE(presses(Qt::Key_Left), 0);
    QCOMPARE(presses(Qt::Key_End), 999);
    QCOMPARE(bar()->value(), bar()->maximum());
    QCOMPARE(presses(Qt::Key_Home), 0);
    QCOMPARE(bar()->value(), 0);
    QVERIFY(presses(Qt::Key_PageDown) >= columns);
    QCOMPARE(presses(Qt::Key_PageUp), 0);
    QCOMPARE(current.count(), 9);
    QSignalSpy opened(panel_, &GalleryPanel::photoOpened);
    QTest::keyClick(&grid(), Qt::Key_Return);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toULongLong(), 0ULL);
  }

  void aClickSelectsAndADoubleClickOpens() {
    open(manyNames(50));
    QSignalSpy opened(panel_, &GalleryPanel::photoOpened);
    click(3);
    QCOMPARE(*panel_->currentPhoto(), std::size_t{3});
    QCOMPARE(opened.count(), 0);
    QTest::mouseDClick(grid().viewport(), Qt::LeftButton, {}, centreOf(1));
    QCOMPARE(*panel_->currentPhoto(), std::size_t{1});
    QCOMPARE(opened.count(), 1);
    // Beside the photos nothing changes.
    QTest::mouseClick(grid().viewport(), Qt::LeftButton, {}, {2, 2});
    QCOMPARE(*panel_->currentPhoto(), std::size_t{1});
    panel_->selectNext();
    QCOMPARE(*panel_->currentPhoto(), std::size_t{2});
    panel_->selectPhoto(49);
    panel_->selectNext();
    QCOMPARE(*panel_->currentPhoto(), std::size_t{49});
  }

  void controlAndTheWheelChangeTheSize() {
    open(manyNames(500));
    const int before = grid().thumbnailSide();
    wheel(120, Qt::ControlModifier);
    QCOMPARE(grid().thumbnailSide(), before + PhotoGrid::kSideStep);
    for (int i = 0; i < 40; ++i) wheel(-120, Qt::ControlModifier);
    QCOMPARE(grid().thumbnailSide(), PhotoGrid::kLeastSide);
    for (int i = 0; i < 40; ++i) wheel(120, Qt::ControlModifier);
    QCOMPARE(grid().thumbnailSide(), PhotoGrid::kMostSide);
  }

  void everyPlaceOfTheGridIsOneCellOrNone() {
    GridGeometry geometry{500, 23, {120, 140}};
    QCOMPARE(geometry.columns(), 3);
    QCOMPARE(geometry.rows(), 8);
    for (int i = 0; i < geometry.count; ++i) {
      const QRect cell = geometry.rectOf(i);
      QCOMPARE(geometry.indexAt(cell.center()), i);
      QVERIFY(cell.left() >= 0 && cell.right() < geometry.width);
      const auto range = geometry.between(cell.top(), cell.bottom() + 1);
      QVERIFY(range.first <= i && i < range.last && range.last - range.first <= 3);
    }
    QCOMPARE(geometry.indexAt({250, geometry.contentHeight() - 60}), 22);
    QCOMPARE(geometry.indexAt({2, 2}), -1);
    geometry.count = 0;
    QCOMPARE(geometry.contentHeight(), 0);
    QCOMPARE(geometry.between(0, 900).last, 0);
  }

  void aBrokenPhotoShowsAWarningAndWhy() {
    const PhotoFolder folder;
    open({folder.add("fine.jpg"), folder.addBroken("broken.jpg")});
    QTRY_VERIFY(!model_->error(1).isEmpty());
    QVERIFY(model_->error(0).isEmpty());
    const QString spoken = model_->data(model_->index(1), Qt::AccessibleTextRole).toString();
    QVERIFY(spoken.contains(QStringLiteral("cannot be shown")));
  }

  void matchesArePaintedWithTheirBoxesAndScores() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("grey.jpg", {300, 300}, Qt::gray);
    open({photo});
    QTRY_VERIFY(grid().thumbnails().thumbnail(photo));
    QVERIFY(pixelsOf(bestBoxColour()) == 0);
    model_->setMatch(0, {0.9F, {{{75, 75, 150, 150}, 0.9}}});
    QVERIFY(pixelsOf(bestBoxColour()) > 300);
    panel_->setThreshold(0.95);
    QCOMPARE(pixelsOf(bestBoxColour()), 0);
  }

  // A hundred thousand ----------------------------------------------------------------------------

  void aHundredThousandPhotosScrollWithinAFrame() {
    open(manyNames(100000));
    for (std::size_t i = 0; i < 100000; i += 3) model_->setMatch(i, match(0.7F));
    panel_->resize(1200, 900);
    QTest::qWait(100);
    std::vector<double> times;
    for (int i = 0; i <= 60; ++i) {
      bar()->setValue(static_cast<int>(static_cast<qint64>(bar()->maximum()) * i / 60));
      const std::clock_t start = std::clock();
      grid().viewport()->repaint();
      times.push_back(1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
      QCoreApplication::processEvents();
    }
    QCOMPARE(grid().visiblePhotos().back(), std::size_t{99999});
    std::sort(times.begin(), times.end());
    qInfo("CPU time of one painting of the grid, %d cards: median %.2f ms, 95%% %.2f ms",
          static_cast<int>(grid().visiblePhotos().size()), times[30], times[57]);
    QVERIFY(times[30] < 16);
  }

  void photosWithThumbnailsArePaintedWithinAFrame() {
    const PhotoFolder folder;
    folder.add("0.jpg", {1200, 800}, Qt::darkGreen);
    PhotoPaths photos{folder.path() / "0.jpg"};
    for (int i = 1; i < 60; ++i) {
      photos.push_back(folder.path() / (std::to_string(i) + ".jpg"));
      fs::create_hard_link(photos.front(), photos.back());
    }
    panel_->resize(1200, 900);
    open(photos);
    for (std::size_t i = 0; i < 60; ++i)
      model_->setMatch(i, {0.7F, {{{100, 100, 600, 500}, 0.7}, {{700, 300, 400, 400}, 0.6}}});
    QTRY_VERIFY(grid().thumbnails().thumbnail(photos[grid().visiblePhotos().back()]));
    std::vector<double> times;
    for (int i = 0; i < 31; ++i) {
      const std::clock_t start = std::clock();
      grid().viewport()->repaint();
      times.push_back(1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    }
    std::sort(times.begin(), times.end());
    qInfo("with thumbnails and boxes, %d cards: median %.2f ms",
          static_cast<int>(grid().visiblePhotos().size()), times[15]);
    QVERIFY(times[15] < 16);
  }

  void theFirstPhotosAreOnTheScreenSoon() {
    const PhotoFolder folder;
    const PhotoPaths photos = folder.addMany(20000);
    FolderScan scan;
    QElapsedTimer clock;
    qint64 painted = -1;
    connect(&scan, &FolderScan::firstFound, this, [&](const PhotoPaths& first) {
      panel_->setSourceName(QStringLiteral("many"));
      model_->setPhotos(first);
      grid().viewport()->repaint();
      painted = clock.elapsed();
    });
    QSignalSpy finished(&scan, &FolderScan::finished);
    clock.start();
    scan.start({folder.path()});
    QVERIFY(finished.wait(20000));
    qInfo("first photos painted after %lld ms, all listed after %lld ms", painted, clock.elapsed());
    QVERIFY(painted >= 0 && painted < 300);
    model_->setPhotos(scan.take());
    QCOMPARE(model_->rowCount(), 20000);
    QCOMPARE(scan.folders(), PhotoPaths{folder.path()});
  }
};

QTEST_MAIN(PhotoGridTest)
#include "photo_grid_test.moc"
