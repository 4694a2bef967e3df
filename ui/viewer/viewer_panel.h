// The photo at work: the view with its tools, the choice of heat maps, and a line that tells about
// the photo. Loads photos by itself and follows their files on the disk.
//
//   ViewerPanel viewer;
//   viewer.showPhoto("street.jpg");            // returns at once
//   viewer.setDetections(found.boxes);         // now or when it is loaded
//   viewer.setAttention(maps, drawings);
//
// Detections and maps belong to the photo that was asked for last; another photo starts without.
#pragma once

#include <QAction>
#include <QToolBar>
#include <QVariantMap>
#include <QWidget>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ui/viewer/attention_panel.h"
#include "ui/viewer/attention_source.h"
#include "ui/viewer/photo_loader.h"
#include "ui/viewer/photo_picture.h"
#include "ui/viewer/photo_view.h"
#include "ui/viewer/photo_watch.h"
#include "ui/viewer/status_line.h"

namespace inkling {

class ViewerPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ViewerPanel(QWidget* parent = nullptr);

  /// Nothing happens for the photo that is shown already.
  void showPhoto(const std::filesystem::path& path);
  /// Reads the file again; zoom, boxes and maps stay.
  void reload();
  void clear();
  /// The one that was asked for last, loaded or not; empty: none.
  std::filesystem::path photo() const { return path_; }

  void setDetections(const std::vector<ScoredBox>& boxes);
  void setThreshold(double threshold);
  /// Null maps: none. `drawings`: those that were looked for, in the order of the search.
  void setAttention(std::shared_ptr<const AttentionMaps> maps, const std::vector<Sketch>& drawings);
  /// Shows where this stroke (number of the sketch, number of the stroke) is attended to, even
  /// when attention is off; nullopt goes back to what was chosen.
  void showStroke(std::optional<std::pair<std::size_t, std::size_t>> sketchAndStroke);

  bool attentionOn() const { return attentionOn_->isChecked(); }
  bool boxesOn() const { return boxesOn_->isChecked(); }
  bool split() const { return split_->isChecked(); }
  /// Begins to write the photo with what is drawn over it (.png, .jpg); goes on in the background
  /// and ends with pictureSaved() or failed(). False when there is no photo.
  bool savePicture(const std::filesystem::path& path);

  /// What was switched and chosen, to be remembered.
  QVariantMap state() const;
  void restore(const QVariantMap& state);

  PhotoView* view() const { return view_; }
  AttentionPanel* attentionPanel() const { return attention_; }
  QString statusText() const { return status_->text(); }

 public Q_SLOTS:  // NOLINT(readability-redundant-access-specifiers)
  void setAttentionOn(bool on) { attentionOn_->setChecked(on); }
  void setSplit(bool on) { split_->setChecked(on); }
  void setBoxesOn(bool on) { boxesOn_->setChecked(on); }
  void nextDetection() { view_->nextDetection(); }
  void previousDetection() { view_->previousDetection(); }
  void zoomIn() { view_->zoomIn(); }
  void zoomOut() { view_->zoomOut(); }
  void fit() { view_->fit(); }
  void actualSize() { view_->actualSize(); }
  /// Ends with pictureCopied().
  void copyPicture();
  /// Asks where to.
  void savePictureAs();

 Q_SIGNALS:
  /// Attention was switched: maps are wanted, or not any more.
  void attentionWanted(bool on);
  /// How much the place under the pointer attends to each stroke of each sketch, raw; empty when
  /// the pointer has left the photo or there are no maps.
  void strokesSpeak(const std::vector<std::vector<float>>& shares);
  void previousPhoto();
  void nextPhoto();
  /// The photo is on the screen.
  void photoShown();
  /// The file has other content now, which is shown, without boxes and maps.
  void photoReplaced(const std::filesystem::path& path);
  void pictureCopied();
  void pictureSaved(const std::filesystem::path& path);
  /// A picture could not be saved: the reason, which names the file.
  void failed(const QString& reason);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  /// Why a photo is being loaded.
  enum class Load { kNew, kAgain, kReplaced };

  void connectParts();
  void fillToolBar();
  QAction* addTool(const char* icon, const char* text, const char* help);
  QAction* addSwitch(const char* icon, const char* text, const char* help, bool on);
  void retranslate();
  void load(Load why);
  void take(const LoadedPhoto& photo);
  void refuse(const QString& reason);
  void dropResults();
  void refreshOverlay();
  void refreshNotes(const QString& trouble = {});
  void refreshTools();
  void listen(std::optional<QPointF> place);
  void follow(std::optional<QPointF> place);

  std::filesystem::path path_;
  Load why_ = Load::kNew;
  std::vector<ScoredBox> boxes_;
  AttentionSource source_;
  std::optional<std::pair<std::size_t, std::size_t>> stroke_;
  AttentionSource::Place place_;  ///< under the pointer
  bool speaking_ = false;         ///< the last strokesSpeak() was not empty

  /// What is said of a tool, in the words of the source.
  struct ToolText {
    QAction* tool;
    const char *text, *help;
  };

  QString trouble_;  ///< why the photo could not be read again

  QToolBar* tools_;
  std::vector<ToolText> toolTexts_;
  PhotoView* view_;
  AttentionPanel* attention_;
  StatusLine* status_;
  QAction *boxesOn_, *attentionOn_, *split_;
  std::vector<QAction*> needPhoto_, needBoxes_;
  PhotoWatch watch_;
  PictureMaker maker_;
  PhotoLoader loader_;
};

}  // namespace inkling
