// inkling index: the catalogues of folders, made and kept up to date.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/console.h"
#include "app/exit_status.h"
#include "app/folder_indexing.h"
#include "app/index_merge.h"
#include "app/index_team.h"
#include "app/options.h"
#include "app/terminal_progress.h"
#include "core/base/path.h"
#include "core/search/catalogue_place.h"
#include "core/search/folder_watcher.h"
#include "core/search/photo_search.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct IndexCommandOptions {
  SharedOptions shared;
  std::vector<std::string> folders;
  std::string catalogue, shard = "1/1";
  bool watch = false, retryFailed = false;
  std::optional<std::uint64_t> cacheBytes;
};

// The cache at its usual place, with the limit that is given now or was given before.
FeatureCache openCache(const std::optional<std::uint64_t>& limit) {
  if (limit) FeatureCache::chooseLimit(FeatureCache::defaultFile(), *limit);
  return FeatureCache::openDefault();
}

// Model, cache and what is told while they work.
class Describing {
 public:
  explicit Describing(const IndexCommandOptions& options)
      : quiet_(options.shared.quiet),
        localizer_(loadLocalizer(options.shared)),
        cache_(openCache(options.cacheBytes)),
        describer_(localizer_, modelFile(options.shared), regionRecord(localizer_), &cache_),
        setup_(regionSetup(localizer_, modelFile(options.shared))) {}

  bool update(FolderIndexing& folder, const CancellationToken& token) {
    TerminalProgress progress(quiet_);
    return folder.update(token, progress.callback());
  }
  // `interrupt` cancels `token`, too.
  bool describe(FolderIndexing& folder, const CancellationToken& token,
                const CancellationToken& interrupt, const IndexOptions& options) {
    TerminalProgress progress(quiet_);
    const auto show = [&](const ProgressUpdate& update) {
      if (interrupt.cancelled()) token.cancel();
      tellTrouble();
      progress.show(update);
    };
    const bool finished = folder.describe(describer_, token, show, options);
    tellTrouble();
    return finished;
  }
  // With the other processes of a team.
  bool describe(FolderIndexing& folder, Team& team, const CancellationToken& token,
                bool retryFailed) {
    TerminalProgress progress(quiet_);
    const bool finished = folder.describe([&](Catalogue& catalogue) {
      return leadIndexing(team, catalogue, describer_, token, progress.callback(), retryFailed);
    });
    tellTrouble();
    return finished;
  }
  void follow(Team& team, const std::function<Catalogue()>& open) {
    followIndexing(team, open, describer_);
    tellTrouble();
  }
  // The region index; false when cancelled.
  bool build(FolderIndexing& folder, bool whenDue, const CancellationToken& token) {
    TerminalProgress progress(quiet_);
    return folder.buildIndex(setup_, whenDue, token, progress.callback());
  }

 private:
  void tellTrouble() {
    const std::string trouble = cache_.takeTrouble();
    if (!trouble.empty()) complain(trouble);
  }

  bool quiet_;
  Localizer localizer_;
  FeatureCache cache_;
  ModelDescriber describer_;
  const RegionSetup setup_;
};

// Folders in which something has happened, told by their watchers. What is described meanwhile is
// paused, so that a new photo need not wait for all the others.
class Changes {
 public:
  void add(std::size_t folder) {
    const std::lock_guard lock(mutex_);
    if (std::find(changed_.begin(), changed_.end(), folder) == changed_.end())
      changed_.push_back(folder);
    pause_.cancel();
    came_.notify_one();
  }
  // The next one; none if there is none in that time.
  std::optional<std::size_t> next(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, time, [this] { return !changed_.empty(); })) return {};
    const std::size_t folder = changed_.front();
    changed_.erase(changed_.begin());
    return folder;
  }
  // Cancelled by the next change.
  CancellationToken pause() {
    const std::lock_guard lock(mutex_);
    if (changed_.empty()) pause_ = CancellationToken();
    return pause_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::size_t> changed_;
  CancellationToken pause_;
};

// How often the interrupt is looked at.
constexpr std::chrono::milliseconds kLook{100};
// A photo that is just being written fails at first; that is not worth a word.
constexpr std::chrono::seconds kSettled{2};
constexpr std::chrono::seconds kRetryAfter{1}, kRetryAtLeastEvery{60};

// A folder while it is watched.
struct WatchedFolder {
  WatchedFolder(FolderIndexing& folder, bool withFailed)
      : indexing(folder), retryFailed(withFailed) {}

  FolderIndexing& indexing;
  bool retryFailed;
  bool waiting = false;                    // photos may wait to be described
  bool first = true;                       // nothing was said of it yet
  std::string trouble;                     // the last that was told
  std::optional<Clock::time_point> retry;  // when to try again after trouble
  std::chrono::seconds retryAfter = kRetryAfter;
  std::optional<Clock::time_point> described;  // failures of then are not told yet
};

class Watch {
 public:
  Watch(std::vector<FolderIndexing>& folders, Describing& describing, bool retryFailed,
        const CancellationToken& interrupt)
      : describing_(describing), interrupt_(interrupt) {
    for (FolderIndexing& folder : folders) folders_.emplace_back(folder, retryFailed);
  }

  // Until the interrupt.
  void run() {
    std::vector<std::unique_ptr<FolderWatcher>> watchers;
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      watchers.push_back(std::make_unique<FolderWatcher>(folders_[i].indexing.folder(),
                                                         [this, i] { changes_.add(i); }));
    }
    while (!interrupt_.cancelled()) {
      const bool busy =
          std::any_of(folders_.begin(), folders_.end(),
                      [](const WatchedFolder& folder) { return folder.waiting && !folder.retry; });
      if (const auto changed = changes_.next(busy ? std::chrono::milliseconds(0) : kLook)) {
        attempt(folders_[*changed], [&](WatchedFolder& folder) { update(folder); });
      } else {
        for (WatchedFolder& folder : folders_) {
          attempt(folder, [&](WatchedFolder& each) { goOn(each); });
        }
      }
    }
    for (WatchedFolder& folder : folders_) {
      if (folder.described) folder.indexing.tellFailures();
    }
  }

 private:
  // Folders may vanish at any time, and come back.
  template <typename Work>
  void attempt(WatchedFolder& folder, Work&& work) {
    try {
      work(folder);
    } catch (const DamagedDatabase&) {
      folder.indexing.repair();
      folder.retry = Clock::now();
    } catch (const InputError& error) {
      if (folder.trouble != error.what()) complain(error.what());
      folder.trouble = error.what();
      folder.retry = Clock::now() + folder.retryAfter;
      folder.retryAfter = std::min(2 * folder.retryAfter, kRetryAtLeastEvery);
    }
  }

  void update(WatchedFolder& folder) {
    folder.retry.reset();
    if (folder.indexing.isGone()) folder.indexing.reopen();
    describing_.update(folder.indexing, interrupt_);
    folder.trouble.clear();
    folder.retryAfter = kRetryAfter;
    folder.waiting = true;
  }

  void goOn(WatchedFolder& folder) {
    if (folder.retry && Clock::now() >= *folder.retry) return update(folder);
    if (folder.waiting && !folder.retry) return describe(folder);
    if (folder.described && Clock::now() - *folder.described > kSettled) {
      folder.described.reset();
      folder.indexing.tellFailures();
    }
  }

  void describe(WatchedFolder& folder) {
    const IndexOptions options{std::exchange(folder.retryFailed, false), {}};
    const bool finished =
        describing_.describe(folder.indexing, changes_.pause(), interrupt_, options);
    if (!finished && !interrupt_.cancelled()) return;
    folder.waiting = false;
    if (finished) describing_.build(folder.indexing, true, interrupt_);
    folder.described = Clock::now();
    if (folder.first || folder.indexing.hasNews()) printResult(folder.indexing.summary());
    folder.first = false;
  }

  Describing& describing_;
  const CancellationToken& interrupt_;
  std::vector<WatchedFolder> folders_;
  Changes changes_;
};

class IndexCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand(
        "index", "Look at all photos of a folder once, so that searching it is fast");
    app->add_option("folders", options_.folders, "Folders of photos; what is below them counts")
        ->type_name("FOLDER");
    app->add_option(
           "--catalogue", options_.catalogue,
           "Where the catalogue is kept (default: .inkling/ in the folder, else the data folder)")
        ->type_name("FILE");
    app->add_flag("--watch", options_.watch, "Stay, and take in photos that come, change and go");
    app->add_flag("--retry-failed", options_.retryFailed,
                  "Try photos again that could not be read before");
    app->add_option("--shard", options_.shard,
                    "Only describe part I of N, to be joined by \"inkling index merge\"")
        ->type_name("I/N");
    // The first is asked last: a negative number would come out as a giant one.
    CLI::Validator units = CLI::AsSizeValue(/*kb_is_1000=*/false);
    const CLI::Validator noSign(
        [](const std::string& text) {
          return std::string(text.starts_with('-') ? "a size is not negative" : "");
        },
        "");
    app->add_option("--cache-size", options_.cacheBytes,
                    "Disk space for what the model saw, as 500M (default: 20G or half of what is "
                    "free); 0: none")
        ->type_name("SIZE")
        ->transform(units.description(""))
        ->transform(noSign);
    addBatchOption(*app, options_.shared);
    addSharedOptions(*app, options_.shared);
    merge_ = declareIndexMerge(*app, merged_);
    return app;
  }

  int run(const CancellationToken& interrupt) override {
    if (merge_->parsed()) return mergeCatalogues(merged_, interrupt);
    if (options_.folders.empty()) throw UsageError("name a FOLDER of photos");
    shard_ = Shard::parse(options_.shard);
    if (options_.watch && !shard_.isWhole())
      throw UsageError("--watch looks after whole folders: leave out --shard");
    if (!options_.catalogue.empty() && options_.folders.size() > 1)
      fail<UsageError>("--catalogue: each folder has a catalogue of its own; name one folder");
    if (const std::unique_ptr<Team> team = Team::join()) team->leave(runInTeam(*team, interrupt));
    // What can go wrong without having looked at a photo goes wrong first.
    bool someFailed = false;
    std::vector<FolderIndexing> folders = openFolders(someFailed);
    if (folders.empty()) return kSomeFailed;
    Describing describing(options_);
    if (options_.watch) {
      Watch(folders, describing, options_.retryFailed, interrupt).run();
      throw Cancelled();
    }
    for (FolderIndexing& folder : folders) {
      try {
        const bool finished = index(folder, describing, interrupt);
        folder.tellFailures();
        printResult(folder.summary());
        if (!finished) throw Cancelled();
        someFailed = someFailed || folder.hasFailed();
      } catch (const InputError& error) {
        complain(error.what());
        someFailed = true;
      }
    }
    return someFailed ? kSomeFailed : kDone;
  }

 private:
  // One of several processes, which look at the photos of one folder together.
  int runInTeam(Team& team, const CancellationToken& interrupt) {
    if (options_.folders.size() > 1 || options_.watch || !shard_.isWhole())
      throw UsageError("several processes index one folder: without --watch and --shard");
    options_.shared.threads = team.threads(options_.shared.threads);
    const fs::path folder = options_.folders.front();
    if (!team.leads()) {
      Describing(options_).follow(team, [&] {
        const fs::path file =
            options_.catalogue.empty() ? cataloguePlace(folder) : fs::path(options_.catalogue);
        return Catalogue::forReading(file, canonicalFolder(folder));
      });
      return kDone;
    }
    FolderIndexing indexing(folder, options_.catalogue, options_.shared.quiet);
    Describing describing(options_);
    const bool finished = describing.update(indexing, interrupt) &&
                          describing.describe(indexing, team, interrupt, options_.retryFailed) &&
                          describing.build(indexing, false, interrupt);
    indexing.tellFailures();
    printResult(indexing.summary());
    if (!finished) throw Cancelled();
    return indexing.hasFailed() ? kSomeFailed : kDone;
  }

  std::vector<FolderIndexing> openFolders(bool& someFailed) const {
    std::vector<FolderIndexing> folders;
    for (const std::string& folder : options_.folders) {
      try {
        const fs::path canonical = canonicalFolder(folder);
        const bool twice =
            std::any_of(folders.begin(), folders.end(),
                        [&](const FolderIndexing& other) { return other.folder() == canonical; });
        if (!twice) folders.emplace_back(folder, options_.catalogue, options_.shared.quiet);
      } catch (const InputError& error) {
        complain(error.what());
        someFailed = true;
      }
    }
    return folders;
  }

  // False when interrupted. Throws InputError if the folder cannot be listed. The region index is
  // built of the whole alone.
  bool index(FolderIndexing& folder, Describing& describing, const CancellationToken& interrupt) {
    constexpr int kAttempts = 3;
    for (int attempt = 1;; ++attempt) {
      try {
        return describing.update(folder, interrupt) &&
               describing.describe(folder, interrupt, interrupt,
                                   {options_.retryFailed, photosOf(shard_)}) &&
               (!shard_.isWhole() || describing.build(folder, false, interrupt));
      } catch (const DamagedDatabase&) {
        folder.repair();
      } catch (const InputError&) {
        // A folder below may vanish while it is listed.
        if (attempt == kAttempts) throw;
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
      }
    }
  }

  IndexCommandOptions options_;
  Shard shard_;
  IndexMergeOptions merged_;
  CLI::App* merge_ = nullptr;
};

}  // namespace

std::unique_ptr<Command> makeIndexCommand() { return std::make_unique<IndexCommand>(); }

}  // namespace inkling
