#include "ui/viewer/attention_panel.h"

#include <QEvent>
#include <QGridLayout>
#include <QRegularExpression>
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

// The text of a label as it is spoken: without the key, which Chinese labels have in brackets.
QString withoutKey(QString label) {
  static const QRegularExpression key(QStringLiteral("\\(&.\\)|&"));
  return label.remove(key);
}

}  // namespace

AttentionPanel::AttentionPanel(QWidget* parent) : QWidget(parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(10, 6, 10, 8);
  grid->setHorizontalSpacing(8);
  grid->setVerticalSpacing(6);
  kind_ = addCombo(0, 0);
  kind_->addItems({{}, {}, {}});
  kind_->setMinimumContentsLength(10);
  layer_ = addCombo(0, 2);
  headsBox_ = addCombo(0, 4);
  colours_ = addCombo(1, 0);
  colours_->addItems({{}, {}, {}});
  addSlider();
  legend_ = new ColourLegend(this);
  grid->addWidget(legend_, 1, 4, 1, 2);
  explanation_ = new QLabel(this);
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
  retranslate();
}

void AttentionPanel::addSlider() {
  opacity_ = new QSlider(Qt::Horizontal, this);
  opacity_->setRange(0, 100);
  opacity_->setPageStep(10);
  opacity_->setValue(kUsualOpacity);
  opacity_->setMinimumWidth(50);
  opacityLabel_ = new QLabel(this);
  opacityLabel_->setBuddy(opacity_);
  opacityText_ = new QLabel(this);
  opacityText_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100 %")));
  opacityText_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* slider = new QHBoxLayout;
  slider->setSpacing(8);
  slider->addWidget(opacity_, 1);
  slider->addWidget(opacityText_);
  auto* grid = static_cast<QGridLayout*>(layout());
  grid->addWidget(opacityLabel_, 1, 2);
  grid->addLayout(slider, 1, 3);
}

QComboBox* AttentionPanel::addCombo(int row, int column) {
  auto* combo = new QComboBox(this);
  auto* text = new QLabel(this);
  text->setBuddy(combo);
  combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(6);
  auto* grid = static_cast<QGridLayout*>(layout());
  grid->addWidget(text, row, column);
  grid->addWidget(combo, row, column + 1);
  return combo;
}

// Words -----------------------------------------------------------------------------------------

void AttentionPanel::retranslate() {
  const auto explain = [this](QComboBox* combo, const QString& label, const QString& help) {
    for (auto* text : findChildren<QLabel*>()) {
      if (text->buddy() == combo) text->setText(label);
    }
    combo->setAccessibleName(withoutKey(label));
    combo->setAccessibleDescription(help);
    combo->setToolTip(help);
  };
  explain(kind_, tr("&Show"), tr("What the heat map tells"));
  explain(layer_, tr("&Layer"), tr("Which layer of the model"));
  explain(headsBox_, tr("&Heads"), tr("Which heads of the layer, or all of them together"));
  explain(colours_, tr("&Colours"), tr("Colours of the heat map"));
  const auto kind = [this](int index, const QString& text, const QString& help) {
    kind_->setItemText(index, text);
    kind_->setItemData(index, help, Qt::ToolTipRole);
  };
  kind(0, tr("Attention of a layer"), tr("How much each place listens to the drawings"));
  kind(1, tr("Rollout of all layers"), tr("What reaches the result through all layers"));
  kind(2, tr("Relevance"), tr("How surely a place lies on a wanted object"));
  const QStringList colours{tr("Viridis"), tr("Magma"), tr("Jet")};
  for (int i = 0; i < colours.size(); ++i) colours_->setItemText(i, colours[i]);
  opacityLabel_->setText(tr("&Opacity"));
  opacity_->setAccessibleName(tr("Opacity of the heat map"));
  opacity_->setToolTip(tr("How strongly the heat map covers the photo"));
  explanation_->setText(
      tr("There is no attention to show for this photo yet. Draw something "
         "and search: then this tells where the model looked."));
  nameLayersAndHeads();
  refresh();
}

// Their number is the model's; the texts alone change.
void AttentionPanel::nameLayersAndHeads() {
  for (int i = 1; i <= layers_; ++i)
    layer_->setItemText(i - 1, i == layers_ ? tr("%1 (last)").arg(i) : QString::number(i));
  headsBox_->setItemText(0, tr("Mean"));
  headsBox_->setItemText(1, tr("Maximum"));
  for (int i = 1; i <= heads_; ++i) headsBox_->setItemText(i + 1, tr("Head %1").arg(i));
}

void AttentionPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

// What there is to choose from ------------------------------------------------------------------

void AttentionPanel::setShape(int layers, int heads) {
  layers_ = std::max(0, layers);
  heads_ = std::max(0, heads);
  {
    const QSignalBlocker layersQuiet(layer_), headsQuiet(headsBox_);
    layer_->clear();
    layer_->addItems(QStringList(layers_, QString()));
    headsBox_->clear();
    headsBox_->addItems(QStringList(heads_ + 2, QString()));
    nameLayersAndHeads();
  }
  select(layer_, wantedLayer_ < 0 ? layers_ - 1 : wantedLayer_);
  select(headsBox_, wantedHeads_);
  refresh();
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
