// Photos, maps and events for the tests of the viewer.
#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QTest>
#include <QWheelEvent>
#include <QWidget>
#include <cmath>
#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

#include "core/image/picture_writer.h"
#include "core/inference/attention_maps.h"
#include "ui/viewer/loaded_photo.h"

namespace inkling {

/// A folder of its own that goes away with the test.
class TestFolder {
 public:
  TestFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("inkling-viewer-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Every pixel tells its column (red) and its row (green), in steps of `step`.
inline Image rulerImage(int width, int height, int step = 1) {
  Image image({width, height});
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.set(x, y,
                {static_cast<std::uint8_t>(x / step % 256),
                 static_cast<std::uint8_t>(y / step % 256), 60});
    }
  }
  return image;
}

inline LoadedPhoto rulerPhoto(int width, int height, int step = 1) {
  return makeLoadedPhoto("ruler.png", rulerImage(width, height, step));
}

/// Two layers of two heads on `side` x `side` places, one sketch of 4 x 4 cells per entry of
/// `sketches`. Every value differs from its neighbours, so that a wrong index is seen.
inline std::shared_ptr<AttentionMaps> madeUpMaps(int side = 8, int sketches = 1) {
  auto maps = std::make_shared<AttentionMaps>();
  maps->layers = maps->heads = 2;
  maps->gridWidth = maps->gridHeight = side;
  maps->sketches = sketches;
  maps->sketchSide = 4;
  maps->keys = 1 + sketches * (1 + 16);
  const int places = side * side;
  for (int i = 0; i < 4 * places * maps->keys; ++i)
    maps->toSketch.push_back(static_cast<float>(i * 7919 % 1009) / 1009.0F);
  for (int i = 0; i < 2 * places * places; ++i)
    maps->toPhoto.push_back(static_cast<float>(i * 31 % 97) / 97.0F / static_cast<float>(places));
  for (int i = 0; i < places; ++i)
    maps->relevance.push_back(static_cast<float>(i) / static_cast<float>(places));
  maps->self.mechanism = "deformable";
  maps->self.gridWidth = maps->self.gridHeight = side;
  for (int layer = 0; layer < 2; ++layer) {
    SelfAttentionMaps::Layer& made = maps->self.layers.emplace_back();
    made.heads = 1;
    for (int i = 0; i < places * places; ++i)
      made.map.push_back(static_cast<float>(((layer + 3) * i * 37) % 101) / 101.0F);
    made.groups = 1;
    made.points = {0.25F, 0.5F, 0.75F, 0.5F};
  }
  return maps;
}

/// A stroke at the left, one at the right, and an eraser over nothing.
inline Sketch twoStrokes() {
  Sketch sketch;
  sketch.width = sketch.height = 1000;
  sketch.strokes = {{{100, 100}, {100, 900}, {}, {}, false},
                    {{900, 900}, {100, 900}, {}, {}, false},
                    {{500, 500}, {450, 550}, {}, {}, true}};
  return sketch;
}

inline void moveMouse(QWidget* widget, QPointF at, Qt::MouseButton held = Qt::NoButton) {
  QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, held, {});
  QCoreApplication::sendEvent(widget, &event);
}

inline void drag(QWidget* widget, QPoint from, QPoint to) {
  QTest::mousePress(widget, Qt::LeftButton, {}, from);
  for (int i = 1; i <= 4; ++i)
    moveMouse(widget, QPointF(from) + QPointF(to - from) * i / 4.0, Qt::LeftButton);
  QTest::mouseRelease(widget, Qt::LeftButton, {}, to);
}

inline void turnWheel(QWidget* widget, QPointF at, double notches) {
  QWheelEvent event(at, widget->mapToGlobal(at), {}, {0, static_cast<int>(120 * notches)}, {}, {},
                    Qt::NoScrollPhase, false);
  QCoreApplication::sendEvent(widget, &event);
}

/// How far two colours are apart in the channel that differs most.
inline int distance(QRgb a, QRgb b) {
  return std::max({std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)),
                   std::abs(qBlue(a) - qBlue(b))});
}

}  // namespace inkling
