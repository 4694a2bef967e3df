#include "ui/canvas/sketch_mime.h"

#include <QBuffer>
#include <QImage>
#include <QUrl>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_walk.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

const QString kOwn = QStringLiteral("application/x-inkling-sketch");
const QString kSvg = QStringLiteral("image/svg+xml");
constexpr const char* kName = "clipboard";

std::filesystem::path fileOf(const QUrl& url) { return toPath(url.toLocalFile()); }

bool holdsSketches(const QUrl& url) {
  return url.isLocalFile() && hasExtension(fileOf(url), sketchExtensions());
}

Sketch fromPicture(const QImage& image) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  image.save(&buffer, "PNG");
  return sketchFromPng({bytes.constData(), static_cast<std::size_t>(bytes.size())}, kName);
}

std::string textOf(const QMimeData& data, const QString& format) {
  return data.data(format).toStdString();
}

}  // namespace

std::unique_ptr<QMimeData> toMimeData(const Sketch& sketch, const QImage& picture) {
  auto data = std::make_unique<QMimeData>();
  data->setData(kOwn, QByteArray::fromStdString(toJson(sketch)));
  data->setData(kSvg, QByteArray::fromStdString(toSvg(sketch)));
  data->setImageData(picture);
  return data;
}

bool maySketch(const QMimeData& data) {
  const QList<QUrl> urls = data.urls();
  return data.hasFormat(kOwn) || data.hasFormat(kSvg) || data.hasImage() ||
         std::any_of(urls.begin(), urls.end(), holdsSketches);
}

Sketch sketchFromMimeData(const QMimeData& data) {
  Sketch sketch;
  const QList<QUrl> urls = data.urls();
  const auto file = std::find_if(urls.begin(), urls.end(), holdsSketches);
  if (data.hasFormat(kOwn)) {
    sketch = sketchFromJson(textOf(data, kOwn), kName);
  } else if (file != urls.end()) {
    return readSketch(fileOf(*file));
  } else if (data.hasFormat(kSvg)) {
    sketch = sketchFromSvg(textOf(data, kSvg), kName);
  } else if (data.hasImage()) {
    sketch = fromPicture(qvariant_cast<QImage>(data.imageData()));
  } else {
    fail<InputError>("{}: holds no drawing", kName);
  }
  validate(sketch);
  return sketch;
}

}  // namespace inkling
