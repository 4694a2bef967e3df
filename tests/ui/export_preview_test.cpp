// What an export would write, told before it begins: the files, an example, and what is in the out
// folder already.
#include <QApplication>
#include <algorithm>
#include <optional>

#include "export_fixtures.h"
#include "ui/export/export_texts.h"
#include "ui/export/preview_maker.h"

using namespace inkling;
namespace fs = std::filesystem;

class ExportPreviewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folders_.emplace("export-preview");
    maker_.emplace();
  }
  void cleanup() {
    maker_.reset();
    folders_.reset();
  }

  // Files and examples ---------------------------------------------------------------------------

  void theFilesAndTheExampleAreThoseThatAreWritten_data() {
    QTest::addColumn<QString>("format");
    QTest::addColumn<QStringList>("files");  // of the first photos
    QTest::addColumn<qulonglong>("more");
    QTest::addColumn<bool>("isPicture");
    const auto row = [](const char* format, const char* files, std::size_t more, bool isPicture) {
      QTest::newRow(format) << QString::fromLatin1(format) << list(files) << qulonglong{more}
                            << isPicture;
    };
    row("coco", "", 0, false);
    row("csv", "", 0, false);
    row("yolo", "0.txt 2.txt 4.txt sub/1.txt", 2, false);
    row("voc", "0.xml 2.xml 4.xml sub/1.xml", 2, false);
    row("pictures", "0.boxes.jpg 2.boxes.jpg 4.boxes.jpg sub/1.boxes.jpg", 2, true);
    row("crops", "", 0, true);
  }
  void theFilesAndTheExampleAreThoseThatAreWritten() {
    QFETCH(QString, format);
    QFETCH(QStringList, files);
    QFETCH(qulonglong, more);
    QFETCH(bool, isPicture);
    folders_->addPhotos(6);
    const ExportOrder order = folders_->order(format.toStdString());
    folders_->exportDirectly(folders_->order(format.toStdString(), "written"));
    const fs::path written = folders_->out("written");

    const ExportPreview preview = previewOf(order, folders_->examplesOf(written));
    QVERIFY2(preview.problem.empty(), preview.problem.c_str());
    QCOMPARE(preview.photos, std::size_t{6});
    QCOMPARE(names(preview.files), files);
    QCOMPARE(preview.more, std::size_t{more});
    QCOMPARE(preview.atMost, isPicture);
    for (const fs::path& file : preview.whole) QVERIFY(fs::exists(written / file));
    QVERIFY2(preview.sampleProblem.empty(), preview.sampleProblem.c_str());
    QVERIFY(!preview.sample.empty());
    const fs::path example = written / preview.sample.file;
    QVERIFY2(fs::exists(example), example.c_str());
    QCOMPARE(!preview.sample.picture.isNull(), isPicture);
    QVERIFY(!fs::exists(order.out));  // nothing is made by looking
    if (isPicture) {
      QCOMPARE(preview.sample.picture, QImage(QString::fromStdString(example.string())));
    } else if (preview.sample.file.extension() != ".json" &&
               preview.sample.file.extension() != ".csv") {
      QCOMPARE(preview.sample.text, QString::fromStdString(readFile(example)));
    }
  }

  void anExampleOfTheWholeHoldsAFewPhotos() {
    folders_->addPhotos(6);
    folders_->exportDirectly(folders_->order("csv", "written"));
    std::vector<FoundExample> examples = folders_->examplesOf(folders_->out("written"));
    examples.resize(2);
    const ExportPreview csv = previewOf(folders_->order("csv"), examples);
    QCOMPARE(csv.sample.photos, std::size_t{2});
    for (const FoundExample& example : examples)
      QVERIFY(csv.sample.text.contains(QString::fromStdString(example.found.path.string())));
    const ExportPreview coco = previewOf(folders_->order("coco"), examples);
    const Json json = parseJson(coco.sample.text.toStdString(), "example");
    QCOMPARE(json.at("images").size(), std::size_t{2});
    QCOMPARE(json.at("categories").at(0).at("name").get<std::string>(), std::string("bus"));
  }

  void theExampleFollowsTheThresholdAndTheOptions() {
    folders_->addPhotos(4);
    folders_->exportDirectly(folders_->order("yolo", "written"));
    const auto examples = folders_->examplesOf(folders_->out("written"));
    ExportOrder order = folders_->order("yolo");
    order.scores = true;
    const QString row = previewOf(order, examples).sample.text.section(QLatin1Char('\n'), 0, 0);
    QCOMPARE(row.split(QLatin1Char(' ')).size(), 6);
    order.threshold = 1;
    QVERIFY(previewOf(order, examples).sample.empty());
    order = folders_->order("pictures");
    order.overlay = true;  // the attention is not known before: the example is without it
    const ExportPreview pictures = previewOf(order, examples);
    QVERIFY(!pictures.sample.picture.isNull());
    QVERIFY(names(pictures.files).contains(QStringLiteral("0.attention.jpg")));
  }

  void aPhotoThatIsGoneIsNoReasonNotToExport() {
    folders_->addPhotos(4);
    folders_->exportDirectly(folders_->order("pictures", "written"));
    const auto examples = folders_->examplesOf(folders_->out("written"));
    fs::remove(examples.front().file);
    const ExportPreview preview = previewOf(folders_->order("pictures"), examples);
    QVERIFY(preview.problem.empty());
    QVERIFY(preview.sample.empty());
    QVERIFY(preview.sampleProblem.find(examples.front().file.filename()) != std::string::npos);
  }

  void whatCannotBeExportedSaysWhy() {
    QVERIFY(previewOf(folders_->order()).problem.find("no photos") != std::string::npos);
    folders_->addPhotos(1);
    ExportOrder order = folders_->order("yolo");
    order.category = "two\nlines";
    QVERIFY(previewOf(order).problem.find("line break") != std::string::npos);
    order = folders_->order();
    order.source.folder = folders_->home / "nowhere";
    QVERIFY(previewOf(order).problem.find("nowhere") != std::string::npos);
  }

  void singlePhotosAreExportedTogether() {
    folders_->addPhotos(4);
    const auto sources =
        exportSources({folders_->photos(), folders_->photos() / "sub/3.jpg",
                       folders_->photos() / "sub/../0.jpg", folders_->photos() / "sub/3.jpg"});
    QCOMPARE(sources.size(), std::size_t{2});
    QVERIFY(!sources[0].photos);
    QCOMPARE(names(*sources[1].photos), list("0.jpg sub/3.jpg"));
    ExportOrder order = folders_->order("yolo");
    order.source = sources[1];
    QCOMPARE(names(previewOf(order).files), list("0.txt sub/3.txt"));
    QCOMPARE(folders_->exportDirectly(order).photos, std::int64_t{2});
    // Others are another export.
    order.source = exportSources({folders_->photos() / "2.jpg"}).front();
    QCOMPARE(previewOf(order, {}, true).place.differing, std::vector<std::string>({"folder"}));
  }

  // The out folder -------------------------------------------------------------------------------

  void anUnfinishedExportWithTheSameSettingsCanBeResumed() {
    folders_->addPhotos(20);  // those in hand are finished when it is stopped
    folders_->exportDirectly(folders_->order("yolo"), {}, 2);
    const ExportPlace place = previewOf(folders_->order("yolo")).place;
    QVERIFY(place.canResume());
    QCOMPARE(place.photos, std::size_t{20});
    QVERIFY(place.done >= 2);
    QVERIFY(ExportTexts::place(place).contains(QStringLiteral("can be resumed")));
    QCOMPARE(place.overwrittenCount, std::size_t{0});  // they are its own
  }

  void otherSettingsAreNamed() {
    folders_->addPhotos(3);
    folders_->exportDirectly(folders_->order("yolo"), {}, 0);
    ExportOrder order = folders_->order("yolo");
    order.threshold = 0.9;
    order.category = "coach";
    const ExportPlace place = previewOf(order).place;
    QVERIFY(place.state == JobState::unfinished && !place.canResume());
    const QString text = ExportTexts::place(place);
    QVERIFY(text.contains(QStringLiteral("category")) &&
            text.contains(QStringLiteral("threshold")));
    // Back to those of before: it can be.
    QVERIFY(previewOf(folders_->order("yolo")).place.canResume());
    // An option of another format is none.
    order = folders_->order("yolo");
    order.overlay = true;
    QVERIFY(previewOf(order).place.canResume());
  }

  void aFinishedExportIsTold() {
    folders_->addPhotos(3);
    folders_->exportDirectly(folders_->order("voc"));
    const ExportPlace place = previewOf(folders_->order("yolo")).place;
    QVERIFY(place.state == JobState::finished);
    QVERIFY(ExportTexts::place(place).contains(QStringLiteral("VOC")));
  }

  void filesThatWouldBeOverwrittenAreTold() {
    folders_->addPhotos(6);
    writeFileAtomically(folders_->out() / "sub/3.txt", "of somebody");
    writeFileAtomically(folders_->out() / "classes.txt", "dog\n");  // is gone on with
    ExportPlace place = previewOf(folders_->order("yolo")).place;
    QVERIFY(place.state == JobState::none);
    QCOMPARE(names(place.overwritten), list("sub/3.txt"));
    QVERIFY(ExportTexts::place(place).contains(QStringLiteral("sub/3.txt")));
    QCOMPARE(previewOf(folders_->order("csv")).place.overwrittenCount, std::size_t{0});
    // Beside an export of another format, too.
    folders_->exportDirectly(folders_->order("voc"));
    place = previewOf(folders_->order("yolo"), {}, true).place;
    QVERIFY(place.state == JobState::finished);
    QCOMPARE(place.overwrittenCount, std::size_t{1});
    QCOMPARE(previewOf(folders_->order("voc")).place.overwrittenCount, std::size_t{0});
  }

  void aFolderThatIsInUseIsTold() {
    folders_->addPhotos(2);
    folders_->exportDirectly(folders_->order(), {}, 0);
    {
      const JobFolder held(folders_->out());
      const ExportPlace place = previewOf(folders_->order()).place;
      QVERIFY(ExportTexts::place(place).contains(QStringLiteral("already exporting")));
    }
    QVERIFY(previewOf(folders_->order()).place.canResume());  // not remembered
  }

  void lookingLeavesTheFolderToOthers() {
    folders_->addPhotos(2);
    folders_->exportDirectly(folders_->order(), {}, 0);
    QVERIFY(previewOf(folders_->order()).place.canResume());
    const JobFolder mine(folders_->out());  // not held by the preview any more
    QVERIFY(mine.state() == JobState::unfinished);
  }

  // The thread -----------------------------------------------------------------------------------

  void theNewestRequestSilencesTheOlder() {
    folders_->addPhotos(3);
    std::vector<ExportPreview> all;
    connect(&*maker_, &PreviewMaker::made, this,
            [&](const ExportPreview& preview) { all.push_back(preview); });
    for (int i = 0; i < 20; ++i) maker_->make({folders_->order(i % 2 == 0 ? "yolo" : "voc"), {}});
    QTRY_VERIFY_WITH_TIMEOUT(!all.empty() && all.back().step == ExportPreview::Step::kPlace, kLong);
    for (const ExportPreview& preview : all)
      QCOMPARE(names(preview.files).first(), QStringLiteral("0.xml"));
    QCOMPARE(all.size(), std::size_t{3});
    maker_->make({folders_->order(), {}});
    maker_->stop();
    QTest::qWait(300);
    QCOMPARE(all.size(), std::size_t{3});
  }

 private:
  static QStringList names(const std::vector<fs::path>& files) {
    QStringList names;
    for (const fs::path& file : files) names << QString::fromStdString(file.string());
    return names;
  }
  static QStringList list(const char* words) {
    return QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
  }
  // The last step of it.
  ExportPreview previewOf(const ExportOrder& order, const std::vector<FoundExample>& examples = {},
                          bool placeChanged = false) {
    std::optional<ExportPreview> last;
    const auto connection =
        connect(&*maker_, &PreviewMaker::made, this, [&](const ExportPreview& preview) {
          if (!preview.problem.empty() || preview.step == ExportPreview::Step::kPlace)
            last = preview;
        });
    maker_->make({order, examples, placeChanged});
    const bool came = QTest::qWaitFor([&] { return last.has_value(); }, kLong);
    disconnect(connection);
    return came ? *last : ExportPreview();
  }

  std::optional<ExportFolders> folders_;
  std::optional<PreviewMaker> maker_;
};

QTEST_MAIN(ExportPreviewTest)
#include "export_preview_test.moc"
