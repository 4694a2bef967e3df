// What photos are known by, kept in memory up to a limit; the longest unused goes first.
#pragma once

#include <filesystem>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/base/file_stamp.h"
#include "core/inference/localizer.h"

namespace inkling {

class DescribedPhotos {
 public:
  explicit DescribedPhotos(std::size_t limit) : limit_(limit) {}

  /// Not there, or of a file that has changed since: nullopt.
  std::optional<PhotoFeatures> find(const std::filesystem::path& photo);
  bool contains(const std::filesystem::path& photo) const;
  void keep(const std::filesystem::path& photo, const FileStamp& stamp,
            const PhotoFeatures& features);
  void drop(const std::filesystem::path& photo);

  std::size_t bytes() const { return bytes_; }
  /// Another photo of the usual size would push an older one out.
  bool isFull() const;

 private:
  struct Entry {
    std::string path;
    FileStamp stamp;
    PhotoFeatures features;
  };
  void erase(std::list<Entry>::iterator entry);

  std::size_t limit_, bytes_ = 0;
  std::list<Entry> entries_;  ///< the newest used first
  std::unordered_map<std::string, std::list<Entry>::iterator> byPath_;
};

}  // namespace inkling
