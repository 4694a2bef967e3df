// Tells when the file of the photo that is shown is replaced or goes away.
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <tuple>

namespace inkling {

class PhotoWatch : public QObject {
  Q_OBJECT

 public:
  static constexpr int kDelay = 300;  ///< ms for a writer to finish

  explicit PhotoWatch(QObject* parent = nullptr);

  /// Watches this file, as it is now, in place of another; an empty path watches none.
  void watch(const std::filesystem::path& file);
  bool isThere() const { return known_.has_value(); }

 Q_SIGNALS:
  /// It has other content, or is there again.
  void replaced();
  void vanished();

 private:
  /// What tells one content from another without reading it: inode, size, time of writing.
  using Stamp = std::tuple<std::uint64_t, std::int64_t, std::int64_t, std::int64_t>;
  static std::optional<Stamp> stampOf(const std::filesystem::path& file);
  void follow();
  void look();

  std::filesystem::path file_;
  std::optional<Stamp> known_;
  QFileSystemWatcher watcher_;
  QTimer timer_;
};

}  // namespace inkling
