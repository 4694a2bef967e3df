// Small pictures of photos, made in the background, for those that are looked at.
//
//   ThumbnailStore store;
//   connect(&store, &ThumbnailStore::ready, ...);
//   store.setSide(256);
//   store.request(pathsInSight);             // in place of what was requested before
//   if (auto thumbnail = store.thumbnail(path)) ...
//
// One thread of low priority reads the photos in the order of the request. What scrolls out of the
// request before its turn is never read. Made thumbnails stay in memory up to kCacheBytes; those
// that were not requested for the longest time go first. A file that changed since is read again
// when it is requested again.
#pragma once

#include <QCache>
#include <QHash>
#include <QImage>
#include <QObject>
#include <QSize>
#include <QThread>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

namespace inkling {

class ThumbnailStore : public QObject {
  Q_OBJECT

 public:
  static constexpr qsizetype kCacheBytes = 64 << 20;

  struct Thumbnail {
    QImage image;  ///< RGB32, longer side at most side()
    QSize full;    ///< of the upright photo, in its pixels: what boxes are measured in
  };

  explicit ThumbnailStore(QObject* parent = nullptr);
  /// Waits for the photo that is being read.
  ~ThumbnailStore() override;

  /// Longest side of the thumbnails, in device pixels. Those of another side are still given, and
  /// made anew when requested. Small photos are not made larger.
  void setSide(int pixels);
  int side() const { return side_; }

  /// What is wanted now, most urgent first; what does not fit into the cache is left out.
  void request(const std::vector<std::filesystem::path>& wanted);

  /// Nothing when it has not been made (or not kept).
  std::optional<Thumbnail> thumbnail(const std::filesystem::path& path) const;
  /// Why a photo has no thumbnail; empty as long as nothing speaks against it.
  QString failure(const std::filesystem::path& path) const;
  /// Drops what is known of a file.
  void forget(const std::filesystem::path& path);

  /// Requested and not begun.
  std::size_t pendingCount() const;
  qsizetype bytes() const { return cache_.totalCost(); }

 Q_SIGNALS:
  void ready(const std::filesystem::path& path);
  /// Once for each broken file (again when it changed and is still broken).
  void failed(const std::filesystem::path& path, const QString& reason);

 private:
  using FileTime = std::filesystem::file_time_type;
  struct Job {
    std::filesystem::path path;
    int side = 0;
    std::optional<FileTime> known;  ///< made of the file as it was then: only to be made if newer
  };
  struct Outcome {
    Thumbnail thumbnail;
    QString failure;
    int side = 0;
    FileTime time;
  };
  void work();
  static std::optional<Outcome> make(const Job& job);
  void take(const std::filesystem::path& path, Outcome outcome);

  int side_ = 256;
  QCache<QByteArray, Outcome> cache_;
  QHash<QByteArray, Outcome> failures_;

  mutable std::mutex mutex_;  ///< guards the two below
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::condition_variable wake_;
  QThread* thread_ = nullptr;
};

}  // namespace inkling
