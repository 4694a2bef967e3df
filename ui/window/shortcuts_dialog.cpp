#include "ui/window/shortcuts_dialog.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHeaderView>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/theme/theme.h"

namespace inkling {

ShortcutsDialog::ShortcutsDialog(WindowActions& actions, QWidget* parent)
    : QDialog(parent),
      actions_(actions),
      search_(new QLineEdit(this)),
      table_(new QTableWidget(this)),
      keys_(new QKeySequenceEdit(this)),
      message_(new QLabel(this)) {
  setWindowTitle(tr("Keyboard shortcuts"));
  resize(560, 560);
  search_->setPlaceholderText(tr("Search"));
  search_->setAccessibleName(tr("Search actions"));
  search_->setClearButtonEnabled(true);
  table_->setColumnCount(3);
  table_->setHorizontalHeaderLabels({tr("Menu"), tr("Action"), tr("Keys")});
  table_->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
  table_->verticalHeader()->hide();
  table_->setSelectionBehavior(QAbstractItemView::SelectRows);
  table_->setSelectionMode(QAbstractItemView::SingleSelection);
  table_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table_->setShowGrid(false);
  table_->setAccessibleName(tr("Actions and their keys"));
  message_->setWordWrap(true);
  QPalette warning = message_->palette();
  warning.setColor(QPalette::WindowText, warningColour());
  message_->setPalette(warning);
  keys_->setAccessibleName(tr("Keys of the chosen action"));

  auto* form = new QFormLayout;
  form->addRow(tr("Press new keys:"), keys_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  auto* none = buttons->addButton(tr("No keys"), QDialogButtonBox::ActionRole);
  auto* reset = buttons->addButton(tr("Restore all"), QDialogButtonBox::ResetRole);
  // Enter in the search field must not change anything.
  for (QPushButton* button : {none, reset}) button->setAutoDefault(false);
  auto* column = new QVBoxLayout(this);
  column->addWidget(search_);
  column->addWidget(table_, 1);
  column->addLayout(form);
  column->addWidget(message_);
  column->addWidget(buttons);

  const auto current = [this] { return static_cast<Act>(std::max(table_->currentRow(), 0)); };
  connect(search_, &QLineEdit::textChanged, this, &ShortcutsDialog::filter);
  connect(table_, &QTableWidget::currentCellChanged, this, &ShortcutsDialog::showCurrent);
  connect(keys_, &QKeySequenceEdit::editingFinished, this,
          [this, current] { assign(current(), keys_->keySequence()); });
  connect(none, &QPushButton::clicked, this, [this, current] { assign(current(), {}); });
  connect(reset, &QPushButton::clicked, this, [this] {
    actions_.resetShortcuts();
    fill();
  });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  fill();
  table_->setCurrentCell(0, 0);
}

void ShortcutsDialog::fill() {
  const int count = static_cast<int>(Act::kCount);
  table_->setRowCount(count);
  for (int row = 0; row < count; ++row) {
    const auto act = static_cast<Act>(row);
    table_->setItem(row, 0, new QTableWidgetItem(actions_.plainMenuName(act)));
    table_->setItem(row, 1, new QTableWidgetItem(actions_.name(act)));
    table_->setItem(
        row, 2, new QTableWidgetItem(actions_[act]->shortcut().toString(QKeySequence::NativeText)));
  }
  message_->clear();
  showCurrent();
}

void ShortcutsDialog::filter(const QString& text) {
  for (int row = 0; row < table_->rowCount(); ++row) {
    const bool hit = table_->item(row, 1)->text().contains(text, Qt::CaseInsensitive) ||
                     table_->item(row, 2)->text().contains(text, Qt::CaseInsensitive);
    table_->setRowHidden(row, !hit);
  }
}

void ShortcutsDialog::showCurrent() {
  if (table_->currentRow() < 0) return;
  const QSignalBlocker quiet(keys_);
  keys_->setKeySequence(actions_[static_cast<Act>(table_->currentRow())]->shortcut());
}

bool ShortcutsDialog::assign(Act act, const QKeySequence& keys) {
  const Act other = actions_.conflict(act, keys);
  if (other != Act::kCount) {
    message_->setText(tr("%1 belongs to “%2” already. Choose other keys, or take them away there "
                         "first.")
                          .arg(keys.toString(QKeySequence::NativeText), actions_.name(other)));
    showCurrent();
    return false;
  }
  actions_.setShortcut(act, keys);
  fill();
  return true;
}

}  // namespace inkling
