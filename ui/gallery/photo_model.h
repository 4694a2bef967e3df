// The photos of the gallery: all of them in natural order, their scores as a search brings them in,
// and which are shown, in which order. Changing the threshold or the order touches nothing but a
// list of numbers, so it is instant for 100,000 photos and never runs the model.
#pragma once

#include <QAbstractListModel>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

/// What a search said of a photo.
struct PhotoMatch {
  float score = 0;               ///< that the photo shows it
  std::vector<ScoredBox> boxes;  ///< best first, however low their scores
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

  /// Other photos; matches and errors of those that stay are kept.
  void setPhotos(const std::vector<std::filesystem::path>& photos);
  std::size_t photoCount() const { return photos_.size(); }

  /// Photos are known by their number in natural order, 0 .. photoCount() - 1, whatever is shown.
  const std::filesystem::path& path(std::size_t photo) const { return photos_[photo].path; }
  const std::optional<PhotoMatch>& match(std::size_t photo) const { return photos_[photo].match; }
  void setMatch(std::size_t photo, PhotoMatch match);
  void setError(std::size_t photo, const QString& reason);
  /// Before a new search.
  void clearMatches();

  Order order() const { return order_; }
  void setOrder(Order order);
  double threshold() const { return threshold_; }
  /// Boxes from here up count. With `onlyMatches`, searched photos without such a box are not
  /// shown.
  void setThreshold(double threshold);
  bool onlyMatches() const { return onlyMatches_; }
  void setOnlyMatches(bool only);
  /// Photos with a box from the threshold up.
  std::size_t matchCount() const { return matchCount_; }

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
  struct Photo {
    std::filesystem::path path;
    std::optional<PhotoMatch> match;
    QString error;
  };
  std::size_t boxesShown(const Photo& photo) const;
  bool isShown(const Photo& photo) const;
  void arrange();

  std::vector<Photo> photos_;
  std::vector<std::size_t> shown_, rowOf_;
  Order order_ = Order::kName;
  double threshold_ = 0.3;
  bool onlyMatches_ = false;
  std::size_t matchCount_ = 0;
};

}  // namespace inkling
