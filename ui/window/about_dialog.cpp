#include "ui/window/about_dialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QSvgRenderer>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/paths/paths.h"

namespace inkling {
namespace {

constexpr std::size_t kLongestList = 24;

QString textOf(const Json& value) {
  if (value.is_string()) return QString::fromStdString(value.get<std::string>());
  if (value.is_number_float()) return QString::number(value.get<double>(), 'g', 4);
  return QString::fromStdString(dumpJson(value));
}

bool isFlat(const Json& list) {
  for (const Json& item : list) {
    if (item.is_structured()) return false;
  }
  return true;
}

QString listText(const Json& list) {
  if (list.size() > kLongestList)
    return AboutDialog::tr("%n entries", nullptr, static_cast<int>(list.size()));
  QStringList items;
  for (const Json& item : list) items << textOf(item);
  return items.join(QStringLiteral(", "));
}

void fill(QTreeWidgetItem* parent, const Json& value) {
  for (const auto& [key, field] : value.items()) {
    auto* item = new QTreeWidgetItem(parent);
    item->setText(0, QString::fromStdString(key).replace(QLatin1Char('_'), QLatin1Char(' ')));
    if (field.is_array() && isFlat(field)) {
      item->setText(1, listText(field));
    } else if (field.is_structured()) {
      fill(item, field);
    } else {
      item->setText(1, textOf(field));
    }
    item->setToolTip(1, item->text(1));
  }
}

QLabel* makeText(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  label->setTextInteractionFlags(Qt::TextBrowserInteraction);
  label->setOpenExternalLinks(true);
  return label;
}

QPixmap logo(int side) {
  QPixmap pixmap(side, side);
  pixmap.fill(Qt::transparent);
  QSvgRenderer renderer(QStringLiteral(":/icons/inkling.svg"));
  QPainter painter(&pixmap);
  renderer.render(&painter);
  return pixmap;
}

}  // namespace

AboutDialog::AboutDialog(const QString& version, const std::optional<ModelFacts>& model,
                         QWidget* parent)
    : QDialog(parent), card_(new QTreeWidget) {
  setWindowTitle(tr("About Inkling"));
  resize(640, 520);
  auto* picture = new QLabel;
  picture->setPixmap(logo(64));
  auto* head = new QHBoxLayout;
  head->addWidget(picture);
  head->addWidget(makeText(tr("<h2>Inkling %1</h2>Draw it. Find it. See why.").arg(version)), 1);

  auto* program = new QWidget;
  auto* lines = new QVBoxLayout(program);
  lines->addWidget(
      makeText(tr("Everything happens on this computer: no photo and no drawing leaves it.")));
  lines->addWidget(makeText(
      tr("Licence: Apache-2.0. The file NOTICE that comes with the program lists the origin and "
         "the licence of every weight, photo and drawing.")));
  lines->addWidget(makeText(
      tr("Built with Qt, LibTorch and OpenCV. Drawings to learn from: the QuickDraw dataset "
         "(CC BY 4.0). Photos: MS-COCO, by the people named in CREDITS.json.")));
  lines->addStretch();

  card_->setColumnCount(2);
  card_->setHeaderLabels({tr("Field"), tr("Value")});
  card_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  card_->setAlternatingRowColors(true);
  card_->setAccessibleName(tr("Card of the model"));
  auto* modelPage = new QWidget;
  auto* modelLines = new QVBoxLayout(modelPage);
  if (model) {
    modelLines->addWidget(
        makeText(tr("%1: %2 million parameters; boxes count as matches from %3% on.")
                     .arg(shownName(model->file.filename()))
                     .arg(static_cast<double>(model->parameters) / 1e6, 0, 'f', 1)
                     .arg(100 * model->threshold, 0, 'f', 0)));
    fill(card_->invisibleRootItem(), model->card);
    card_->expandToDepth(0);
  } else {
    modelLines->addWidget(makeText(tr("No model is loaded. Choose one in the File menu.")));
  }
  modelLines->addWidget(card_, 1);

  auto* tabs = new QTabWidget;
  tabs->addTab(modelPage, tr("Model"));
  tabs->addTab(program, tr("Program"));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addLayout(head);
  column->addWidget(tabs, 1);
  column->addWidget(buttons);
}

}  // namespace inkling
