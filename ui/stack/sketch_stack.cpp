#include "ui/stack/sketch_stack.h"

#include <algorithm>
#include <utility>

#include "core/base/json.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "ui/stack/sketch_thumbnail.h"

namespace inkling {
namespace {

// A sketch as a part of a larger JSON file.
Json toJsonValue(const Sketch& sketch) { return parseJson(inkling::toJson(sketch), sketch.name); }

Sketch fromJsonValue(const Json& value, const std::string& name) {
  return sketchFromJson(dumpJson(value), name);
}

}  // namespace

struct SketchStack::Entry {
  SketchDocument document;
  QString name;
  int number = 1;  ///< stands for a missing name
  double weight = 1;
  bool on = true, wanted = true;
  QPixmap thumbnail;  ///< null: to be drawn when asked for
};

SketchStack::SketchStack(QObject* parent) : QAbstractListModel(parent) { addBlank(); }
SketchStack::~SketchStack() = default;

std::unique_ptr<SketchStack::Entry> SketchStack::makeEntry(const Sketch& sketch,
                                                           const QString& name) {
  auto entry = std::make_unique<Entry>();
  entry->name = name;
  // The smallest number that no other drawing has.
  const auto taken = [&] {
    return std::any_of(entries_.begin(), entries_.end(),
                       [&](const auto& other) { return other->number == entry->number; });
  };
  while (taken()) ++entry->number;
  entry->document.open(sketch);
  connect(&entry->document, &SketchDocument::changed, this,
          [this, raw = entry.get()] { entryChanged(raw); });
  return entry;
}

int SketchStack::insert(int row, std::unique_ptr<Entry> entry) {
  if (count() >= kMost) return -1;
  beginInsertRows({}, row, row);
  entries_.insert(entries_.begin() + row, std::move(entry));
  endInsertRows();
  Q_EMIT edited();
  Q_EMIT queryChanged();
  return row;
}

int SketchStack::add(const Sketch& sketch, const QString& name) {
  return insert(count(), makeEntry(sketch, name));
}

int SketchStack::addBlank() { return add({}, {}); }

int SketchStack::duplicate(int row) {
  auto copy = makeEntry(at(row).document.sketch(), at(row).name);
  copy->weight = at(row).weight;
  copy->on = at(row).on;
  copy->wanted = at(row).wanted;
  return insert(row + 1, std::move(copy));
}

void SketchStack::remove(int row) {
  beginRemoveRows({}, row, row);
  removed_ = std::move(entries_[static_cast<std::size_t>(row)]);
  removedFrom_ = row;
  entries_.erase(entries_.begin() + row);
  endRemoveRows();
  if (entries_.empty()) addBlank();
  Q_EMIT edited();
  Q_EMIT queryChanged();
}

void SketchStack::restoreRemoved() {
  if (removed_ && count() < kMost)
    insert(std::min(removedFrom_, count()), std::exchange(removed_, nullptr));
}

void SketchStack::removeAll() {
  std::vector<std::unique_ptr<Entry>> blank;
  blank.push_back(makeEntry({}, {}));
  replaceAll(std::move(blank));
}

void SketchStack::replaceAll(std::vector<std::unique_ptr<Entry>> entries) {
  beginResetModel();
  // Those of before live until everybody who shows one of them has heard of the others.
  entries_.swap(entries);
  endResetModel();
  Q_EMIT edited();
  Q_EMIT queryChanged();
}

void SketchStack::move(int row, int to) {
  if (row == to || row < 0 || to < 0 || row >= count() || to >= count()) return;
  beginMoveRows({}, row, row, {}, to > row ? to + 1 : to);
  auto entry = std::move(entries_[static_cast<std::size_t>(row)]);
  entries_.erase(entries_.begin() + row);
  entries_.insert(entries_.begin() + to, std::move(entry));
  endMoveRows();
  Q_EMIT edited();
  Q_EMIT queryChanged();
}

void SketchStack::entryChanged(const Entry* entry) {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& other) { return other.get() == entry; });
  if (found == entries_.end()) return;
  (*found)->thumbnail = {};
  told(static_cast<int>(found - entries_.begin()));
}

void SketchStack::told(int row) {
  Q_EMIT dataChanged(index(row), index(row));
  Q_EMIT edited();
  Q_EMIT queryChanged();
}

SketchDocument& SketchStack::document(int row) const { return at(row).document; }
QString SketchStack::name(int row) const { return at(row).name; }
double SketchStack::weight(int row) const { return at(row).weight; }
bool SketchStack::isOn(int row) const { return at(row).on; }
bool SketchStack::isWanted(int row) const { return at(row).wanted; }

void SketchStack::setName(int row, const QString& name) {
  if (at(row).name == name) return;
  at(row).name = name.trimmed();
  Q_EMIT dataChanged(index(row), index(row));
  Q_EMIT edited();
}

void SketchStack::setWeight(int row, double weight) {
  weight = std::clamp(weight, kLeastWeight, kMostWeight);
  if (std::exchange(at(row).weight, weight) != weight) told(row);
}

void SketchStack::setOn(int row, bool on) {
  if (std::exchange(at(row).on, on) != on) told(row);
}

void SketchStack::setWanted(int row, bool wanted) {
  if (std::exchange(at(row).wanted, wanted) != wanted) told(row);
}

DrawnQuery SketchStack::query() const {
  DrawnQuery query;
  for (int row = 0; row < count(); ++row) {
    const Entry& entry = at(row);
    // A dot that slipped from the pen is nothing to look for.
    if (!entry.on || !isUsable(entry.document.sketch())) continue;
    auto& list = entry.wanted ? query.wanted : query.unwanted;
    list.push_back({entry.document.sketch(), entry.weight});
    (entry.wanted ? query.wantedRows : query.unwantedRows).push_back(row);
  }
  return query;
}

int SketchStack::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant SketchStack::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= count()) return {};
  Entry& entry = at(index.row());
  const QString name = entry.name.isEmpty() ? tr("Drawing %1").arg(entry.number) : entry.name;
  switch (role) {
    case Qt::DisplayRole:
      return name;
    case Qt::EditRole:
      return entry.name;
    case Qt::CheckStateRole:
      return entry.on ? Qt::Checked : Qt::Unchecked;
    case Qt::DecorationRole:
      if (entry.thumbnail.isNull())
        entry.thumbnail = sketchThumbnail(entry.document.sketch(), kThumbnail);
      return entry.thumbnail;
    case Qt::AccessibleTextRole:
      return entry.wanted ? tr("%1, find, weight %2").arg(name).arg(entry.weight, 0, 'f', 1)
                          : tr("%1, not this, weight %2").arg(name).arg(entry.weight, 0, 'f', 1);
    case kWeightRole:
      return entry.weight;
    case kWantedRole:
      return entry.wanted;
    case kBlankRole:
      return entry.document.isBlank();
    default:
      return {};
  }
}

bool SketchStack::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || index.row() >= count()) return false;
  if (role == Qt::EditRole) {
    setName(index.row(), value.toString());
  } else if (role == Qt::CheckStateRole) {
    setOn(index.row(), value.toInt() == Qt::Checked);
  } else {
    return false;
  }
  return true;
}

Qt::ItemFlags SketchStack::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::ItemIsDropEnabled;
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsEditable | Qt::ItemIsUserCheckable |
         Qt::ItemIsDragEnabled | Qt::ItemNeverHasChildren;
}

bool SketchStack::moveRows(const QModelIndex&, int row, int rows, const QModelIndex&, int before) {
  if (rows != 1) return false;
  move(row, before > row ? before - 1 : before);
  return true;
}

std::string SketchStack::toJson() const {
  Json sketches = Json::array();
  for (const auto& entry : entries_) {
    sketches.push_back({{"name", entry->name.toStdString()},
                        {"weight", entry->weight},
                        {"on", entry->on},
                        {"wanted", entry->wanted},
                        {"drawing", toJsonValue(entry->document.sketch())}});
  }
  return dumpJson({{"inkling_stack", 1}, {"sketches", std::move(sketches)}});
}

bool SketchStack::fromJson(const std::string& text, const std::string& name) {
  const Json json = parseJson(text, name);
  if (jsonRequire<int>(json, "inkling_stack", name) != 1)
    fail<InputError>("{}: of a newer version of the program", name);
  const Json sketches = jsonRequire<Json>(json, "sketches", name);
  std::vector<std::unique_ptr<Entry>> entries;
  for (const Json& item : sketches) {
    auto entry = makeEntry(fromJsonValue(jsonRequire<Json>(item, "drawing", name), name),
                           QString::fromStdString(jsonGet<std::string>(item, "name", "", name)));
    entry->weight = std::clamp(jsonGet<double>(item, "weight", 1, name), kLeastWeight, kMostWeight);
    entry->on = jsonGet<bool>(item, "on", true, name);
    entry->wanted = jsonGet<bool>(item, "wanted", true, name);
    entry->number = static_cast<int>(entries.size()) + 1;
    if (entry->number <= kMost) entries.push_back(std::move(entry));
  }
  if (entries.empty()) entries.push_back(makeEntry({}, {}));
  replaceAll(std::move(entries));
  return std::any_of(entries_.begin(), entries_.end(),
                     [](const auto& entry) { return !entry->document.isBlank(); });
}

}  // namespace inkling
