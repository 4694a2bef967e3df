#include "core/search/folder_watcher.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "core/base/error.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                  IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;

// Waits until one of the two can be read, or the time is over.
struct Readable {
  bool stop = false, events = false;
};
Readable waitFor(int stop, int events, std::chrono::milliseconds time) {
  std::array<pollfd, 2> fds{{{stop, POLLIN, 0}, {events, POLLIN, 0}}};
  if (::poll(fds.data(), fds.size(), static_cast<int>(time.count())) <= 0) return {};
  return {(fds[0].revents & POLLIN) != 0, (fds[1].revents & POLLIN) != 0};
}

}  // namespace

// The inotify handle and the folder behind each of its watches.
class FolderWatcher::Watches {
 public:
  Watches(const fs::path& root, std::size_t maxFolders)
      : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), maxFolders_(maxFolders) {
    complete_ = fd_ >= 0 && addTree(root) && !folders_.empty();
    if (complete_) root_ = ::inotify_add_watch(fd_, root.c_str(), kEvents | IN_ONLYDIR);
  }
  ~Watches() {
    if (fd_ >= 0) ::close(fd_);
  }
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  int fd() const { return fd_; }
  /// Every folder is watched.
  bool complete() const { return complete_; }

  /// Reads what has happened and watches new folders; true if it is worth a report.
  bool readEvents() {
    bool changed = false;
    alignas(inotify_event) std::array<char, 1 << 14> buffer{};
    for (;;) {
      const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
      if (got <= 0) return changed;
      for (const char* at = buffer.data(); at < buffer.data() + got;) {
        const auto* event = reinterpret_cast<const inotify_event*>(at);
        changed |= handle(*event);
        at += sizeof(inotify_event) + event->len;
      }
    }
  }

 private:
  bool handle(const inotify_event& event) {
    if ((event.mask & IN_IGNORED) != 0) {
      folders_.erase(event.wd);
      return false;
    }
    const std::string_view name = event.len > 0 ? event.name : "";
    if (name.starts_with('.')) return false;
    const bool rootGone = (event.mask & IN_DELETE_SELF) != 0 && event.wd == root_;
    if (rootGone || (event.mask & (IN_Q_OVERFLOW | IN_MOVE_SELF)) != 0) {
      // Folders may have come unseen, or have other paths now: start over.
      complete_ = false;
      return true;
    }
    const auto folder = folders_.find(event.wd);
    if ((event.mask & IN_ISDIR) != 0 && (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0 &&
        folder != folders_.end()) {
      complete_ = addTree(folder->second / name) && complete_;
    }
    return true;
  }

  // False if a folder that is there cannot be watched.
  bool addTree(const fs::path& top) {
    if (!add(top)) return false;
    std::error_code error;
    fs::recursive_directory_iterator it(top, fs::directory_options::skip_permission_denied, error);
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      std::error_code ignored;
      if (it->is_symlink(ignored) || !it->is_directory(ignored)) continue;
      if (it->path().filename().native().starts_with('.')) {
        it.disable_recursion_pending();
      } else if (!add(it->path())) {
        return false;
      }
    }
    return true;
  }

  bool add(const fs::path& folder) {
    if (folders_.size() >= maxFolders_) return false;
    const int watch = ::inotify_add_watch(fd_, folder.c_str(), kEvents | IN_ONLYDIR);
    // A folder that has gone or is closed to us is none to watch.
    if (watch < 0) return errno == ENOENT || errno == EACCES || errno == ENOTDIR;
    folders_[watch] = folder;
    return true;
  }

  int fd_;
  int root_ = -1;
  std::size_t maxFolders_;
  bool complete_ = false;
  std::unordered_map<int, fs::path> folders_;
};

FolderWatcher::FolderWatcher(const fs::path& folder, std::function<void()> changed,
                             const WatchOptions& options)
    : folder_(folder), changed_(std::move(changed)), options_(options) {
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  if (stop_ < 0)
    fail<Error>("cannot watch the folder ({})", std::generic_category().message(errno));
  thread_ = std::thread([this] { work(); });
}

FolderWatcher::~FolderWatcher() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = ::write(stop_, &one, sizeof(one));
  thread_.join();
  ::close(stop_);
}

void FolderWatcher::work() {
  for (;;) {
    auto watches = std::make_unique<Watches>(folder_, options_.maxFolders);
    told_ = watches->complete();
    changed_();
    if (!told_) {
      watches.reset();
      if (waitFor(stop_, -1, options_.scanEvery).stop) return;
      continue;  // perhaps it works now
    }
    std::optional<Clock::time_point> first;  // of the changes not reported yet
    Clock::time_point last;
    while (watches->complete() || first) {
      const auto due = first ? std::min(last + options_.quiet, *first + options_.longest)
                             : Clock::now() + std::chrono::hours(1);
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
      const Readable readable = waitFor(stop_, watches->fd(), std::max(left, decltype(left)(0)));
      if (readable.stop) return;
      if (readable.events && watches->readEvents()) {
        last = Clock::now();
        if (!first) first = last;
      }
      if (first && Clock::now() >= std::min(last + options_.quiet, *first + options_.longest)) {
        first.reset();
        if (watches->complete()) changed_();
      }
    }
  }
}

}  // namespace inkling
