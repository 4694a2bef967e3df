#include "ui/search/described_photos.h"

namespace inkling {

namespace fs = std::filesystem;

std::optional<PhotoFeatures> DescribedPhotos::find(const fs::path& photo) {
  const auto found = byPath_.find(photo.native());
  if (found == byPath_.end()) return {};
  if (stampOf(photo) != found->second->stamp) {
    erase(found->second);
    return {};
  }
  entries_.splice(entries_.begin(), entries_, found->second);
  return entries_.front().features;
}

bool DescribedPhotos::contains(const fs::path& photo) const {
  return byPath_.contains(photo.native());
}

void DescribedPhotos::keep(const fs::path& photo, const FileStamp& stamp,
                           const PhotoFeatures& features) {
  drop(photo);
  entries_.push_front({photo.native(), stamp, features});
  byPath_[photo.native()] = entries_.begin();
  bytes_ += features.bytes();
  while (bytes_ > limit_ && entries_.size() > 1) erase(std::prev(entries_.end()));
}

void DescribedPhotos::drop(const fs::path& photo) {
  const auto found = byPath_.find(photo.native());
  if (found != byPath_.end()) erase(found->second);
}

bool DescribedPhotos::isFull() const {
  return !entries_.empty() && bytes_ + entries_.front().features.bytes() > limit_;
}

void DescribedPhotos::erase(std::list<Entry>::iterator entry) {
  bytes_ -= entry->features.bytes();
  byPath_.erase(entry->path);
  entries_.erase(entry);
}

}  // namespace inkling
