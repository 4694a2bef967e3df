#include "app/photo_queue.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

#include "core/base/path.h"
#include "core/image/photo_reader.h"

namespace inkling {

// An exception must not leave the queue's thread, whatever it is: one bad photo never ends a run.
DecodedPhoto decodePhoto(const std::filesystem::path& path, int leastSide) {
  DecodedPhoto photo;
  photo.path = path;
  try {
    ReducedPhoto read = readPhotoReduced(path, leastSide);
    photo.image = std::move(read.image);
    photo.full = read.full;
    if (photo.image.empty()) photo.error = fmt::format("{}: an empty picture", displayName(path));
  } catch (const std::bad_alloc&) {
    photo.error = fmt::format("{}: not enough memory", displayName(path));
  } catch (const std::exception& error) {
    photo.error = error.what();
  }
  return photo;
}

PhotoQueue::PhotoQueue(std::vector<std::filesystem::path> files, int leastSide, std::size_t ahead)
    : files_(std::move(files)),
      leastSide_(leastSide),
      ahead_(ahead),
      worker_([this](const std::stop_token& stop) { decode(stop); }) {}

PhotoQueue::~PhotoQueue() {
  worker_.request_stop();
  worker_.join();
}

void PhotoQueue::decode(const std::stop_token& stop) {
  for (const std::filesystem::path& path : files_) {
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait(lock, stop, [this] { return ready_.size() < ahead_; })) return;
    }
    if (stop.stop_requested()) return;
    DecodedPhoto photo = decodePhoto(path, leastSide_);
    const std::scoped_lock lock(mutex_);
    ready_.push_back(std::move(photo));
    changed_.notify_all();
  }
}

bool PhotoQueue::next(DecodedPhoto& photo) {
  if (taken_ == files_.size()) return false;
  photo = {};  // frees the one before
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty(); });
  photo = std::move(ready_.front());
  ready_.pop_front();
  ++taken_;
  changed_.notify_all();
  return true;
}

}  // namespace inkling
