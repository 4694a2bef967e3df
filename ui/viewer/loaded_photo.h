// A photo as the window shows it: pictures of falling size, so that any zoom is painted from one
// that is hardly larger than what is seen.
#pragma once

#include <QImage>
#include <QSize>
#include <QString>
#include <filesystem>
#include <vector>

#include "core/image/image.h"

namespace inkling {

struct LoadedPhoto {
  std::filesystem::path path;
  QSize full;                  ///< of the photo; what boxes and places are counted in
  std::vector<QImage> levels;  ///< the largest first, each half of the one before, down to ~256

  bool isNull() const { return levels.empty(); }
  /// The photo was too large to be held whole: levels[0] is smaller than `full`.
  bool isReduced() const { return !isNull() && levels.front().width() < full.width(); }
  /// A sentence that says so; empty when it is not.
  QString reducedNote() const;
  /// The smallest level with at least `pixels` columns; the largest when all have fewer.
  const QImage& levelFor(double pixels) const;
  /// The file's name, fit to be read.
  QString name() const;
};

/// Takes about 10 ms a megapixel: not for the window's thread. `full`: of the photo, when `image`
/// is a reduced form of it.
LoadedPhoto makeLoadedPhoto(std::filesystem::path path, const Image& image, QSize full = {});

QImage toQImage(const Image& image);
/// Transparency is dropped.
Image fromQImage(const QImage& image);

}  // namespace inkling
