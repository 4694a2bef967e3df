// Exports on their own thread: the same bytes as those of the engine, however often they are
// paused, cancelled and gone on with, and a clear word when they cannot begin.
#include "ui/export/export_runner.h"

#include <QApplication>
#include <optional>

#include "export_fixtures.h"

using namespace inkling;
namespace fs = std::filesystem;

namespace {

// A runner, and what it has said so far.
struct Run {
  explicit Run(const ExportOrder& order, ExportStart how = {}) {
    QObject::connect(&runner, &ExportRunner::begun, [this](std::size_t all, std::size_t done) {
      photos = all;
      doneBefore = done;
    });
    QObject::connect(&runner, &ExportRunner::refused,
                     [this](const QString& reason) { refusal = reason; });
    QObject::connect(&runner, &ExportRunner::photoFailed,
                     [this](const QString&, const QString& reason) { failures << reason; });
    QObject::connect(&runner, &ExportRunner::finished,
                     [this](const ExportEnd& last) { end = last; });
    runner.start(order, how);
  }
  bool isOver() const { return end || refusal; }

  ExportRunner runner;
  QSignalSpy progressed{&runner, &ExportRunner::progressed};
  QSignalSpy stands{&runner, &ExportRunner::stands};
  std::size_t photos = 0, doneBefore = 0;
  QStringList failures;
  std::optional<QString> refusal;
  std::optional<ExportEnd> end;
};

}  // namespace

class ExportRunnerTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { folders_.emplace("export-runner"); }
  void cleanup() { folders_.reset(); }

  void everyFormatIsWrittenAsTheEngineWritesIt_data() {
    QTest::addColumn<QString>("format");
    for (const std::string& name : exportFormatNames())
      QTest::newRow(name.c_str()) << QString::fromStdString(name);
  }
  void everyFormatIsWrittenAsTheEngineWritesIt() {
    QFETCH(QString, format);
    folders_->addPhotos(6);
    folders_->addBroken("broken.jpg");
    ExportOrder order = folders_->order(format.toStdString(), "window");
    order.overlay = order.scores = true;
    Run run(order);
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY2(run.end, qPrintable(run.refusal.value_or(QString())));
    QVERIFY(run.end->outcome.finished);
    QVERIFY(run.end->outcome.boxes > 0);
    QCOMPARE(run.photos, std::size_t{7});
    order.out = folders_->out("engine");
    QVERIFY(folders_->exportDirectly(order).finished);
    QCOMPARE(filesBelow(folders_->out("window")), filesBelow(folders_->out("engine")));
  }

  void aPhotoThatCannotBeReadIsNamedAndTheOthersGoOn() {
    folders_->addPhotos(3);
    folders_->addBroken("broken.jpg");
    Run run(folders_->order());
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QCOMPARE(run.failures.size(), 1);
    QVERIFY(run.failures[0].contains(QStringLiteral("broken.jpg")));
    QCOMPARE(run.end->outcome.photos, std::int64_t{3});
    QCOMPARE(run.end->outcome.failed, std::int64_t{1});
    QVERIFY(readFile(folders_->out() / "failures.csv").find("broken.jpg") != std::string::npos);
  }

  void cancelledAndResumedItEndsWithTheSameBytes() {
    folders_->addPhotos(kMany);
    folders_->addBroken("0-broken.jpg");
    {
      Run run(folders_->order("yolo"));
      QTRY_VERIFY_WITH_TIMEOUT(run.progressed.count() >= 5, kLong);
      run.runner.cancel();
      QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
      QVERIFY(run.end->cancelled);
      QVERIFY(run.end->outcome.photos < kMany);
      QVERIFY(!fs::exists(folders_->out() / "export.json"));
    }
    Run again(folders_->order("yolo"), resuming());
    QTRY_VERIFY_WITH_TIMEOUT(again.isOver(), kLong);
    QVERIFY(again.doneBefore >= 5);
    QVERIFY(again.end->outcome.finished);
    QCOMPARE(again.failures.size(), 1);  // of before, told again
    folders_->exportDirectly(folders_->order("yolo", "engine"));
    QCOMPARE(filesBelow(folders_->out()), filesBelow(folders_->out("engine")));
  }

  void whatTheCommandLineBeganIsGoneOnWith() {
    folders_->addPhotos(20);
    QVERIFY(!folders_->exportDirectly(folders_->order("voc"), {}, 3).finished);
    Run run(folders_->order("voc"), resuming());
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(run.doneBefore >= 3);
    QVERIFY(run.end->outcome.finished);
    folders_->exportDirectly(folders_->order("voc", "engine"));
    QCOMPARE(filesBelow(folders_->out()), filesBelow(folders_->out("engine")));
  }

  void aPauseStandsStillUntilItIsOver() {
    folders_->addPhotos(kMany);
    Run run(folders_->order());
    QTRY_VERIFY_WITH_TIMEOUT(run.progressed.count() >= 3, kLong);
    run.runner.setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT(run.stands.count(), 1, kLong);
    QCOMPARE(run.stands[0][0].toBool(), true);
    const auto done = run.progressed.count();
    QVERIFY(done < kMany);
    QTest::qWait(400);
    QCOMPARE(run.progressed.count(), done);
    QVERIFY(!run.isOver());
    run.runner.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QCOMPARE(run.stands.count(), 2);
    QVERIFY(run.end->outcome.finished);
    QCOMPARE(run.progressed.count(), qsizetype{kMany});  // no photo twice
    folders_->exportDirectly(folders_->order("coco", "engine"));
    QCOMPARE(filesBelow(folders_->out()), filesBelow(folders_->out("engine")));
  }

  void aPausedExportIsCancelled() {
    folders_->addPhotos(kMany);
    Run run(folders_->order());
    run.runner.setPaused(true);  // before it has begun
    QTRY_COMPARE_WITH_TIMEOUT(run.stands.count(), 1, kLong);
    run.runner.cancel();
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(run.end->cancelled);
    QCOMPARE(run.end->outcome.photos, std::int64_t{0});
  }

  void oneExportAtATime() {
    folders_->addPhotos(4);
    Run run(folders_->order());
    QVERIFY(!run.runner.start(folders_->order("csv", "other"), {}));
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(!fs::exists(folders_->out("other")));
    // Whoever hears of the end can begin at once.
    QVERIFY(run.runner.start(folders_->order(), replacing()));
    run.end.reset();
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(run.end->outcome.finished);
  }

  void whatCannotBeginSaysWhyAndChangesNothing() {
    folders_->addPhotos(3);
    folders_->exportDirectly(folders_->order("csv"));
    const auto before = filesBelow(folders_->out());

    Run there(folders_->order("csv"));
    QTRY_VERIFY_WITH_TIMEOUT(there.isOver(), kLong);
    QVERIFY(there.refusal->contains(QStringLiteral("holds a finished export")));
    QVERIFY(!there.refusal->contains(QStringLiteral("--")));

    ExportOrder lost = folders_->order("csv");
    lost.model = folders_->home / "gone.safetensors";
    Run withoutModel(lost, replacing());
    QTRY_VERIFY_WITH_TIMEOUT(withoutModel.isOver(), kLong);
    QVERIFY(withoutModel.refusal->contains(QStringLiteral("gone.safetensors")));

    ExportOrder inFile = folders_->order();
    writeFileAtomically(folders_->home / "file", "not a folder");
    inFile.out = folders_->home / "file/out";
    Run unwritable(inFile);
    QTRY_VERIFY_WITH_TIMEOUT(unwritable.isOver(), kLong);
    QVERIFY(unwritable.refusal->contains(QStringLiteral("file")));
    QCOMPARE(filesBelow(folders_->out()), before);
  }

  void anotherExportIntoTheFolderIsNamed() {
    folders_->addPhotos(2);
    const JobFolder held(folders_->out());
    Run run(folders_->order());
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(run.refusal->contains(QStringLiteral("already exporting")));
  }

  void aFolderThatVanishesEndsItWithTheReason() {
    folders_->addPhotos(kMany);
    Run run(folders_->order("yolo"));
    QTRY_VERIFY_WITH_TIMEOUT(run.progressed.count() >= 3, kLong);
    run.runner.setPaused(true);
    QTRY_COMPARE_WITH_TIMEOUT(run.stands.count(), 1, kLong);
    fs::remove_all(folders_->out());
    writeFileAtomically(folders_->out(), "a file in its place");
    run.runner.setPaused(false);
    QTRY_VERIFY_WITH_TIMEOUT(run.isOver(), kLong);
    QVERIFY(run.end->reason.contains(QStringLiteral("cannot")));
    QVERIFY(!run.end->reason.contains(QStringLiteral("--")));
  }

  void messagesSpeakOfTheWindow() {
    QCOMPARE(withoutOptions("out: holds a finished export; --force replaces it"),
             QStringLiteral("out: holds a finished export"));
    QCOMPARE(withoutOptions("a.txt: no space left; what is done is kept, and --resume goes on"),
             QStringLiteral("a.txt: no space left"));
    QCOMPARE(withoutOptions("holds an unfinished export; --resume goes on with it, --force starts"),
             QStringLiteral("holds an unfinished export"));
    QCOMPARE(withoutOptions("out: stopped, as more than 3 photos failed (--max-failures)"),
             QStringLiteral("out: stopped, as more than 3 photos failed"));
    QCOMPARE(withoutOptions("my--photos/a; b.jpg: is cut off"),
             QStringLiteral("my--photos/a; b.jpg: is cut off"));
  }

  void closedAtAnyMomentItCanBeResumed() {
    folders_->addPhotos(40);
    for (int round = 0; round < 8; ++round) {
      Run run(folders_->order("voc"), resuming());
      QTest::qWait(round * 61 % 300);
    }
    Run last(folders_->order("voc"), resuming());
    QTRY_VERIFY_WITH_TIMEOUT(last.isOver(), kLong);
    QVERIFY2(last.end && last.end->outcome.finished, qPrintable(last.refusal.value_or(QString())));
    folders_->exportDirectly(folders_->order("voc", "engine"));
    QCOMPARE(filesBelow(folders_->out()), filesBelow(folders_->out("engine")));
  }

 private:
  static constexpr int kMany = 150;
  std::optional<ExportFolders> folders_;
};

QTEST_MAIN(ExportRunnerTest)
#include "export_runner_test.moc"
