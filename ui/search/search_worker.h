// The thread behind SearchEngine. The window writes wishes; the thread does one small step after
// another and looks at the wishes between them. Internal to ui/search.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>

#include "ui/search/described_photos.h"
#include "ui/search/folder_catalogues.h"
#include "ui/search/search_engine.h"

namespace inkling {

using SharedPaths = std::shared_ptr<const std::vector<std::filesystem::path>>;

/// What the window wants. Numbers that grow tell a new wish from one that is known.
struct SearchWishes {
  bool quit = false, paused = false, cancelled = false, attention = false;
  quint64 models = 0, photosRun = 0, queries = 0, looks = 0, cacheLimits = 0;
  std::filesystem::path model;
  LocalizerOptions localizer;
  SharedPaths photos = std::make_shared<std::vector<std::filesystem::path>>();
  std::vector<std::filesystem::path> folders;  ///< to keep catalogues of
  DrawnQuery query;
  std::vector<std::size_t> visible;
  std::optional<std::filesystem::path> open;
  std::vector<std::size_t> forgotten;
};

/// What the thread has to say; each is called on the thread.
class SearchListener {
 public:
  virtual ~SearchListener() = default;
  virtual void loaded(const ModelFacts& facts) = 0;
  virtual void loadFailed(const std::string& reason) = 0;
  virtual void queryFailed(quint64 query, const std::string& reason) = 0;
  virtual void found(quint64 photosRun, quint64 query, FoundMatches matches) = 0;
  virtual void photoFailed(quint64 photosRun, std::size_t photo, const std::string& reason) = 0;
  virtual void attended(quint64 query, const AttentionAnswer& answer) = 0;
  virtual void progressed(const SearchProgress& progress) = 0;
  virtual void noticed(const std::string& text) = 0;
};

class SearchWorker {
 public:
  /// `listener` outlives the worker.
  SearchWorker(SearchListener& listener, std::size_t cacheBytes);
  ~SearchWorker();

  /// Changes the wishes, and wakes the thread.
  template <typename F>
  void wish(F&& change) {
    {
      const std::lock_guard lock(mutex_);
      change(wishes_);
    }
    changed_.notify_one();
  }

 private:
  void run();
  bool hasNews() const;
  bool absorb();
  void load();
  void takePhotos();
  void takeKnown();
  void pollCatalogues();
  void takeQuery();
  void queueKnown();
  void forget(const std::vector<std::size_t>& photos);

  void queueVisible();
  void queueBest();
  void passOver();

  bool step();
  bool answerOpen();
  bool answerKnown();
  std::optional<PhotoFeatures> featuresOfKnown(std::size_t photo, bool ranked);
  void countLooked(const Detections& found);
  bool describeNext();
  bool keepNext();

  std::optional<PhotoFeatures> featuresOf(std::size_t photo);
  std::optional<std::size_t> nextToDescribe();
  bool isDone(std::size_t photo) const;
  std::optional<PhotoFeatures> describe(std::size_t photo);
  void answer(std::size_t photo, const PhotoFeatures& features, const Detections& found);
  void attend(const std::filesystem::path& path, const PhotoFeatures& features);
  void fail(std::size_t photo, const std::string& reason);
  void tell(SearchProgress::Step step, const std::filesystem::path& photo = {});

  SearchListener& listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  SearchWishes wishes_;  ///< guarded by mutex_

  // The rest belongs to the thread.
  /// kPassed: the region index says that a close look is of no use, unless the photo is in sight.
  /// kKept: a catalogue knows it, or was offered it.
  enum Mark : std::uint8_t { kDescribed = 1, kAnswered = 2, kFailed = 4, kPassed = 8, kKept = 16 };
  struct Known {
    std::size_t photo = 0;
    bool ranked = false;  ///< by the region index
  };
  SearchWishes now_;
  std::optional<Localizer> localizer_;
  std::size_t cacheBytes_;
  DescribedPhotos cache_;
  CancellationToken quit_;
  std::optional<FolderCatalogues> catalogues_;            ///< of localizer_, which has an index
  std::unordered_map<std::string, std::size_t> numbers_;  ///< of photos by path, made when needed
  std::int64_t looked_ = 0, without_ = 0;  ///< ranked photos looked at since they were ranked, and
                                           ///< of these the last ones in a row without a match
  SketchQuery query_;                      ///< empty: nothing is looked for
  std::vector<std::uint8_t> marks_;
  std::size_t described_ = 0, answered_ = 0, passed_ = 0, failed_ = 0, cursor_ = 0;
  std::size_t keepCursor_ = 0;
  std::deque<Known> known_;          ///< described before, to be answered
  std::optional<std::size_t> open_;  ///< number of the open photo
  quint64 attendedQuery_ = 0;        ///< the query of the last attention
  std::filesystem::path attendedPhoto_;
  quint64 progressRun_ = 0;

  std::jthread thread_;  // last, so that it ends before what it uses
};

}  // namespace inkling
