// The gallery under real mouse, wheel and key events.
#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QDragEnterEvent>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <QToolButton>

#include "gallery_test_case.h"
#include "ui/gallery/folder_watch.h"
#include "ui/gallery/gallery_panel.h"

using namespace inkling;
namespace fs = std::filesystem;

class GalleryTest : public GalleryTestCase {
  Q_OBJECT

 private Q_SLOTS:
  void init() { QVERIFY(showGallery()); }
  void cleanup() { removeGallery(); }

  // Scores and the threshold ----------------------------------------------------------------------

  void theSelectionSurvivesSortingAndFiltering() {
    open(manyNames(200));
    click(5);
    QSignalSpy current(panel_, &GalleryPanel::currentPhotoChanged);
    for (std::size_t i = 0; i < 200; ++i) model_->setMatch(i, match(static_cast<float>(i) / 200));
    child<QComboBox>()->setFocus();
    QTest::keyClick(child<QComboBox>(), Qt::Key_Up);
    QCOMPARE(panel_->order(), PhotoModel::Order::kScore);
    QCOMPARE(grid().currentIndex(), model_->indexOf(5));
    QCOMPARE(grid().currentIndex().row(), 194);
    QVERIFY(grid().viewport()->rect().intersects(grid().visualRect(grid().currentIndex())));
    // Hidden, it is still the photo that the person looks at; shown again, it is selected.
    QTest::mouseClick(child<QCheckBox>(), Qt::LeftButton, {}, {10, 10});
    QVERIFY(model_->onlyMatches());
    panel_->setThreshold(0.5);
    QVERIFY(!grid().currentIndex().isValid());
    QCOMPARE(*panel_->currentPhoto(), std::size_t{5});
    panel_->setThreshold(0);
    QCOMPARE(grid().currentIndex(), model_->indexOf(5));
    QCOMPARE(current.count(), 0);
  }

  void theSelectionSurvivesAnotherListing() {
    open({"a.jpg", "c.jpg", "d.jpg"});
    panel_->selectPhoto(1);
    QSignalSpy current(panel_, &GalleryPanel::currentPhotoChanged);
    model_->setPhotos({"a.jpg", "b.jpg", "c.jpg"});
    QCOMPARE(*panel_->currentPhoto(), std::size_t{2});
    QCOMPARE(grid().currentIndex().row(), 2);
    model_->setPhotos({"a.jpg"});
    QVERIFY(!panel_->currentPhoto());
    QCOMPARE(current.count(), 2);
  }

  void theSliderChangesCountsAndRowsAtOnce() {
    open(manyNames(100));
    for (std::size_t i = 0; i < 100; ++i)
      model_->setMatch(i, match((static_cast<float>(i) + 0.1F) / 100));
    panel_->setOnlyMatches(true);
    QSignalSpy threshold(panel_, &GalleryPanel::thresholdChanged);
    auto* slider = child<QSlider>();
    QCOMPARE(slider->value(), 30);
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(panel_->threshold(), 0.31);
    QCOMPARE(model_->rowCount(), 69);
    QCOMPARE(count(), QStringLiteral("69 of 100 photos match"));
    QTest::keyClick(slider, Qt::Key_PageUp);
    QCOMPARE(model_->rowCount(), 59);
    QTest::keyClick(slider, Qt::Key_End);
    QCOMPARE(model_->rowCount(), 0);
    // A press beside the handle moves it by a page.
    QTest::mouseClick(slider, Qt::LeftButton, {}, {3, slider->height() / 2});
    QCOMPARE(panel_->threshold(), 0.9);
    QCOMPARE(threshold.count(), 4);
  }

  void saysHowManyPhotosWereLookedAtClosely() {
    open(manyNames(5000));
    for (std::size_t i = 0; i < 75; ++i) model_->setMatch(i, match(i < 12 ? 0.8F : 0.1F));
    QTRY_COMPARE(count(), QStringLiteral("12 of 5,000 photos match"));
    model_->setSearchOver(true);
    QTRY_COMPARE(count(), QStringLiteral("12 match · looked closely at 75 of 5,000 photos"));
    panel_->setOnlyMatches(true);
    QCOMPARE(model_->rowCount(), 12);
  }

  void scoresThatComeInFindTheirPlacesAfterAWhile() {
    open(manyNames(300));
    panel_->setOrder(PhotoModel::Order::kScore);
    QSignalSpy moved(model_, &PhotoModel::layoutChanged);
    for (std::size_t i = 0; i < 300; ++i) {
      model_->setMatch(i, match(static_cast<float>(i) / 300));
      QTest::qWait(3);
    }
    QTRY_COMPARE(model_->photoAt(model_->index(0)), std::size_t{299});
    QVERIFY2(moved.count() <= 4, qPrintable(QString::number(moved.count())));
    QTest::qWait(700);
    const auto calls = moved.count();
    QTest::qWait(700);
    QCOMPARE(moved.count(), calls);  // nothing comes in, nothing moves
  }

  // What the panel says -----------------------------------------------------------------------

  void countsAreTold() {
    panel_->setSourceName(QStringLiteral("holidays"));
    panel_->setListing(12000);
    QCOMPARE(count(), QStringLiteral("Listing… 12,000"));
    panel_->setListing({});
    model_->setPhotos(manyNames(3400));
    QCOMPARE(count(), QStringLiteral("3,400 photos"));
    model_->setMatch(7, match(0.8F));
    QTRY_COMPARE(count(), QStringLiteral("1 of 3,400 photos match"));
  }

  void emptyStatesSayWhatCanBeDone() {
    QSignalSpy wanted(panel_, &GalleryPanel::openRequested);
    auto* message = child<MessagePage>();
    auto* button = message->findChild<QPushButton*>();
    QVERIFY(message->isVisible() && button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    panel_->setSourceName(QStringLiteral("holidays"));
    QVERIFY(message->message().title.contains(QStringLiteral("holidays")));
    open({"a.jpg", "b.jpg"});
    QVERIFY(grid().isVisible());
    model_->setMatch(0, match(0.238F));
    model_->setMatch(1, match(0.1F));
    panel_->setOnlyMatches(true);
    QVERIFY(message->isVisible());
    QCOMPARE(button->text(), QStringLiteral("Lower the threshold to 23%"));
    button->setFocus();
    QTest::keyClick(button, Qt::Key_Space);
    QVERIFY(grid().isVisible());
    QCOMPARE(panel_->threshold(), 0.23);
    QCOMPARE(model_->rowCount(), 1);
  }

  void theWindowsOwnWelcomePageIsShownWithoutAFolder() {
    auto* welcome = new QLabel(QStringLiteral("welcome"));
    panel_->setEmptyPage(welcome);
    QVERIFY(welcome->isVisible());
    open({"a.jpg"});
    QVERIFY(!welcome->isVisible() && grid().isVisible());
  }

  void foldersAndPhotosAreDropped() {
    const PhotoFolder folder;
    const fs::path photo = folder.add("a.jpg");
    QSignalSpy dropped(panel_, &GalleryPanel::sourcesDropped);
    const auto drop = [&](const QList<QUrl>& urls) {
      QMimeData data;
      data.setUrls(urls);
      QDragEnterEvent enter({250, 250}, Qt::CopyAction, &data, Qt::LeftButton, {});
      QCoreApplication::sendEvent(panel_, &enter);
      if (!enter.isAccepted()) return false;
      QDropEvent event({250, 250}, Qt::CopyAction, &data, Qt::LeftButton, {});
      QCoreApplication::sendEvent(panel_, &event);
      return event.isAccepted();
    };
    const QUrl folderUrl = QUrl::fromLocalFile(QString::fromStdString(folder.path().string()));
    const QUrl photoUrl = QUrl::fromLocalFile(QString::fromStdString(photo.string()));
    QVERIFY(drop({folderUrl, photoUrl}));
    QCOMPARE(dropped[0][0].value<PhotoPaths>(), (PhotoPaths{folder.path(), photo}));
    QVERIFY(!drop({QUrl::fromLocalFile(QStringLiteral("/nowhere/notes.txt"))}));
    QVERIFY(!drop({QUrl(QStringLiteral("https://example.org/a.jpg"))}));
    QCOMPARE(dropped.count(), 1);
  }

  void theMenuOffersRecentFolders() {
    const QString folder = QStringLiteral("/media/disk/photos & scans");
    panel_->setRecentFolders({folder, QStringLiteral("/tmp")});
    QSignalSpy chosen(panel_, &GalleryPanel::recentChosen);
    QSignalSpy cleared(panel_, &GalleryPanel::clearRecentRequested);
    QSignalSpy wanted(panel_, &GalleryPanel::openRequested);
    for (QAction* action : child<QToolButton>()->menu()->actions()) action->trigger();
    QCOMPARE(chosen.count(), 2);
    QCOMPARE(chosen[0][0].toString(), folder);
    QCOMPARE(cleared.count(), 1);
    QCOMPARE(wanted.count(), 1);
  }

  void theStateComesBack() {
    panel_->setOrder(PhotoModel::Order::kScore);
    panel_->setThreshold(0.55);
    panel_->setOnlyMatches(true);
    grid().setThumbnailSide(208);
    const QVariantMap state = panel_->state();
    PhotoModel other;
    GalleryPanel panel(other);
    panel.restore({{QStringLiteral("threshold"), QStringLiteral("nonsense")}});
    QCOMPARE(panel.threshold(), 0.3);
    panel.restore(state);
    QCOMPARE(panel.state(), state);
    QCOMPARE(panel.findChild<QSlider*>()->value(), 55);
    QVERIFY(panel.findChild<QCheckBox*>()->isChecked());
  }

  void everyControlHasANameAndCanBeReached() {
    open(manyNames(3));
    for (QWidget* control : panel_->findChildren<QWidget*>()) {
      const bool control_ = qobject_cast<QAbstractButton*>(control) != nullptr ||
                            qobject_cast<QComboBox*>(control) != nullptr ||
                            qobject_cast<QSlider*>(control) != nullptr ||
                            qobject_cast<PhotoGrid*>(control) != nullptr;
      if (!control_ || !control->isVisible()) continue;
      QVERIFY2(!control->accessibleName().isEmpty(), control->metaObject()->className());
      QVERIFY2((control->focusPolicy() & Qt::TabFocus) != 0, control->metaObject()->className());
    }
  }

  // Folders that change ---------------------------------------------------------------------------

  void aFolderThatIsRemovedIsToldOfAndLookedFor() {
    const PhotoFolder scratch;
    const fs::path folder = scratch.path() / "watched";
    fs::create_directories(folder);
    FolderWatch watch;
    QSignalSpy gone(&watch, &FolderWatch::folderGone), changed(&watch, &FolderWatch::folderChanged);
    watch.setFolders({folder, "/nowhere/at/all"});
    std::ofstream(folder / "new.jpg") << "x";
    std::ofstream(folder / "another.jpg") << "x";
    QVERIFY(changed.wait(4000));
    QCOMPARE(changed.count(), 1);
    fs::remove_all(folder);
    QVERIFY(gone.count() == 1 || gone.wait(4000));
    QCOMPARE(gone[0][0].toString(), QString::fromStdString(folder.string()));
    fs::create_directories(folder);
    QVERIFY(changed.wait(6000));
    QCOMPARE(gone.count(), 1);
    watch.setFolders({});
    std::ofstream(folder / "new.jpg") << "x";
    QVERIFY(!changed.wait(1500));
  }
};

QTEST_MAIN(GalleryTest)
#include "gallery_test.moc"
