#include "ui/export/export_form.h"

#include <QDir>
#include <QFileDialog>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QStandardPaths>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/export/export_texts.h"
#include "ui/paths/paths.h"
#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kWidth = 300;  // of a sentence, pixels

// Paths in the person's own folder are shown, and may be typed, from "~" on.
QString withTilde(const QString& path) {
  const QString home = QDir::homePath() + QLatin1Char('/');
  return path.startsWith(home) ? QStringLiteral("~/") + path.mid(home.size()) : path;
}

QString withoutTilde(const QString& path) {
  const bool own = path == QLatin1String("~") || path.startsWith(QLatin1String("~/"));
  return own ? QDir::homePath() + path.mid(1) : path;
}

// Somewhere that a person finds again.
QString usualOut() {
  return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) +
         QStringLiteral("/inkling-export");
}

}  // namespace

ExportForm::ExportForm(std::vector<ExportSource> sources, ExportOrder order, QWidget* parent)
    : QWidget(parent),
      sources_(std::move(sources)),
      order_(std::move(order)),
      rows_(new QFormLayout(this)),
      source_(new QComboBox(this)),
      format_(new QComboBox(this)),
      about_(new QLabel(this)),
      category_(new QLineEdit(QString::fromStdString(order_.category), this)),
      threshold_(new QDoubleSpinBox(this)),
      overlay_(new QCheckBox(tr("Pictures of the &attention, too"), this)),
      scores_(new QCheckBox(tr("Sco&res as a sixth column"), this)),
      out_(new QLineEdit(withTilde(order_.out.empty() ? usualOut() : toQString(order_.out)), this)),
      choose_(new QPushButton(tr("C&hoose…"), this)) {
  buildSource();
  buildFormat();
  buildThreshold();
  buildOut();
  category_->setAccessibleName(tr("Category"));
  category_->setToolTip(tr("What the files call the thing that is looked for"));
  connect(category_, &QLineEdit::textChanged, this, &ExportForm::changed);
  for (QCheckBox* box : {overlay_, scores_})
    connect(box, &QCheckBox::toggled, this, &ExportForm::changed);
  layOut();
  showFormat();
}

void ExportForm::buildSource() {
  for (const ExportSource& source : sources_) {
    source_->addItem(ExportTexts::source(source));
    source_->setItemData(source_->count() - 1, shownName(source.folder), Qt::ToolTipRole);
  }
  source_->setAccessibleName(tr("Photos"));
  source_->setEnabled(sources_.size() > 1);
  source_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  source_->setMinimumContentsLength(16);
  const auto tell = [this] {
    source_->setToolTip(source_->currentData(Qt::ToolTipRole).toString());
  };
  connect(source_, &QComboBox::currentIndexChanged, this, tell);
  connect(source_, &QComboBox::currentIndexChanged, this, &ExportForm::changed);
  tell();
}

void ExportForm::buildFormat() {
  for (const std::string& name : exportFormatNames())
    format_->addItem(ExportTexts::format(name), QString::fromStdString(name));
  format_->setCurrentIndex(format_->findData(QString::fromStdString(order_.format)));
  format_->setAccessibleName(tr("Format"));
  about_->setWordWrap(true);
  about_->setMinimumWidth(kWidth);
  // As high as the longest sentence, so that nothing moves when another format is chosen.
  about_->setMinimumHeight(3 * about_->fontMetrics().lineSpacing());
  about_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  connect(format_, &QComboBox::currentIndexChanged, this, [this] {
    showFormat();
    Q_EMIT changed();
  });
}

void ExportForm::buildThreshold() {
  threshold_->setRange(0, 100);
  threshold_->setDecimals(1);
  threshold_->setSuffix(QStringLiteral("%"));
  threshold_->setValue(100 * order_.threshold);
  threshold_->setAccessibleName(tr("Threshold in percent"));
  threshold_->setToolTip(tr("Boxes with at least this score are exported"));
  // What was handed over stays as exact as it is until somebody changes it.
  connect(threshold_, &QDoubleSpinBox::valueChanged, this, [this](double percent) {
    order_.threshold = std::round(10 * percent) / 1000;  // as if it had been typed: 0.413
    Q_EMIT changed();
  });
}

void ExportForm::buildOut() {
  out_->setAccessibleName(tr("Folder for the files"));
  out_->setMinimumWidth(kWidth - 80);
  choose_->setAccessibleName(tr("Choose the folder for the files"));
  choose_->setIcon(themedIcon(QStringLiteral("folder")));
  choose_->setAutoDefault(false);
  connect(out_, &QLineEdit::textChanged, this, &ExportForm::changed);
  connect(choose_, &QPushButton::clicked, this, &ExportForm::chooseOut);
}

void ExportForm::layOut() {
  rows_->setContentsMargins(0, 0, 0, 0);
  rows_->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  const auto row = [&](const QString& text, QWidget* field) {
    auto* label = new QLabel(text, this);
    label->setBuddy(field);
    rows_->addRow(label, field);
  };
  row(tr("&Photos"), source_);
  row(tr("&Format"), format_);
  rows_->addRow(QString(), about_);
  rows_->addRow(QString(), overlay_);
  rows_->addRow(QString(), scores_);
  row(tr("Cate&gory"), category_);
  row(tr("&Threshold"), threshold_);
  auto* folder = new QHBoxLayout;
  folder->addWidget(out_, 1);
  folder->addWidget(choose_);
  auto* label = new QLabel(tr("F&older"), this);
  label->setBuddy(out_);
  rows_->addRow(label, folder);
  QWidget* before = source_;
  for (QWidget* next : {static_cast<QWidget*>(format_), static_cast<QWidget*>(overlay_),
                        static_cast<QWidget*>(scores_), static_cast<QWidget*>(category_),
                        static_cast<QWidget*>(threshold_), static_cast<QWidget*>(out_),
                        static_cast<QWidget*>(choose_)}) {
    setTabOrder(before, next);
    before = next;
  }
}

void ExportForm::showFormat() {
  const std::string format = format_->currentData().toString().toStdString();
  about_->setText(ExportTexts::aboutFormat(format));
  format_->setAccessibleDescription(about_->text());
  rows_->setRowVisible(overlay_, format == "pictures");
  rows_->setRowVisible(scores_, format == "yolo");
}

void ExportForm::chooseOut() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the files"),
                                                           withoutTilde(out_->text()));
  if (!folder.isEmpty()) out_->setText(withTilde(folder));
}

ExportOrder ExportForm::order() const {
  ExportOrder order = order_;
  order.source = sources_[static_cast<std::size_t>(std::max(source_->currentIndex(), 0))];
  order.format = format_->currentData().toString().toStdString();
  order.category = category_->text().trimmed().toStdString();
  order.overlay = overlay_->isChecked();
  order.scores = scores_->isChecked();
  const QString out = withoutTilde(out_->text().trimmed());
  // A path from nowhere is one from home: where the program was started is nobody's concern.
  order.out =
      out.isEmpty() ? std::filesystem::path() : toPath(QDir::cleanPath(QDir::home().filePath(out)));
  return order;
}

bool ExportForm::isFilledIn() const {
  return !out_->text().trimmed().isEmpty() && !category_->text().trimmed().isEmpty();
}

QVariantMap ExportForm::state() const {
  const ExportOrder now = order();
  return {{QStringLiteral("format"), QString::fromStdString(now.format)},
          {QStringLiteral("out"), toQString(now.out)},
          {QStringLiteral("folder"), toQString(now.source.folder)},
          {QStringLiteral("overlay"), now.overlay},
          {QStringLiteral("scores"), now.scores}};
}

void ExportForm::restore(const QVariantMap& state) {
  const auto text = [&](const char* key) { return state.value(QLatin1String(key)).toString(); };
  if (const int format = format_->findData(text("format")); format >= 0)
    format_->setCurrentIndex(format);
  if (!text("out").isEmpty()) out_->setText(withTilde(text("out")));
  const std::filesystem::path folder = toPath(text("folder"));
  for (std::size_t i = 0; i < sources_.size(); ++i)
    if (sources_[i].folder == folder) source_->setCurrentIndex(static_cast<int>(i));
  overlay_->setChecked(state.value(QStringLiteral("overlay"), overlay_->isChecked()).toBool());
  scores_->setChecked(state.value(QStringLiteral("scores"), scores_->isChecked()).toBool());
}

}  // namespace inkling
