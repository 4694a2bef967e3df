#include "ui/stack/library_panel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/theme/icons.h"

namespace inkling {
namespace {

constexpr int kCell = 84, kPicture = 60;

}  // namespace

LibraryPanel::LibraryPanel(SketchLibrary& library, QWidget* parent)
    : QWidget(parent),
      library_(library),
      search_(new QLineEdit(this)),
      grid_(new QListView(this)),
      close_(new QToolButton(this)),
      remove_(new QToolButton(this)) {
  shown_.setSourceModel(&library_);
  shown_.setFilterCaseSensitivity(Qt::CaseInsensitive);
  search_->setClearButtonEnabled(true);
  search_->addAction(themedIcon(QStringLiteral("find")), QLineEdit::LeadingPosition);
  search_->installEventFilter(this);
  grid_->setModel(&shown_);
  grid_->setViewMode(QListView::IconMode);
  grid_->setResizeMode(QListView::Adjust);
  grid_->setMovement(QListView::Static);
  grid_->setDragEnabled(true);
  grid_->setUniformItemSizes(true);
  grid_->setLayoutMode(QListView::Batched);
  grid_->setIconSize({kPicture, kPicture});
  grid_->setGridSize({kCell, kCell + 4});
  grid_->setFrameShape(QFrame::NoFrame);
  grid_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  close_->setIcon(themedIcon(QStringLiteral("close")));
  remove_->setIcon(themedIcon(QStringLiteral("clear")));

  auto* top = new QHBoxLayout;
  top->addWidget(search_, 1);
  top->addWidget(remove_);
  top->addWidget(close_);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(4, 4, 4, 4);
  column->addLayout(top);
  column->addWidget(grid_, 1);
  setFocusProxy(search_);

  connect(search_, &QLineEdit::textChanged, &shown_, &QSortFilterProxyModel::setFilterFixedString);
  connect(search_, &QLineEdit::returnPressed, this, [this] {
    const QModelIndex current = grid_->currentIndex();
    choose(current.isValid() ? current : shown_.index(0, 0));
  });
  connect(grid_, &QListView::activated, this, &LibraryPanel::choose);
  connect(close_, &QToolButton::clicked, this, &LibraryPanel::closeRequested);
  connect(remove_, &QToolButton::clicked, this, &LibraryPanel::removeCurrent);
  connect(grid_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          [this](const QModelIndex& now) {
            remove_->setEnabled(now.data(SketchLibrary::kSavedRole).toBool());
          });
  remove_->setEnabled(false);
  retranslate();
}

void LibraryPanel::choose(const QModelIndex& shown) {
  if (!shown.isValid()) return;
  const int row = shown_.mapToSource(shown).row();
  try {
    Q_EMIT chosen(library_.sketch(row), library_.name(row));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

void LibraryPanel::removeCurrent() {
  const QModelIndex current = grid_->currentIndex();
  if (current.isValid()) library_.remove(shown_.mapToSource(current).row());
}

// From the search field, the arrow keys go down into the grid.
bool LibraryPanel::eventFilter(QObject* watched, QEvent* event) {
  if (watched == search_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Down && shown_.rowCount() > 0) {
      grid_->setFocus();
      if (!grid_->currentIndex().isValid()) grid_->setCurrentIndex(shown_.index(0, 0));
      return true;
    }
    if (key->key() == Qt::Key_Escape) {
      Q_EMIT closeRequested();
      return true;
    }
  }
  return QWidget::eventFilter(watched, event);
}

void LibraryPanel::retranslate() {
  search_->setPlaceholderText(tr("Search drawings by name"));
  search_->setAccessibleName(tr("Search drawings by name"));
  grid_->setAccessibleName(tr("Library of drawings"));
  close_->setToolTip(tr("Back to the drawings of this query"));
  close_->setAccessibleName(close_->toolTip());
  remove_->setToolTip(tr("Remove this drawing from the library"));
  remove_->setAccessibleName(remove_->toolTip());
}

void LibraryPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

}  // namespace inkling
