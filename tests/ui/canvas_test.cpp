// The canvas under real mouse, wheel, key and tablet events.
#include <QClipboard>
#include <QDragEnterEvent>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QMimeData>
#include <QPointingDevice>
#include <QSignalSpy>
#include <QTabletEvent>
#include <QTest>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/canvas/sketch_canvas.h"

using namespace inkling;

class CanvasTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    document_ = new SketchDocument;
    canvas_ = new SketchCanvas(*document_);
    canvas_->resize(500, 500);
    canvas_->setSteadiness(0);
    canvas_->show();
    QVERIFY(QTest::qWaitForWindowExposed(canvas_));
  }
  void cleanup() {
    delete canvas_;
    delete document_;
  }

  void aDraggedMouseDrawsOneStroke() {
    draw({{100, 100}, {200, 200}, {300, 300}});
    QCOMPARE(strokes().size(), std::size_t{1});
    QCOMPARE(strokes()[0].size(), std::size_t{3});
    QVERIFY(strokes()[0].pressure.empty());
    QVERIFY(std::is_sorted(strokes()[0].t.begin(), strokes()[0].t.end()));
    // 500 pixels show the page with a small margin: 100 pixels are about 200 units.
    QVERIFY(std::abs(strokes()[0].x[2] - strokes()[0].x[0] - 425) < 10);
    QVERIFY(isInk({200, 200}) && !isInk({400, 100}));
  }

  void aClickMakesADot() {
    QTest::mouseClick(canvas_, Qt::LeftButton, {}, {250, 250});
    QCOMPARE(strokes().size(), std::size_t{1});
    QVERIFY(isInk({250, 250}));
  }

  void whatIsSeenWhileDrawingStaysAfterwards() {
    press({100, 100});
    for (int i = 1; i <= 20; ++i) move({100 + 12 * i, 100 + (i % 5) * 20});
    const QImage during = canvas_->grab().toImage();
    release({340, 100});
    const QImage after = canvas_->grab().toImage();
    int differing = 0;
    for (int y = 0; y < during.height(); ++y) {
      for (int x = 0; x < during.width(); ++x)
        differing += std::abs(qGray(during.pixel(x, y)) - qGray(after.pixel(x, y))) > 60 ? 1 : 0;
    }
    QVERIFY2(differing < 40, qPrintable(QStringLiteral("%1 pixels").arg(differing)));
  }

  void theEraserCutsAndUndoBringsBack() {
    draw({{100, 250}, {250, 250}, {400, 250}});
    canvas_->setTool(SketchCanvas::Tool::kEraser);
    draw({{250, 200}, {250, 300}});
    QCOMPARE(inkStrokes(document_->sketch()).size(), std::size_t{2});
    QVERIFY(!isInk({250, 250}) && isInk({150, 250}));
    document_->history()->undo();
    QVERIFY(isInk({250, 250}));
  }

  void theStrokeEraserTakesWholeStrokes() {
    draw({{100, 150}, {400, 150}});
    draw({{100, 250}, {400, 250}});
    draw({{100, 350}, {400, 350}});
    canvas_->setTool(SketchCanvas::Tool::kStrokeEraser);
    draw({{200, 130}, {200, 200}, {200, 265}});
    QCOMPARE(strokes().size(), std::size_t{1});
    QVERIFY(isInk({300, 350}) && !isInk({300, 150}));
    document_->history()->undo();
    QCOMPARE(strokes().size(), std::size_t{3});
  }

  void anUndoWhileTheStrokeEraserIsDownIsNoDanger() {
    draw({{100, 150}, {400, 150}});
    draw({{100, 250}, {400, 250}});
    canvas_->setTool(SketchCanvas::Tool::kStrokeEraser);
    press({200, 250});
    document_->history()->undo();
    QVERIFY(isInk({300, 150}) && !isInk({300, 250}));
    release({200, 250});
    QCOMPARE(strokes().size(), std::size_t{1});
  }

  void escapeAndTheOtherButtonTakeALineBack() {
    for (const bool key : {true, false}) {
      press({100, 100});
      move({200, 200});
      if (key) {
        QTest::keyClick(canvas_, Qt::Key_Escape);
      } else {
        QTest::mousePress(canvas_, Qt::RightButton, {}, {200, 200});
      }
      move({300, 300});
      release({300, 300});
      QVERIFY(strokes().empty());
      QVERIFY(!isInk({150, 150}));
    }
  }

  void theWheelZoomsAndTheHandMoves() {
    draw({{250, 250}, {260, 260}});
    const float drawn = strokes()[0].x[0];
    QWheelEvent wheel({250, 250}, canvas_->mapToGlobal(QPointF(250, 250)), {}, {0, 120 * 5}, {}, {},
                      Qt::NoScrollPhase, false);
    QCoreApplication::sendEvent(canvas_, &wheel);
    QVERIFY(canvas_->zoom() > 1.9);
    QVERIFY(isInk({250, 250}));
    canvas_->setTool(SketchCanvas::Tool::kHand);
    draw({{250, 250}, {150, 250}});
    QVERIFY(isInk({150, 250}));
    QCOMPARE(strokes().size(), std::size_t{1});
    canvas_->setTool(SketchCanvas::Tool::kPen);
    QTest::keyPress(canvas_, Qt::Key_Space);
    draw({{150, 250}, {250, 250}});
    QTest::keyRelease(canvas_, Qt::Key_Space);
    QCOMPARE(strokes().size(), std::size_t{1});
    QTest::mouseClick(canvas_, Qt::LeftButton, {}, {250, 250});
    QCOMPARE(strokes().size(), std::size_t{2});
    QVERIFY(std::abs(strokes()[1].x[0] - drawn) < 2);
  }

  void aTabletGivesPressureAndItsOtherEndErases() {
    tablet(QEvent::TabletPress, {100, 250}, 0.1);
    for (int i = 1; i <= 10; ++i) tablet(QEvent::TabletMove, {100.0 + 30 * i, 250}, 0.1 + 0.09 * i);
    tablet(QEvent::TabletRelease, {400, 250}, 0);
    QCOMPARE(strokes().size(), std::size_t{1});
    QCOMPARE(strokes()[0].pressure.size(), strokes()[0].size());
    QVERIFY(thicknessAt(380) > thicknessAt(120) + 1);
    tablet(QEvent::TabletPress, {250, 200}, 0.5, true);
    tablet(QEvent::TabletMove, {250, 300}, 0.5, true);
    tablet(QEvent::TabletRelease, {250, 300}, 0, true);
    QVERIFY(!isInk({250, 250}));
  }

  void aPalmDoesNotDrawWhileThePenIsNear() {
    tablet(QEvent::TabletPress, {100, 100}, 0.5);
    tablet(QEvent::TabletRelease, {100, 100}, 0);
    const QPointF place(400, 400);
    QMouseEvent palm(QEvent::MouseButtonPress, place, place, canvas_->mapToGlobal(place),
                     Qt::LeftButton, Qt::LeftButton, Qt::NoModifier,
                     Qt::MouseEventSynthesizedBySystem);
    QCoreApplication::sendEvent(canvas_, &palm);
    release({400, 400});
    QCOMPARE(strokes().size(), std::size_t{1});
  }

  void searchingCanWaitForTheEndOfAStroke() {
    QSignalSpy started(canvas_, &SketchCanvas::strokeStarted);
    QSignalSpy ended(canvas_, &SketchCanvas::strokeEnded);
    press({100, 100});
    QCOMPARE(started.count(), 1);
    QCOMPARE(ended.count(), 0);
    release({100, 100});
    QCOMPARE(ended.count(), 1);
  }

  void anotherToolInTheMiddleOfALineForgetsTheLine() {
    press({100, 100});
    move({200, 200});
    canvas_->setTool(SketchCanvas::Tool::kHand);
    release({200, 200});
    QVERIFY(strokes().empty());
  }

  void aTracingPhotoShinesThroughAndIsNoInk() {
    QImage photo(40, 20, QImage::Format_RGB32);
    photo.fill(Qt::red);
    canvas_->setTracing(photo, 0.5);
    const QColor seen = canvas_->grab().toImage().pixelColor(250, 250);
    QVERIFY(seen.red() > 200 && seen.green() > 90 && seen.green() < 170);
    QVERIFY(document_->isBlank());
    QCOMPARE(canvas_->picture(64).pixelColor(32, 32), QColor(Qt::white));
    canvas_->setTracing({});
    QVERIFY(!canvas_->hasTracing());
  }

  void aSteadyLineIsSmootherThanTheHand() {
    std::vector<QPoint> shaky;
    for (int i = 0; i < 60; ++i) shaky.emplace_back(50 + 6 * i, 250 + (i % 2 == 0 ? 6 : -6));
    draw(shaky);
    canvas_->setSteadiness(0.8);
    draw(shaky);
    QVERIFY(wobble(strokes()[1]) < 0.4 * wobble(strokes()[0]));
  }

  void aCopiedDrawingComesBackAndCanBeUndone() {
    draw({{100, 100}, {200, 200}, {300, 100}});
    const auto drawn = strokes()[0].x;
    canvas_->copy();
    document_->clear();
    canvas_->paste();
    QCOMPARE(strokes().size(), std::size_t{1});
    QCOMPARE(strokes()[0].x, drawn);
    document_->history()->undo();
    QVERIFY(strokes().empty());
  }

  void picturesAndSvgArePastedAsStrokes() {
    QImage picture(200, 200, QImage::Format_RGB32);
    picture.fill(Qt::white);
    for (int x = 40; x < 160; ++x) {
      for (int y = 98; y < 102; ++y) picture.setPixel(x, y, qRgb(0, 0, 0));
    }
    QGuiApplication::clipboard()->setImage(picture);
    canvas_->paste();
    QCOMPARE(strokes().size(), std::size_t{1});
    auto* svg = new QMimeData;
    svg->setData(QStringLiteral("image/svg+xml"),
                 "<svg viewBox='0 0 10 10'><path d='M1 1L9 9'/><path d='M9 1L1 9'/></svg>");
    QGuiApplication::clipboard()->setMimeData(svg);
    canvas_->paste();
    QCOMPARE(strokes().size(), std::size_t{2});
  }

  void whatIsNoDrawingIsRefusedAndNothingIsLost() {
    draw({{100, 100}, {200, 200}});
    QSignalSpy refused(canvas_, &SketchCanvas::refused);
    QGuiApplication::clipboard()->setText(QStringLiteral("not a drawing"));
    canvas_->paste();
    QCOMPARE(refused.count(), 1);
    QCOMPARE(strokes().size(), std::size_t{1});
  }

  void filesAreDropped() {
    const auto drop = [&](const QString& file) {
      QMimeData data;
      data.setUrls({QUrl::fromLocalFile(file)});
      QDragEnterEvent enter({250, 250}, Qt::CopyAction, &data, Qt::LeftButton, {});
      QCoreApplication::sendEvent(canvas_, &enter);
      if (!enter.isAccepted()) return false;
      QDropEvent dropped({250, 250}, Qt::CopyAction, &data, Qt::LeftButton, {});
      QCoreApplication::sendEvent(canvas_, &dropped);
      return true;
    };
    const QString source = qEnvironmentVariable("INKLING_SOURCE_DIR");
    QVERIFY(drop(source + QStringLiteral("/resources/samples/sketches/cat.json")));
    QVERIFY(strokes().size() > 3);
    QVERIFY(!drop(source + QStringLiteral("/README.md")));
    QSignalSpy refused(canvas_, &SketchCanvas::refused);
    QVERIFY(drop(QStringLiteral("/nowhere/none.svg")));
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("none.svg")));
  }

  // From the mouse event to the painted pixels, on a page full of strokes.
  void drawingIsFast() {
    for (int i = 0; i < 150; ++i) {
      Stroke stroke;
      for (int k = 0; k < 60; ++k) {
        stroke.x.push_back(static_cast<float>((37 * i + 13 * k) % 1000));
        stroke.y.push_back(static_cast<float>((91 * i + 7 * k) % 1000));
      }
      document_->addStroke(stroke);
    }
    canvas_->repaint();
    press({100, 100});
    std::vector<double> times;
    for (int i = 1; i <= 300; ++i) {
      QElapsedTimer clock;
      clock.start();
      move({100 + i, 100 + 30 * (i % 3)});
      QCoreApplication::processEvents();
      times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    release({400, 100});
    std::sort(times.begin(), times.end());
    qInfo("mouse event to painted stroke: median %.2f ms, 95 %% %.2f ms", times[150], times[285]);
  }

 private:
  const std::vector<Stroke>& strokes() const { return document_->sketch().strokes; }
  void press(QPoint at) { QTest::mousePress(canvas_, Qt::LeftButton, {}, at); }
  void release(QPoint at) { QTest::mouseRelease(canvas_, Qt::LeftButton, {}, at); }
  void move(QPoint at) {
    QMouseEvent event(QEvent::MouseMove, at, canvas_->mapToGlobal(QPointF(at)), Qt::NoButton,
                      Qt::LeftButton, {});
    QCoreApplication::sendEvent(canvas_, &event);
  }
  void draw(const std::vector<QPoint>& points) {
    press(points.front());
    for (std::size_t i = 1; i < points.size(); ++i) move(points[i]);
    release(points.back());
  }
  void tablet(QEvent::Type type, QPointF at, double pressure, bool eraser = false) {
    const auto kind =
        eraser ? QPointingDevice::PointerType::Eraser : QPointingDevice::PointerType::Pen;
    const QPointingDevice pen(QStringLiteral("pen"), 1, QInputDevice::DeviceType::Stylus, kind,
                              QInputDevice::Capability::Pressure, 1, 1);
    QTabletEvent event(type, &pen, at, canvas_->mapToGlobal(at), pressure, 0, 0, 0, 0, 0, {},
                       type == QEvent::TabletMove ? Qt::NoButton : Qt::LeftButton,
                       type == QEvent::TabletRelease ? Qt::NoButton : Qt::LeftButton);
    QCoreApplication::sendEvent(canvas_, &event);
  }
  bool isInk(QPoint at) const { return qGray(canvas_->grab().toImage().pixel(at)) < 128; }
  int thicknessAt(int x) const {
    const QImage image = canvas_->grab().toImage();
    int dark = 0;
    for (int y = 220; y < 280; ++y) dark += qGray(image.pixel(x, y)) < 128 ? 1 : 0;
    return dark;
  }
  static double wobble(const Stroke& stroke) {
    double sum = 0;
    for (std::size_t i = 1; i + 1 < stroke.size(); ++i)
      sum += std::abs(stroke.y[i - 1] - 2 * stroke.y[i] + stroke.y[i + 1]);
    return sum / static_cast<double>(stroke.size());
  }

  SketchDocument* document_ = nullptr;
  SketchCanvas* canvas_ = nullptr;
};

QTEST_MAIN(CanvasTest)
#include "canvas_test.moc"
