// The gallery: the photos of a folder with the controls above them, and what is said when there are
// no photos to show. The panel works on the model alone; folders are opened, and photos searched,
// by whoever listens to its signals.
//
//   GalleryPanel gallery(model);
//   gallery.setSourceName("holidays");
//   connect(&gallery, &GalleryPanel::visibleChanged, ...);   // search these first
#pragma once

#include <QStackedLayout>
#include <QTimer>
#include <QVariantMap>
#include <QWidget>
#include <optional>
#include <vector>

#include "ui/gallery/folder_scan.h"
#include "ui/gallery/gallery_header.h"
#include "ui/gallery/message_page.h"
#include "ui/gallery/photo_grid.h"
#include "ui/gallery/photo_model.h"

namespace inkling {

class GalleryPanel : public QWidget {
  Q_OBJECT

 public:
  /// Scores that come in move photos to their places at most so often, in ms.
  static constexpr int kRefreshEvery = 500;

  /// `model` outlives the panel.
  explicit GalleryPanel(PhotoModel& model, QWidget* parent = nullptr);

  /// The folder that is shown, for people; empty: none is open.
  void setSourceName(const QString& name);
  /// Full paths, newest first.
  void setRecentFolders(const QStringList& folders);
  /// So many photos found while a folder is being listed; nothing: the listing is done.
  void setListing(std::optional<std::size_t> found);
  /// Shown while no folder is open, in place of the panel's own page. The panel takes it.
  void setEmptyPage(QWidget* page);
  /// Something that is done with these photos, as a button above them.
  void addTool(QAction* action) { header_->addTool(action); }

  double threshold() const { return model_.threshold(); }
  void setThreshold(double threshold);
  PhotoModel::Order order() const { return model_.order(); }
  void setOrder(PhotoModel::Order order);
  void setOnlyMatches(bool only);

  /// The number of the photo in the model; it may be hidden just now by "Matches only".
  std::optional<std::size_t> currentPhoto() const { return grid_->currentPhoto(); }
  void selectPhoto(std::size_t photo) { grid_->selectPhoto(photo); }
  /// As they are shown; at the end nothing happens.
  void selectNext() { grid_->step(1); }
  void selectPrevious() { grid_->step(-1); }

  PhotoGrid& grid() { return *grid_; }

  /// Order, threshold, filter and size of the thumbnails, for the settings.
  QVariantMap state() const;
  /// What is missing or of no use in `state` stays as it is.
  void restore(const QVariantMap& state);

 Q_SIGNALS:
  /// Files and folders were dropped.
  void sourcesDropped(const inkling::PhotoPaths& sources);
  void openRequested();
  void recentChosen(const QString& folder);
  void clearRecentRequested();
  void thresholdChanged(double threshold);
  /// Another photo was chosen, or the chosen one is no longer among the photos.
  void currentPhotoChanged(std::optional<std::size_t> photo);
  /// Enter or a double click.
  void photoOpened(std::size_t photo);
  /// Other photos are in sight; at most every 50 ms.
  void visibleChanged(const std::vector<std::size_t>& photos);

 protected:
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dragLeaveEvent(QDragLeaveEvent* event) override;
  void dropEvent(QDropEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void connectHeader();
  void connectModel();
  void showCounts();
  void retranslate();
  QString countText() const;
  bool nothingMatches() const;
  void choosePage();
  MessagePage::Message messageNow() const;
  void act();

  PhotoModel& model_;
  GalleryHeader* header_;
  QStackedLayout* pages_;
  PhotoGrid* grid_;
  MessagePage* message_;
  QWidget* welcome_ = nullptr;
  QWidget* dropFrame_;
  QTimer refresh_, counts_;
  QString source_;
  std::optional<std::size_t> listing_;
};

}  // namespace inkling
