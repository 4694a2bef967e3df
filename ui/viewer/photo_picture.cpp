#include "ui/viewer/photo_picture.h"

#include <QFontInfo>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <exception>

#include "core/base/error.h"
#include "core/image/picture_writer.h"
#include "ui/paths/paths.h"
#include "ui/viewer/box_painter.h"
#include "ui/viewer/loaded_photo.h"
#include "ui/viewer/mark_painter.h"

namespace inkling {
namespace {

constexpr double kScreen = 640;  // shorter side of a picture whose lines are as on the screen

}  // namespace

QImage painted(const PhotoPicture& parts) {
  if (parts.photo.isNull()) return {};
  QSize size = parts.photo.size();
  if (std::max(size.width(), size.height()) > kLargestPicture)
    size.scale(kLargestPicture, kLargestPicture, Qt::KeepAspectRatio);
  QImage picture = parts.photo.size() == size
                       ? parts.photo.copy()
                       : parts.photo.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
  picture.setDevicePixelRatio(1);
  QPainter painter(&picture);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  if (!parts.overlay.isNull() && parts.opacity > 0) {
    painter.setOpacity(parts.opacity);
    painter.drawImage(picture.rect(), parts.overlay);
    painter.setOpacity(1);
  }
  const double unit = std::max(1.0, std::round(std::min(size.width(), size.height()) / kScreen));
  paintMarks(painter, parts.marks, picture.rect(), unit);
  QFont font = parts.font;
  font.setPixelSize(static_cast<int>(QFontInfo(font).pixelSize() * unit));
  painter.setFont(font);
  const auto toPicture =
      QTransform::fromScale(static_cast<double>(size.width()) / parts.full.width(),
                            static_cast<double>(size.height()) / parts.full.height());
  paintBoxes(painter, parts.boxes, toPicture, picture.rect(),
             {unit, parts.emphasised, parts.overlay.isNull()});
  return picture;
}

PictureMaker::PictureMaker(QObject* parent) : QObject(parent) { pool_.setMaxThreadCount(1); }

PictureMaker::~PictureMaker() { pool_.waitForDone(); }

void PictureMaker::make(const PhotoPicture& parts) {
  pool_.start([this, parts] {
    QMetaObject::invokeMethod(this, [this, picture = painted(parts)] { Q_EMIT made(picture); });
  });
}

void PictureMaker::save(const PhotoPicture& parts, const std::filesystem::path& path) {
  pool_.start([this, parts, path] {
    QString reason;
    try {
      writePicture(path, fromQImage(painted(parts)));
    } catch (const Error& error) {
      reason = QString::fromStdString(error.what());
    } catch (const std::exception&) {
      reason = tr("%1: there is not enough memory for this picture").arg(shownName(path));
    }
    QMetaObject::invokeMethod(this, [this, path, reason] {
      if (reason.isEmpty()) {
        Q_EMIT saved(path);
      } else {
        Q_EMIT failed(reason);
      }
    });
  });
}

}  // namespace inkling
