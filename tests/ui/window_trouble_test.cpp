// What goes wrong around the window: models, folders, photos, settings, monitors. Each time there
// is a message that says what to do, and nothing is lost.
#include <QPushButton>
#include <QTimer>

#include "window_under_test.h"

using namespace inkling;

class WindowTroubleTest : public QObject, private WindowUnderTest {
  Q_OBJECT

 private Q_SLOTS:
  void init() { begin(); }
  void cleanup() { end(); }

  void aModelThatIsBrokenIsToldWithWhatToDo() {
    window_.reset();
    options_.model = folder_ / "broken.safetensors";
    writeFileAtomically(options_.model, "not a model");
    start();
    QTRY_VERIFY_WITH_TIMEOUT(window_->messages().count() > 0, 30000);
    QVERIFY(window_->messages().text().contains(QStringLiteral("broken.safetensors")));
    QCOMPARE(window_->messages().helpButton()->text(), QStringLiteral("Choose a model…"));
    drawByMouse("bus");  // drawing works all the same
    QVERIFY(!window_->canvas().document().isBlank());
  }

  void noModelAtAllIsToldToo() {
    window_.reset();
    options_.model.clear();
    options_.modelProblem = "no model: looked in two places";
    start();
    QVERIFY(window_->messages().text().contains(QStringLiteral("no model")));
  }

  void aFolderThatVanishesWhileShownIsTold() {
    const fs::path photos = folder_ / "photos";
    fs::create_directories(photos);
    for (const char* name : {"pizza_table.jpg", "airplane_sky.jpg"})
      fs::copy_file(resources() / "samples/photos" / name, photos / name);
    window_->openSources({photos});
    QTRY_COMPARE_WITH_TIMEOUT(window_->model().photoCount(), std::size_t{2}, 30000);
    drawByMouse("airplane");
    QTRY_VERIFY_WITH_TIMEOUT(window_->search().isIdle() && allSearched(), 90000);
    fs::remove_all(photos);
    QTRY_VERIFY_WITH_TIMEOUT(window_->messages().text().contains(QStringLiteral("photos")), 45000);
    QVERIFY(!window_->canvas().document().isBlank());
  }

  void aPhotoReplacedWhileOpenIsLookedAtAgain() {
    const fs::path photos = folder_ / "photos";
    fs::create_directories(photos);
    fs::copy_file(resources() / "samples/photos/pizza_table.jpg", photos / "photo.jpg");
    window_->openSources({photos});
    drawByMouse("airplane");
    QTRY_VERIFY_WITH_TIMEOUT(window_->model().photoCount() == 1 && allSearched(), 90000);
    selectRow(0);
    QTRY_VERIFY_WITH_TIMEOUT(window_->viewer().view()->hasPhoto(), 30000);
    const double before = scoreOf("photo.jpg");
    fs::copy_file(resources() / "samples/photos/airplane_sky.jpg", photos / "photo.jpg",
                  fs::copy_options::overwrite_existing);
    QTRY_VERIFY_WITH_TIMEOUT(scoreOf("photo.jpg") > before + 0.2, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(!window_->viewer().view()->shownBoxes().empty(), 30000);
  }

  void settingsThatCannotBeWrittenAreToldOnce() {
    window_.reset();
    writeFileAtomically(folder_ / "file", "not a folder");
    options_.settingsFile = QString::fromStdString((folder_ / "file/inkling.ini").string());
    start();
    QVERIFY(window_->messages().text().contains(QStringLiteral("inkling.ini")));
    QTest::mouseClick(window_->messages().closeButton(), Qt::LeftButton);
    QVERIFY(!window_->messages().isVisible());
    window_->close();
  }

  void closingAsksBeforeDrawingsThatCannotBeKeptAreLost() {
    window_.reset();
    writeFileAtomically(folder_ / "file", "not a folder");
    options_.dataFolder = folder_ / "file/data";
    start();
    drawByMouse("bus");
    const auto answer = [](const QString& choice) {
      QTimer::singleShot(300, qApp, [choice] {
        for (auto* button : QApplication::activeModalWidget()->findChildren<QPushButton*>()) {
          if (button->text() == choice) QTest::mouseClick(button, Qt::LeftButton);
        }
      });
    };
    answer(QStringLiteral("Go back"));
    QVERIFY(!window_->close());
    QVERIFY(window_->isVisible());
    answer(QStringLiteral("Close and lose them"));
    QVERIFY(window_->close());
  }

  void twoWindowsKeepTheirDrawingsApart() {
    drawByMouse("bus");
    {
      MainWindow second(options_);
      QVERIFY(second.stack().query().empty());
      second.stackPanel().take(sketch("cat"), QStringLiteral("cat"));
      second.close();
    }
    window_->close();
    start();
    QCOMPARE(window_->stack().count(), 1);
    QCOMPARE(window_->stack().name(0), QString());
    QVERIFY(fs::exists(options_.dataFolder / "drawings-2.json"));
  }

  void aWindowOnAnUnpluggedMonitorComesBack() {
    const QList<QRect> screens = {QRect(0, 0, 1920, 1080)};
    const QRect off(2500, 200, 1200, 800), fine(100, 100, 1200, 800);
    QCOMPARE(visibleFrame(fine, screens), fine);
    QVERIFY(screens[0].contains(visibleFrame(off, screens)));
    QVERIFY(screens[0].contains(visibleFrame(QRect(0, 0, 4000, 3000), screens)));
    const QRect hardly(1910, 100, 1200, 800);  // ten pixels of it are seen
    QVERIFY(screens[0].contains(visibleFrame(hardly, screens)));
    QCOMPARE(visibleFrame(fine, {}), fine);
    // And in the window itself: moved away, closed, opened again.
    window_->setGeometry(9000, 9000, 900, 600);
    window_->close();
    start();
    QVERIFY(window_->screen()->availableGeometry().intersects(window_->frameGeometry()));
  }
};

int main(int argc, char** argv) {
  WatchedApplication application(argc, argv);
  WindowTroubleTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "window_trouble_test.moc"
