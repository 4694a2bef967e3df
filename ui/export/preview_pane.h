// What an export would write: the first few files as a tree, and an example of one of them.
#pragma once

#include <QLabel>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QWidget>

#include "ui/export/preview_maker.h"

namespace inkling {

/// A picture as large as fits, never larger than it is.
class PictureBox : public QWidget {
  Q_OBJECT

 public:
  using QWidget::QWidget;
  void setPicture(const QImage& picture);
  const QImage& picture() const { return picture_; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QImage picture_;
};

class PreviewPane : public QWidget {
  Q_OBJECT

 public:
  explicit PreviewPane(QWidget* parent = nullptr);

  /// Until the first step of the next preview is there, the one before stays.
  void showWaiting();
  void show(const ExportPreview& preview);

  // For tests.
  const QTreeWidget& tree() const { return *tree_; }
  QString text() const { return text_->toPlainText(); }
  const QImage& picture() const { return picture_->picture(); }
  QString counts() const { return counts_->text(); }

 private:
  void showFiles(const ExportPreview& preview);
  void showSample(const ExportPreview& preview);
  QTreeWidgetItem* folderItem(const std::filesystem::path& folder);

  QLabel* counts_;
  QTreeWidget* tree_;
  QLabel* example_;
  QStackedWidget* pages_;
  QPlainTextEdit* text_;
  PictureBox* picture_;
  QLabel* message_;
};

}  // namespace inkling
