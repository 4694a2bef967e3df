// The viewer with real files: loading, copying, saving, and what happens to a photo on the disk.
#include "ui/viewer/viewer_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>
#include <QToolButton>
#include <cstdlib>
#include <fstream>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "ui/theme/theme.h"
#include "viewer_fixtures.h"

using namespace inkling;
namespace fs = std::filesystem;

Q_DECLARE_METATYPE(std::filesystem::path)

class ViewerPanelTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void initTestCase() { applyTheme(Theme::kLight); }
  void init() {
    viewer_ = new ViewerPanel;
    viewer_->resize(800, 600);
    viewer_->show();
    QVERIFY(QTest::qWaitForWindowExposed(viewer_));
  }
  void cleanup() { delete viewer_; }

  void aRealPhotoIsShownWithItsFigures() {
    const fs::path photo =
        fs::path(std::getenv("INKLING_SOURCE_DIR")) / "resources/samples/photos/pizza_table.jpg";
    show(photo);
    const Image image = readPhoto(photo);
    QCOMPARE(view().photo().full, QSize(image.width, image.height));
    QVERIFY(viewer_->statusText().contains(QStringLiteral("pizza_table.jpg")));
    QVERIFY(viewer_->statusText().contains(
        QStringLiteral("%1 × %2").arg(image.width).arg(image.height)));
    moveMouse(&view(), view().geometry().toWidget().map(QPointF(100.5, 50.5)));
    QVERIFY(viewer_->statusText().contains(QStringLiteral("x 100, y 50")));
  }

  void boxesMayComeBeforeThePhotoAndGoWithIt() {
    QSignalSpy ready(viewer_, &ViewerPanel::photoShown);
    viewer_->showPhoto(ruler("a.png", 300, 200));
    viewer_->setDetections({{{10, 10, 50, 50}, 0.9}});
    QVERIFY(ready.wait());
    QCOMPARE(view().shownBoxes().size(), std::size_t{1});
    QVERIFY(button("Next box")->isEnabled());
    show(ruler("b.png", 300, 200));
    QVERIFY(view().shownBoxes().empty());
    QVERIFY(!button("Next box")->isEnabled());
  }

  void everyToolHasANameAndCanBeReachedByTab() {
    int tools = 0;
    for (QToolButton* tool : viewer_->findChildren<QToolButton*>()) {
      if (tool->defaultAction() == nullptr) continue;
      ++tools;
      QVERIFY(!tool->accessibleName().isEmpty() && !tool->toolTip().isEmpty());
      QVERIFY((tool->focusPolicy() & Qt::TabFocus) != 0);
    }
    QCOMPARE(tools, 13);
    QSignalSpy next(viewer_, &ViewerPanel::nextPhoto);
    QTest::keyClick(button("Next photo"), Qt::Key_Space);
    QCOMPARE(next.count(), 1);
  }

  void aNewerPhotoWinsOverAnOlder() {
    const fs::path large = ruler("large.png", 3000, 2000), small = ruler("small.png", 40, 30);
    QSignalSpy ready(viewer_, &ViewerPanel::photoShown);
    viewer_->showPhoto(large);
    viewer_->showPhoto(small);
    QVERIFY(ready.wait());
    QTest::qWait(300);
    QCOMPARE(ready.count(), 1);
    QCOMPARE(view().photo().full, QSize(40, 30));
    QCOMPARE(viewer_->photo(), small);
  }

  void aBrokenPhotoSaysWhy() {
    const fs::path broken = folder_ / "broken.jpg";
    std::ofstream(broken) << "\xff\xd8\xff nothing";
    viewer_->showPhoto(broken);
    QTRY_VERIFY(view().accessibleDescription().contains(QStringLiteral("broken.jpg: ")));
    QVERIFY(!button("Save picture")->isEnabled());
    viewer_->showPhoto(folder_ / "missing.jpg");
    QTRY_VERIFY(view().accessibleDescription().contains(QStringLiteral("missing.jpg: ")));
    viewer_->clear();
    QVERIFY(viewer_->photo().empty());
    QCOMPARE(view().accessibleDescription(), QStringLiteral("No photo is shown."));
  }

  void dyingWhileLoadingDoesNoHarm() {
    const fs::path large = ruler("large.png", 3000, 2000);
    for (int i = 0; i < 5; ++i) {
      auto* other = new ViewerPanel;
      other->showPhoto(large);
      QTest::qWait(20 * i);
      delete other;
    }
  }

  void aCopyIsOnTheClipboard() {
    show(ruler("a.png", 300, 200));
    viewer_->setDetections({{{50, 50, 100, 100}, 0.9}});
    QSignalSpy copied(viewer_, &ViewerPanel::pictureCopied);
    QTest::mouseClick(button("Copy picture"), Qt::LeftButton);
    QVERIFY(copied.wait());
    const QImage picture = QGuiApplication::clipboard()->image();
    QCOMPARE(picture.size(), QSize(300, 200));
    QVERIFY(distance(picture.pixel(50, 100), bestBoxColour().rgb()) < 3);
  }

  void aSavedPictureCanBeReadAgain() {
    show(ruler("a.png", 300, 200));
    viewer_->setDetections({{{50, 50, 100, 100}, 0.9}});
    QSignalSpy saved(viewer_, &ViewerPanel::pictureSaved);
    for (const char* name : {"saved.png", "saved.jpg"}) {
      QVERIFY(viewer_->savePicture(folder_ / name));
      QVERIFY(saved.wait());
      const Image picture = readPhoto(folder_ / name);
      QCOMPARE(picture.width, 300);
      QVERIFY(picture.at(50, 100).r > 120);  // 50 in the photo, 255 in the box; JPEG blurs
    }
  }

  void aPictureThatCannotBeWrittenIsToldOf() {
    QVERIFY(!viewer_->savePicture(folder_ / "nothing.png"));
    show(ruler("a.png", 300, 200));
    QSignalSpy failed(viewer_, &ViewerPanel::failed);
    fs::create_directories(folder_ / "found.png" / "a folder where the picture should go");
    viewer_->savePicture(folder_ / "found.png");
    QVERIFY(failed.wait());
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("found.png")));
    viewer_->savePicture(folder_ / "found.gif");
    QVERIFY(failed.wait());
    QVERIFY(failed[1][0].toString().contains(QStringLiteral("found.gif")));
  }

  void aReplacedFileIsShownAnewAtTheSamePlace() {
    const fs::path photo = ruler("a.png", 3000, 2000);
    show(photo);
    viewer_->setDetections({{{50, 50, 100, 100}, 0.9}});
    viewer_->actualSize();
    drag(&view(), {300, 200}, {200, 150});
    const QRectF before = view().geometry().visible();
    QSignalSpy replaced(viewer_, &ViewerPanel::photoReplaced);
    writePicture(photo, Image({3000, 2000}, {200, 30, 30}));
    QVERIFY(replaced.wait());
    QCOMPARE(view().photo().levels.front().pixel(5, 5), qRgb(200, 30, 30));
    QCOMPARE(view().geometry().visible(), before);
    QVERIFY(view().shownBoxes().empty());
    // In place as well as by another file put in its place.
    const std::string bytes = encodePng(Image({100, 50}, {1, 2, 3}));
    std::ofstream(photo, std::ios::binary | std::ios::trunc) << bytes;
    QVERIFY(replaced.wait());
    QCOMPARE(view().photo().full, QSize(100, 50));
  }

  void aVanishedFileIsShownOn() {
    const fs::path photo = ruler("a.png", 300, 200);
    show(photo);
    fs::remove(photo);
    QTRY_COMPARE(view().notes(), QStringList{QStringLiteral("The file is gone from the disk.")});
    QVERIFY(view().hasPhoto());
    QSignalSpy replaced(viewer_, &ViewerPanel::photoReplaced);
    writePicture(photo, rulerImage(60, 40));
    QVERIFY(replaced.wait());
    QVERIFY(view().notes().isEmpty());
    QCOMPARE(view().photo().full, QSize(60, 40));
    // A replacement that cannot be read leaves the photo, and says so.
    writeFileAtomically(photo, "no photo at all");
    QTRY_VERIFY(view().notes().join(QString()).contains(QStringLiteral("a.png: ")));
    QCOMPARE(view().photo().full, QSize(60, 40));
  }

  void switchesAreRemembered() {
    viewer_->setAttentionOn(true);
    viewer_->setBoxesOn(false);
    viewer_->setSplit(true);
    view().setSplitAt(0.25);
    ViewerPanel other;
    other.restore(viewer_->state());
    QVERIFY(other.attentionOn() && !other.boxesOn() && other.split());
    QCOMPARE(other.view()->splitAt(), 0.25);
    QCOMPARE(other.state(), viewer_->state());
    other.restore({});
    QVERIFY(!other.attentionOn() && other.boxesOn() && !other.split());
  }

 private:
  PhotoView& view() const { return *viewer_->view(); }
  fs::path ruler(const std::string& name, int width, int height) const {
    writePicture(folder_ / name, rulerImage(width, height));
    return folder_ / name;
  }
  void show(const fs::path& photo) {
    QSignalSpy ready(viewer_, &ViewerPanel::photoShown);
    viewer_->showPhoto(photo);
    QVERIFY(ready.wait());
  }
  QToolButton* button(const char* name) const {
    for (QToolButton* tool : viewer_->findChildren<QToolButton*>()) {
      if (tool->accessibleName() == QLatin1String(name)) return tool;
    }
    return nullptr;
  }

  TestFolder folder_;
  ViewerPanel* viewer_ = nullptr;
};

QTEST_MAIN(ViewerPanelTest)
#include "viewer_panel_test.moc"
