// Lists the photos of folders in the background: a first handful at once, all of them, in natural
// order, when done.
//
//   FolderScan scan;
//   connect(&scan, &FolderScan::firstFound, ...);
//   connect(&scan, &FolderScan::finished, [&] { model.setPhotos(scan.take()); });
//   scan.start({"photos"});
#pragma once

#include <QObject>
#include <QThread>
#include <filesystem>
#include <utility>
#include <vector>

#include "core/base/cancellation.h"

namespace inkling {

using PhotoPaths = std::vector<std::filesystem::path>;

class FolderScan : public QObject {
  Q_OBJECT

 public:
  /// So many photos are told of before the listing goes on.
  static constexpr std::size_t kFirst = 200;
  static constexpr std::size_t kMostFolders = 200;

  explicit FolderScan(QObject* parent = nullptr);
  ~FolderScan() override;

  /// Folders (with what lies below them) and single photos. A scan under way is given up; its
  /// signals come no more.
  void start(const PhotoPaths& sources);
  void cancel();
  bool isRunning() const { return thread_ != nullptr; }
  /// The photos of the scan that finished last, moved out: copying 100,000 paths takes longer than
  /// a frame.
  PhotoPaths take() { return std::exchange(photos_, {}); }
  /// The sources of that scan and folders below them with photos, up to kMostFolders: what to
  /// watch.
  const PhotoPaths& folders() const { return folders_; }

 Q_SIGNALS:
  /// Once, soon after the start, when there are more than kFirst: in the order of the disk.
  void firstFound(const inkling::PhotoPaths& photos);
  /// How many so far, now and then.
  void counted(std::size_t photos);
  /// A source that cannot be listed; the others go on.
  void failed(const QString& reason);
  /// All, sorted, each once. Not after cancel().
  void finished(const inkling::PhotoPaths& photos);

 private:
  void scan(const PhotoPaths& sources, const CancellationToken& token, quint64 run);
  template <typename F>
  void tell(quint64 run, F&& signal);

  QThread* thread_ = nullptr;
  PhotoPaths photos_, folders_;
  CancellationToken token_;
  quint64 run_ = 0;  ///< tells signals of an older scan, still in the event queue, from this one's
};

}  // namespace inkling
