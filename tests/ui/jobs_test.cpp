// Jobs under real clicks: two bars, pace, pause, cancel, failures; and exports with real files.
#include <QSignalSpy>
#include <QTest>
#include <filesystem>
#include <optional>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/image/photo_reader.h"
#include "tests/ui/scratch_folder.h"
#include "ui/jobs/exporter.h"
#include "ui/jobs/jobs_panel.h"

using namespace inkling;
namespace fs = std::filesystem;

class JobsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { folder_.emplace("jobs"); }
  void cleanup() { folder_.reset(); }

  void thePaceIsThatOfTheLastSeconds() {
    RateMeter meter;
    QVERIFY(!meter.rate());
    for (int second = 0; second <= 10; ++second)
      meter.note(static_cast<std::size_t>(second) * 4, second * 1000);
    QCOMPARE(*meter.rate(), 4.0);
    QCOMPARE(*meter.remaining(40), 10.0);
    // It becomes slower: after a while, only that counts.
    for (int second = 11; second <= 60; ++second)
      meter.note(40 + static_cast<std::size_t>(second - 10), second * 1000);
    QVERIFY(std::abs(*meter.rate() - 1.0) < 0.1);
    meter.note(0, 61000);  // another piece of work
    QVERIFY(!meter.rate());
  }

  void durationsAreShort() {
    QCOMPARE(durationText(0.2), QStringLiteral("1 s"));
    QCOMPARE(durationText(59), QStringLiteral("59 s"));
    QCOMPARE(durationText(185), QStringLiteral("3 min"));
    QCOMPARE(durationText(2 * 3600 + 300), QStringLiteral("2 h 5 min"));
  }

  void twoBarsShowThePhotoInHandAndTheWhole() {
    JobsPanel panel;
    panel.resize(700, 200);
    panel.show();
    Job* job = panel.add(QStringLiteral("Search"));
    job->setProgress(25, 100);
    job->setInHand(QStringLiteral("cat.jpg"), 0.5);
    const QList<QProgressBar*> bars = panel.findChildren<QProgressBar*>();
    QCOMPARE(bars.size(), 2);
    QCOMPARE(bars[0]->value(), 500);
    QVERIFY(bars[0]->format().contains(QStringLiteral("cat.jpg")));
    QCOMPARE(bars[1]->value(), 250);
    QCOMPARE(bars[1]->format(), QStringLiteral("25 of 100 photos"));
    QVERIFY(panel.summary().contains(QStringLiteral("25 of 100")));
  }

  void pauseAndCancelAreOneClick() {
    JobsPanel panel;
    panel.resize(700, 200);
    panel.show();
    Job* job = panel.add(QStringLiteral("Export"));
    QSignalSpy pause(job, &Job::pauseRequested), cancel(job, &Job::cancelRequested);
    QTest::mouseClick(button(panel, QStringLiteral("Pause")), Qt::LeftButton);
    QCOMPARE(pause.count(), 1);
    QCOMPARE(pause[0][0].toBool(), true);
    job->setPaused(true);
    QTest::mouseClick(button(panel, QStringLiteral("Go on")), Qt::LeftButton);
    QCOMPARE(pause[1][0].toBool(), false);
    QTest::mouseClick(button(panel, QStringLiteral("Cancel; what is done stays")), Qt::LeftButton);
    QCOMPARE(cancel.count(), 1);
    job->finish(Job::State::kCancelled);
    QCOMPARE(panel.activeCount(), 0);
    QTest::mouseClick(button(panel, QStringLiteral("Remove from this list")), Qt::LeftButton);
    QVERIFY(panel.cards().empty());
  }

  void whatCanBeDoneWithTheOutcomeIsAButton() {
    JobsPanel panel;
    panel.resize(700, 200);
    panel.show();
    Job* job = panel.add(QStringLiteral("Export"));
    auto* offer = panel.findChild<QPushButton*>();
    QVERIFY(!offer->isVisible());
    int opened = 0;
    job->finish(Job::State::kDone, QStringLiteral("12 photos"));
    job->offer(QStringLiteral("Open folder"), [&] { ++opened; });
    QCOMPARE(offer->text(), QStringLiteral("Open folder"));
    QTest::mouseClick(offer, Qt::LeftButton);
    QCOMPARE(opened, 1);
    // One that begins the job again takes itself away.
    job->offer(QStringLiteral("Resume"), [&] { job->restart(); });
    QTest::mouseClick(offer, Qt::LeftButton);
    QVERIFY(job->isActive());
    QVERIFY(!offer->isVisible());
  }

  void failuresAreListedWithTheirReasons() {
    JobsPanel panel;
    panel.resize(700, 300);
    panel.show();
    Job* job = panel.add(QStringLiteral("Search"));
    job->addFailure(QStringLiteral("a.jpg"), QStringLiteral("a.jpg: the file is truncated"));
    job->addFailure(QStringLiteral("b.jpg"), QStringLiteral("b.jpg: not a photo"));
    auto* problems = button(panel, QString());
    QVERIFY(problems != nullptr);
    QTest::mouseClick(problems, Qt::LeftButton);
    const auto* list = panel.findChild<QPlainTextEdit*>();
    QVERIFY(list->isVisible());
    QVERIFY(list->toPlainText().contains(QStringLiteral("b.jpg: not a photo")));
    for (std::size_t i = 0; i < Job::kListed + 5; ++i) job->addFailure({}, QStringLiteral("x"));
    QTRY_VERIFY(list->toPlainText().endsWith(QStringLiteral("and 7 more")));
  }

  // Exports --------------------------------------------------------------------------------------

  void aTableOfBoxesIsWritten() {
    const fs::path file = *folder_ / "matches.csv";
    QCOMPARE(exported({report(), file, MatchesFormat::kCsv, {}}), std::size_t{2});
    const std::string text = readFile(file);
    QVERIFY(text.starts_with("photo,score,x,y,width,height\r\n"));
    QVERIFY(text.find("10,20,30,40") != std::string::npos);
    QCOMPARE(exported({report(), *folder_ / "matches.json", MatchesFormat::kJson, {}}),
             std::size_t{2});
    QCOMPARE(readJson(*folder_ / "matches.json").at("photos").size(), std::size_t{2});
  }

  void picturesAreWrittenAndABrokenPhotoIsNamed() {
    FindReport found = report();
    writeFileAtomically(*folder_ / "broken.jpg", "no photo");
    found.photos.push_back({*folder_ / "broken.jpg", {10, 10}, 0.9, {{{1, 1, 5, 5}, 0.9}}});
    Exporter exporter;
    QSignalSpy failed(&exporter, &Exporter::photoFailed), done(&exporter, &Exporter::finished);
    QVERIFY(exporter.start({found, *folder_ / "out", MatchesFormat::kPictures, {}}));
    QVERIFY(!exporter.start({found, *folder_ / "out", MatchesFormat::kPictures, {}}));
    QVERIFY(done.wait(20000));
    QCOMPARE(done[0][0].value<std::size_t>(), std::size_t{2});
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed[0][1].toString().contains(QStringLiteral("broken.jpg")));
    const Image written = readPhoto(*folder_ / "out/airplane_sky.boxes.jpg");
    QVERIFY(written.size() == readPhoto(photo("airplane_sky.jpg")).size());
  }

  void aFolderThatCannotBeWrittenIsNamed() {
    writeFileAtomically(*folder_ / "file", "not a folder");
    Exporter exporter;
    QSignalSpy done(&exporter, &Exporter::finished);
    exporter.start({report(), *folder_ / "file/out", MatchesFormat::kPictures, {}});
    QVERIFY(done.wait(20000));
    QVERIFY(done[0][2].toString().contains(QStringLiteral("file")));
    QVERIFY(exporter.start({report(), *folder_ / "file/m.csv", MatchesFormat::kCsv, {}}));
    QVERIFY(done.wait(20000));
    QVERIFY(done[1][2].toString().contains(QStringLiteral("file")));
  }

  void pausedAndCancelledKeepsWhatIsWritten() {
    FindReport many;
    for (int i = 0; i < 40; ++i)
      many.photos.push_back({photo("airplane_sky.jpg"), {640, 480}, 0.9, {{{1, 1, 50, 50}, 0.9}}});
    Exporter exporter;
    QSignalSpy progressed(&exporter, &Exporter::progressed), done(&exporter, &Exporter::finished);
    exporter.start({many, *folder_ / "out", MatchesFormat::kPictures, {}});
    QTRY_VERIFY_WITH_TIMEOUT(progressed.count() > 4, 20000);
    exporter.setPaused(true);
    QTest::qWait(300);
    const int before = static_cast<int>(progressed.count());
    QTest::qWait(400);
    QCOMPARE(static_cast<int>(progressed.count()), before);
    exporter.cancel();
    QVERIFY(done.wait(20000));
    QCOMPARE(done[0][1].toBool(), true);
    const auto written = done[0][0].value<std::size_t>();
    QVERIFY(written > 0 && written < 40);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(*folder_ / "out")) {
      QVERIFY(!readPhoto(entry.path()).empty());  // no half file
      ++files;
    }
    QCOMPARE(files, written);
  }

 private:
  static fs::path photo(const char* name) {
    return fs::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) / "resources/samples/photos" /
           name;
  }
  static FindReport report() {
    FindReport found;
    found.photos.push_back({photo("airplane_sky.jpg"), {640, 480}, 0.9, {{{10, 20, 30, 40}, 0.8}}});
    found.photos.push_back({photo("buses_rain.jpg"), {640, 480}, 0.7, {{{1, 2, 3, 4}, 0.6}}});
    return found;
  }
  static std::size_t exported(ExportRequest request) {
    Exporter exporter;
    QSignalSpy done(&exporter, &Exporter::finished);
    exporter.start(std::move(request));
    return done.wait(20000) ? done[0][0].value<std::size_t>() : 0;
  }
  // By its accessible name; an empty name means the button of the problems.
  static QToolButton* button(const QWidget& panel, const QString& name) {
    for (auto* button : panel.findChildren<QToolButton*>()) {
      if (name.isEmpty() ? button->isCheckable() : button->accessibleName() == name) return button;
    }
    return nullptr;
  }

  std::optional<ScratchFolder> folder_;
};

QTEST_MAIN(JobsTest)
#include "jobs_test.moc"
