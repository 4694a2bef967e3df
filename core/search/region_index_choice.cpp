#include "core/search/region_index_choice.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/random.h"
#include "core/search/region_index_ivf.h"
#include "core/search/region_index_recall.h"

namespace inkling {
namespace {

using region_file::Code;

// Sample vectors in the order of their lists.
struct SortedSample {
  std::vector<std::uint32_t> listSizes, rows;
  std::vector<std::uint16_t> regions;
  std::vector<std::size_t> order;  // position -> vector of the sample
  std::vector<std::int64_t> photos;
};

SortedSample sortIntoLists(const PhotoSample& sample, const std::vector<std::int64_t>& lists,
                           std::size_t listCount) {
  SortedSample sorted;
  sorted.listSizes.resize(listCount);
  for (const std::int64_t list : lists) ++sorted.listSizes[static_cast<std::size_t>(list)];
  std::vector<std::size_t> next(listCount);
  for (std::size_t list = 1; list < listCount; ++list)
    next[list] = next[list - 1] + sorted.listSizes[list - 1];
  sorted.rows.resize(lists.size());
  sorted.regions.resize(lists.size());
  sorted.order.resize(lists.size());
  std::size_t vector = 0;
  for (const PhotoSample::Photo& photo : sample.photos()) {
    for (std::size_t region = 0; region < photo.vectors; ++region, ++vector) {
      const std::size_t at = next[static_cast<std::size_t>(lists[vector])]++;
      sorted.order[at] = vector;
      sorted.rows[at] = static_cast<std::uint32_t>(sorted.photos.size());
      sorted.regions[at] = static_cast<std::uint16_t>(region);
    }
    sorted.photos.push_back(photo.id);
  }
  return sorted;
}

std::vector<std::uint8_t> inOrder(const std::vector<std::uint8_t>& codes, std::size_t bytes,
                                  const std::vector<std::size_t>& order) {
  std::vector<std::uint8_t> out;
  out.reserve(codes.size());
  for (const std::size_t vector : order) {
    const auto code = codes.begin() + static_cast<std::ptrdiff_t>(vector * bytes);
    out.insert(out.end(), code, code + static_cast<std::ptrdiff_t>(bytes));
  }
  return out;
}

struct Format {
  Code code;
  int bytes;
};

// From 1 bit a value to 8, as far as the file does not grow too large.
std::vector<Format> formats(int width, std::int64_t vectors, std::uint64_t mostBytes) {
  std::vector<Format> all = {{Code::productQuantizer, width / 8},
                             {Code::productQuantizer, width / 4},
                             {Code::productQuantizer, width / 2},
                             {Code::scalarQuantizer, width}};
  constexpr int kOwnerBytes = 6;  // row and region
  const auto bytes = [&](const Format& format) {
    return static_cast<std::uint64_t>(vectors) *
           static_cast<std::uint64_t>(format.bytes + kOwnerBytes);
  };
  while (all.size() > 1 && bytes(all.back()) > mostBytes) all.pop_back();
  return all;
}

int paddedWidth(const PhotoSample& sample) {
  std::size_t vectors = 0;
  for (const PhotoSample::Photo& photo : sample.photos()) vectors += photo.vectors;
  return static_cast<int>(sample.vectors().size() / std::max<std::size_t>(vectors, 1));
}

// Leaves the code to take on, and the longer ones in case the whole collection asks for more.
void dropUnwanted(std::vector<CodeCandidate>& codes, double target) {
  constexpr double kNoBetter = 0.005;
  auto chosen = std::ranges::find_if(
      codes, [&](const CodeCandidate& candidate) { return candidate.recall >= target; });
  if (chosen == codes.end()) {
    const double best = std::ranges::max(codes, {}, &CodeCandidate::recall).recall;
    chosen = std::ranges::find_if(codes, [&](const CodeCandidate& candidate) {
      return candidate.recall >= best - kNoBetter;
    });
    codes.erase(chosen + 1, codes.end());
  }
  codes.erase(codes.begin(), chosen);
}

ExactAnswers exactAnswers(const PhotoSample& sample, const RegionIndexOptions& options, int width,
                          int top) {
  ExactAnswers answers(options.sampleQueries, options.dimension, top);
  std::vector<float> narrow;
  const float* at = sample.vectors().data();
  for (const PhotoSample::Photo& photo : sample.photos()) {
    narrow.clear();
    for (std::size_t i = 0; i < photo.vectors; ++i, at += width)
      narrow.insert(narrow.end(), at, at + options.dimension);
    answers.add(photo.id, narrow);
  }
  return answers;
}

}  // namespace

PhotoSample::PhotoSample(int dimension, int width, std::size_t maxVectors, std::uint64_t seed)
    : dimension_(static_cast<std::size_t>(dimension)),
      width_(static_cast<std::size_t>(width)),
      maxVectors_(maxVectors),
      seed_(seed) {
  vectors_.reserve((maxVectors_ + 1024) * width_);  // costs memory only as far as it is filled
}

// Every photo draws a ticket; those with low ones stay, and when there are too many, half as many
// tickets are low.
void PhotoSample::add(const RegionVectors& photo) {
  const std::uint64_t ticket = mixSeed(seed_, seen_++, 0x5eed);
  if (ticket > highestTicket_ || photo.values.empty()) return;
  const std::size_t count = photo.values.size() / dimension_;
  photos_.push_back({ticket, photo.photo, count});
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = photo.values.begin() + static_cast<std::ptrdiff_t>(i * dimension_);
    vectors_.insert(vectors_.end(), row, row + static_cast<std::ptrdiff_t>(dimension_));
    vectors_.resize(vectors_.size() + width_ - dimension_);
  }
  while (vectors_.size() / width_ > maxVectors_ && photos_.size() > 1) halve();
}

void PhotoSample::halve() {
  highestTicket_ /= 2;
  std::vector<Photo> kept;
  auto from = vectors_.begin(), to = vectors_.begin();
  for (const Photo& photo : photos_) {
    const auto size = static_cast<std::ptrdiff_t>(photo.vectors * width_);
    if (photo.ticket <= highestTicket_) {
      to = std::copy(from, from + size, to);
      kept.push_back(photo);
    }
    from += size;
  }
  vectors_.erase(to, vectors_.end());
  photos_ = std::move(kept);
}

int listsFor(std::int64_t vectors) {
  const double wanted = 2 * std::sqrt(static_cast<double>(vectors));
  const int power = static_cast<int>(std::lround(std::log2(wanted)));
  return 1 << std::clamp(power, 4, 14);
}

int mostListsVisited(int lists) { return std::max(8, lists / 8); }

TrainedLists trainLists(const PhotoSample& sample, const RegionIndexOptions& options,
                        std::int64_t photos, std::int64_t vectors, const CancellationToken& token) {
  const int width = paddedWidth(sample);
  const int lists = listsFor(vectors);
  TrainedLists trained;
  trained.centroids = trainCentroids(sample.vectors(), width, lists, options.seed, token);
  const auto assigned = NearestCentroid(trained.centroids, width).of(sample.vectors());
  const auto rest = residuals(sample.vectors(), assigned, trained.centroids, width);
  const SortedSample sorted = sortIntoLists(sample, assigned, static_cast<std::size_t>(lists));

  const double share = static_cast<double>(sample.photos().size()) /
                       static_cast<double>(std::max<std::int64_t>(photos, 1));
  const int top = std::max(std::min(5, options.recallTop),
                           static_cast<int>(std::lround(options.recallTop * share)));
  const int candidates = std::max(top, top * options.recallCandidates / options.recallTop);
  const ExactAnswers answers = exactAnswers(sample, options, width, top);

  bool reached = false;
  for (const Format& format : formats(width, vectors, options.mostBytes)) {
    token.check();
    CodeCandidate candidate{trainCode(format.code, format.bytes, rest, width, options.seed, token),
                            0};
    if (!reached) {
      const auto codes = inOrder(ResidualEncoder(candidate.code, width).encode(rest),
                                 static_cast<std::size_t>(format.bytes), sorted.order);
      const InvertedFileSearcher searcher(
          {format.code, options.dimension, width, format.bytes, trained.centroids,
           candidate.code.table},
          {sorted.listSizes, codes, sorted.rows, sorted.regions, sorted.photos}, 1);
      candidate.recall = smallestEffort(searcher, answers, candidates, options.targetRecall,
                                        mostListsVisited(lists))
                             .recall;
      reached = candidate.recall >= options.targetRecall;
    }
    trained.codes.push_back(std::move(candidate));
  }
  dropUnwanted(trained.codes, options.targetRecall);
  return trained;
}

}  // namespace inkling
