// Exports in the whole window: from Ctrl+Shift+E to the files, the job in the list, and the
// questions in between.
#include <QDesktopServices>
#include <QPushButton>
#include <QTimer>

#include "export_fixtures.h"
#include "window_under_test.h"

using namespace inkling;

class ExportWindowTest : public QObject, private WindowUnderTest {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    begin();
    window_.reset();
    folders_.emplace("export-window");
    options_.model = folders_->model();
    start();
    QDesktopServices::setUrlHandler(QStringLiteral("file"), this, "openUrl");
  }
  void cleanup() {
    QDesktopServices::unsetUrlHandler(QStringLiteral("file"));
    end();
    folders_.reset();
  }

  void fromTheKeysToTheFiles() {
    folders_->addPhotos(6);
    folders_->addBroken("broken.jpg");
    findBuses();
    openDialog();
    choose(1, "yolo");
    typeOut(folders_->out());
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(), kLong);
    QVERIFY(window_->jobs().isVisible());
    QVERIFY(job()->outcome().contains(QStringLiteral("failures.csv")));
    QCOMPARE(job()->failureCount(), std::size_t{1});
    QCOMPARE(job()->done(), std::size_t{7});
    compareWithEngine("yolo");
    click(QStringLiteral("Open folder"));
    QCOMPARE(opened_, QUrl::fromLocalFile(QString::fromStdString(folders_->out().string())));
    // Asked again, it is all remembered, after a restart, too.
    window_->close();
    start();
    QTRY_COMPARE_WITH_TIMEOUT(window_->model().photoCount(), std::size_t{7}, kLong);
    QTRY_VERIFY_WITH_TIMEOUT(window_->search().facts(), kLong);
    openDialog();
    QCOMPARE(dialog()->form().order().format, std::string("yolo"));
    QCOMPARE(dialog()->form().order().out, folders_->out());
    QCOMPARE(dialog()->startButton()->text(), QStringLiteral("Replace"));
  }

  void aFinishedExportIsReplaced() {
    folders_->addPhotos(3);
    folders_->exportDirectly(folders_->order("voc"));
    findBuses();
    openDialog();
    choose(1, "csv");
    typeOut(folders_->out());
    QCOMPARE(dialog()->startButton()->text(), QStringLiteral("Replace"));
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(), kLong);
    QVERIFY(!fs::exists(folders_->out() / "0.xml"));
    compareWithEngine("csv");
  }

  void cancelledByTheListItIsResumedThere() {
    folders_->addPhotos(kMany);
    findBuses();
    openDialog();
    choose(1, "voc");
    typeOut(folders_->out());
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(job() && job()->done() >= 3, kLong);
    click(QStringLiteral("Cancel; what is done stays"));
    QTRY_COMPARE_WITH_TIMEOUT(job()->state(), Job::State::kCancelled, kLong);
    QVERIFY(job()->outcome().contains(QStringLiteral("can be resumed")));
    QVERIFY(!fs::exists(folders_->out() / "export.json"));
    click(QStringLiteral("Resume"));
    QTRY_VERIFY_WITH_TIMEOUT(isDone(), kLong);
    compareWithEngine("voc");
  }

  void pausedByTheListTheSearchGoesOn() {
    folders_->addPhotos(kMany);
    findBuses();
    openDialog();
    choose(1, "yolo");
    typeOut(folders_->out());
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(job() && job()->done() >= 3, kLong);
    click(QStringLiteral("Pause"));
    QTRY_COMPARE_WITH_TIMEOUT(job()->state(), Job::State::kPaused, kLong);
    const std::size_t done = job()->done();
    QVERIFY(done < kMany);
    // Another drawing is looked for meanwhile; the export keeps to its own.
    window_->stackPanel().take(sketch("airplane"), QStringLiteral("airplane"));
    QTRY_VERIFY_WITH_TIMEOUT(window_->search().isIdle() && allSearched(), kLong);
    QCOMPARE(job()->done(), done);
    click(QStringLiteral("Go on"));
    QTRY_VERIFY_WITH_TIMEOUT(isDone(), kLong);
    compareWithEngine("yolo");
  }

  void whatTheEngineRefusesIsSaidInTheDialog() {
    folders_->addPhotos(2);
    findBuses();
    writeFileAtomically(folders_->home / "file", "not a folder");
    openDialog();
    typeOut(folders_->home / "file/out");
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(dialog()->message().contains(QStringLiteral("file")), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(dialog()->isSettled(), kLong);
    typeOut(folders_->out());  // nothing was lost
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(), kLong);
  }

  void whatIsMissingForAnExportIsSaid() {
    QVERIFY(!window_->actions()[Act::kExportDetections]->isEnabled());
    folders_->addPhotos(2);
    window_->openSources({folders_->photos()});
    QTRY_VERIFY_WITH_TIMEOUT(window_->search().facts(), kLong);
    QTRY_VERIFY_WITH_TIMEOUT(window_->actions()[Act::kExportDetections]->isEnabled(), kLong);
    trigger(Act::kExportDetections);
    QVERIFY(dialog() == nullptr);
    QVERIFY(window_->messages().text().contains(QStringLiteral("Draw")));
  }

  void aDialogThatIsClosedBeforeTheStartLeavesNothingRunning() {
    folders_->addPhotos(kMany);
    findBuses();
    openDialog();
    typeOut(folders_->out());
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    dialog()->reject();
    QTRY_VERIFY_WITH_TIMEOUT(!window_->exports().isRunning(), kLong);
    QVERIFY(job() == nullptr);
    QVERIFY(!fs::exists(folders_->out() / "export.json"));
    openDialog();  // and can be asked for again
  }

  void closingAsksAndKeepsWhatIsDone() {
    folders_->addPhotos(kMany);
    findBuses();
    openDialog();
    choose(1, "yolo");
    typeOut(folders_->out());
    QTest::mouseClick(dialog()->startButton(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(job() && job()->done() >= 3, kLong);
    click(QStringLiteral("Pause"));  // or it might be over before the question
    QTRY_COMPARE_WITH_TIMEOUT(job()->state(), Job::State::kPaused, kLong);
    answer(QStringLiteral("Go back"));
    QVERIFY(!window_->close());
    QVERIFY(window_->exports().isRunning());
    answer(QStringLiteral("Stop and close"));
    QVERIFY(window_->close());
    window_.reset();
    ExportOrder order = folders_->order("yolo");
    order.threshold = threshold_;
    order.drawings.query = drawnBus();
    QVERIFY(folders_->exportDirectly(order, resuming()).finished);
    compareWithEngine("yolo");
  }

  void theButtonAboveThePhotosOpensTheDialog() {
    folders_->addPhotos(2);
    findBuses();
    for (auto* button : window_->gallery().findChildren<QToolButton*>())
      if (button->defaultAction() == window_->actions()[Act::kExportDetections])
        QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(dialog() != nullptr);
  }

 public Q_SLOTS:
  void openUrl(const QUrl& url) { opened_ = url; }

 private:
  static constexpr std::size_t kMany = 150;

  ExportDialog* dialog() const { return window_->exports().dialog(); }
  Job* job() const { return window_->exports().job(); }
  bool isDone() const { return job() != nullptr && job()->state() == Job::State::kDone; }

  // Opens the photos, and looks for the drawing of a bus in them.
  void findBuses() {
    window_->openSources({folders_->photos()});
    window_->stackPanel().take(sketch("bus"), QStringLiteral("bus"));
    QTRY_VERIFY_WITH_TIMEOUT(window_->search().facts() && window_->model().photoCount() > 0, kLong);
    window_->gallery().setThreshold(ExportFolders::kThreshold);
    threshold_ = window_->gallery().threshold();
  }
  void openDialog() {
    window_->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    QTest::keyClick(window_.get(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(dialog() != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(dialog()->isSettled(), kLong);
  }
  void choose(int list, const char* entry) {
    QComboBox* box = dialog()->findChildren<QComboBox*>()[list];
    box->setFocus();
    while (box->currentData().toString() != QLatin1String(entry))
      QTest::keyClick(box, Qt::Key_Down);
  }
  void typeOut(const fs::path& folder) {
    for (auto* edit : dialog()->findChildren<QLineEdit*>()) {
      if (edit->accessibleName() != QLatin1String("Folder for the files")) continue;
      edit->setFocus();
      edit->selectAll();
      QTest::keyClicks(edit, QString::fromStdString(folder.string()));
    }
    QTRY_VERIFY_WITH_TIMEOUT(dialog()->isSettled(), kLong);
  }
  // A button of the export's card, by its text or its accessible name.
  void click(const QString& name) {
    for (const JobCard* card : window_->jobs().cards()) {
      if (&card->job() != job()) continue;
      for (auto* button : card->findChildren<QAbstractButton*>()) {
        if (button->isVisible() && (button->text() == name || button->accessibleName() == name)) {
          QTest::mouseClick(button, Qt::LeftButton);
          return;
        }
      }
    }
    QFAIL(qPrintable(name));
  }
  void answer(const QString& choice) {
    QTimer::singleShot(300, qApp, [choice] {
      for (auto* button : QApplication::activeModalWidget()->findChildren<QPushButton*>())
        if (button->text() == choice) QTest::mouseClick(button, Qt::LeftButton);
    });
  }
  void compareWithEngine(const std::string& format) {
    ExportOrder order = folders_->order(format, "engine");
    order.threshold = threshold_;
    order.drawings.query = drawnBus();
    QVERIFY(folders_->exportDirectly(order).finished);
    const auto window = filesBelow(folders_->out()), engine = filesBelow(folders_->out("engine"));
    QVERIFY(window.size() > 3);
    QCOMPARE(window, engine);
  }
  // As the stack of the window holds it.
  static DrawnQuery drawnBus() {
    SketchStack stack;
    stack.add(sketch("bus"), QStringLiteral("bus"));
    DrawnQuery query = stack.query();
    return query;
  }

  std::optional<ExportFolders> folders_;
  double threshold_ = 0;
  QUrl opened_;
};

int main(int argc, char** argv) {
  WatchedApplication application(argc, argv);
  ExportWindowTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "export_window_test.moc"
