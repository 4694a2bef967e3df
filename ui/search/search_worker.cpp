#include "ui/search/search_worker.h"

#include <algorithm>
#include <chrono>
#include <iterator>

#include "core/base/background_thread.h"
#include "core/base/error.h"

namespace inkling {

namespace fs = std::filesystem;

namespace {

// Up to so many known photos are all looked at closely; of more, those that the region index finds.
constexpr std::size_t kAllOf = 300;

}  // namespace

SearchWorker::SearchWorker(SearchListener& listener, std::size_t cacheBytes)
    : listener_(listener),
      cacheBytes_(cacheBytes),
      cache_(cacheBytes),
      thread_([this] { run(); }) {}

SearchWorker::~SearchWorker() {
  quit_.cancel();
  wish([](SearchWishes& wishes) { wishes.quit = true; });
}

void SearchWorker::run() {
  // The tensor library's own threads are started from this one and step back with it.
  stepBackForWindow();
  while (absorb()) {
    pollCatalogues();
    while (localizer_ && step()) {
      if (!absorb()) return;
      pollCatalogues();
    }
    tell(SearchProgress::Step::kNone);
    if (keepNext()) continue;
    const auto soon = catalogues_ ? catalogues_->nextPoll() : std::nullopt;
    const auto called = [this] { return wishes_.quit || hasNews(); };
    std::unique_lock lock(mutex_);
    if (soon) {
      changed_.wait_for(lock, *soon, called);
    } else {
      changed_.wait(lock, called);
    }
  }
}

// Takes over what has become ready in the background.
void SearchWorker::pollCatalogues() {
  if (!catalogues_) return;
  if (catalogues_->poll()) {
    takeKnown();
    if (!now_.cancelled) queueKnown();
  }
  if (const std::string notice = catalogues_->takeNotice(); !notice.empty())
    listener_.noticed(notice);
}

// Every wish makes one of the numbers grow. With mutex_ held.
bool SearchWorker::hasNews() const {
  return wishes_.looks != now_.looks || wishes_.queries != now_.queries ||
         wishes_.photosRun != now_.photosRun || wishes_.models != now_.models ||
         wishes_.cacheLimits != now_.cacheLimits;
}

// Takes over what the window wants by now. False: it wants the end.
bool SearchWorker::absorb() {
  SearchWishes wanted;
  {
    const std::lock_guard lock(mutex_);
    if (wishes_.quit) return false;
    if (!hasNews()) return true;
    wanted = wishes_;
    wishes_.forgotten.clear();
  }
  const bool newModel = wanted.models != now_.models;
  const bool newPhotos = wanted.photosRun != now_.photosRun;
  const bool newQuery = wanted.queries != now_.queries;
  const bool newLook = wanted.looks != now_.looks || newPhotos;
  const bool newLimit = wanted.cacheLimits != now_.cacheLimits;
  now_ = std::move(wanted);
  if (newLimit && catalogues_) catalogues_->reopenCache();
  if (newModel) load();
  if (newPhotos) takePhotos();
  if (newLook) {
    open_.reset();
    const auto& photos = *now_.photos;
    const auto at = now_.open ? std::find(photos.begin(), photos.end(), *now_.open) : photos.end();
    if (at != photos.end()) open_ = static_cast<std::size_t>(at - photos.begin());
    forget(now_.forgotten);
  }
  if (newQuery || newModel) takeQuery();
  if (newModel || newPhotos || newQuery) {
    ++progressRun_;
    queueKnown();
  } else if (newLook) {
    now_.cancelled ? known_.clear() : queueVisible();
  }
  return true;
}

void SearchWorker::load() {
  query_ = {};
  cache_ = DescribedPhotos(cacheBytes_);  // features belong to the model that made them
  catalogues_.reset();
  localizer_.reset();
  std::fill(marks_.begin(), marks_.end(), std::uint8_t{0});
  described_ = answered_ = passed_ = failed_ = cursor_ = keepCursor_ = 0;
  try {
    localizer_ = Localizer::load(now_.model, now_.localizer);
    if (localizer_->hasIndex()) {
      catalogues_.emplace(*localizer_, now_.model, quit_);
      catalogues_->open(now_.folders);
    }
    listener_.loaded(
        {now_.model, localizer_->card(), localizer_->threshold(), localizer_->parameterCount()});
    if (!localizer_->deviceNote().empty()) listener_.noticed(localizer_->deviceNote());
  } catch (const std::exception& error) {
    catalogues_.reset();
    localizer_.reset();
    listener_.loadFailed(error.what());
  }
}

void SearchWorker::takePhotos() {
  marks_.assign(now_.photos->size(), 0);
  numbers_.clear();
  described_ = answered_ = passed_ = failed_ = cursor_ = keepCursor_ = 0;
  if (catalogues_) catalogues_->open(now_.folders);
  takeKnown();
}

// What a catalogue knew and knows no more has another content now.
void SearchWorker::takeKnown() {
  keepCursor_ = 0;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const fs::path& path = (*now_.photos)[i];
    std::uint8_t& mark = marks_[i];
    const bool kept = catalogues_ && catalogues_->knows(path);
    const bool known = kept || cache_.contains(path);
    if (known != ((mark & kDescribed) != 0) && (known || (mark & kKept) != 0)) {
      mark ^= kDescribed;
      known ? ++described_ : --described_;
    }
    mark = static_cast<std::uint8_t>(kept ? mark | kKept : mark & ~kKept);
  }
  cursor_ = 0;
}

void SearchWorker::takeQuery() {
  query_ = {};
  for (std::uint8_t& mark : marks_) mark &= static_cast<std::uint8_t>(~(kAnswered | kPassed));
  answered_ = passed_ = cursor_ = 0;
  if (!localizer_ || now_.query.empty()) return;
  try {
    query_ = localizer_->understand(now_.query.wanted, now_.query.unwanted);
  } catch (const Error& error) {
    listener_.queryFailed(now_.queries, error.what());
  }
}

// Photos that answer without being described, those in sight first, then the most promising.
void SearchWorker::queueKnown() {
  known_.clear();
  if (query_.empty()) return;
  if (catalogues_ && described_ > kAllOf) {
    queueBest();
  } else {
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if ((marks_[i] & kDescribed) != 0 && (marks_[i] & (kAnswered | kFailed)) == 0)
        known_.push_back({i, false});
    }
  }
  queueVisible();
}

// Before all others; they are skipped when their turn comes once more.
void SearchWorker::queueVisible() {
  if (query_.empty()) return;
  for (auto photo = now_.visible.rbegin(); photo != now_.visible.rend(); ++photo) {
    if (*photo < marks_.size() && (marks_[*photo] & kDescribed) != 0 &&
        (marks_[*photo] & (kAnswered | kFailed)) == 0)
      known_.push_front({*photo, false});
  }
}

// What the region index finds. Known photos that it has weighed and does not name are passed over,
// and those that were passed over for this query stay so.
void SearchWorker::queueBest() {
  if (numbers_.empty()) {
    for (std::size_t i = 0; i < marks_.size(); ++i) numbers_.emplace((*now_.photos)[i].native(), i);
  }
  looked_ = without_ = 0;
  std::vector<bool> taken(marks_.size());
  for (const fs::path& path : catalogues_->rank(query_, SearchOptions().most)) {
    const auto number = numbers_.find(path.native());
    if (number == numbers_.end()) continue;
    const std::size_t photo = number->second;
    if (taken[photo] || (marks_[photo] & (kAnswered | kFailed | kPassed)) != 0) continue;
    taken[photo] = true;
    known_.push_back({photo, true});
  }
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (taken[i] || (marks_[i] & (kAnswered | kFailed | kPassed)) != 0 ||
        (marks_[i] & kKept) == 0 || !catalogues_->isRanked((*now_.photos)[i]))
      continue;
    marks_[i] |= kPassed;
    ++passed_;
  }
}

// Nothing more is to be expected of the photos that the index put behind these.
void SearchWorker::passOver() {
  std::erase_if(known_, [this](const Known& known) {
    if (!known.ranked) return false;
    std::uint8_t& mark = marks_[known.photo];
    if ((mark & (kAnswered | kFailed | kPassed)) == 0) {
      mark |= kPassed;
      ++passed_;
    }
    return true;
  });
}

void SearchWorker::forget(const std::vector<std::size_t>& photos) {
  for (const std::size_t photo : photos) {
    if (photo >= marks_.size()) continue;
    cache_.drop((*now_.photos)[photo]);
    if (catalogues_) catalogues_->forget((*now_.photos)[photo]);
    described_ -= (marks_[photo] & kDescribed) != 0 ? 1 : 0;
    answered_ -= (marks_[photo] & kAnswered) != 0 ? 1 : 0;
    failed_ -= (marks_[photo] & kFailed) != 0 ? 1 : 0;
    passed_ -= (marks_[photo] & kPassed) != 0 ? 1 : 0;
    marks_[photo] = 0;
    cursor_ = std::min(cursor_, photo);
    if (attendedPhoto_ == (*now_.photos)[photo]) attendedPhoto_.clear();
  }
}

}  // namespace inkling
