// Joins what a person draws with what the engine finds: asks after a pause in drawing, shows
// answers in the gallery and in the viewer, keeps the search's job up to date, and connects strokes
// with the places of the photo that attend to them.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <QTimer>
#include <optional>

#include "core/exporting/find_report.h"
#include "ui/canvas/sketch_canvas.h"
#include "ui/gallery/gallery_panel.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/search/search_engine.h"
#include "ui/stack/sketch_stack_panel.h"
#include "ui/viewer/viewer_panel.h"
#include "ui/window/photo_sources.h"

namespace inkling {

class SearchController : public QObject {
  Q_OBJECT

 public:
  /// ms without a change after which the engine is asked.
  static constexpr int kPause = 250;

  /// The parts that work together; all outlive the controller.
  struct Parts {
    SketchStack& stack;
    SketchStackPanel& stackPanel;
    SketchCanvas& canvas;
    PhotoModel& model;
    GalleryPanel& gallery;
    ViewerPanel& viewer;
    JobsPanel& jobs;
  };
  explicit SearchController(const Parts& parts, QObject* parent = nullptr);

  void loadModel(const std::filesystem::path& file, const LocalizerOptions& options);
  const std::optional<ModelFacts>& facts() const { return facts_; }

  void setPhotos(ListedPhotos& photos);
  void setPaused(bool paused);
  bool isPaused() const { return paused_; }
  void cancel();
  /// FeatureCache::chooseLimit() was called.
  void takeCacheLimit() { engine_.takeCacheLimit(); }
  /// Nothing is asked, and everything that was asked is answered.
  bool isIdle() const;
  /// Asks now, without waiting for the pause.
  void askNow();

  /// What was found so far, with boxes from the threshold up; for exports.
  FindReport report() const;

 Q_SIGNALS:
  void modelLoaded(const inkling::ModelFacts& facts);
  void modelFailed(const QString& reason);
  void failed(const QString& reason);
  void pausedChanged(bool paused);

 private:
  void connectEngine();
  void connectPanels();
  void connectStrokes();
  void queryChanged();
  void take(const FoundMatches& matches);
  void showProgress(const SearchProgress& progress);
  void showEnd(const SearchProgress& progress);
  Job& job();
  void dropStale();
  void openPhoto(std::optional<std::size_t> photo);
  void showDetections();
  void hoverStroke(std::optional<std::size_t> stroke);
  void emphasise(const std::vector<std::vector<float>>& shares);
  std::optional<std::size_t> sketchOfCanvas() const;

  Parts parts_;
  SearchEngine engine_;
  std::optional<ModelFacts> facts_;
  QTimer pause_, stale_;
  bool drawing_ = false, dirty_ = false, paused_ = false, asked_ = false, idle_ = true;
  quint64 photosRun_ = 0, query_ = 0;  ///< what the engine was asked last
  std::vector<bool> fresh_;            ///< photos answered for the newest query
  QPointer<Job> job_;
  quint64 jobRun_ = 0;
  std::vector<int> attentionRows_;  ///< of the stack, one for each drawing of the maps; empty: none
  std::filesystem::path opened_;
};

}  // namespace inkling
