#include "ui/search/search_worker.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/base/background_thread.h"
#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"

namespace inkling {

namespace fs = std::filesystem;

namespace {

// Pairs that are answered between two looks at the wishes: a tenth of a second.
constexpr std::size_t kBatch = 4;
// Up to so many known photos are all looked at closely; of more, those that the region index finds.
constexpr std::size_t kAllOf = 300;
// How often it is asked whether the catalogues are ready.
constexpr std::chrono::milliseconds kPoll{50};

}  // namespace

SearchWorker::SearchWorker(SearchListener& listener, std::size_t cacheBytes)
    : listener_(listener),
      cacheBytes_(cacheBytes),
      cache_(cacheBytes),
      thread_([this] { run(); }) {}

SearchWorker::~SearchWorker() {
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
    const auto called = [this] { return wishes_.quit || hasNews(); };
    std::unique_lock lock(mutex_);
    if (catalogues_ && catalogues_->isBusy()) {
      changed_.wait_for(lock, kPoll, called);
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
    queueKnown();
  }
  if (const std::string notice = catalogues_->takeNotice(); !notice.empty())
    listener_.noticed(notice);
}

// Every wish makes one of the numbers grow. With mutex_ held.
bool SearchWorker::hasNews() const {
  return wishes_.looks != now_.looks || wishes_.queries != now_.queries ||
         wishes_.photosRun != now_.photosRun || wishes_.models != now_.models;
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
  now_ = std::move(wanted);
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
  }
  return true;
}

void SearchWorker::load() {
  query_ = {};
  cache_ = DescribedPhotos(cacheBytes_);  // features belong to the model that made them
  catalogues_.reset();
  localizer_.reset();
  std::fill(marks_.begin(), marks_.end(), std::uint8_t{0});
  described_ = answered_ = passed_ = failed_ = cursor_ = 0;
  try {
    localizer_ = Localizer::load(now_.model, {now_.threads});
    if (localizer_->hasIndex()) {
      catalogues_.emplace(*localizer_, now_.model);
      catalogues_->open(now_.folders);
    }
    listener_.loaded(
        {now_.model, localizer_->card(), localizer_->threshold(), localizer_->parameterCount()});
  } catch (const std::exception& error) {
    listener_.loadFailed(error.what());
  }
}

void SearchWorker::takePhotos() {
  marks_.assign(now_.photos->size(), 0);
  numbers_.clear();
  described_ = answered_ = passed_ = failed_ = cursor_ = 0;
  if (catalogues_) catalogues_->open(now_.folders);
  takeKnown();
}

// In memory, or in a catalogue.
bool SearchWorker::isKnown(std::size_t photo) const {
  const fs::path& path = (*now_.photos)[photo];
  return cache_.contains(path) || (catalogues_ && catalogues_->knows(path));
}

void SearchWorker::takeKnown() {
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if ((marks_[i] & kDescribed) != 0 || !isKnown(i)) continue;
    marks_[i] |= kDescribed;
    ++described_;
  }
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
  ranked_ = false;
  if (query_.empty()) return;
  std::vector<std::size_t> queued;
  const auto wanted = [&](std::size_t i) {
    return i < marks_.size() && (marks_[i] & (kAnswered | kFailed)) == 0 && isKnown(i);
  };
  std::ranges::copy_if(now_.visible, std::back_inserter(queued), wanted);
  if (catalogues_ && described_ > kAllOf) {
    queueBest(queued);
  } else {
    const std::vector<std::size_t> first = queued;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      if ((marks_[i] & kDescribed) != 0 && wanted(i) && std::ranges::find(first, i) == first.end())
        queued.push_back(i);
    }
  }
  known_.assign(queued.begin(), queued.end());
}

// What the region index finds, behind what is queued already; known photos that it does not find
// are passed over.
void SearchWorker::queueBest(std::vector<std::size_t>& queued) {
  if (numbers_.empty()) {
    for (std::size_t i = 0; i < marks_.size(); ++i) numbers_.emplace((*now_.photos)[i].native(), i);
  }
  const std::vector<fs::path> best = catalogues_->rank(query_, SearchOptions().most);
  if (best.empty()) return;
  ranked_ = true;
  looked_ = without_ = 0;
  std::vector<bool> taken(marks_.size());
  for (const std::size_t photo : queued) taken[photo] = true;
  for (const fs::path& path : best) {
    const auto number = numbers_.find(path.native());
    if (number == numbers_.end() || taken[number->second] ||
        (marks_[number->second] & (kAnswered | kFailed)) != 0)
      continue;
    taken[number->second] = true;
    queued.push_back(number->second);
  }
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const bool open = (marks_[i] & (kAnswered | kFailed | kPassed)) == 0;
    if (taken[i] || !open || (marks_[i] & kDescribed) == 0 ||
        !catalogues_->knows((*now_.photos)[i]))
      continue;
    marks_[i] |= kPassed;
    ++passed_;
  }
}

// Nothing more is to be expected of the photos that are still queued.
void SearchWorker::passOver() {
  for (const std::size_t photo : known_) {
    if ((marks_[photo] & (kAnswered | kFailed | kPassed)) != 0) continue;
    marks_[photo] |= kPassed;
    ++passed_;
  }
  known_.clear();
}

void SearchWorker::forget(const std::vector<std::size_t>& photos) {
  for (const std::size_t photo : photos) {
    if (photo >= marks_.size()) continue;
    cache_.drop((*now_.photos)[photo]);
    described_ -= (marks_[photo] & kDescribed) != 0 ? 1 : 0;
    answered_ -= (marks_[photo] & kAnswered) != 0 ? 1 : 0;
    failed_ -= (marks_[photo] & kFailed) != 0 ? 1 : 0;
    passed_ -= (marks_[photo] & kPassed) != 0 ? 1 : 0;
    marks_[photo] = 0;
    cursor_ = std::min(cursor_, photo);
    if (attendedPhoto_ == (*now_.photos)[photo]) attendedPhoto_.clear();
  }
}

// Steps ----------------------------------------------------------------------------------------

bool SearchWorker::step() { return answerOpen() || answerKnown() || describeNext(); }

bool SearchWorker::answerOpen() {
  if (!open_ || (marks_[*open_] & kFailed) != 0) return false;
  const fs::path& path = (*now_.photos)[*open_];
  const bool unanswered = !query_.empty() && (marks_[*open_] & kAnswered) == 0;
  const bool unattended = !query_.empty() && now_.attention &&
                          (attendedQuery_ != now_.queries || attendedPhoto_ != path);
  std::optional<PhotoFeatures> features = featuresOf(*open_);
  if (features && !unanswered && !unattended) return false;
  if (!features && (features = describe(*open_))) {
    if (query_.empty()) return true;
  }
  if (!features) return true;
  try {
    if (unanswered) answer(*open_, *features, localizer_->locate(query_, *features));
    if (unattended) attend(path, *features);
  } catch (const Error& error) {
    fail(*open_, error.what());
  }
  return true;
}

bool SearchWorker::answerKnown() {
  std::vector<std::size_t> numbers;
  std::vector<PhotoFeatures> features;
  while (!known_.empty() && numbers.size() < kBatch) {
    const std::size_t photo = known_.front();
    known_.pop_front();
    if ((marks_[photo] & (kAnswered | kFailed)) != 0) continue;
    auto known = featuresOf(photo);
    // The cache has let it go; the photo is still worth a look.
    if (!known && ranked_) known = describe(photo);
    if (!known) continue;
    numbers.push_back(photo);
    features.push_back(std::move(*known));
  }
  if (numbers.empty()) return false;
  tell(SearchProgress::Step::kLocating, (*now_.photos)[numbers.front()]);
  std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
  for (const PhotoFeatures& photo : features) pairs.emplace_back(&query_, &photo);
  try {
    const std::vector<Detections> found = localizer_->locate(pairs);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      answer(numbers[i], features[i], found[i]);
      const bool match =
          !found[i].boxes.empty() && found[i].boxes.front().score >= localizer_->threshold();
      ++looked_;
      without_ = match ? 0 : without_ + 1;
    }
    const SearchOptions usual;
    if (ranked_ && looked_ >= usual.closest && without_ >= usual.patience) passOver();
  } catch (const Error& error) {
    for (const std::size_t photo : numbers) fail(photo, error.what());
  }
  return true;
}

bool SearchWorker::describeNext() {
  const std::optional<std::size_t> photo = nextToDescribe();
  if (!photo) return false;
  // Described for an earlier query, and still there: only to be answered.
  std::optional<PhotoFeatures> features;
  if (!query_.empty()) features = featuresOf(*photo);
  if (!features) features = describe(*photo);
  if (!features || query_.empty()) return true;
  try {
    tell(SearchProgress::Step::kLocating, (*now_.photos)[*photo]);
    answer(*photo, *features, localizer_->locate(query_, *features));
  } catch (const Error& error) {
    fail(*photo, error.what());
  }
  return true;
}

bool SearchWorker::isDone(std::size_t photo) const {
  return (marks_[photo] & (kFailed | (query_.empty() ? kDescribed : kAnswered))) != 0;
}

// From memory, else from the cache on the disk.
std::optional<PhotoFeatures> SearchWorker::featuresOf(std::size_t photo) {
  const fs::path& path = (*now_.photos)[photo];
  std::optional<PhotoFeatures> features = cache_.find(path);
  if (features || !catalogues_) return features;
  const std::optional<FileStamp> stamp = stampOf(path);
  features = catalogues_->find(path);
  if (features && stamp) cache_.keep(path, *stamp, *features);
  return features;
}

std::optional<std::size_t> SearchWorker::nextToDescribe() {
  if (now_.paused || now_.cancelled) return {};
  // Looking ahead without a query is of no use when it pushes out what is known already.
  if (query_.empty() && cache_.isFull() && !catalogues_) return {};
  for (const std::size_t photo : now_.visible) {
    if (photo < marks_.size() && !isDone(photo)) return photo;
  }
  while (cursor_ < marks_.size() && (isDone(cursor_) || (marks_[cursor_] & kPassed) != 0))
    ++cursor_;
  if (cursor_ >= marks_.size()) return {};
  return cursor_;
}

std::optional<PhotoFeatures> SearchWorker::describe(std::size_t photo) {
  const fs::path& path = (*now_.photos)[photo];
  try {
    tell(SearchProgress::Step::kReading, path);
    const std::optional<FileStamp> stamp = stampOf(path);
    PhotoFeatures features;
    if (catalogues_) {
      tell(SearchProgress::Step::kDescribing, path);
      features = catalogues_->describe(path);
    } else {
      // At full size, as the command line reads it; only what is larger than a photo may be is
      // reduced.
      const ReducedPhoto read = readPhotoReduced(path, std::numeric_limits<int>::max());
      tell(SearchProgress::Step::kDescribing, path);
      features = localizer_->describe(read.image, read.full);
    }
    if (stamp) cache_.keep(path, *stamp, features);
    if ((marks_[photo] & kDescribed) == 0) ++described_;
    marks_[photo] |= kDescribed;
    return features;
  } catch (const Error& error) {
    fail(photo, error.what());
    return {};
  }
}

void SearchWorker::answer(std::size_t photo, const PhotoFeatures& features,
                          const Detections& found) {
  PhotoMatch match;
  match.photo = features.photo();
  match.score = static_cast<float>(found.score);
  for (const ScoredBox& box : found.boxes) {
    if (box.score < SearchEngine::kLeastScore || match.boxes.size() == SearchEngine::kMostBoxes)
      break;
    match.boxes.push_back(box);
  }
  if ((marks_[photo] & kAnswered) == 0) ++answered_;
  if ((marks_[photo] & kPassed) != 0) --passed_;
  marks_[photo] = static_cast<std::uint8_t>((marks_[photo] | kAnswered) & ~kPassed);
  FoundMatches matches;
  matches.emplace_back(photo, std::move(match));
  listener_.found(now_.photosRun, now_.queries, std::move(matches));
}

void SearchWorker::attend(const fs::path& path, const PhotoFeatures& features) {
  AttentionAnswer answer;
  answer.photo = path;
  answer.maps = std::make_shared<AttentionMaps>(localizer_->attend(query_, features));
  for (const WeightedSketch& wanted : now_.query.wanted) answer.drawings.push_back(wanted.sketch);
  answer.rows = now_.query.wantedRows;
  attendedQuery_ = now_.queries;
  attendedPhoto_ = path;
  listener_.attended(now_.queries, answer);
}

void SearchWorker::fail(std::size_t photo, const std::string& reason) {
  if ((marks_[photo] & kFailed) == 0) ++failed_;
  marks_[photo] |= kFailed;
  listener_.photoFailed(now_.photosRun, photo, reason);
}

void SearchWorker::tell(SearchProgress::Step step, const fs::path& photo) {
  SearchProgress progress;
  progress.step = step;
  progress.photo = photo;
  progress.total = marks_.size();
  progress.done =
      std::min(marks_.size(), failed_ + (query_.empty() ? described_ : answered_ + passed_));
  progress.paused = now_.paused;
  progress.run = progressRun_;
  progress.photos = now_.photosRun;
  progress.query = now_.queries;
  const bool waiting = step == SearchProgress::Step::kNone && !now_.paused;
  if (!waiting && localizer_) {
    progress.kind =
        query_.empty() ? SearchProgress::Kind::kIndexing : SearchProgress::Kind::kSearching;
  }
  listener_.progressed(progress);
}

}  // namespace inkling
