#include "ui/viewer/attention_panel.h"

#include <QGridLayout>
#include <QSignalBlocker>
#include <algorithm>

namespace inkling {
namespace {

constexpr int kUsualOpacity = 55;                                // per cent
const char* const kKinds[] = {"layer", "rollout", "relevance"};  // names in the settings
const ColourMap kColours[] = {ColourMap::viridis, ColourMap::magma, ColourMap::jet};

void select(QComboBox* combo, int index) {
  const QSignalBlocker quiet(combo);
  combo->setCurrentIndex(std::clamp(index, 0, std::max(0, combo->count() - 1)));
}

}  // namespace

AttentionPanel::AttentionPanel(QWidget* parent) : QWidget(parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(10, 6, 10, 8);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(6);
  kind_ = addCombo(tr("&Show"), tr("What the heat map tells"), 0, 0);
  kind_->addItems({tr("Attention of a layer"), tr("Rollout of all layers"), tr("Relevance")});
  kind_->setMinimumContentsLength(10);
  kind_->setItemData(0, tr("How much each place listens to the drawings"), Qt::ToolTipRole);
  kind_->setItemData(1, tr("What reaches the result through all layers"), Qt::ToolTipRole);
  kind_->setItemData(2, tr("How surely a place lies on a wanted object"), Qt::ToolTipRole);
  layer_ = addCombo(tr("&Layer"), tr("Which layer of the model"), 0, 2);
  headsBox_ = addCombo(tr("&Heads"), tr("Which heads of the layer, or all of them together"), 0, 4);
  colours_ = addCombo(tr("&Colours"), tr("Colours of the heat map"), 1, 0);
  colours_->addItems({tr("Viridis"), tr("Magma"), tr("Jet")});

  opacity_ = new QSlider(Qt::Horizontal, this);
  opacity_->setRange(0, 100);
  opacity_->setPageStep(10);
  opacity_->setValue(kUsualOpacity);
  opacity_->setMinimumWidth(50);
  opacity_->setAccessibleName(tr("Opacity of the heat map"));
  opacity_->setToolTip(tr("How strongly the heat map covers the photo"));
  auto* opacityLabel = new QLabel(tr("&Opacity"), this);
  opacityLabel->setBuddy(opacity_);
  opacityText_ = new QLabel(this);
  opacityText_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100 %")));
  opacityText_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* slider = new QHBoxLayout;
  slider->setSpacing(8);
  slider->addWidget(opacity_, 1);
  slider->addWidget(opacityText_);
  grid->addWidget(opacityLabel, 1, 2);
  grid->addLayout(slider, 1, 3);
  legend_ = new ColourLegend(this);
  grid->addWidget(legend_, 1, 4, 1, 2);
  explanation_ = new QLabel(tr("There is no attention to show for this photo yet. Draw something "
                               "and search: then this tells where the model looked."),
                            this);
  explanation_->setWordWrap(true);
  grid->addWidget(explanation_, 2, 0, 1, 6);
  grid->setColumnStretch(1, 3);  // the longest names
  grid->setColumnStretch(3, 2);
  grid->setColumnStretch(5, 2);

  connect(layer_, &QComboBox::activated, this, [this](int index) { wantedLayer_ = index; });
  connect(headsBox_, &QComboBox::activated, this, [this](int index) { wantedHeads_ = index; });
  for (QComboBox* combo : {kind_, layer_, headsBox_, colours_}) {
    connect(combo, &QComboBox::currentIndexChanged, this, [this] {
      refresh();
      Q_EMIT changed();
    });
  }
  connect(opacity_, &QSlider::valueChanged, this, [this] {
    refresh();
    Q_EMIT changed();
  });
  setShape(0, 0);
}

QComboBox* AttentionPanel::addCombo(const QString& label, const QString& help, int row,
                                    int column) {
  auto* combo = new QComboBox(this);
  auto* text = new QLabel(label, this);
  text->setBuddy(combo);
  combo->setAccessibleName(QString(label).remove(QLatin1Char('&')));
  combo->setAccessibleDescription(help);
  combo->setToolTip(help);
  combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(6);
  auto* grid = static_cast<QGridLayout*>(layout());
  grid->addWidget(text, row, column);
  grid->addWidget(combo, row, column + 1);
  return combo;
}

void AttentionPanel::setShape(int layers, int heads) {
  layers_ = std::max(0, layers);
  heads_ = std::max(0, heads);
  fillLayers();
  fillHeads();
  refresh();
}

void AttentionPanel::fillLayers() {
  const QSignalBlocker quiet(layer_);
  layer_->clear();
  for (int i = 1; i <= layers_; ++i)
    layer_->addItem(i == layers_ ? tr("%1 (last)").arg(i) : QString::number(i));
  select(layer_, wantedLayer_ < 0 ? layers_ - 1 : wantedLayer_);
}

void AttentionPanel::fillHeads() {
  const QSignalBlocker quiet(headsBox_);
  headsBox_->clear();
  headsBox_->addItems({tr("Mean"), tr("Maximum")});
  for (int i = 1; i <= heads_; ++i) headsBox_->addItem(tr("Head %1").arg(i));
  select(headsBox_, wantedHeads_);
}

void AttentionPanel::refresh() {
  const bool on = layers_ > 0;
  const bool ofLayer = choice().kind == AttentionChoice::Kind::kLayer;
  for (QWidget* control : {static_cast<QWidget*>(kind_), static_cast<QWidget*>(colours_),
                           static_cast<QWidget*>(opacity_), static_cast<QWidget*>(legend_)})
    control->setEnabled(on);
  layer_->setEnabled(on && ofLayer);
  headsBox_->setEnabled(on && ofLayer);
  opacityText_->setEnabled(on);
  opacityText_->setText(tr("%1 %").arg(opacity_->value()));
  explanation_->setVisible(!on);
  legend_->setColours(colourMap());
}

AttentionChoice AttentionPanel::choice() const {
  AttentionChoice choice;
  choice.kind = static_cast<AttentionChoice::Kind>(kind_->currentIndex());
  choice.layer = std::max(0, layer_->currentIndex());
  const int heads = headsBox_->currentIndex();
  if (heads == 1) choice.heads.kind = HeadChoice::Kind::kMax;
  if (heads > 1) choice.heads = {HeadChoice::Kind::kOne, heads - 2};
  return choice;
}

ColourMap AttentionPanel::colourMap() const {
  return kColours[static_cast<std::size_t>(std::max(0, colours_->currentIndex()))];
}

void AttentionPanel::setRange(const std::optional<HeatMap>& map) {
  if (!map || map->values.empty()) return legend_->setRange(std::nullopt);
  const auto [low, high] = std::minmax_element(map->values.begin(), map->values.end());
  legend_->setRange(std::pair(*low, *high));
}

QVariantMap AttentionPanel::saveState() const {
  return {{QStringLiteral("show"), QLatin1String(kKinds[kind_->currentIndex()])},
          {QStringLiteral("layer"), wantedLayer_},
          {QStringLiteral("heads"), wantedHeads_},
          {QStringLiteral("colours"), QString::fromStdString(colourMapName(colourMap()))},
          {QStringLiteral("opacity"), opacity_->value()}};
}

void AttentionPanel::restoreState(const QVariantMap& state) {
  const auto number = [&state](const QString& key, int fallback) {
    bool ok = false;
    const int value = state.value(key).toInt(&ok);
    return ok ? value : fallback;
  };
  const QString kind = state.value(QStringLiteral("show")).toString();
  const QString colours = state.value(QStringLiteral("colours")).toString();
  for (int i = 0; i < 3; ++i) {
    if (kind == QLatin1String(kKinds[i])) select(kind_, i);
    if (colours.toStdString() == colourMapName(kColours[i])) select(colours_, i);
  }
  wantedLayer_ = std::max(-1, number(QStringLiteral("layer"), wantedLayer_));
  wantedHeads_ = std::max(0, number(QStringLiteral("heads"), wantedHeads_));
  {
    const QSignalBlocker quiet(opacity_);
    opacity_->setValue(number(QStringLiteral("opacity"), opacity_->value()));
  }
  setShape(layers_, heads_);
  Q_EMIT changed();
}

}  // namespace inkling
