// The engine behind the window: one worker thread that holds the model, describes photos, and
// answers whatever is drawn. The window asks and goes on; answers come as signals.
//
//   SearchEngine engine;
//   engine.load(modelFile, {.threads = 2});
//   engine.setPhotos(paths);            // described in the background ("indexing")
//   engine.setQuery(stack.query());     // a newer query silences the older
//   connect(&engine, &SearchEngine::found, ...);
//
// What comes first: the newest query; the photo that is open, with its attention; photos that were
// described before (20 ms each); photos in sight; the rest. What photos are known by stays in
// memory (a quarter of it at most, the longest unused goes first) and, for folders, in a catalogue
// and a cache on the disk (folder_catalogues.h), so a changed drawing answers at once.
#pragma once

#include <QObject>
#include <QString>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/inference/localizer.h"
#include "ui/gallery/photo_model.h"
#include "ui/stack/sketch_stack.h"

namespace inkling {

/// What the window knows of a loaded model.
struct ModelFacts {
  std::filesystem::path file;
  Json card;
  double threshold = 0;
  std::int64_t parameters = 0;
};

/// Answers to the newest query, by the number of the photo.
using FoundMatches = std::vector<std::pair<std::size_t, PhotoMatch>>;

/// Where the model looked in the open photo, and the drawings that it was asked for.
struct AttentionAnswer {
  std::filesystem::path photo;
  std::shared_ptr<const AttentionMaps> maps;
  std::vector<Sketch> drawings;
  std::vector<int> rows;  ///< of the stack, one for each drawing
};

struct SearchProgress {
  enum class Kind { kIdle, kIndexing, kSearching } kind = Kind::kIdle;
  enum class Step { kNone, kReading, kDescribing, kLocating } step = Step::kNone;
  std::size_t done = 0, total = 0;  ///< photos
  std::size_t passed = 0;  ///< of those done: not looked at closely, as the region index sufficed
  std::filesystem::path photo;  ///< in hand
  bool paused = false;
  quint64 run = 0;                ///< another number for another job
  quint64 photos = 0, query = 0;  ///< what setPhotos and setQuery returned for what is being done
};

class SearchEngine : public QObject {
  Q_OBJECT

 public:
  /// What photos are known by may take this share of the computer's memory, within these bounds.
  static constexpr std::size_t kMemoryShare = 4;
  static constexpr std::size_t kLeastCache = std::size_t{256} << 20,
                               kMostCache = std::size_t{8} << 30;
  /// Boxes that are kept for the threshold slider: those from here up, at most kMostBoxes a photo.
  static constexpr double kLeastScore = 0.02;
  static constexpr std::size_t kMostBoxes = 40;

  /// What photos are known by takes `memory` bytes at most; 0: the usual share.
  explicit SearchEngine(QObject* parent = nullptr, std::size_t memory = 0);
  /// Waits for the step in hand, half a second at most for a usual photo.
  ~SearchEngine() override;

  /// Answers loaded() or loadFailed(); noticed(), too, where the device that was asked for cannot be had.
  void load(const std::filesystem::path& model, const LocalizerOptions& options);

  /// Other photos; returns their number in progressed(). Their numbers are the ones of
  /// PhotoModel::setPhotos. Answers for the photos before come no more; what is known of photos
  /// that stay is used.
  /// Of `folders`, which hold photos of them, catalogues are kept: what is described once is known
  /// at the next start, too, and in large folders only the most promising photos are looked at
  /// closely, besides those in sight.
  quint64 setPhotos(std::shared_ptr<const std::vector<std::filesystem::path>> photos,
                    std::vector<std::filesystem::path> folders = {});
  quint64 setPhotos(std::vector<std::filesystem::path> photos,
                    std::vector<std::filesystem::path> folders = {});
  /// An empty query only describes. Returns its number in progressed().
  quint64 setQuery(DrawnQuery query);
  /// Photos in sight go before others.
  void setVisible(std::vector<std::size_t> photos);
  /// The photo that is shown large; it goes before all others. With `attention`, attended() follows
  /// each query.
  void setOpen(std::optional<std::filesystem::path> photo, bool attention);
  /// The file is another now: look again.
  void forget(std::size_t photo);

  /// FeatureCache::chooseLimit() was called: the cache on the disk is fitted to it.
  void takeCacheLimit();

  /// Stops going through the folder; the open photo and what is in memory already still answer.
  void setPaused(bool paused);
  /// Gives up going through the folder until photos or query change; what was found stays.
  void cancel();

 Q_SIGNALS:
  void loaded(const inkling::ModelFacts& facts);
  void loadFailed(const QString& reason);
  /// The drawings cannot be looked for.
  void queryFailed(const QString& reason);
  void found(const inkling::FoundMatches& matches);
  void photoFailed(std::size_t photo, const QString& reason);
  void attended(const inkling::AttentionAnswer& answer);
  void progressed(const inkling::SearchProgress& progress);
  /// Something about a catalogue or the cache that a person should know; the search goes on.
  void noticed(const QString& text);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

}  // namespace inkling
