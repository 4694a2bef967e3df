// A bar with the colours of a heat map, and the numbers at its ends.
#pragma once

#include <QWidget>
#include <optional>
#include <utility>

#include "core/image/colour_map.h"

namespace inkling {

class ColourLegend : public QWidget {
  Q_OBJECT

 public:
  explicit ColourLegend(QWidget* parent = nullptr);

  void setColours(ColourMap colours);
  /// The smallest and the largest value of the map; nullopt: there is none.
  void setRange(std::optional<std::pair<float, float>> range);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void describe();

  ColourMap colours_ = ColourMap::viridis;
  std::optional<std::pair<float, float>> range_;
};

/// A value of a heat map, three digits that count: "0.0123".
QString valueText(float value);

}  // namespace inkling
