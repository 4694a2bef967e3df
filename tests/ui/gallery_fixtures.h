// Folders of small photos for the tests of the gallery.
#pragma once

#include <QImage>
#include <QString>
#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "ui/gallery/folder_scan.h"

namespace inkling {

/// A folder of its own for a test, removed at its end.
class PhotoFolder {
 public:
  PhotoFolder() { std::filesystem::create_directories(path_); }
  ~PhotoFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  PhotoFolder(const PhotoFolder&) = delete;
  PhotoFolder& operator=(const PhotoFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// A photo of one colour.
  std::filesystem::path add(const std::string& name, QSize size = {60, 40},
                            QColor colour = Qt::red) const {
    const std::filesystem::path file = path_ / name;
    QImage image(size, QImage::Format_RGB32);
    image.fill(colour);
    image.save(QString::fromStdString(file.string()), "JPG", 90);
    return file;
  }
  /// So many different files with the same small picture.
  PhotoPaths addMany(int count) const {
    const std::filesystem::path first = add("0.jpg");
    PhotoPaths photos{first};
    for (int i = 1; i < count; ++i) {
      photos.push_back(path_ / (std::to_string(i) + ".jpg"));
      std::filesystem::create_hard_link(first, photos.back());
    }
    return photos;
  }
  std::filesystem::path addBroken(const std::string& name) const {
    std::ofstream(path_ / name) << "not a photo";
    return path_ / name;
  }

 private:
  static std::filesystem::path newPath() {
    static int count = 0;
    return std::filesystem::temp_directory_path() /
           ("inkling-photos-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
  }
  std::filesystem::path path_ = newPath();
};

/// Names of photos that do not exist, which is enough for what does not read them.
inline PhotoPaths manyNames(int count) {
  PhotoPaths photos;
  photos.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i)
    photos.emplace_back("/nowhere/at/all/" + std::to_string(i) + ".jpg");
  return photos;
}

}  // namespace inkling
