// Which photos are open: lists folders in the background, hands the photos to whoever shows and
// searches them, and lists again when a folder changes on the disk.
//
//   PhotoSources sources;
//   connect(&sources, &PhotoSources::listed, ...);
//   sources.open({"holidays"});
#pragma once

#include <QObject>
#include <memory>

#include "ui/gallery/folder_scan.h"
#include "ui/gallery/folder_watch.h"

namespace inkling {

/// The same photos twice: one list to be moved into the model, one that is shared with the search.
struct ListedPhotos {
  PhotoPaths paths;
  std::shared_ptr<const PhotoPaths> shared;
  bool complete = false;  ///< false: the first few, while the listing goes on
  PhotoPaths folders;     ///< of the sources those that are folders, when complete
};

class PhotoSources : public QObject {
  Q_OBJECT

 public:
  explicit PhotoSources(QObject* parent = nullptr);

  /// Folders and single photos in place of those before.
  void open(const PhotoPaths& sources);
  /// The same ones again.
  void refresh();
  const PhotoPaths& sources() const { return sources_; }
  /// "holidays", "holidays and 2 more"; empty when nothing is open.
  QString name() const;

 Q_SIGNALS:
  /// The receiver moves the lists out.
  void listed(inkling::ListedPhotos& photos);
  void counted(std::size_t photos);
  /// A source cannot be listed: a whole sentence.
  void failed(const QString& reason);
  /// A folder vanished while it was open.
  void gone(const QString& folder);

 private:
  void handOver(PhotoPaths paths, bool complete);

  FolderScan scan_;
  FolderWatch watch_;
  PhotoPaths sources_;
  quint64 run_ = 0, completeRun_ = 0;  ///< the newest listing, and the last that came to its end
  bool again_ = false;  ///< the photos are those of before, as far as they are still there
};

}  // namespace inkling
