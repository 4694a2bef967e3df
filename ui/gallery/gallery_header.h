// The controls above the photos: which folder, in which order, from which score up.
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QToolButton>
#include <QWidget>

#include "ui/gallery/photo_model.h"

namespace inkling {

class GalleryHeader : public QWidget {
  Q_OBJECT

 public:
  explicit GalleryHeader(QWidget* parent = nullptr);

  void setSourceName(const QString& name);
  void setRecentFolders(const QStringList& folders);
  void setCount(const QString& text) { count_->setText(text); }
  QString count() const { return count_->text(); }
  /// A button for the action, beside the count.
  void addTool(QAction* action);

  /// What the model says now; emits nothing.
  void show(PhotoModel::Order order, double threshold, bool onlyMatches);

 Q_SIGNALS:
  void openRequested();
  void recentChosen(const QString& folder);
  void clearRecentRequested();
  void orderChosen(PhotoModel::Order order);
  void thresholdChosen(double threshold);
  void onlyMatchesChosen(bool only);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void buildFolderButton();
  void buildOrder();
  void buildThreshold();
  void layOut();
  void showFolderName();
  void retranslate();
  void showPercent();

  QHBoxLayout* tools_;
  QToolButton* folder_;
  QMenu* menu_;
  QLabel* count_;
  QComboBox* order_;
  QLabel* thresholdLabel_;
  QSlider* threshold_;
  QLabel* percent_;
  QCheckBox* onlyMatches_;
  QString name_;
  QStringList recent_;
};

}  // namespace inkling
