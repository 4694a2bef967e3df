// Noticing that something has changed below a folder.
//
//   FolderWatcher watcher(folder, [&] { wake the thread that calls updateCatalogue(); });
//
// Linux tells of changes (inotify) for as many folders as fs.inotify.max_user_watches allows. Where
// it does not - too many folders, some network shares - the watcher reports every `scanEvery`
// instead, and updateCatalogue() finds out that most of the time nothing has happened.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

namespace inkling {

struct WatchOptions {
  /// A change is reported when nothing has happened for so long after it...
  std::chrono::milliseconds quiet{500};
  /// ...but not later than this, however busy the folder is.
  std::chrono::milliseconds longest{5000};
  /// How often to report where changes are not told.
  std::chrono::milliseconds scanEvery{60'000};
  /// Leaves watches to other programs; there is one for each folder.
  std::size_t maxFolders = 100'000;
};

class FolderWatcher {
 public:
  /// Calls `changed` from a thread of its own until it is destroyed. The first call comes as soon
  /// as everything is watched: an update made from then on misses nothing. What happens in hidden
  /// folders and to hidden files is not reported, links to folders are not followed.
  FolderWatcher(const std::filesystem::path& folder, std::function<void()> changed,
                const WatchOptions& options = {});
  /// Waits for a call of `changed` that is under way.
  ~FolderWatcher();
  FolderWatcher(const FolderWatcher&) = delete;
  FolderWatcher& operator=(const FolderWatcher&) = delete;

  /// Whether changes are told by the system; false: reported every `scanEvery`.
  bool isTold() const { return told_; }

 private:
  class Watches;
  void work();

  const std::filesystem::path folder_;
  const std::function<void()> changed_;
  const WatchOptions options_;
  std::atomic<bool> told_ = false;
  int stop_ = -1;  // an eventfd that ends the thread
  std::thread thread_;
};

}  // namespace inkling
