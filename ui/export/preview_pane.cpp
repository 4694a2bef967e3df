#include "ui/export/preview_pane.h"

#include <QFontDatabase>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/paths/paths.h"
#include "ui/theme/icons.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kWidth = 360, kTreeHeight = 150, kSampleHeight = 190;

}  // namespace

void PictureBox::setPicture(const QImage& picture) {
  picture_ = picture;
  update();
}

void PictureBox::paintEvent(QPaintEvent*) {
  if (picture_.isNull()) return;
  QPainter painter(this);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  QSizeF size(picture_.size());
  const QSizeF room = QSizeF(this->size());
  if (size.width() > room.width() || size.height() > room.height())
    size.scale(room, Qt::KeepAspectRatio);
  QRectF place(QPointF(), size);
  place.moveCenter(QRectF(rect()).center());
  painter.drawImage(place, picture_);
}

PreviewPane::PreviewPane(QWidget* parent)
    : QWidget(parent),
      counts_(new QLabel(this)),
      tree_(new QTreeWidget(this)),
      example_(new QLabel(this)),
      pages_(new QStackedWidget(this)),
      text_(new QPlainTextEdit(this)),
      picture_(new PictureBox(this)),
      message_(new QLabel(this)) {
  tree_->setHeaderHidden(true);
  tree_->setMinimumSize(kWidth, kTreeHeight);
  tree_->setSelectionMode(QAbstractItemView::SingleSelection);
  tree_->setAccessibleName(tr("Files that will be written"));
  text_->setReadOnly(true);
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  text_->setAccessibleName(tr("Example of a file"));
  // The Tab key goes on to the buttons.
  text_->setTabChangesFocus(true);
  picture_->setAccessibleName(tr("Example of a picture"));
  message_->setWordWrap(true);
  message_->setAlignment(Qt::AlignCenter);
  message_->setEnabled(false);
  for (QLabel* label : {counts_, example_, message_}) label->setTextFormat(Qt::PlainText);
  // A long path makes the dialog no wider.
  example_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  pages_->setMinimumHeight(kSampleHeight);
  for (QWidget* page : {static_cast<QWidget*>(text_), static_cast<QWidget*>(picture_),
                        static_cast<QWidget*>(message_)})
    pages_->addWidget(page);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(counts_);
  column->addWidget(tree_, 2);
  column->addWidget(example_);
  column->addWidget(pages_, 3);
  showWaiting();
}

void PreviewPane::showWaiting() { counts_->setText(tr("Looking at the photos…")); }

void PreviewPane::show(const ExportPreview& preview) {
  if (preview.step == ExportPreview::Step::kFiles) showFiles(preview);
  if (preview.step >= ExportPreview::Step::kSample || !preview.problem.empty()) showSample(preview);
}

QTreeWidgetItem* PreviewPane::folderItem(const fs::path& folder) {
  QTreeWidgetItem* item = tree_->invisibleRootItem();
  for (const fs::path& part : folder) {
    const QString name = shownName(part) + QLatin1Char('/');
    QTreeWidgetItem* found = nullptr;
    for (int i = 0; i < item->childCount() && found == nullptr; ++i)
      if (item->child(i)->text(0) == name) found = item->child(i);
    if (found == nullptr) {
      found = new QTreeWidgetItem(item, {name});
      found->setIcon(0, themedIcon(QStringLiteral("folder")));
    }
    item = found;
  }
  return item;
}

void PreviewPane::showFiles(const ExportPreview& preview) {
  const auto grouped = [](std::size_t count) {
    return QLocale().toString(static_cast<qulonglong>(count));
  };
  counts_->setText(preview.problem.empty()
                       ? tr("%Ln photo(s)", nullptr, static_cast<int>(preview.photos))
                       : tr("Nothing can be exported like this"));
  tree_->clear();
  for (const fs::path& file : preview.files)
    new QTreeWidgetItem(folderItem(file.parent_path()), {shownName(file.filename())});
  auto* root = tree_->invisibleRootItem();
  if (preview.more > 0) {
    new QTreeWidgetItem(root,
                        {preview.atMost ? tr("… and up to %1 more files").arg(grouped(preview.more))
                                        : tr("… and %1 more files").arg(grouped(preview.more))});
  } else if (preview.atMost && preview.files.empty() && preview.problem.empty()) {
    new QTreeWidgetItem(root, {tr("crops/…, a picture for each box")});
  }
  for (const fs::path& file : preview.whole) new QTreeWidgetItem(root, {shownName(file)});
  const auto inFolder = [](const fs::path& file) { return file.has_parent_path(); };
  tree_->setRootIsDecorated(std::ranges::any_of(preview.files, inFolder));
  tree_->expandAll();
}

void PreviewPane::showSample(const ExportPreview& preview) {
  const ExportSample& sample = preview.sample;
  picture_->setPicture(sample.picture);
  text_->setPlainText(sample.text);
  const QString name = shownName(sample.file);
  const QString said =
      sample.photos > 1
          ? tr("Example: %1 with %Ln photos", nullptr, static_cast<int>(sample.photos)).arg(name)
          : tr("Example: %1").arg(name);
  example_->setText(fontMetrics().elidedText(said, Qt::ElideMiddle, width()));
  example_->setToolTip(name);
  example_->setVisible(!sample.empty());
  if (sample.empty()) {
    QString why = QString::fromStdString(preview.sampleProblem);
    if (why.isEmpty() && preview.problem.empty())
      why =
          tr("An example appears here when a photo with a match from the threshold up has been "
             "found.");
    message_->setText(why);
    pages_->setCurrentWidget(message_);
  } else {
    pages_->setCurrentWidget(sample.picture.isNull() ? static_cast<QWidget*>(text_) : picture_);
  }
}

}  // namespace inkling
