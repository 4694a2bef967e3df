#include "ui/stack/sketch_stack_panel.h"

#include <QButtonGroup>
#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/stack/sketch_stack_delegate.h"
#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kSteps = 10;  // of the weight slider, for 1.0

QToolButton* makeButton(const QString& icon, QWidget* parent) {
  auto* button = new QToolButton(parent);
  button->setIcon(themedIcon(icon));
  button->setIconSize({18, 18});
  button->setFocusPolicy(Qt::TabFocus);
  return button;
}

void explain(QToolButton* button, const QString& text) {
  button->setToolTip(text);
  button->setAccessibleName(text);
}

}  // namespace

SketchStackPanel::SketchStackPanel(SketchStack& stack, QWidget* parent)
    : QWidget(parent), stack_(stack), list_(new QListView(this)) {
  list_->setModel(&stack_);
  list_->setItemDelegate(new SketchStackDelegate(list_));
  list_->setDragDropMode(QAbstractItemView::InternalMove);
  list_->setDefaultDropAction(Qt::MoveAction);
  list_->setSelectionMode(QAbstractItemView::SingleSelection);
  list_->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
  list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  list_->setUniformItemSizes(true);
  list_->setFrameShape(QFrame::NoFrame);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  column->addWidget(makeButtons());
  column->addWidget(list_, 1);
  column->addWidget(makeInspector());
  retranslate();

  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& now) {
            if (!now.isValid()) return;
            showCurrent();
            Q_EMIT currentRowChanged(now.row());
          });
  connect(&stack_, &QAbstractItemModel::dataChanged, this, &SketchStackPanel::showCurrent);
  connect(&stack_, &QAbstractItemModel::rowsMoved, this, &SketchStackPanel::showCurrent);
  // A removed current row hands over to a neighbour.
  connect(&stack_, &QAbstractItemModel::rowsRemoved, this, [this](const QModelIndex&, int row) {
    setCurrentRow(std::min(row, stack_.count() - 1));
  });
  connect(&stack_, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex&, int row) {
    if (currentRow() < 0) setCurrentRow(row);
  });
  connect(&stack_, &QAbstractItemModel::modelReset, this, [this] { setCurrentRow(0); });
  setCurrentRow(0);
}

QWidget* SketchStackPanel::makeButtons() {
  auto* bar = new QWidget(this);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(4, 0, 4, 0);
  row->setSpacing(2);
  for (const auto& [button, icon] : {std::pair{&add_, "add"},
                                     {&library_, "library"},
                                     {&duplicate_, "duplicate"},
                                     {&remove_, "clear"},
                                     {&up_, "up"},
                                     {&down_, "down"},
                                     {&save_, "save"}}) {
    *button = makeButton(QLatin1String(icon), bar);
    if (button == &duplicate_) row->addStretch();
    row->addWidget(*button);
  }
  add_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  library_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  connect(add_, &QToolButton::clicked, this, &SketchStackPanel::addBlank);
  connect(library_, &QToolButton::clicked, this, &SketchStackPanel::libraryRequested);
  connect(duplicate_, &QToolButton::clicked, this, &SketchStackPanel::duplicateCurrent);
  connect(remove_, &QToolButton::clicked, this, &SketchStackPanel::removeCurrent);
  connect(up_, &QToolButton::clicked, this, [this] { moveCurrent(-1); });
  connect(down_, &QToolButton::clicked, this, [this] { moveCurrent(1); });
  connect(save_, &QToolButton::clicked, this, [this] { Q_EMIT saveRequested(currentRow()); });
  return bar;
}

QWidget* SketchStackPanel::makeInspector() {
  auto* bar = new QWidget(this);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(6, 4, 6, 4);
  find_ = makeButton(QStringLiteral("find"), bar);
  not_ = makeButton(QStringLiteral("not"), bar);
  auto* purpose = new QButtonGroup(bar);
  for (QToolButton* button : {find_, not_}) {
    button->setCheckable(true);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    purpose->addButton(button);
    row->addWidget(button);
  }
  weight_ = new QSlider(Qt::Horizontal, bar);
  weight_->setRange(static_cast<int>(SketchStack::kLeastWeight * kSteps),
                    static_cast<int>(SketchStack::kMostWeight * kSteps));
  weight_->setPageStep(5);
  weight_->setMinimumWidth(60);
  row->addWidget(weight_, 1);
  connect(find_, &QToolButton::toggled, this, [this](bool on) {
    if (!showing_ && currentRow() >= 0) stack_.setWanted(currentRow(), on);
  });
  connect(weight_, &QSlider::valueChanged, this, [this](int value) {
    if (!showing_ && currentRow() >= 0)
      stack_.setWeight(currentRow(), static_cast<double>(value) / kSteps);
  });
  return bar;
}

void SketchStackPanel::retranslate() {
  list_->setAccessibleName(tr("Drawings of this query"));
  add_->setText(tr("New"));
  explain(add_, tr("Add another drawing of the same thing"));
  library_->setText(tr("Library"));
  explain(library_, tr("Choose a drawing from the library"));
  explain(duplicate_, tr("Duplicate this drawing"));
  explain(remove_, tr("Remove this drawing"));
  explain(up_, tr("Move this drawing up"));
  explain(down_, tr("Move this drawing down"));
  explain(save_, tr("Keep this drawing in the library"));
  find_->setText(tr("Find"));
  explain(find_, tr("Find what this drawing shows"));
  not_->setText(tr("Not this"));
  explain(not_, tr("Do not find what this drawing shows"));
  weight_->setAccessibleName(tr("Weight of this drawing"));
  list_->viewport()->update();  // its rows have words, too
  showCurrent();
}

void SketchStackPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

int SketchStackPanel::currentRow() const { return list_->currentIndex().row(); }

void SketchStackPanel::setCurrentRow(int row) {
  if (row == currentRow()) {
    showCurrent();
    Q_EMIT currentRowChanged(row);
    return;
  }
  list_->setCurrentIndex(stack_.index(row));
}

void SketchStackPanel::showCurrent() {
  const int row = currentRow();
  if (row < 0 || row >= stack_.count()) return;
  showing_ = true;
  (stack_.isWanted(row) ? find_ : not_)->setChecked(true);
  weight_->setValue(static_cast<int>(std::lround(stack_.weight(row) * kSteps)));
  weight_->setEnabled(stack_.isWanted(row));
  weight_->setToolTip(tr("This drawing counts %1 times").arg(stack_.weight(row), 0, 'f', 1));
  showing_ = false;
  up_->setEnabled(row > 0);
  down_->setEnabled(row + 1 < stack_.count());
  save_->setEnabled(!stack_.document(row).isBlank());
}

void SketchStackPanel::rowAdded(int row) {
  if (row < 0) {
    Q_EMIT refused(
        tr("A query holds at most %n drawings. Remove one first.", nullptr, SketchStack::kMost));
    return;
  }
  setCurrentRow(row);
}

void SketchStackPanel::addBlank() { rowAdded(stack_.addBlank()); }
void SketchStackPanel::duplicateCurrent() { rowAdded(stack_.duplicate(currentRow())); }
void SketchStackPanel::removeCurrent() { stack_.remove(currentRow()); }

void SketchStackPanel::moveCurrent(int by) { stack_.move(currentRow(), currentRow() + by); }

void SketchStackPanel::take(const Sketch& sketch, const QString& name) {
  const int row = currentRow();
  if (row >= 0 && stack_.document(row).sketch().strokes.empty()) {
    stack_.setName(row, name);
    stack_.document(row).replaceWith(sketch, tr("take from the library"));
    return;
  }
  rowAdded(stack_.add(sketch, name));
}

}  // namespace inkling
