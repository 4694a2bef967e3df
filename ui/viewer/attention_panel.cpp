#include "ui/viewer/attention_panel.h"

#include <QEvent>
#include <QGridLayout>
#include <QRegularExpression>
#include <QSignalBlocker>
#include <algorithm>
#include <numeric>

namespace inkling {
namespace {

constexpr int kMargin = 10, kSpacing = 8;
constexpr int kUsualOpacity = 55;                                           // per cent
const char* const kKinds[] = {"layer", "rollout", "relevance", "between"};  // names in the settings
const ColourMap kColours[] = {ColourMap::viridis, ColourMap::magma, ColourMap::jet};

void select(QComboBox* combo, int index) {
  const QSignalBlocker quiet(combo);
  combo->setCurrentIndex(std::clamp(index, 0, std::max(0, combo->count() - 1)));
}

// Room for the longest entry.
void makeRoom(QComboBox* combo) {
  const QFontMetrics metrics = combo->fontMetrics();
  int widest = 0;
  for (int i = 0; i < combo->count(); ++i)
    widest = std::max(widest, metrics.horizontalAdvance(combo->itemText(i)));
  const int letter = metrics.horizontalAdvance(QLatin1Char('X'));
  combo->setMinimumContentsLength(std::clamp((widest + letter - 1) / letter, 6, 12));
}

// The text of a label as it is spoken: without the key, which Chinese labels have in brackets.
QString withoutKey(QString label) {
  static const QRegularExpression key(QStringLiteral("\\(&.\\)|&"));
  return label.remove(key);
}

}  // namespace

AttentionPanel::AttentionPanel(QWidget* parent) : QWidget(parent) {
  auto* grid = new QGridLayout(this);
  grid->setContentsMargins(kMargin, 6, kMargin, 8);
  grid->setHorizontalSpacing(kSpacing);
  grid->setVerticalSpacing(6);
  kind_ = addCombo();
  kind_->addItems({{}, {}, {}, {}});
  layer_ = addCombo();
  headsBox_ = addCombo();
  colours_ = addCombo();
  colours_->addItems({{}, {}, {}});
  addSlider();
  legend_ = new ColourLegend(this);
  cells_.push_back({nullptr, legend_});
  explanation_ = new QLabel(this);
  explanation_->setWordWrap(true);

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

QLabel* AttentionPanel::addCell(QWidget* field) {
  auto* label = new QLabel(this);
  cells_.push_back({label, field});
  return label;
}

void AttentionPanel::addSlider() {
  auto* field = new QWidget(this);
  opacity_ = new QSlider(Qt::Horizontal, field);
  opacity_->setRange(0, 100);
  opacity_->setPageStep(10);
  opacity_->setValue(kUsualOpacity);
  opacity_->setMinimumWidth(50);
  opacityText_ = new QLabel(field);
  opacityText_->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("100%")));
  opacityText_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  auto* row = new QHBoxLayout(field);
  row->setContentsMargins({});
  row->setSpacing(kSpacing);
  row->addWidget(opacity_, 1);
  row->addWidget(opacityText_);
  opacityLabel_ = addCell(field);
  opacityLabel_->setBuddy(opacity_);
}

QComboBox* AttentionPanel::addCombo() {
  auto* combo = new QComboBox(this);
  addCell(combo)->setBuddy(combo);
  combo->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  return combo;
}

// Places ----------------------------------------------------------------------------------------

int AttentionPanel::leastWidth(int columns) const {
  std::vector<int> labels(static_cast<std::size_t>(columns)), fields(labels.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto& [label, field] = cells_[i];
    const int least = std::max(field->minimumSizeHint().width(), field->minimumWidth());
    int& room = fields[i % fields.size()];
    int& before = labels[i % labels.size()];
    if (label != nullptr) before = std::max(before, label->sizeHint().width());
    room = std::max(room, label != nullptr ? least : least - before - kSpacing);
  }
  const int spaces = (2 * columns - 1) * kSpacing + 2 * kMargin;
  return std::accumulate(labels.begin(), labels.end(), spaces) +
         std::accumulate(fields.begin(), fields.end(), 0);
}

// Three cells stand side by side where there is room for them, two in a narrow panel.
void AttentionPanel::arrange() {
  const int columns = width() < leastWidth(3) ? 2 : 3;
  if (columns == columns_) return;
  columns_ = columns;
  auto* grid = static_cast<QGridLayout*>(layout());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const int row = static_cast<int>(i) / columns, column = 2 * (static_cast<int>(i) % columns);
    const auto& [label, field] = cells_[i];
    if (label != nullptr) grid->addWidget(label, row, column);
    grid->addWidget(field, row, label != nullptr ? column + 1 : column, 1,
                    label != nullptr ? 1 : 2);
  }
  grid->addWidget(explanation_, 3, 0, 1, 2 * columns);
  for (int i = 0; i < 3; ++i) grid->setColumnStretch(2 * i + 1, i < columns ? 1 : 0);
  updateGeometry();
}

// That of the narrow form, whichever is shown: a window can be made narrow again.
QSize AttentionPanel::minimumSizeHint() const {
  return {leastWidth(2), layout()->totalMinimumSize().height()};
}

void AttentionPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

// Words -----------------------------------------------------------------------------------------

void AttentionPanel::retranslate() {
  const auto explain = [this](QComboBox* combo, const QString& label, const QString& help) {
    const auto cell = std::find_if(cells_.begin(), cells_.end(),
                                   [combo](const Cell& one) { return one.field == combo; });
    cell->label->setText(label);
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
  kind(0, tr("Attention"), tr("How much each place listens to the drawings"));
  kind(1, tr("Rollout"), tr("What reaches the result through all layers"));
  kind(2, tr("Relevance"), tr("How surely a place lies on a wanted object"));
  kind(3, tr("Between places"),
       tr("How much each place is looked at by the others; under the pointer: where that place "
          "looks"));
  const QStringList colours{tr("Viridis"), tr("Magma"), tr("Jet")};
  for (int i = 0; i < colours.size(); ++i) colours_->setItemText(i, colours[i]);
  opacityLabel_->setText(tr("&Opacity"));
  opacity_->setAccessibleName(tr("Opacity of the heat map"));
  opacity_->setToolTip(tr("How strongly the heat map covers the photo"));
  explanation_->setText(
      tr("There is no attention to show for this photo yet. Draw something "
         "and search: then this tells where the model looked."));
  nameLayersAndHeads();
  for (QComboBox* combo : {kind_, layer_, headsBox_, colours_}) makeRoom(combo);
  refresh();
  updateGeometry();
  arrange();
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
    makeRoom(layer_);
    makeRoom(headsBox_);
  }
  arrange();
  select(layer_, wantedLayer_ < 0 ? layers_ - 1 : wantedLayer_);
  select(headsBox_, wantedHeads_);
  refresh();
}

void AttentionPanel::refresh() {
  const bool on = layers_ > 0;
  const bool ofLayer = choice().kind == AttentionChoice::Kind::kLayer ||
                       choice().kind == AttentionChoice::Kind::kBetween;
  for (QWidget* control : {static_cast<QWidget*>(kind_), static_cast<QWidget*>(colours_),
                           static_cast<QWidget*>(opacity_), static_cast<QWidget*>(legend_)})
    control->setEnabled(on);
  layer_->setEnabled(on && ofLayer);
  headsBox_->setEnabled(on && ofLayer);
  opacityText_->setEnabled(on);
  opacityText_->setText(tr("%1%").arg(opacity_->value()));
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
  for (int i = 0; i < kind_->count(); ++i) {
    if (kind == QLatin1String(kKinds[i])) select(kind_, i);
  }
  for (int i = 0; i < colours_->count(); ++i) {
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
