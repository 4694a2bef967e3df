#include "ui/search/search_engine.h"

#include <QMetaObject>
#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

#include <unistd.h>

#include "ui/search/search_worker.h"

namespace inkling {

// Brings what the thread says into the window's thread. Many answers that come while the window is
// busy arrive as one signal; answers to questions that were replaced meanwhile do not arrive at
// all.
class SearchEngine::Worker : public SearchListener {
 public:
  Worker(SearchEngine& engine, std::size_t memory)
      : engine_(engine), worker_(*this, memory > 0 ? memory : usualMemory()) {}

  template <typename F>
  void wish(F&& change) {
    worker_.wish(std::forward<F>(change));
  }

  quint64 photosRun = 0, queries = 0;  // of the window's thread

  void loaded(const ModelFacts& facts) override {
    post([this, facts] { Q_EMIT engine_.loaded(facts); });
  }
  void loadFailed(const std::string& reason) override {
    post([this, text = QString::fromStdString(reason)] { Q_EMIT engine_.loadFailed(text); });
  }
  void queryFailed(quint64 query, const std::string& reason) override {
    post([this, query, text = QString::fromStdString(reason)] {
      if (query == queries) Q_EMIT engine_.queryFailed(text);
    });
  }
  void photoFailed(quint64 run, std::size_t photo, const std::string& reason) override {
    post([this, run, photo, text = QString::fromStdString(reason)] {
      if (run == photosRun) Q_EMIT engine_.photoFailed(photo, text);
    });
  }
  void noticed(const std::string& text) override {
    post([this, shown = QString::fromStdString(text)] { Q_EMIT engine_.noticed(shown); });
  }
  void attended(quint64 query, const AttentionAnswer& answer) override {
    post([this, query, answer] {
      if (query == queries) Q_EMIT engine_.attended(answer);
    });
  }
  void found(quint64 run, quint64 query, FoundMatches matches) override {
    const std::lock_guard lock(mutex_);
    if (run != foundRun_ || query != foundQuery_) found_.clear();
    foundRun_ = run;
    foundQuery_ = query;
    std::move(matches.begin(), matches.end(), std::back_inserter(found_));
    postDelivery();
  }
  void progressed(const SearchProgress& progress) override {
    const std::lock_guard lock(mutex_);
    progress_ = progress;
    postDelivery();
  }

 private:
  template <typename F>
  void post(F&& work) {
    QMetaObject::invokeMethod(&engine_, std::forward<F>(work), Qt::QueuedConnection);
  }
  // With mutex_ held.
  void postDelivery() {
    if (!std::exchange(posted_, true)) post([this] { deliver(); });
  }
  void deliver() {
    FoundMatches matches;
    std::optional<SearchProgress> progress;
    quint64 run = 0, query = 0;
    {
      const std::lock_guard lock(mutex_);
      posted_ = false;
      matches = std::exchange(found_, {});
      progress = std::exchange(progress_, {});
      run = foundRun_;
      query = foundQuery_;
    }
    if (!matches.empty() && run == photosRun && query == queries) Q_EMIT engine_.found(matches);
    if (progress) Q_EMIT engine_.progressed(*progress);
  }

  static std::size_t usualMemory() {
    const auto pages = static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PHYS_PAGES)));
    const auto page = static_cast<std::size_t>(std::max(0L, ::sysconf(_SC_PAGESIZE)));
    return std::clamp(pages * page / kMemoryShare, kLeastCache, kMostCache);
  }

  SearchEngine& engine_;
  std::mutex mutex_;
  FoundMatches found_;
  quint64 foundRun_ = 0, foundQuery_ = 0;
  std::optional<SearchProgress> progress_;
  bool posted_ = false;
  SearchWorker worker_;  // last, so that it ends before what it uses
};

SearchEngine::SearchEngine(QObject* parent, std::size_t memory)
    : QObject(parent), worker_(std::make_unique<Worker>(*this, memory)) {}

SearchEngine::~SearchEngine() = default;

void SearchEngine::load(const std::filesystem::path& model, const LocalizerOptions& options) {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.models;
    wishes.model = model;
    wishes.localizer = options;
  });
}

quint64 SearchEngine::setPhotos(std::vector<std::filesystem::path> photos,
                                std::vector<std::filesystem::path> folders) {
  return setPhotos(std::make_shared<const std::vector<std::filesystem::path>>(std::move(photos)),
                   std::move(folders));
}

quint64 SearchEngine::setPhotos(std::shared_ptr<const std::vector<std::filesystem::path>> photos,
                                std::vector<std::filesystem::path> folders) {
  const quint64 run = ++worker_->photosRun;
  worker_->wish([&](SearchWishes& wishes) {
    wishes.photosRun = run;
    wishes.photos = std::move(photos);
    wishes.folders = std::move(folders);
    wishes.visible.clear();
    wishes.forgotten.clear();
    wishes.cancelled = false;
  });
  return run;
}

quint64 SearchEngine::setQuery(DrawnQuery query) {
  const quint64 number = ++worker_->queries;
  worker_->wish([&](SearchWishes& wishes) {
    wishes.queries = number;
    wishes.query = std::move(query);
    wishes.cancelled = false;
  });
  return number;
}

void SearchEngine::setVisible(std::vector<std::size_t> photos) {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.looks;
    wishes.visible = std::move(photos);
  });
}

void SearchEngine::setOpen(std::optional<std::filesystem::path> photo, bool attention) {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.looks;
    wishes.open = std::move(photo);
    wishes.attention = attention;
  });
}

void SearchEngine::forget(std::size_t photo) {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.looks;
    wishes.forgotten.push_back(photo);
  });
}

void SearchEngine::takeCacheLimit() {
  worker_->wish([](SearchWishes& wishes) { ++wishes.cacheLimits; });
}

void SearchEngine::setPaused(bool paused) {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.looks;
    wishes.paused = paused;
  });
}

void SearchEngine::cancel() {
  worker_->wish([&](SearchWishes& wishes) {
    ++wishes.looks;
    wishes.cancelled = true;
  });
}

}  // namespace inkling
