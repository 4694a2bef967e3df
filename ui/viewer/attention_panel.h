// Chooses which heat map is laid over the photo, and how it looks.
//
//   AttentionPanel panel;
//   panel.setShape(maps.layers, maps.heads);
//   connect(&panel, &AttentionPanel::changed, ...);   // look at choice(), colourMap(), opacity()
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QSlider>
#include <QVariantMap>
#include <QWidget>
#include <vector>

#include "ui/viewer/attention_source.h"
#include "ui/viewer/colour_legend.h"

namespace inkling {

class AttentionPanel : public QWidget {
  Q_OBJECT

 public:
  explicit AttentionPanel(QWidget* parent = nullptr);

  /// How many layers and heads there are to choose from. 0 layers: there are no maps, the controls
  /// are off and a text explains. The last layer is chosen until a person chooses another.
  void setShape(int layers, int heads);
  AttentionChoice choice() const;
  ColourMap colourMap() const;
  /// 0 .. 1
  double opacity() const { return opacity_->value() / 100.0; }
  /// Of the map that is shown, for the legend.
  void setRange(const std::optional<HeatMap>& map);

  /// What was chosen, to be remembered; values that make no sense are passed over.
  QVariantMap saveState() const;
  void restoreState(const QVariantMap& state);

  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void changed();

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  /// A control and what stands before it; label nullptr: the field takes its place, too.
  struct Cell {
    QLabel* label;
    QWidget* field;
  };

  QLabel* addCell(QWidget* field);
  QComboBox* addCombo();
  void addSlider();
  int leastWidth(int columns) const;
  void arrange();
  void retranslate();
  void nameLayersAndHeads();
  void refresh();

  std::vector<Cell> cells_;
  int columns_ = 0;  ///< of cells
  int layers_ = 0, heads_ = 0;
  int wantedLayer_ = -1, wantedHeads_ = 0;  ///< by a person; layer -1: the last one
  QComboBox *kind_, *layer_, *headsBox_, *colours_;
  QSlider* opacity_;
  QLabel *opacityLabel_, *opacityText_, *explanation_;
  ColourLegend* legend_;
};

}  // namespace inkling
