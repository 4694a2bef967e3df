// Thumbnails are made in the background, for what is looked at, and take a bounded memory.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <set>

#include "gallery_fixtures.h"
#include "ui/gallery/thumbnail_store.h"

using namespace inkling;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(std::filesystem::path)

class ThumbnailsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theyAreFittedAndTellTheFullSize() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("wide.jpg", {900, 300}, Qt::blue);
    ThumbnailStore store;
    store.setSide(150);
    QVERIFY(!store.thumbnail(photo));
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    store.request({photo});
    QVERIFY(ready.wait());
    QCOMPARE(store.thumbnail(photo)->image.size(), QSize(150, 50));
    QCOMPARE(store.thumbnail(photo)->full, QSize(900, 300));
    QVERIFY(store.thumbnail(photo)->image.pixelColor(70, 20).blue() > 200);
  }

  void smallPhotosAreNotMadeLarger() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("small.jpg", {30, 20});
    ThumbnailStore store;
    fetch(store, {photo});
    QCOMPARE(store.thumbnail(photo)->image.size(), QSize(30, 20));
  }

  void aNewRequestDropsWhatWasWaiting() {
    const PhotoFolder folder;
    folder.add("0.jpg", {3000, 2000});
    const PhotoPaths photos = manyLinks(folder, 400);
    ThumbnailStore store;
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    store.request({photos.begin(), photos.begin() + 399});
    store.request({photos.back()});
    QTRY_VERIFY(store.thumbnail(photos.back()));
    QTest::qWait(100);
    QCOMPARE(store.pendingCount(), std::size_t{0});
    QVERIFY2(ready.count() < 20, qPrintable(QString::number(ready.count())));
  }

  void anUnchangedPhotoIsReadOnceAndAChangedOneAgain() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("a.jpg", {60, 40}, Qt::red);
    ThumbnailStore store;
    fetch(store, {photo});
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    store.request({photo});
    QVERIFY(!ready.wait(200));
    folder.add("a.jpg", {60, 40}, Qt::green);
    fs::last_write_time(photo, fs::file_time_type::clock::now() + std::chrono::seconds(5));
    store.request({photo});
    QVERIFY(ready.wait());
    QVERIFY(store.thumbnail(photo)->image.pixelColor(30, 20).green() > 200);
  }

  void anotherSideIsMadeAnew() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("a.jpg", {900, 600});
    ThumbnailStore store;
    store.setSide(100);
    fetch(store, {photo});
    store.setSide(300);
    QCOMPARE(store.thumbnail(photo)->image.width(), 100);  // stands in until then
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    store.request({photo});
    QVERIFY(ready.wait());
    QCOMPARE(store.thumbnail(photo)->image.width(), 300);
  }

  void aBrokenPhotoIsToldOfOnce() {
    const PhotoFolder folder;
    const fs::path broken = folder.addBroken("broken.jpg"), fine = folder.add("fine.jpg");
    ThumbnailStore store;
    QSignalSpy failed(&store, &ThumbnailStore::failed);
    store.request({broken, fine});
    QVERIFY(failed.wait());
    QVERIFY(failed[0][1].toString().contains(QStringLiteral("broken.jpg")));
    QCOMPARE(store.failure(broken), failed[0][1].toString());
    QTRY_VERIFY(store.thumbnail(fine));  // the others go on
    store.request({broken});
    QTest::qWait(100);
    QCOMPARE(failed.count(), 1);
    // Mended, it is a photo like any other.
    QSignalSpy ready(&store, &ThumbnailStore::ready);
    folder.add("broken.jpg");
    fs::last_write_time(broken, fs::file_time_type::clock::now() + std::chrono::seconds(5));
    store.request({broken});
    QVERIFY(ready.wait());
    QVERIFY(store.failure(broken).isEmpty());
  }

  void memoryIsBoundedAndTheOldestGoFirst() {
    const PhotoFolder folder;
    folder.add("0.jpg", {700, 700});
    const PhotoPaths photos = manyLinks(folder, 120);
    ThumbnailStore store;
    store.setSide(640);  // 1.6 MB each
    for (std::size_t from = 0; from < photos.size(); from += 20) {
      const PhotoPaths page(photos.begin() + static_cast<std::ptrdiff_t>(from),
                            photos.begin() + static_cast<std::ptrdiff_t>(from) + 20);
      store.request(page);
      QTRY_VERIFY_WITH_TIMEOUT(hasAll(store, page), 20000);
      QVERIFY(store.bytes() <= ThumbnailStore::kCacheBytes);
    }
    QVERIFY(!store.thumbnail(photos.front()));
    // More than fits is not even tried: it would go round for ever.
    store.request(photos);
    QVERIFY(store.pendingCount() <= 42);
  }

  void aStoreThatGoesAwayStopsAtOnce() {
    const PhotoFolder folder;
    const PhotoPaths photos = folder.addMany(300);
    QElapsedTimer clock;
    {
      ThumbnailStore store;
      store.request(photos);
      clock.start();
    }
    QVERIFY(clock.elapsed() < 1000);
  }

 private:
  static void fetch(ThumbnailStore& store, const PhotoPaths& photos) {
    store.request(photos);
    QTRY_VERIFY(hasAll(store, photos));
  }
  static bool hasAll(const ThumbnailStore& store, const PhotoPaths& photos) {
    return std::all_of(photos.begin(), photos.end(),
                       [&](const fs::path& photo) { return store.thumbnail(photo).has_value(); });
  }
  static PhotoPaths manyLinks(const PhotoFolder& folder, int count) {
    PhotoPaths photos{folder.path() / "0.jpg"};
    for (int i = 1; i < count; ++i) {
      photos.push_back(folder.path() / (std::to_string(i) + ".jpg"));
      fs::create_hard_link(photos.front(), photos.back());
    }
    return photos;
  }
};

QTEST_MAIN(ThumbnailsTest)
#include "thumbnails_test.moc"
