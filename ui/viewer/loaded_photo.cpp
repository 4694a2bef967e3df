#include "ui/viewer/loaded_photo.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <utility>

#include "core/image/resize.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

constexpr int kSmallest = 256;  // longer side from which no smaller level is made

}  // namespace

const QImage& LoadedPhoto::levelFor(double pixels) const {
  std::size_t level = 0;
  while (level + 1 < levels.size() && levels[level + 1].width() >= pixels) ++level;
  return levels[level];
}

QString LoadedPhoto::name() const { return shownName(path.filename()); }

QString LoadedPhoto::reducedNote() const {
  if (!isReduced()) return {};
  const double factor = static_cast<double>(full.width()) / levels.front().width();
  const qlonglong megapixels = std::llround(1e-6 * full.width() * full.height());
  const char* text = QT_TRANSLATE_NOOP(
      "inkling::LoadedPhoto", "This photo has %1 megapixels and is shown at half its size.");
  if (factor > 3)
    text = QT_TRANSLATE_NOOP("inkling::LoadedPhoto",
                             "This photo has %1 megapixels and is shown at a quarter of its size.");
  if (factor > 6)
    text = QT_TRANSLATE_NOOP("inkling::LoadedPhoto",
                             "This photo has %1 megapixels and is shown at an eighth of its size.");
  return QCoreApplication::translate("inkling::LoadedPhoto", text).arg(megapixels);
}

LoadedPhoto makeLoadedPhoto(std::filesystem::path path, const Image& image, QSize full) {
  LoadedPhoto photo;
  photo.path = std::move(path);
  photo.full = full.isEmpty() ? QSize(image.width, image.height) : full;
  photo.levels.push_back(toQImage(image));
  Image smaller;
  const Image* last = &image;
  while (std::max(last->width, last->height) > kSmallest) {
    smaller =
        resize(*last, {std::max(1, (last->width + 1) / 2), std::max(1, (last->height + 1) / 2)});
    last = &smaller;
    photo.levels.push_back(toQImage(smaller));
  }
  return photo;
}

QImage toQImage(const Image& image) {
  if (image.empty()) return {};
  // 32 bits a pixel are what Qt paints fastest.
  return QImage(image.rgb.data(), image.width, image.height,
                3 * static_cast<qsizetype>(image.width), QImage::Format_RGB888)
      .convertToFormat(QImage::Format_RGB32);
}

Image fromQImage(const QImage& image) {
  const QImage rgb = image.convertToFormat(QImage::Format_RGB888);
  Image result({rgb.width(), rgb.height()});
  const std::size_t row = 3 * static_cast<std::size_t>(rgb.width());
  for (int y = 0; y < rgb.height(); ++y)
    std::copy_n(rgb.constScanLine(y), row, result.rgb.data() + static_cast<std::size_t>(y) * row);
  return result;
}

}  // namespace inkling
