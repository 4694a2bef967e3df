#include "ui/paths/paths.h"

#include <QFile>

#include "core/base/path.h"

namespace inkling {

QString toQString(const std::filesystem::path& path) {
  return QFile::decodeName(QByteArray::fromStdString(path.native()));
}

std::filesystem::path toPath(const QString& text) { return QFile::encodeName(text).toStdString(); }

QString shownName(const std::filesystem::path& path) {
  return QString::fromStdString(displayName(path));
}

std::vector<std::filesystem::path> localPaths(const QList<QUrl>& urls) {
  std::vector<std::filesystem::path> paths;
  for (const QUrl& url : urls) {
    if (url.isLocalFile()) paths.push_back(toPath(url.toLocalFile()));
  }
  return paths;
}

}  // namespace inkling
