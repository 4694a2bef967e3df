// A photo with what is drawn over it, as a picture to copy or to save. Taking the parts is instant;
// painting and writing a large one takes seconds and is done on a thread of its own.
//
//   PictureMaker maker;
//   connect(&maker, &PictureMaker::saved, ...);
//   maker.save(view.snapshot(), "found.png");
#pragma once

#include <QFont>
#include <QImage>
#include <QObject>
#include <QThreadPool>
#include <filesystem>
#include <vector>

#include "core/geometry/box.h"
#include "core/image/overlay_marks.h"

namespace inkling {

/// The parts; copies share their pixels.
struct PhotoPicture {
  QImage photo;
  QSize full;                    ///< what the boxes are counted in
  QImage overlay;                ///< stretched over the photo; may be null
  double opacity = 0;            ///< of the overlay
  OverlayMarks marks;            ///< over the overlay
  std::vector<ScoredBox> boxes;  ///< best first
  int emphasised = -1;
  QFont font;
};

/// Longer side of the pictures that are made; larger photos are scaled down.
inline constexpr int kLargestPicture = 8000;

/// Null for a null photo. Lines and letters follow the size of the picture.
QImage painted(const PhotoPicture& parts);

class PictureMaker : public QObject {
  Q_OBJECT

 public:
  explicit PictureMaker(QObject* parent = nullptr);
  /// Waits for what is under way.
  ~PictureMaker() override;

  /// Ends with made().
  void make(const PhotoPicture& parts);
  /// Writes .png, .jpg or .jpeg, whole or not at all. Ends with saved() or failed().
  void save(const PhotoPicture& parts, const std::filesystem::path& path);

 Q_SIGNALS:
  void made(const QImage& picture);
  void saved(const std::filesystem::path& path);
  void failed(const QString& reason);

 private:
  QThreadPool pool_;
};

}  // namespace inkling
