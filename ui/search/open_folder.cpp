#include "ui/search/open_folder.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/search/catalogue_place.h"
#include "core/search/catalogue_update.h"
#include "core/search/photo_indexer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How soon to ask whether something is ready, and how soon whether another process has finished.
constexpr milliseconds kSoon{50}, kRetry{10'000};
// Photos described since, after which the index is looked after again.
constexpr std::int64_t kMaintainEvery = 1000;
// In the search thread, so many photos at most are read from the catalogue where there is no index
// yet: a second or two.
constexpr std::size_t kRankedWithoutIndex = 20'000;

std::string prefixOf(const fs::path& folder) {
  std::string prefix = folder.native();
  while (prefix.ends_with('/')) prefix.pop_back();
  return prefix + '/';
}

template <typename T>
bool isReady(const std::future<T>& future) {
  return future.valid() && future.wait_for(milliseconds(0)) == std::future_status::ready;
}

}  // namespace

OpenFolder::OpenFolder(fs::path path, const KnowingModel& model)
    : path_(std::move(path)), prefix_(prefixOf(path_)), model_(model) {
  learn();
  compare();
}

OpenFolder::~OpenFolder() { token_.cancel(); }

void OpenFolder::notify(const std::string& text) {
  if (!text.empty() && told_.insert(text).second) notice_ = text;
}

// In the background ------------------------------------------------------------------------------

// Another process may hold the catalogue, or the disk may be read-only: then it is only read.
OpenFolder::Compared OpenFolder::openForIndexing(const fs::path& folder) {
  Compared result;
  try {
    result.catalogue = Catalogue::forIndexing(cataloguePlace(folder), folder);
    if (const auto& aside = result.catalogue->setAside())
      result.notice = fmt::format(
          "{}: the catalogue of this folder was damaged; it is now {}, and a new one is made",
          displayName(folder), displayName(aside->filename()));
  } catch (const Error& error) {
    try {
      const auto existing = existingCatalogue(folder);
      // That another process indexes the folder is no trouble: what it has done can be read.
      result.held = existing && !Catalogue::forReading(*existing).birth().empty();
    } catch (const Error&) {
      // Searched without one, then.
    }
    if (!result.held) result.notice = error.what();
  }
  return result;
}

OpenFolder::Compared OpenFolder::compareWithDisk(std::optional<Catalogue> catalogue,
                                                 const fs::path& folder,
                                                 const CancellationToken& token) {
  stepBackForWindow();
  Compared now;
  now.catalogue = std::move(catalogue);
  try {
    if (!now.catalogue) now = openForIndexing(folder);
    if (now.catalogue) updateCatalogue(*now.catalogue, token);
  } catch (const Cancelled&) {
  } catch (const std::exception& error) {
    now.notice = error.what();
  }
  return now;
}

OpenFolder::Learned OpenFolder::learnFrom(const fs::path& folder, const std::string& identity,
                                          const CancellationToken& token) {
  stepBackForWindow();
  Learned learned;
  try {
    const auto existing = existingCatalogue(folder);
    if (!existing) return learned;
    learned.catalogue = Catalogue::forReading(*existing);
    learned.catalogue->forEachPhoto([&](const PhotoEntry& entry) {
      token.check();
      if (entry.state == PhotoState::described && entry.describedWith == identity)
        learned.known.insert(entry.path.native());
    });
  } catch (const std::exception&) {
    // A damaged one is dealt with by the comparison.
    learned = {};
  }
  return learned;
}

bool OpenFolder::buildIndex(const fs::path& file, const RegionSetup& setup,
                            const CancellationToken& token) {
  stepBackForWindow();
  try {
    const Catalogue catalogue = Catalogue::forReading(file);
    RegionLibrary(catalogue, setup).refresh(token);
    return true;
  } catch (const std::exception&) {
    return false;  // the search goes on with what it has in memory
  }
}

// Taking over ------------------------------------------------------------------------------------

void OpenFolder::compare() {
  if (comparing_.valid()) {
    compareAgain_ = true;
    return;
  }
  retry_.reset();
  comparing_ = std::async(std::launch::async, [catalogue = std::exchange(catalogue_, std::nullopt),
                                               path = path_, token = token_]() mutable {
    return compareWithDisk(std::move(catalogue), path, token);
  });
}

void OpenFolder::learn() {
  if (learning_.valid()) {
    learnAgain_ = true;
    return;
  }
  since_.clear();
  learning_ =
      std::async(std::launch::async, [path = path_, identity = model_.setup.identity,
                                      token = token_] { return learnFrom(path, identity, token); });
}

void OpenFolder::maintain() {
  maintainNext_ = false;
  if (maintaining_.valid() || !reader_) return;
  sinceMaintained_ = 0;
  maintaining_ =
      std::async(std::launch::async, [file = reader_->file(), setup = model_.setup,
                                      token = token_] { return buildIndex(file, setup, token); });
}

bool OpenFolder::poll(PhotoDescriber& describer) {
  bool news = false;
  if (isReady(comparing_)) takeCompared(describer);
  if (isReady(learning_)) {
    takeLearned();
    news = true;
  }
  if (isReady(maintaining_)) {
    maintained_ = maintaining_.get() || maintained_;
    search_.reset();  // the index file may have been replaced
    // Photos that could not be put in an order before may have an index now.
    news = news || !ranked_;
  }
  if (retry_ && Clock::now() >= *retry_) compare();
  return news;
}

std::optional<milliseconds> OpenFolder::nextPoll() const {
  if (comparing_.valid() || learning_.valid() || maintaining_.valid()) return kSoon;
  if (!retry_) return std::nullopt;
  const auto left = std::chrono::ceil<milliseconds>(*retry_ - Clock::now());
  return std::clamp(left, milliseconds(1), kRetry);
}

void OpenFolder::takeCompared(PhotoDescriber& describer) {
  Compared result = comparing_.get();
  catalogue_ = std::move(result.catalogue);
  notify(result.notice);
  if (result.held) retry_ = Clock::now() + kRetry;
  if (std::exchange(compareAgain_, false)) return compare();
  try {
    if (catalogue_) queueOutdated(*catalogue_, describer);
  } catch (const Error& error) {
    notify(error.what());
    catalogue_.reset();
  }
  maintainNext_ = true;
  learn();
}

void OpenFolder::takeLearned() {
  Learned learned = learning_.get();
  search_.reset();  // before the catalogue that it reads
  reader_ = std::move(learned.catalogue);
  known_ = std::move(learned.known);
  known_.insert(since_.begin(), since_.end());
  learned_ = true;
  if (std::exchange(learnAgain_, false)) return learn();
  if (maintainNext_) maintain();
}

// Photos -----------------------------------------------------------------------------------------

std::optional<ContentHash> OpenFolder::contentOf(const fs::path& photo) const {
  if (!reader_ || !knows(photo)) return std::nullopt;
  const auto entry = reader_->photo(below(photo));
  if (!entry || !isUnchanged(*entry, photo)) return std::nullopt;
  return entry->hash;
}

void OpenFolder::forget(const fs::path& photo) {
  known_.erase(below(photo));
  std::erase(since_, below(photo));
}

void OpenFolder::describe(const fs::path& photo, PhotoDescriber& describer) {
  if (!catalogue_) return;
  const std::string path = below(photo);
  try {
    if (!describePhoto(*catalogue_, describer, path)) return;
    const auto entry = catalogue_->photo(fs::path(path));
    if (!entry || entry->state != PhotoState::described) return;
  } catch (const DamagedDatabase&) {
    catalogue_.reset();  // looked at more closely when the folder is opened the next time
    throw;
  }
  known_.insert(path);
  if (learning_.valid()) since_.push_back(path);
  if (!reader_) learn();
  if (++sinceMaintained_ >= kMaintainEvery) maintain();
}

std::vector<OpenFolder::Candidate> OpenFolder::rank(const SketchQuery& query, std::int64_t limit,
                                                    const CancellationToken& quit) {
  ranked_ = false;
  std::vector<Candidate> best;
  if (!reader_ || (!maintained_ && known_.size() > kRankedWithoutIndex)) return best;
  try {
    if (!search_) {
      RegionSetup setup = model_.setup;
      // What is not in the index stays in memory rather than hold up answers by building one.
      setup.tailLimit = std::numeric_limits<std::int64_t>::max();
      search_ =
          std::make_unique<PhotoSearch>(*reader_, model_.localizer, nullptr, std::move(setup));
    }
    search_->refresh(quit);
    for (const PhotoSearch::Candidate& candidate : search_->rank(query, limit)) {
      if (const auto entry = reader_->photo(candidate.photo); entry && !entry->gone)
        best.push_back({fs::path(prefix_ + entry->path.native()), candidate.estimate});
    }
    ranked_ = true;
  } catch (const Error&) {
    best.clear();  // its photos are looked at in the usual order
  }
  return best;
}

}  // namespace inkling
