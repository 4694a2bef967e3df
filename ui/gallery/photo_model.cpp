#include "ui/gallery/photo_model.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "core/base/path.h"

namespace inkling {
namespace {

constexpr std::size_t kHidden = std::numeric_limits<std::size_t>::max();

QString textOf(const std::filesystem::path& path) {
  return QString::fromStdString(displayName(path));
}

}  // namespace

PhotoModel::PhotoModel(QObject* parent) : QAbstractListModel(parent) {}

void PhotoModel::setPhotos(const std::vector<std::filesystem::path>& photos) {
  std::unordered_map<std::string, Photo*> known;
  for (Photo& photo : photos_) {
    if (photo.match || !photo.error.isEmpty()) known.emplace(photo.path.native(), &photo);
  }
  std::vector<Photo> next;
  next.reserve(photos.size());
  for (const std::filesystem::path& path : photos) {
    const auto found = known.find(path.native());
    next.push_back(found == known.end() ? Photo{path, {}, {}} : std::move(*found->second));
  }
  beginResetModel();
  photos_ = std::move(next);
  arrange();
  endResetModel();
  Q_EMIT countsChanged();
}

std::size_t PhotoModel::boxesShown(const Photo& photo) const {
  if (!photo.match) return 0;
  const auto& boxes = photo.match->boxes;
  const auto under = std::find_if(boxes.begin(), boxes.end(),
                                  [&](const ScoredBox& box) { return box.score < threshold_; });
  return static_cast<std::size_t>(under - boxes.begin());
}

// What has not been searched yet, or cannot be, stays in sight.
bool PhotoModel::isShown(const Photo& photo) const {
  return !onlyMatches_ || !photo.match || boxesShown(photo) > 0;
}

void PhotoModel::arrange() {
  shown_.clear();
  matchCount_ = 0;
  for (std::size_t i = 0; i < photos_.size(); ++i) {
    if (boxesShown(photos_[i]) > 0) ++matchCount_;
    if (isShown(photos_[i])) shown_.push_back(i);
  }
  if (order_ == Order::kScore) {
    const auto scoreOf = [&](std::size_t i) {
      return photos_[i].match ? photos_[i].match->score : -1.0F;
    };
    std::stable_sort(shown_.begin(), shown_.end(),
                     [&](std::size_t a, std::size_t b) { return scoreOf(a) > scoreOf(b); });
  }
  rowOf_.assign(photos_.size(), kHidden);
  for (std::size_t row = 0; row < shown_.size(); ++row) rowOf_[shown_[row]] = row;
}

void PhotoModel::refresh() {
  beginResetModel();
  arrange();
  endResetModel();
  Q_EMIT countsChanged();
}

void PhotoModel::setMatch(std::size_t photo, PhotoMatch match) {
  const bool counted = boxesShown(photos_[photo]) > 0;
  photos_[photo].match = std::move(match);
  const bool counts = boxesShown(photos_[photo]) > 0;
  if (counted && !counts) --matchCount_;
  if (!counted && counts) ++matchCount_;
  if (const QModelIndex index = indexOf(photo); index.isValid()) Q_EMIT dataChanged(index, index);
  if (counted != counts) Q_EMIT countsChanged();
}

void PhotoModel::setError(std::size_t photo, const QString& reason) {
  photos_[photo].error = reason;
  if (const QModelIndex index = indexOf(photo); index.isValid()) Q_EMIT dataChanged(index, index);
}

void PhotoModel::clearMatches() {
  for (Photo& photo : photos_) photo.match.reset();
  refresh();
}

void PhotoModel::setOrder(Order order) {
  if (order == order_) return;
  order_ = order;
  refresh();
}

void PhotoModel::setThreshold(double threshold) {
  if (threshold == threshold_) return;
  threshold_ = threshold;
  refresh();
}

void PhotoModel::setOnlyMatches(bool only) {
  if (only == onlyMatches_) return;
  onlyMatches_ = only;
  refresh();
}

QModelIndex PhotoModel::indexOf(std::size_t photo) const {
  if (photo >= rowOf_.size() || rowOf_[photo] == kHidden) return {};
  return index(static_cast<int>(rowOf_[photo]));
}

int PhotoModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(shown_.size());
}

QVariant PhotoModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Photo& photo = photos_[photoAt(index)];
  switch (role) {
    case Qt::DisplayRole:
      return textOf(photo.path.filename());
    case Qt::ToolTipRole:
      return photo.error.isEmpty() ? textOf(photo.path) : photo.error;
    case kPathRole:
      return textOf(photo.path);
    case kScoreRole:
      return photo.match ? QVariant(photo.match->score) : QVariant();
    case kBoxCountRole:
      return static_cast<int>(boxesShown(photo));
    case kErrorRole:
      return photo.error;
    case Qt::AccessibleTextRole:
      return photo.match ? tr("%1, score %2")
                               .arg(textOf(photo.path.filename()))
                               .arg(static_cast<double>(photo.match->score), 0, 'f', 2)
                         : textOf(photo.path.filename());
    default:
      return {};
  }
}

}  // namespace inkling
