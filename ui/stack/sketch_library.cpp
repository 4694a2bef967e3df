#include "ui/stack/sketch_library.h"

#include <QMimeData>
#include <algorithm>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "ui/canvas/sketch_mime.h"
#include "ui/paths/paths.h"
#include "ui/stack/sketch_thumbnail.h"

namespace inkling {

namespace fs = std::filesystem;

namespace {

constexpr int kThumbnail = 96;

QString nameOfFile(const fs::path& file) {
  return shownName(file.stem()).replace(QLatin1Char('_'), QLatin1Char(' '));
}

// A name that can be a file's: no separators, no dot in front, not too long.
QString fileNameFor(const QString& name) {
  QString plain = name.trimmed();
  for (QChar& c : plain) {
    if (c == QLatin1Char('/') || c == QLatin1Char('\\') || c < QLatin1Char(' '))
      c = QLatin1Char('-');
  }
  while (plain.startsWith(QLatin1Char('.'))) plain.remove(0, 1);
  while (plain.toUtf8().size() > 200) plain.chop(1);
  return plain.isEmpty() ? QStringLiteral("drawing") : plain;
}

}  // namespace

SketchLibrary::SketchLibrary(const std::vector<fs::path>& bundled, fs::path saved, QObject* parent)
    : QAbstractListModel(parent), saved_(std::move(saved)) {
  for (const fs::path& source : bundled) {
    std::error_code code;
    if (fs::is_directory(source, code))
      addFolder(source, false);
    else
      addQuickDraw(source);
  }
  addFolder(saved_, true);
  sort();
}

void SketchLibrary::addFolder(const fs::path& folder, bool saved) {
  std::error_code code;
  if (!fs::is_directory(folder, code)) return;
  try {
    for (const fs::path& file : listFiles(folder, sketchExtensions())) {
      if (file.filename() == "CREDITS.json") continue;
      items_.push_back({nameOfFile(file), file, {}, saved, {}});
    }
  } catch (const InputError&) {
    // A folder that cannot be listed has nothing to offer.
  }
}

void SketchLibrary::addQuickDraw(const fs::path& file) {
  try {
    for (QuickDrawEntry& entry : readQuickDraw(file))
      items_.push_back(
          {QString::fromStdString(entry.word), {}, std::move(entry.sketch), false, {}});
  } catch (const InputError&) {
    // Not shipped, or broken: the rest of the library serves.
  }
}

// Own drawings first, then by name; of equal names the files before the QuickDraw list.
void SketchLibrary::sort() {
  std::stable_sort(items_.begin(), items_.end(), [](const Item& a, const Item& b) {
    if (a.saved != b.saved) return a.saved;
    const int order = QString::localeAwareCompare(a.name, b.name);
    return order < 0;
  });
}

QString SketchLibrary::name(int row) const { return items_[static_cast<std::size_t>(row)].name; }

Sketch SketchLibrary::sketch(int row) const {
  const Item& item = items_[static_cast<std::size_t>(row)];
  Sketch sketch = item.sketch ? *item.sketch : readSketch(item.file);
  sketch.name = item.name.toStdString();
  return sketch;
}

int SketchLibrary::save(const Sketch& sketch, const QString& name) {
  validate(sketch);
  const QString wanted = fileNameFor(name);
  std::error_code code;
  fs::path file;
  for (int number = 1;; ++number) {
    const QString tried = number == 1 ? wanted : QStringLiteral("%1 %2").arg(wanted).arg(number);
    file = saved_ / toPath(tried + QStringLiteral(".json"));
    if (!fs::exists(file, code)) break;
  }
  fs::create_directories(saved_, code);
  writeSketch(file, sketch);
  beginInsertRows({}, 0, 0);
  items_.insert(items_.begin(), Item{nameOfFile(file), file, {}, true, {}});
  endInsertRows();
  return 0;
}

bool SketchLibrary::remove(int row) {
  const Item& item = items_[static_cast<std::size_t>(row)];
  if (!item.saved) return false;
  std::error_code code;
  fs::remove(item.file, code);
  beginRemoveRows({}, row, row);
  items_.erase(items_.begin() + row);
  endRemoveRows();
  return true;
}

int SketchLibrary::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant SketchLibrary::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  Item& item = items_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return item.name;
    case Qt::ToolTipRole:
      return item.saved ? tr("%1 (yours)").arg(item.name) : item.name;
    case Qt::DecorationRole:
      if (item.thumbnail.isNull()) {
        try {
          item.thumbnail = QIcon(sketchThumbnail(sketch(index.row()), kThumbnail));
        } catch (const Error&) {
          item.thumbnail = QIcon(sketchThumbnail({}, kThumbnail));
        }
      }
      return item.thumbnail;
    case kSavedRole:
      return item.saved;
    default:
      return {};
  }
}

Qt::ItemFlags SketchLibrary::flags(const QModelIndex& index) const {
  return QAbstractListModel::flags(index) | Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

QStringList SketchLibrary::mimeTypes() const {
  return {QStringLiteral("application/x-inkling-sketch")};
}

QMimeData* SketchLibrary::mimeData(const QModelIndexList& indexes) const {
  if (indexes.isEmpty()) return nullptr;
  try {
    const QPixmap picture =
        data(indexes.front(), Qt::DecorationRole).value<QIcon>().pixmap(kThumbnail);
    return toMimeData(sketch(indexes.front().row()), picture.toImage()).release();
  } catch (const Error&) {
    return nullptr;
  }
}

}  // namespace inkling
