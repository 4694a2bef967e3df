// A folder of 100,000 photos in the real window, searched while one scrolls: nothing keeps it busy.
#include <QElapsedTimer>
#include <QScrollBar>
#include <QTest>
#include <filesystem>

#include <unistd.h>

#include "core/sketch/reader.h"
#include "event_watch.h"
#include "scratch_folder.h"
#include "ui/window/main_window.h"

using namespace inkling;
namespace fs = std::filesystem;

namespace {

constexpr int kPhotos = 100'000;

EventWatch& watch() { return static_cast<WatchedApplication*>(qApp)->watch(); }

}  // namespace

class LargeFolderTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // One photo, 100,000 names for it: hard links, so that there is something to read behind each.
  void initTestCase() {
    fs::create_directories(photos());
    keepEverythingIn(folder_);
    const fs::path source = fs::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) / "resources";
    fs::path origin = photos() / "0000000.jpg";
    fs::copy_file(source / "samples/photos/airplane_sky.jpg", origin);
    for (int i = 1; i < kPhotos; ++i) {
      const fs::path name = photos() / (std::to_string(i) + ".jpg");
      std::error_code code;
      fs::create_hard_link(origin, name, code);
      if (!code) continue;
      fs::copy_file(origin, name);  // the file system allows so many links to one file
      origin = name;
    }
    options_.version = QStringLiteral("test");
    options_.resources = source;
    options_.model = source / "models/inkling-s.safetensors";
    options_.settingsFile = QString::fromStdString((folder_ / "inkling.ini").string());
    options_.dataFolder = folder_ / "data";
  }
  void cleanupTestCase() { fs::remove_all(folder_); }

  void openedSearchedAndScrolledWithoutAnyLongEvent() {
    MainWindow window(options_);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    watch().start();
    QElapsedTimer clock;
    clock.start();
    window.openSources({photos()});
    QTRY_VERIFY_WITH_TIMEOUT(window.model().rowCount() > 0, 60000);
    const qint64 first = clock.elapsed();
    QTRY_COMPARE_WITH_TIMEOUT(window.model().photoCount(), std::size_t{kPhotos}, 180000);
    const qint64 all = clock.elapsed();
    window.stackPanel().take(readSketch(options_.resources / "samples/sketches/airplane.json"),
                             QStringLiteral("plane"));
    QTRY_VERIFY_WITH_TIMEOUT(window.model().searchedCount() >= 4, 180000);
    QScrollBar* bar = window.gallery().grid().verticalScrollBar();
    for (int step = 0; step <= 20; ++step) {
      bar->setValue(bar->minimum() +
                    static_cast<int>(static_cast<qint64>(bar->maximum()) * step / 20));
      QTest::qWait(30);
    }
    for (int percent = 2; percent < 60; percent += 4) {
      window.gallery().setThreshold(percent / 100.0);
      QTest::qWait(10);
    }
    window.gallery().setOrder(PhotoModel::Order::kName);
    window.gallery().setOnlyMatches(true);
    QTest::qWait(700);
    window.gallery().setOnlyMatches(false);
    window.gallery().setOrder(PhotoModel::Order::kScore);
    QTest::qWait(700);
    qInfo(
        "first rows after %lld ms, all %d listed after %lld ms; slowest of %d events: %.1f ms (%s)",
        first, kPhotos, all, watch().events(), watch().worst(), qPrintable(watch().where()));
    QVERIFY2(first < 300 * kPatience, qPrintable(QString::number(first)));
    QVERIFY2(watch().worst() < 16 * kPatience, qPrintable(watch().where()));
  }

 private:
  // The figures to meet are 300 ms and 16 ms; they are printed. On a shared machine a test may fail
  // only for what is far from them.
  static constexpr int kPatience = 3;

  fs::path photos() const { return folder_ / "photos"; }
  WindowOptions options_;
  fs::path folder_ = fs::temp_directory_path() / ("inkling-large-" + std::to_string(::getpid()));
};

int main(int argc, char** argv) {
  WatchedApplication application(argc, argv);
  LargeFolderTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "large_folder_test.moc"
