// The drawing and its history: every edit goes both ways.
#include <QSignalSpy>
#include <QTest>

#include "core/sketch/reader.h"
#include "ui/canvas/page_view.h"
#include "ui/canvas/sketch_document.h"
#include "ui/canvas/stabiliser.h"
#include "ui/canvas/stroke_path.h"

using namespace inkling;

namespace {

Stroke line(float x1, float y1, float x2, float y2, bool eraser = false) {
  Stroke stroke;
  stroke.x = {x1, (x1 + x2) / 2, x2};
  stroke.y = {y1, (y1 + y2) / 2, y2};
  stroke.eraser = eraser;
  return stroke;
}

bool same(const std::vector<Stroke>& a, const std::vector<Stroke>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Stroke& s, const Stroke& t) {
    return s.x == t.x && s.y == t.y && s.eraser == t.eraser;
  });
}

}  // namespace

class DocumentTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyEditGoesBothWays() {
    SketchDocument document;
    std::vector<std::vector<Stroke>> states{{}};
    const auto step = [&](auto edit) {
      edit();
      states.push_back(document.sketch().strokes);
    };
    Sketch other;
    other.strokes = {line(0, 0, 5, 5)};
    step([&] { document.addStroke(line(100, 100, 900, 100)); });
    step([&] { document.addStroke(line(100, 500, 900, 500)); });
    step([&] { document.addStroke(line(100, 900, 900, 900)); });
    step([&] { document.addStroke(line(500, 0, 500, 999, true)); });
    step([&] { document.removeStrokes({2, 0, 2, 77}); });
    step([&] { document.mirror(); });
    step([&] { document.replaceWith(other, QStringLiteral("paste")); });
    step([&] { document.clear(); });
    const int steps = static_cast<int>(states.size()) - 1;
    QCOMPARE(document.history()->count(), steps);
    for (int i = steps; i-- > 0;) {
      document.history()->undo();
      QVERIFY2(same(document.sketch().strokes, states[static_cast<std::size_t>(i)]),
               qPrintable(QStringLiteral("undo to state %1").arg(i)));
    }
    for (int i = 1; i <= steps; ++i) {
      document.history()->redo();
      QVERIFY(same(document.sketch().strokes, states[static_cast<std::size_t>(i)]));
    }
  }

  void whatChangesNothingIsNoStep() {
    SketchDocument document;
    document.addStroke({});
    document.clear();
    document.mirror();
    document.removeStrokes({3});
    QCOMPARE(document.history()->count(), 0);
  }

  void historyIsBounded() {
    SketchDocument document;
    for (int i = 0; i < SketchDocument::kHistory + 50; ++i)
      document.addStroke(line(0, 0, 10, static_cast<float>(i)));
    QCOMPARE(document.history()->count(), SketchDocument::kHistory);
    while (document.history()->canUndo()) document.history()->undo();
    QCOMPARE(document.sketch().strokes.size(), std::size_t{50});
  }

  void mirroringTwiceChangesNothing() {
    SketchDocument document;
    document.addStroke(line(100, 200, 300, 400));
    const auto before = document.sketch().strokes;
    document.mirror();
    QCOMPARE(document.sketch().strokes[0].x[0], 900.0F);
    document.mirror();
    QVERIFY(same(document.sketch().strokes, before));
  }

  void drawingsFromElsewhereAreFittedIntoThePage() {
    const Sketch tiny =
        sketchFromJson(R"({"inkling_sketch": 1, "strokes": [{"x": [3, 7], "y": [2, 4]}]})", "tiny");
    const InkBounds box = boundsOf(fittedStrokes(tiny));
    QVERIFY(box.left > 50 && box.right < 950);
    QVERIFY(qAbs((box.top + box.bottom) / 2 - 500) < 1);
    QVERIFY(qAbs(box.width() - 2 * box.height()) < 1);
  }

  void openingForgetsTheHistory() {
    SketchDocument document;
    QSignalSpy changed(&document, &SketchDocument::changed);
    document.addStroke(line(0, 0, 10, 10));
    document.open({});
    QVERIFY(!document.history()->canUndo());
    QVERIFY(document.isBlank());
    QCOMPARE(changed.count(), 2);
  }

  void piecesMakeTheWholeLine() {
    Stroke wave;
    for (int i = 0; i < 30; ++i) {
      wave.x.push_back(static_cast<float>(10 * i));
      wave.y.push_back(static_cast<float>(100 + 50 * ((i % 4) - 2)));
    }
    QPainterPath pieces = strokePiece(wave, 0);
    for (std::size_t i = 1; i < wave.size(); ++i) {
      QCOMPARE(strokePiece(wave, i).elementAt(0).x, pieces.currentPosition().x());
      pieces.connectPath(strokePiece(wave, i));
    }
    QCOMPARE(pieces.boundingRect(), strokePath(wave).boundingRect());
    QCOMPARE(distanceTo(wave, QPointF(wave.x[3], wave.y[3])), 0.0);
  }

  void aSteadyLineStartsAndEndsWhereThePenDid() {
    Stabiliser none(0), strong(1);
    for (Stabiliser* each : {&none, &strong}) each->start({0, 0});
    QCOMPARE(none.next({10, 4}), QPointF(10, 4));
    const QPointF behind = strong.next({10, 4});
    QVERIFY(behind.x() > 0 && behind.x() < 5);
    QCOMPARE(strong.finish(), QPointF(10, 4));
  }

  void zoomKeepsWhatIsUnderThePointer() {
    PageView view(1000);
    view.resize({400, 300});
    const QPointF anchor(120, 90), before = view.toPage(anchor);
    view.zoomTo(5, anchor);
    QVERIFY((view.toPage(anchor) - before).manhattanLength() < 1e-6);
    view.zoomTo(1e9, anchor);
    QCOMPARE(view.zoom(), PageView::kMostZoom);
    view.pan({1e9, -1e9});
    QVERIFY(view.pageInWidget().intersects(QRectF(0, 0, 400, 300)));
    view.reset();
    QCOMPARE(view.zoom(), 1.0);
  }
};

QTEST_GUILESS_MAIN(DocumentTest)
#include "document_test.moc"
