// The photos of the gallery: all of them in natural order, their scores as a search brings them in,
// and which are shown, in which order. Changing the threshold or the order touches nothing but
// lists of numbers, so it is instant for 100,000 photos and never runs the model; what is selected
// stays selected. Pictures are not in here, see thumbnail_store.h.
#pragma once

#include <QAbstractListModel>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

/// What a search said of a photo.
struct PhotoMatch {
  float score = 0;               ///< that the photo shows it
  std::vector<ScoredBox> boxes;  ///< best first, however low their scores
  Size photo = {};               ///< what the boxes are measured in, pixels
};

class PhotoModel : public QAbstractListModel {
  Q_OBJECT

 public:
  enum class Order { kName, kScore };
  enum Role {
    kPathRole = Qt::UserRole,  ///< QString
    kScoreRole,                ///< float, or nothing before the search
    kBoxCountRole,             ///< int, boxes from the threshold up
    kErrorRole,                ///< QString, why the photo cannot be used
  };

  explicit PhotoModel(QObject* parent = nullptr);

  /// Other photos; matches and errors of those that stay are kept. With many photos, hand them over
  /// by std::move: copying 100,000 paths takes longer than a frame.
  void setPhotos(std::vector<std::filesystem::path> photos);
  std::size_t photoCount() const { return paths_.size(); }

  /// Photos are known by their number in natural order, 0 .. photoCount() - 1, whatever is shown.
  const std::filesystem::path& path(std::size_t photo) const { return paths_[photo]; }
  const std::optional<PhotoMatch>& match(std::size_t photo) const { return result(photo).match; }
  const QString& error(std::size_t photo) const { return result(photo).error; }
  void setMatch(std::size_t photo, PhotoMatch match);
  void setError(std::size_t photo, const QString& reason);
  /// The file was replaced: its match and its error are of another photo.
  void forget(std::size_t photo);
  /// Before a new search.
  void clearMatches();

  Order order() const { return order_; }
  void setOrder(Order order);
  double threshold() const { return threshold_; }
  /// Boxes from here up count. With `onlyMatches`, searched photos without such a box are not
  /// shown; without it, nothing moves.
  void setThreshold(double threshold);
  bool onlyMatches() const { return onlyMatches_; }
  void setOnlyMatches(bool only);
  /// Photos with a box from the threshold up.
  std::size_t matchCount() const { return matchCount_; }
  /// How many have been searched.
  std::size_t searchedCount() const { return searchedCount_; }
  /// The search has ended without looking closely at all photos: no match is expected among the
  /// others, and with `onlyMatches` they are not shown. Until other photos, or clearMatches().
  void setSearchOver(bool over);
  bool searchOver() const { return searchOver_; }
  /// The best box of all photos; nothing when there is none.
  std::optional<double> bestScore() const;
  /// The boxes of a photo from the threshold up: the first so many of match()->boxes.
  std::size_t boxesShown(std::size_t photo) const;

  /// Puts photos whose matches came in since into their places; rows do not jump while one reads.
  void refresh();

  std::size_t photoAt(const QModelIndex& index) const {
    return shown_[static_cast<std::size_t>(index.row())];
  }
  /// Not valid when the photo is not shown.
  QModelIndex indexOf(std::size_t photo) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;

 Q_SIGNALS:
  void countsChanged();

 private:
  struct Result {
    std::optional<PhotoMatch> match;
    QString error;
  };
  using Results = std::unordered_map<std::size_t, Result>;
  const Result& result(std::size_t photo) const;
  bool matches(std::size_t photo) const { return bestBox_[photo] >= threshold_; }
  bool isShown(std::size_t photo) const;
  void arrange();
  void countAndShow();
  void told(std::size_t photo, bool matchedBefore);
  void setResult(std::size_t photo, Result result);
  QString spokenText(std::size_t photo) const;

  std::vector<std::filesystem::path> paths_;
  Results results_;  ///< of photos that have one
  /// Of each photo, for going through all of them quickly: score and best box of the match, kNone
  /// without.
  std::vector<float> score_;
  std::vector<double> bestBox_;
  std::vector<std::uint32_t> shown_, rowOf_;
  Order order_ = Order::kName;
  double threshold_ = 0.3;
  bool onlyMatches_ = false, searchOver_ = false;
  std::size_t matchCount_ = 0, searchedCount_ = 0;
};

}  // namespace inkling
