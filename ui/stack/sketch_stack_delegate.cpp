#include "ui/stack/sketch_stack_delegate.h"

#include <QApplication>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "ui/stack/sketch_stack.h"
#include "ui/theme/theme.h"

namespace inkling {
namespace {

constexpr int kHeight = 56, kPicture = 44, kGap = 8, kBox = 18;

struct RowPlaces {
  QRect box, picture, name, purpose;
};

RowPlaces placesOf(const QStyleOptionViewItem& option) {
  const QRect row = option.rect.adjusted(kGap, 0, -kGap, 0);
  RowPlaces places;
  places.box = QRect(row.left(), row.center().y() - kBox / 2, kBox, kBox);
  places.picture =
      QRect(places.box.right() + 1 + kGap, row.center().y() - kPicture / 2, kPicture, kPicture);
  const int left = places.picture.right() + 1 + kGap;
  const int line = option.fontMetrics.height();
  places.name = QRect(left, row.center().y() - line - 1, row.right() - left, line + 2);
  places.purpose = QRect(left, row.center().y() + 2, row.right() - left, line);
  return places;
}

QString purposeOf(const QModelIndex& index) {
  if (index.data(SketchStack::kBlankRole).toBool()) return SketchStack::tr("nothing drawn yet");
  const QString weight =
      QLocale().toString(index.data(SketchStack::kWeightRole).toDouble(), 'f', 1);
  return index.data(SketchStack::kWantedRole).toBool()
             ? SketchStack::tr("find · weight %1").arg(weight)
             : SketchStack::tr("not this");
}

}  // namespace

QSize SketchStackDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const {
  return {180, kHeight};
}

void SketchStackDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                                const QModelIndex& index) const {
  const RowPlaces places = placesOf(option);
  const bool chosen = option.state.testFlag(QStyle::State_Selected);
  const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
  painter->save();
  if (chosen) {
    QColor soft = option.palette.color(QPalette::Highlight);
    soft.setAlpha(option.state.testFlag(QStyle::State_Active) ? 56 : 32);
    painter->fillRect(option.rect, soft);
  }
  QStyleOptionViewItem box = option;
  box.rect = places.box;
  box.state = QStyle::State_Enabled | (on ? QStyle::State_On : QStyle::State_Off);
  const QWidget* widget = option.widget;
  (widget != nullptr ? widget->style() : QApplication::style())
      ->drawPrimitive(QStyle::PE_IndicatorItemViewItemCheck, &box, painter, widget);

  painter->setRenderHint(QPainter::SmoothPixmapTransform);
  painter->setOpacity(on ? 1 : 0.45);
  painter->drawPixmap(places.picture, index.data(Qt::DecorationRole).value<QPixmap>());
  painter->setPen(option.palette.color(QPalette::Mid));
  painter->setBrush(Qt::NoBrush);
  painter->drawRect(places.picture);

  painter->setPen(option.palette.color(QPalette::Text));
  painter->drawText(places.name, Qt::AlignLeft | Qt::AlignVCenter,
                    option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(),
                                                  Qt::ElideRight, places.name.width()));
  const bool wanted = index.data(SketchStack::kWantedRole).toBool();
  QColor dim = option.palette.color(QPalette::Text);
  dim.setAlphaF(0.65F);
  painter->setPen(wanted ? dim : warningColour());
  painter->drawText(
      places.purpose, Qt::AlignLeft | Qt::AlignVCenter,
      option.fontMetrics.elidedText(purposeOf(index), Qt::ElideRight, places.purpose.width()));
  if (option.state.testFlag(QStyle::State_HasFocus)) {
    painter->setOpacity(1);
    painter->setPen(QPen(option.palette.color(QPalette::Highlight), 1));
    painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
  }
  painter->restore();
}

void SketchStackDelegate::updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option,
                                               const QModelIndex&) const {
  editor->setGeometry(placesOf(option).name.adjusted(-3, -4, 3, 4));
}

bool SketchStackDelegate::editorEvent(QEvent* event, QAbstractItemModel* model,
                                      const QStyleOptionViewItem& option,
                                      const QModelIndex& index) {
  if (event->type() == QEvent::MouseButtonRelease) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    // A generous target: a switch of 18 pixels is easily missed.
    if (placesOf(option).box.adjusted(-kGap, -kGap, kGap / 2, kGap).contains(mouse->pos())) {
      const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
      return model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
    }
    return false;
  }
  // The keyboard: the space key switches.
  if (event->type() == QEvent::KeyPress)
    return QStyledItemDelegate::editorEvent(event, model, option, index);
  return false;
}

}  // namespace inkling
