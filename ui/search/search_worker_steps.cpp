// What the search thread does between two looks at the wishes; see search_worker.h.
#include <algorithm>

#include "core/base/error.h"
#include "core/base/file_stamp.h"
#include "core/image/photo_reader.h"
#include "ui/search/search_worker.h"

namespace inkling {

namespace fs = std::filesystem;

namespace {

// Pairs that are answered between two looks at the wishes: a tenth of a second.
constexpr std::size_t kBatch = 4;

}  // namespace

bool SearchWorker::step() { return answerOpen() || answerKnown() || describeNext(); }

bool SearchWorker::answerOpen() {
  if (!open_ || (marks_[*open_] & kFailed) != 0) return false;
  const fs::path& path = (*now_.photos)[*open_];
  const bool unanswered = !query_.empty() && (marks_[*open_] & kAnswered) == 0;
  const bool unattended = !query_.empty() && now_.attention &&
                          (attendedQuery_ != now_.queries || attendedPhoto_ != path);
  if (!unanswered && !unattended && (marks_[*open_] & kDescribed) != 0) return false;
  std::optional<PhotoFeatures> features = featuresOf(*open_);
  if (!features) features = describe(*open_);
  if (!features) return true;
  try {
    if (unanswered) answer(*open_, *features, localizer_->locate(query_, *features));
    if (unattended) attend(path, *features);
    if ((marks_[*open_] & kDescribed) == 0) ++described_;
    marks_[*open_] |= kDescribed;
  } catch (const Error& error) {
    fail(*open_, error.what());
  }
  return true;
}

bool SearchWorker::answerKnown() {
  std::vector<Known> batch;
  std::vector<PhotoFeatures> features;
  std::vector<Known> held;
  while (!known_.empty() && batch.size() < kBatch) {
    const Known known = known_.front();
    known_.pop_front();
    const bool twice =
        std::ranges::any_of(batch, [&](const Known& other) { return other.photo == known.photo; });
    if (twice || (marks_[known.photo] & (kAnswered | kFailed)) != 0) continue;
    if (now_.paused && !cache_.contains((*now_.photos)[known.photo])) {
      held.push_back(known);
      continue;
    }
    auto found = featuresOfKnown(known.photo, known.ranked);
    if (!found) continue;
    batch.push_back(known);
    features.push_back(std::move(*found));
  }
  known_.insert(known_.begin(), held.begin(), held.end());
  if (batch.empty()) return false;
  tell(SearchProgress::Step::kLocating, (*now_.photos)[batch.front().photo]);
  std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
  for (const PhotoFeatures& photo : features) pairs.emplace_back(&query_, &photo);
  try {
    const std::vector<Detections> found = localizer_->locate(pairs);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      answer(batch[i].photo, features[i], found[i]);
      if (batch[i].ranked) countLooked(found[i]);
    }
  } catch (const Error& error) {
    for (const Known& known : batch) fail(known.photo, error.what());
  }
  return true;
}

// A ranked photo is worth a look even where the cache has let it go.
std::optional<PhotoFeatures> SearchWorker::featuresOfKnown(std::size_t photo, bool ranked) {
  std::optional<PhotoFeatures> features = featuresOf(photo);
  if (!features && ranked) features = describe(photo);
  return features;
}

void SearchWorker::countLooked(const Detections& found) {
  const bool match = !found.boxes.empty() && found.boxes.front().score >= localizer_->threshold();
  ++looked_;
  without_ = match ? 0 : without_ + 1;
  const SearchOptions usual;
  if (looked_ >= usual.closest && without_ >= usual.patience) passOver();
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

// Photos that were described while their catalogue could not be written.
bool SearchWorker::keepNext() {
  if (!catalogues_ || now_.paused || now_.cancelled) return false;
  for (; keepCursor_ < marks_.size(); ++keepCursor_) {
    const bool open = (marks_[keepCursor_] & (kDescribed | kKept | kFailed)) == kDescribed;
    if (!open || !catalogues_->canKeep((*now_.photos)[keepCursor_])) continue;
    marks_[keepCursor_] |= kKept;
    catalogues_->keep((*now_.photos)[keepCursor_++]);
    return true;
  }
  return false;
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
  if (now_.paused || now_.cancelled || (catalogues_ && catalogues_->isLearning())) return {};
  for (const std::size_t photo : now_.visible) {
    if (photo < marks_.size() && !isDone(photo)) return photo;
  }
  while (cursor_ < marks_.size() && (isDone(cursor_) || (marks_[cursor_] & kPassed) != 0))
    ++cursor_;
  if (cursor_ >= marks_.size()) return {};
  // Looking ahead without a query is of no use when it pushes out what is known already.
  const bool kept = catalogues_ && catalogues_->canKeep((*now_.photos)[cursor_]);
  if (query_.empty() && cache_.isFull() && !kept) return {};
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
      const ReducedPhoto read = readPhotoReduced(path, localizer_->readSide());
      tell(SearchProgress::Step::kDescribing, path);
      features = localizer_->describe(read.image, read.full);
    }
    if (stamp) cache_.keep(path, *stamp, features);
    if ((marks_[photo] & kDescribed) == 0) ++described_;
    marks_[photo] |= kDescribed;
    if (catalogues_ && catalogues_->knows(path)) marks_[photo] |= kKept;
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
  if ((marks_[photo] & kPassed) != 0) --passed_;
  marks_[photo] = static_cast<std::uint8_t>((marks_[photo] | kFailed) & ~kPassed);
  listener_.photoFailed(now_.photosRun, photo, reason);
}

void SearchWorker::tell(SearchProgress::Step step, const fs::path& photo) {
  SearchProgress progress;
  progress.step = step;
  progress.photo = photo;
  progress.total = marks_.size();
  progress.done =
      std::min(marks_.size(), failed_ + (query_.empty() ? described_ : answered_ + passed_));
  progress.passed = passed_;
  progress.paused = now_.paused;
  progress.run = progressRun_;
  progress.photos = now_.photosRun;
  progress.query = now_.queries;
  const bool learning = catalogues_ && catalogues_->isLearning();
  const bool waiting = step == SearchProgress::Step::kNone && !now_.paused && !learning;
  if (!waiting && localizer_) {
    progress.kind =
        query_.empty() ? SearchProgress::Kind::kIndexing : SearchProgress::Kind::kSearching;
  }
  listener_.progressed(progress);
}

}  // namespace inkling
