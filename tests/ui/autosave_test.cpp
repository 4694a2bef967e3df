// Drawings that survive: files, restarts, and a process that is killed.
#include "ui/canvas/autosave.h"

#include <QProcess>
#include <QSignalSpy>
#include <QTest>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "core/base/file.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "tests/ui/scratch_folder.h"
#include "ui/canvas/sketch_document.h"

using namespace inkling;
namespace fs = std::filesystem;

namespace {

Stroke line(float y) {
  Stroke stroke;
  stroke.x = {100, 900};
  stroke.y = {y, y};
  return stroke;
}

// A drawing that is kept in a file.
struct SafeDrawing {
  explicit SafeDrawing(const fs::path& file)
      : autosave(file, {.write = [this] { return toJson(document.sketch()); },
                        .read =
                            [this, name = file.filename().string()](const std::string& text) {
                              document.open(sketchFromJson(text, name));
                              return !document.isBlank();
                            }}) {
    QObject::connect(&document, &SketchDocument::changed, &autosave, &Autosave::noteChange);
  }
  SketchDocument document;
  Autosave autosave;
};

// Draws a stroke every 20 ms until it is killed.
int drawForever(const char* file) {
  SafeDrawing drawing(file);
  auto& [document, autosave] = drawing;
  QTimer pen;
  float y = 0;
  QObject::connect(&pen, &QTimer::timeout, [&] { document.addStroke(line(y += 1)); });
  pen.start(20);
  return QCoreApplication::exec();
}

}  // namespace

class AutosaveTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() { folder_.emplace("autosave"); }
  void cleanup() { folder_.reset(); }

  void aDrawingIsBackAtTheNextStart() {
    {
      SafeDrawing drawing(file());
      auto& [document, autosave] = drawing;
      QVERIFY(!autosave.restore());
      document.addStroke(line(300));
    }
    SafeDrawing drawing(file());
    auto& [document, autosave] = drawing;
    QVERIFY(autosave.restore());
    QCOMPARE(document.sketch().strokes.size(), std::size_t{1});
    QVERIFY(!document.history()->canUndo());
  }

  void somebodyWhoNeverPausesIsSavedToo() {
    SafeDrawing drawing(file());
    auto& [document, autosave] = drawing;
    QSignalSpy saved(&autosave, &Autosave::saved);
    for (int i = 0; i < 60 && saved.isEmpty(); ++i) {
      document.addStroke(line(static_cast<float>(i)));
      QTest::qWait(50);
    }
    QVERIFY(!saved.isEmpty());
  }

  void afterAKillTheDrawingIsBack() {
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--draw"), QString::fromStdString(file().string())});
    QVERIFY(process.waitForStarted());
    QTRY_VERIFY_WITH_TIMEOUT(fs::exists(file()), 10000);
    QTest::qWait(300);
    ::kill(static_cast<pid_t>(process.processId()), SIGKILL);
    QVERIFY(process.waitForFinished());
    SafeDrawing drawing(file());
    auto& [document, autosave] = drawing;
    QVERIFY(autosave.restore());
    QVERIFY(document.sketch().strokes.size() >= 50);
  }

  void aBrokenFileIsKeptAsideAndToldAbout() {
    writeFileAtomically(file(), "{\"inkling_sketch\": 1, \"strok");
    SafeDrawing drawing(file());
    auto& [document, autosave] = drawing;
    QSignalSpy failed(&autosave, &Autosave::failed);
    QVERIFY(!autosave.restore());
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("drawing.json")));
    QVERIFY(fs::exists(*folder_ / "drawing.json.broken"));
    document.addStroke(line(1));
    autosave.flush();
    QVERIFY(fs::exists(file()));
  }

  void whatCannotBeSavedIsToldAndTriedAgain() {
    const fs::path blocked = *folder_ / "file";
    std::ofstream(blocked) << "not a folder";
    SafeDrawing drawing(blocked / "drawing.json");
    auto& [document, autosave] = drawing;
    QSignalSpy failed(&autosave, &Autosave::failed), saved(&autosave, &Autosave::saved);
    document.addStroke(line(5));
    autosave.flush();
    QCOMPARE(failed.count(), 1);
    QVERIFY(!failed[0][0].toString().isEmpty());
    fs::remove(blocked);
    autosave.flush();
    QCOMPARE(saved.count(), 1);
  }

 private:
  fs::path file() const { return *folder_ / "drawing.json"; }
  std::optional<ScratchFolder> folder_;
};

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  if (argc == 3 && std::string(argv[1]) == "--draw") return drawForever(argv[2]);
  AutosaveTest test;
  return QTest::qExec(&test, argc, argv);
}
#include "autosave_test.moc"
