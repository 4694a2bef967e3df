#include "app/evaluation.h"

#include <algorithm>
#include <filesystem>

#include "app/console.h"
#include "app/terminal_progress.h"
#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Boxes are in pixels: a photo of another size would be scored against the wrong ones.
void checkSize(const DecodedPhoto& photo, const PhotoRecord& record) {
  const bool stated = record.width > 0 && record.height > 0;
  if (stated && photo.full != Size{record.width, record.height}) {
    fail<InputError>("{}: is {} x {} pixels, but {} x {} in the annotations",
                     displayName(photo.path), photo.full.width, photo.full.height, record.width,
                     record.height);
  }
}

}  // namespace

Evaluation::Evaluation(const EvaluationRequest& request, const CocoDataset& dataset,
                       const EvalSketches& sketches, const std::vector<Query>& queries,
                       const Localizer& localizer)
    : request_(request), dataset_(dataset), sketches_(sketches), localizer_(localizer) {
  for (const Query& query : queries) {
    const bool known = !photos_.empty() && photos_.back().front().photo == query.photo;
    if (!known && request.limit > 0 && photos_.size() == request.limit) break;
    if (!known) photos_.emplace_back();
    photos_.back().push_back(query);
  }
}

std::vector<std::int64_t> Evaluation::asked() const {
  std::vector<std::size_t> photos;
  for (const PhotoQueries& queries : photos_) photos.push_back(queries.front().photo);
  std::sort(photos.begin(), photos.end());
  std::vector<std::int64_t> ids;
  for (const std::size_t photo : photos) ids.push_back(dataset_.photos[photo].id);
  return ids;
}

fs::path Evaluation::fileOf(const PhotoQueries& queries) const {
  return fs::path(request_.photos) / dataset_.photos[queries.front().photo].file;
}

// By the content of the photos; what cannot be read is told by the part of its name.
std::vector<const Evaluation::PhotoQueries*> Evaluation::ofShard(
    const CancellationToken& interrupt) const {
  std::vector<const PhotoQueries*> chosen;
  TerminalProgress progress(request_.quiet);
  for (const PhotoQueries& queries : photos_) {
    if (interrupt.cancelled()) break;
    bool has = request_.shard.isWhole();
    if (!has) {
      const fs::path file = fileOf(queries);
      progress.show({"choosing photos", &queries - photos_.data(),
                     static_cast<std::int64_t>(photos_.size()), displayName(file.filename())});
      try {
        has = request_.shard.has(hashFile(file));
      } catch (const InputError&) {
        has = request_.shard.hasUnreadable(dataset_.photos[queries.front().photo].file);
      }
    }
    if (has) chosen.push_back(&queries);
  }
  return chosen;
}

Answers Evaluation::answerAll(const CancellationToken& interrupt) {
  const std::vector<const PhotoQueries*> photos = ofShard(interrupt);
  std::vector<fs::path> files;
  for (const PhotoQueries* queries : photos) files.push_back(fileOf(*queries));
  TerminalProgress progress(request_.quiet);
  PhotoQueue queue(std::move(files), localizer_.readSide());
  Answers answers = noAnswers();
  DecodedPhoto photo;
  for (std::size_t i = 0; !interrupt.cancelled() && queue.next(photo); ++i) {
    add(answer(photo, *photos[i]), *photos[i], answers);
    progress.show({"evaluating photos", static_cast<std::int64_t>(i + 1),
                   static_cast<std::int64_t>(photos.size()), displayName(photo.path.filename())});
  }
  return answers;
}

Answers Evaluation::noAnswers() const {
  Answers answers;
  answers.detections.resize(request_.variants.size());
  answers.photoScores.resize(request_.variants.size());
  answers.unreadable.resize(request_.variants.size());
  return answers;
}

Answers Evaluation::together(std::vector<std::optional<PhotoAnswers>> answers) const {
  Answers all = noAnswers();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i]) add(std::move(*answers[i]), photos_[i], all);
  }
  return all;
}

PhotoAnswers Evaluation::answer(const DecodedPhoto& photo, const PhotoQueries& queries) {
  PhotoAnswers answers;
  try {
    if (!photo.error.empty()) throw InputError(photo.error);
    checkSize(photo, dataset_.photos[queries.front().photo]);
    const PhotoFeatures features = localizer_.describe(photo.image, photo.full);
    for (const EvalVariant& variant : request_.variants) {
      auto& boxes = answers.detections.emplace_back();
      auto& scores = answers.scores.emplace_back();
      Found found = locateAll(features, queries, variant, answers.unreadable.emplace_back(0));
      for (Detections& each : found) {
        boxes.push_back(std::move(each.boxes));
        scores.push_back(each.score);
      }
    }
  } catch (const Error& error) {
    answers.error = error.what();
  }
  return answers;
}

void Evaluation::add(PhotoAnswers photo, const PhotoQueries& queries, Answers& answers) const {
  if (!photo.error.empty()) {
    answers.failed.push_back(dataset_.photos[queries.front().photo].id);
    complain(photo.error);
    return;
  }
  for (std::size_t v = 0; v < request_.variants.size(); ++v) {
    for (auto& boxes : photo.detections[v]) answers.detections[v].push_back(std::move(boxes));
    answers.photoScores[v].insert(answers.photoScores[v].end(), photo.scores[v].begin(),
                                  photo.scores[v].end());
    answers.unreadable[v] += photo.unreadable[v];
  }
  answers.queries.insert(answers.queries.end(), queries.begin(), queries.end());
}

Evaluation::Found Evaluation::locateAll(const PhotoFeatures& features,
                                        const std::vector<Query>& queries,
                                        const EvalVariant& variant, std::size_t& unreadable) {
  // Only queries of equally many sketches go into one batch.
  std::map<std::size_t, std::vector<std::size_t>> batches;
  std::vector<const SketchQuery*> asked;
  for (std::size_t i = 0; i < queries.size(); ++i) {
    asked.push_back(&understood(queries[i], variant));
    if (asked.back()->empty()) {
      ++unreadable;
    } else {
      batches[asked.back()->sketches()].push_back(i);
    }
  }
  Found found(queries.size());
  for (const auto& [size, members] : batches) {
    std::vector<std::pair<const SketchQuery*, const PhotoFeatures*>> pairs;
    for (const std::size_t i : members) pairs.emplace_back(asked[i], &features);
    std::vector<Detections> results = localizer_.locate(pairs);
    for (std::size_t k = 0; k < members.size(); ++k) found[members[k]] = std::move(results[k]);
  }
  return found;
}

const SketchQuery& Evaluation::understood(const Query& query, const EvalVariant& variant) {
  std::vector<std::size_t> drawings = query.sketches;
  drawings.resize(std::min(drawings.size(), variant.sketches));
  if (variant.unwanted)
    drawings.insert(drawings.end(), query.unwanted.begin(), query.unwanted.end());
  const auto [place, isNew] = understood_.try_emplace({variant.name, drawings});
  if (!isNew) return place->second;
  const std::vector<WeightedSketch> wanted = chosen(query.sketches, variant.sketches, variant);
  std::vector<WeightedSketch> unwanted;
  if (variant.unwanted) unwanted = chosen(query.unwanted, query.unwanted.size(), variant);
  if (!wanted.empty()) place->second = localizer_.understand(wanted, unwanted, variant.fusion);
  return place->second;
}

std::vector<WeightedSketch> Evaluation::chosen(const std::vector<std::size_t>& indices,
                                               std::size_t count,
                                               const EvalVariant& variant) const {
  std::vector<WeightedSketch> sketches;
  for (std::size_t i = 0; i < std::min(count, indices.size()); ++i) {
    try {
      sketches.push_back(
          {restyled(sketches_.sketches[indices[i]], variant.style, request_.seed + indices[i]), 1});
    } catch (const InputError&) {
      // Nothing to be read from this style: the figures will tell.
    }
  }
  return sketches;
}

}  // namespace inkling
