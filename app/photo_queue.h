// Photos decoded on a thread of their own while the caller works on the one before.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/image/image.h"

namespace inkling {

struct DecodedPhoto {
  std::filesystem::path path;
  Image image;        ///< as large as was asked for
  Size full;          ///< of the photo
  std::string error;  ///< not empty when the photo cannot be read; `image` is empty then
};

/// Reads one photo with at least `leastSide` pixels on its longer side, as readPhotoReduced does;
/// what is wrong with it, whatever it is, goes into `error`.
DecodedPhoto decodePhoto(const std::filesystem::path& path, int leastSide);

class PhotoQueue {
 public:
  /// Holds at most `ahead` decoded photos that the caller has not taken, so that memory stays flat
  /// however many files there are.
  PhotoQueue(std::vector<std::filesystem::path> files, int leastSide, std::size_t ahead = 2);
  /// Waits for the photo that is being decoded.
  ~PhotoQueue();
  PhotoQueue(const PhotoQueue&) = delete;
  PhotoQueue& operator=(const PhotoQueue&) = delete;

  /// The next photo in the order of the files; false after the last one.
  bool next(DecodedPhoto& photo);

 private:
  void decode(const std::stop_token& stop);

  std::vector<std::filesystem::path> files_;
  int leastSide_;
  std::size_t ahead_;
  std::size_t taken_ = 0;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<DecodedPhoto> ready_;
  std::jthread worker_;  // last, so that it ends before what it uses
};

}  // namespace inkling
