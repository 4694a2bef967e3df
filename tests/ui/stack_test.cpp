// The drawings of a query, and the library, under real mouse and key events.
#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <filesystem>

#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/sketch/reader.h"
#include "ui/stack/library_panel.h"
#include "ui/stack/sketch_stack_panel.h"

using namespace inkling;
namespace fs = std::filesystem;

namespace {

Sketch lineAt(float y) {
  Sketch sketch;
  sketch.width = sketch.height = SketchDocument::kPage;
  sketch.strokes.push_back({{100, 900}, {y, y}, {}, {}, false});
  return sketch;
}

float heightOf(const SketchStack& stack, int row) {
  return stack.document(row).sketch().strokes.at(0).y.at(0);
}

}  // namespace

class StackTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    stack_ = new SketchStack;
    panel_ = new SketchStackPanel(*stack_);
    panel_->resize(320, 420);
    panel_->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel_));
  }
  void cleanup() {
    delete panel_;
    delete stack_;
    fs::remove_all(folder_);
  }

  void aNewStackHoldsOneBlankDrawingAndAsksForNothing() {
    QCOMPARE(stack_->count(), 1);
    QVERIFY(stack_->query().empty());
    QCOMPARE(panel_->currentRow(), 0);
  }

  void itIsAProperModel() {
    QAbstractItemModelTester tester(stack_, QAbstractItemModelTester::FailureReportingMode::Fatal);
    for (int i = 0; i < 4; ++i) stack_->add(lineAt(100.0F * static_cast<float>(i + 1)), {});
    stack_->move(0, 3);
    stack_->move(4, 1);
    stack_->duplicate(2);
    stack_->remove(0);
    stack_->restoreRemoved();
    stack_->setWeight(1, 2);
    stack_->removeAll();
    QCOMPARE(stack_->count(), 1);
  }

  void theFirstDrawingGoesIntoTheBlankOneTheNextBelow() {
    panel_->take(lineAt(100), QStringLiteral("a"));
    panel_->take(lineAt(200), QStringLiteral("b"));
    QCOMPARE(stack_->count(), 2);
    QCOMPARE(stack_->name(1), QStringLiteral("b"));
    QCOMPARE(panel_->currentRow(), 1);
    QCOMPARE(stack_->query().wanted.size(), std::size_t{2});
  }

  void aClickOnTheBoxSwitchesADrawingOff() {
    panel_->take(lineAt(100), {});
    panel_->take(lineAt(200), {});
    QSignalSpy changed(stack_, &SketchStack::queryChanged);
    const QRect row = panel_->list()->visualRect(stack_->index(0));
    QTest::mouseClick(panel_->list()->viewport(), Qt::LeftButton, {},
                      {row.left() + 16, row.center().y()});
    QVERIFY(!stack_->isOn(0));
    QVERIFY(!changed.isEmpty());
    QCOMPARE(stack_->query().wanted.size(), std::size_t{1});
    QCOMPARE(stack_->query().wantedRows, std::vector<int>{1});
  }

  void theSpaceKeySwitchesToo() {
    panel_->take(lineAt(100), {});
    panel_->list()->setFocus();
    QTest::keyClick(panel_->list(), Qt::Key_Space);
    QVERIFY(!stack_->isOn(0));
    QTest::keyClick(panel_->list(), Qt::Key_Space);
    QVERIFY(stack_->isOn(0));
  }

  void notThisIsOneClick() {
    panel_->take(lineAt(100), {});
    panel_->take(lineAt(200), {});
    QTest::mouseClick(button(QStringLiteral("Not this")), Qt::LeftButton);
    QVERIFY(!stack_->isWanted(1));
    QCOMPARE(stack_->query().unwanted.size(), std::size_t{1});
    QTest::mouseClick(button(QStringLiteral("Find")), Qt::LeftButton);
    QVERIFY(stack_->isWanted(1));
  }

  void theWeightSliderCountsByKeys() {
    panel_->take(lineAt(100), {});
    auto* slider = panel_->findChild<QSlider*>();
    slider->setFocus();
    for (int i = 0; i < 5; ++i) QTest::keyClick(slider, Qt::Key_Right);
    QCOMPARE(stack_->weight(0), 1.5);
    QCOMPARE(stack_->query().wanted[0].weight, 1.5);
    QTest::keyClick(slider, Qt::Key_Home);
    QCOMPARE(stack_->weight(0), SketchStack::kLeastWeight);
  }

  void drawingsAreReorderedAndTheCurrentOneStaysCurrent() {
    for (const float y : {100.0F, 200.0F, 300.0F}) panel_->take(lineAt(y), {});
    panel_->setCurrentRow(2);
    panel_->moveCurrent(-1);
    QCOMPARE(heightOf(*stack_, 1), 300.0F);
    QCOMPARE(panel_->currentRow(), 1);
    // As a drag in the list does it.
    QVERIFY(stack_->moveRow({}, 0, {}, 3));
    QCOMPARE(heightOf(*stack_, 2), 100.0F);
    QCOMPARE(panel_->currentRow(), 0);
  }

  void whatIsRemovedCanBeBroughtBack() {
    panel_->take(lineAt(100), QStringLiteral("kept"));
    panel_->take(lineAt(200), {});
    panel_->setCurrentRow(0);
    panel_->removeCurrent();
    QCOMPARE(stack_->count(), 1);
    QCOMPARE(panel_->currentRow(), 0);
    stack_->restoreRemoved();
    QCOMPARE(stack_->name(0), QStringLiteral("kept"));
    QVERIFY(!stack_->canRestore());
  }

  void theLastOneRemovedLeavesABlankOne() {
    panel_->take(lineAt(100), {});
    panel_->removeCurrent();
    QCOMPARE(stack_->count(), 1);
    QVERIFY(stack_->document(0).isBlank());
    QCOMPARE(panel_->currentRow(), 0);
  }

  void aFullStackSaysSo() {
    QSignalSpy refused(panel_, &SketchStackPanel::refused);
    for (int i = 0; i < SketchStack::kMost + 3; ++i) panel_->addBlank();
    QCOMPARE(stack_->count(), SketchStack::kMost);
    QCOMPARE(refused.count(), 4);
  }

  void aDotIsNothingToLookFor() {
    Sketch dot = lineAt(500);
    dot.strokes[0].x = {500};
    dot.strokes[0].y = {500};
    panel_->take(dot, {});
    QVERIFY(stack_->query().empty());
  }

  void aStackSurvivesTheWayThroughItsText() {
    panel_->take(lineAt(100), QStringLiteral("猫 \"cat\""));
    panel_->take(lineAt(200), {});
    stack_->setWeight(0, 2.5);
    stack_->setOn(0, false);
    stack_->setWanted(1, false);
    SketchStack other;
    QVERIFY(other.fromJson(stack_->toJson(), "stack"));
    QCOMPARE(other.count(), 2);
    QCOMPARE(other.name(0), QStringLiteral("猫 \"cat\""));
    QCOMPARE(other.weight(0), 2.5);
    QVERIFY(!other.isOn(0) && other.isOn(1) && !other.isWanted(1));
    QCOMPARE(heightOf(other, 1), 200.0F);
    QVERIFY(!SketchStack().fromJson(SketchStack().toJson(), "blank"));
  }

  void textThatIsNoStackIsRefusedAndChangesNothing() {
    panel_->take(lineAt(100), {});
    for (const char* text :
         {"", "[]", "{}", "{\"inkling_stack\": 2, \"sketches\": []}",
          "{\"inkling_stack\": 1, \"sketches\": [{\"drawing\": 7}]}",
          "{\"inkling_stack\": 1, \"sketches\": 3}", "{\"inkling_stack\": 1, \"sketches\": [1]}"}) {
      QVERIFY_THROWS_EXCEPTION(InputError, stack_->fromJson(text, "broken.json"));
      QCOMPARE(heightOf(*stack_, 0), 100.0F);
    }
  }

  void aStrokeChangesTheThumbnailAndTheQuery() {
    const auto picture = [&] {
      return stack_->index(0).data(Qt::DecorationRole).value<QPixmap>().toImage();
    };
    const QImage blank = picture();
    QSignalSpy changed(stack_, &SketchStack::queryChanged);
    stack_->document(0).addStroke(lineAt(300).strokes[0]);
    QCOMPARE(changed.count(), 1);
    QVERIFY(picture() != blank);
  }

  // The library ----------------------------------------------------------------------------------

  void bundledDrawingsAreFoundByName() {
    SketchLibrary library({bundled()}, folder_);
    LibraryPanel panel(library);
    panel.resize(320, 420);
    panel.show();
    QVERIFY(library.count() >= 10);
    QSignalSpy chosen(&panel, &LibraryPanel::chosen);
    QTest::keyClicks(panel.searchField(), QStringLiteral("ELEPH"));
    QCOMPARE(panel.grid()->model()->rowCount(), 1);
    QTest::keyClick(panel.searchField(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][1].toString(), QStringLiteral("elephant"));
    QVERIFY(isUsable(chosen[0][0].value<Sketch>()));
  }

  void theArrowKeysGoIntoTheGrid() {
    SketchLibrary library({bundled()}, folder_);
    LibraryPanel panel(library);
    panel.resize(320, 420);
    panel.show();
    QSignalSpy chosen(&panel, &LibraryPanel::chosen);
    panel.searchField()->setFocus();
    QTest::keyClick(panel.searchField(), Qt::Key_Down);
    QTest::keyClick(panel.grid(), Qt::Key_Right);
    QTest::keyClick(panel.grid(), Qt::Key_Return);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][1].toString(), library.name(1));
  }

  void aSavedDrawingIsThereAtTheNextStartAndCanBeRemoved() {
    {
      SketchLibrary library({bundled()}, folder_);
      library.save(lineAt(400), QStringLiteral("my/cat"));
      library.save(lineAt(500), QStringLiteral("my/cat"));
      QVERIFY(library.index(0).data(SketchLibrary::kSavedRole).toBool());
    }
    SketchLibrary library({bundled()}, folder_);
    QCOMPARE(library.name(0), QStringLiteral("my-cat"));
    QCOMPARE(library.name(1), QStringLiteral("my-cat 2"));
    QCOMPARE(library.sketch(0).strokes.size(), std::size_t{1});
    QVERIFY(library.remove(0));
    QCOMPARE(library.name(0), QStringLiteral("my-cat 2"));
    QVERIFY(!library.remove(1));  // comes with the program
    QCOMPARE(SketchLibrary({}, folder_).count(), 1);
  }

  void whatCannotBeSavedSaysWhy() {
    SketchLibrary library({}, folder_ / "file");
    fs::create_directories(folder_);
    writeFileAtomically(folder_ / "file", "not a folder");
    QVERIFY_THROWS_EXCEPTION(OutputError, library.save(lineAt(1), QStringLiteral("a")));
    QVERIFY_THROWS_EXCEPTION(InputError, library.save({}, QStringLiteral("blank")));
  }

  void aDrawingThatIsGoneIsToldAboutWhenItIsChosen() {
    SketchLibrary library({}, folder_);
    library.save(lineAt(1), QStringLiteral("a"));
    fs::remove(folder_ / "a.json");
    LibraryPanel panel(library);
    panel.show();
    QSignalSpy failed(&panel, &LibraryPanel::failed);
    QTest::keyClick(panel.searchField(), Qt::Key_Return);
    QCOMPARE(failed.count(), 1);
    QVERIFY(failed[0][0].toString().contains(QStringLiteral("a.json")));
  }

 private:
  QToolButton* button(const QString& text) const {
    for (auto* button : panel_->findChildren<QToolButton*>()) {
      if (button->text() == text) return button;
    }
    return nullptr;
  }
  static fs::path bundled() {
    return fs::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) / "resources/samples/sketches";
  }

  SketchStack* stack_ = nullptr;
  SketchStackPanel* panel_ = nullptr;
  fs::path folder_ = fs::temp_directory_path() / ("inkling-stack-" + std::to_string(::getpid()));
};

QTEST_MAIN(StackTest)
#include "stack_test.moc"
