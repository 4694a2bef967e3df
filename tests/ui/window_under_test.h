// The whole window with the model that ships, its settings, drawings, caches and sample photos in a
// folder of their own, and the hands of a person: what tests of the window share.
//
//   class MyTest : public QObject, private WindowUnderTest { ... init() { begin(); } cleanup() {
//   end(); } };
#pragma once

#include <QSignalSpy>
#include <QTest>
#include <filesystem>
#include <memory>

#include <unistd.h>

#include "core/base/file.h"
#include "core/sketch/reader.h"
#include "event_watch.h"
#include "scratch_folder.h"
#include "ui/window/main_window.h"

namespace inkling {

namespace fs = std::filesystem;

inline fs::path resources() {
  return fs::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) / "resources";
}

inline EventWatch& watch() { return static_cast<WatchedApplication*>(qApp)->watch(); }

class WindowUnderTest {
 protected:
  void begin() {
    fs::create_directories(folder_);
    // What is known of photos stays until the program ends, so that they are described once only.
    static const ScratchFolder home("window-home");
    keepEverythingIn(home.path());
    copyResources(resources(), folder_ / "resources");
    options_ = {};
    options_.version = QStringLiteral("test");
    options_.resources = folder_ / "resources";
    options_.model = resources() / "models/inkling-s.safetensors";
    options_.settingsFile = QString::fromStdString((folder_ / "inkling.ini").string());
    options_.dataFolder = folder_ / "data";
    start();
  }
  void end() {
    window_.reset();
    fs::remove_all(folder_);
  }
  // Opens the window anew, as the program does.
  void start() {
    window_.reset();
    window_ = std::make_unique<MainWindow>(options_);
    window_->show();
    QVERIFY(QTest::qWaitForWindowExposed(window_.get()));
  }
  static Sketch sketch(const std::string& name) {
    return readSketch(resources() / "samples/sketches" / (name + ".json"));
  }
  void trigger(Act act) { window_->actions()[act]->trigger(); }
  void openSamples() {
    trigger(Act::kOpenSamples);
    QTRY_COMPARE_WITH_TIMEOUT(window_->model().photoCount(), std::size_t{12}, 30000);
  }
  bool allSearched() const {
    return window_->model().searchedCount() == window_->model().photoCount();
  }
  // Every point of the drawing is a mouse event.
  void drawByMouse(const std::string& name) {
    SketchCanvas& canvas = window_->canvas();
    for (const Stroke& line : fittedStrokes(sketch(name))) {
      const auto at = [&](std::size_t i) {
        return canvas.fromPage({line.x[i], line.y[i]}).toPoint();
      };
      QTest::mousePress(&canvas, Qt::LeftButton, {}, at(0));
      for (std::size_t i = 1; i < line.size(); ++i) {
        QMouseEvent move(QEvent::MouseMove, at(i), canvas.mapToGlobal(at(i)), Qt::NoButton,
                         Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&canvas, &move);
      }
      QTest::mouseRelease(&canvas, Qt::LeftButton, {}, at(line.size() - 1));
    }
  }
  static void moveOver(QWidget& widget, QPointF at) {
    QMouseEvent move(QEvent::MouseMove, at, widget.mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    QApplication::sendEvent(&widget, &move);
  }
  void selectRow(int row) {
    window_->gallery().selectPhoto(window_->model().photoAt(window_->model().index(row)));
  }
  std::string nameInRow(int row) const {
    const PhotoModel& model = window_->model();
    if (model.rowCount() <= row) return {};
    return model.path(model.photoAt(model.index(row))).filename().string();
  }
  double scoreOf(const std::string& name) const {
    const PhotoModel& model = window_->model();
    for (std::size_t i = 0; i < model.photoCount(); ++i) {
      if (model.path(i).filename() == name) return model.match(i) ? model.match(i)->score : -1;
    }
    return -1;
  }

  WindowOptions options_;
  std::unique_ptr<MainWindow> window_;
  fs::path folder_ = fs::temp_directory_path() / ("inkling-window-" + std::to_string(::getpid()));
};

}  // namespace inkling
