// Shown over the gallery while files are dragged above it.
#pragma once

#include <QWidget>

namespace inkling {

class DropFrame : public QWidget {
  Q_OBJECT

 public:
  explicit DropFrame(QWidget* parent);

 protected:
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace inkling
