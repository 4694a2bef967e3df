#include "ui/gallery/photo_model.h"

#include <QThreadPool>
#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "ui/gallery/score_order.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

constexpr std::uint32_t kHidden = std::numeric_limits<std::uint32_t>::max();
constexpr float kNone = -1;  // lower than any score

QString textOf(const std::filesystem::path& path) { return shownName(path); }

// Giving back the memory of 100,000 paths takes longer than a frame: another thread does it.
template <typename T>
void discard(T things) {
  if (things.empty()) return;
  const auto last = std::make_shared<T>(std::move(things));
  QThreadPool::globalInstance()->start([last] { last->clear(); });
}

// Where each of `photos` was among `before`; kHidden: nowhere. A folder that is listed again has
// nearly the same photos in the same order, which needs no table of names.
std::vector<std::uint32_t> formerPlaces(const std::vector<std::filesystem::path>& before,
                                        const std::vector<std::filesystem::path>& photos) {
  constexpr std::size_t kAhead = 16, kMostMisses = 1000;
  std::vector<std::uint32_t> places(photos.size(), kHidden);
  std::size_t at = 0, misses = 0;
  for (std::size_t i = 0; i < photos.size() && misses < kMostMisses; ++i) {
    const std::size_t end = std::min(at + kAhead, before.size());
    std::size_t seen = at;
    while (seen < end && before[seen].native() != photos[i].native()) ++seen;
    if (seen < end) {
      places[i] = static_cast<std::uint32_t>(seen);
      at = seen + 1;
    } else {
      ++misses;
    }
  }
  // Few misses are photos that are new; but those of a short list may have moved as well.
  if (misses == 0 || (misses < kMostMisses && photos.size() > 10 * kMostMisses)) return places;
  std::unordered_map<std::string_view, std::uint32_t> known(before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    known.emplace(before[i].native(), static_cast<std::uint32_t>(i));
  for (std::size_t i = 0; i < photos.size(); ++i) {
    const auto found = known.find(photos[i].native());
    places[i] = found == known.end() ? kHidden : found->second;
  }
  return places;
}

}  // namespace

PhotoModel::PhotoModel(QObject* parent) : QAbstractListModel(parent) {}

const PhotoModel::Result& PhotoModel::result(std::size_t photo) const {
  static const Result none;
  const auto found = results_.find(photo);
  return found == results_.end() ? none : found->second;
}

void PhotoModel::setPhotos(std::vector<std::filesystem::path> photos) {
  Results kept;
  if (!results_.empty()) {
    const std::vector<std::uint32_t> places = formerPlaces(paths_, photos);
    for (std::size_t i = 0; i < photos.size(); ++i) {
      const auto found = places[i] == kHidden ? results_.end() : results_.find(places[i]);
      if (found != results_.end()) kept.emplace(i, std::move(found->second));
    }
  }
  beginResetModel();
  discard(std::exchange(paths_, std::move(photos)));
  discard(std::exchange(results_, {}));
  score_.assign(paths_.size(), kNone);
  bestBox_.assign(paths_.size(), kNone);
  searchedCount_ = 0;
  searchOver_ = false;
  for (auto& [photo, result] : kept) setResult(photo, std::move(result));
  arrange();
  endResetModel();
  Q_EMIT countsChanged();
}

void PhotoModel::setResult(std::size_t photo, Result result) {
  searchedCount_ += result.match ? 1 : 0;
  searchedCount_ -= match(photo) ? 1 : 0;
  const std::optional<PhotoMatch>& now = result.match;
  score_[photo] = now ? now->score : kNone;
  bestBox_[photo] = now && !now->boxes.empty() ? now->boxes.front().score : kNone;
  if (now || !result.error.isEmpty())
    results_.insert_or_assign(photo, std::move(result));
  else
    results_.erase(photo);
}

std::size_t PhotoModel::boxesShown(std::size_t photo) const {
  if (!match(photo)) return 0;
  const auto& boxes = match(photo)->boxes;
  const auto under = std::find_if(boxes.begin(), boxes.end(),
                                  [&](const ScoredBox& box) { return box.score < threshold_; });
  return static_cast<std::size_t>(under - boxes.begin());
}

std::optional<double> PhotoModel::bestScore() const {
  const auto best = std::max_element(bestBox_.begin(), bestBox_.end());
  if (best == bestBox_.end() || *best == kNone) return std::nullopt;
  return *best;
}

// What has not been searched yet, or cannot be, stays in sight.
bool PhotoModel::isShown(std::size_t photo) const {
  if (!onlyMatches_ || matches(photo)) return true;
  return score_[photo] == kNone && (!searchOver_ || !error(photo).isEmpty());
}

void PhotoModel::countAndShow() {
  shown_.clear();
  matchCount_ = 0;
  for (std::size_t i = 0; i < paths_.size(); ++i) {
    matchCount_ += matches(i) ? 1 : 0;
    if (isShown(i)) shown_.push_back(static_cast<std::uint32_t>(i));
  }
}

void PhotoModel::arrange() {
  countAndShow();
  if (order_ == Order::kScore) sortByScore(shown_, score_);
  rowOf_.assign(paths_.size(), kHidden);
  for (std::uint32_t row = 0; row < shown_.size(); ++row) rowOf_[shown_[row]] = row;
}

void PhotoModel::refresh() {
  Q_EMIT layoutAboutToBeChanged();
  const QModelIndexList before = persistentIndexList();
  std::vector<std::size_t> photos;
  for (const QModelIndex& index : before) photos.push_back(photoAt(index));
  arrange();
  QModelIndexList after;
  for (const std::size_t photo : photos) after << indexOf(photo);
  changePersistentIndexList(before, after);
  Q_EMIT layoutChanged();
  Q_EMIT countsChanged();
}

// The model was told something of `photo`: of its row, and of the counts.
void PhotoModel::told(std::size_t photo, bool matchedBefore) {
  const bool now = matches(photo);
  if (matchedBefore && !now) --matchCount_;
  if (!matchedBefore && now) ++matchCount_;
  if (const QModelIndex index = indexOf(photo); index.isValid()) Q_EMIT dataChanged(index, index);
  Q_EMIT countsChanged();
}

void PhotoModel::setMatch(std::size_t photo, PhotoMatch match) {
  const bool before = matches(photo);
  setResult(photo, {std::move(match), error(photo)});
  told(photo, before);
}

void PhotoModel::setError(std::size_t photo, const QString& reason) {
  setResult(photo, {match(photo), reason});
  told(photo, matches(photo));
}

void PhotoModel::forget(std::size_t photo) {
  const bool before = matches(photo);
  setResult(photo, {});
  told(photo, before);
}

void PhotoModel::clearMatches() {
  Results before = std::exchange(results_, {});
  for (auto& [photo, result] : before) {
    if (!result.error.isEmpty()) results_.emplace(photo, Result{{}, result.error});
  }
  discard(std::move(before));
  score_.assign(paths_.size(), kNone);
  bestBox_.assign(paths_.size(), kNone);
  searchedCount_ = 0;
  searchOver_ = false;
  refresh();
}

void PhotoModel::setSearchOver(bool over) {
  if (over == searchOver_) return;
  searchOver_ = over;
  if (onlyMatches_) return refresh();
  Q_EMIT countsChanged();
}

void PhotoModel::setOrder(Order order) {
  if (order == order_) return;
  order_ = order;
  refresh();
}

void PhotoModel::setThreshold(double threshold) {
  if (threshold == threshold_) return;
  threshold_ = threshold;
  if (onlyMatches_) return refresh();
  matchCount_ = static_cast<std::size_t>(std::count_if(
      bestBox_.begin(), bestBox_.end(), [&](double best) { return best >= threshold_; }));
  if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1), {kBoxCountRole});
  Q_EMIT countsChanged();
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
  const std::size_t photo = photoAt(index);
  const auto& [match, error] = result(photo);
  switch (role) {
    case Qt::DisplayRole:
      return textOf(paths_[photo].filename());
    case Qt::ToolTipRole:
      return error.isEmpty() ? textOf(paths_[photo]) : error;
    case kPathRole:
      return textOf(paths_[photo]);
    case kScoreRole:
      return match ? QVariant(match->score) : QVariant();
    case kBoxCountRole:
      return static_cast<int>(boxesShown(photo));
    case kErrorRole:
      return error;
    case Qt::AccessibleTextRole:
      return spokenText(photo);
    default:
      return {};
  }
}

QString PhotoModel::spokenText(std::size_t photo) const {
  const QString name = textOf(paths_[photo].filename());
  const auto& [match, error] = result(photo);
  if (!error.isEmpty()) return tr("%1, cannot be shown: %2").arg(name, error);
  if (!match) return name;
  const int percent = qRound(100 * match->score);
  const auto boxes = static_cast<int>(boxesShown(photo));
  if (boxes == 1) return tr("%1, score %2%, 1 match").arg(name).arg(percent);
  if (boxes == 0) return tr("%1, score %2%, no match").arg(name).arg(percent);
  return tr("%1, score %2%, %n matches", nullptr, boxes).arg(name).arg(percent);
}

}  // namespace inkling
