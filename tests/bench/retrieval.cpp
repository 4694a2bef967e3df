// How well photos are put in order by a drawing: every sketch class of a data set against all its
// photos, by mean average precision, for Inkling's ways and two that they are compared with, and
// how much of a full search the two-stage search keeps.
//
//   build/bench/retrieval --annotations coco/val.json --photos coco/val
//                         --sketches quickdraw/val.ndjson.gz [--per-class 1] [--model FILE]
//
// Prints one table. Intervals (95 %) are over classes. A class counts if a photo shows it.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <numeric>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/evaluation/bootstrap.h"
#include "core/evaluation/coco_dataset.h"
#include "core/evaluation/ranking.h"
#include "core/image/photo_reader.h"
#include "core/inference/feature_codec.h"
#include "core/inference/localizer.h"
#include "core/nn/model_file.h"
#include "core/nn/runtime.h"
#include "core/training/sketch_set.h"
#include "core/training/sketch_trainer.h"
#include "tests/bench/haar_search.h"

namespace inkling::bench {
namespace {

struct Arguments {
  std::string annotations, photos, sketches;
  std::string model = "resources/models/inkling-s.safetensors";
  int perClass = 1;
  std::uint64_t seed = 14;
};

constexpr std::size_t kTop = 20;
constexpr std::size_t kReranked[] = {20, 30, 50, 100};

struct IndexedPhoto {
  HaarSignature haar;
  PhotoFeatures features;
  PhotoRegions regions;
  std::vector<float> vectors;
  Tensor whole, parts;  // unit vectors of trunk tokens: [width] mean of all, [P, width] by region
};

struct DrawnQuery {
  std::string word;
  bool unseen = false;
  Sketch sketch;
  std::vector<bool> relevant;  // by photo
};

// What every way says of each photo, bigger is better.
using Scores = std::vector<double>;

Tensor unit(const Tensor& values) { return values / values.norm(2, {-1}, true).clamp_min(1e-6); }

class Measurement {
 public:
  explicit Measurement(const Arguments& arguments)
      : arguments_(arguments),
        dataset_(readCocoDataset(arguments.annotations)),
        localizer_(Localizer::load(arguments.model)),
        model_(readModel(arguments.model)) {}

  void run() {
    describePhotos();
    chooseQueries();
    for (std::size_t i = 0; i < queries_.size(); ++i) {
      std::fprintf(stderr, "\rdrawing %zu of %zu", i + 1, queries_.size());
      measure(queries_[i]);
    }
    std::fprintf(stderr, "\n");
    print();
  }

 private:
  void describePhotos() {
    for (std::size_t i = 0; i < dataset_.photos.size(); ++i) {
      std::fprintf(stderr, "\rphoto %zu of %zu", i + 1, dataset_.photos.size());
      const Image image =
          readPhoto(std::filesystem::path(arguments_.photos) / dataset_.photos[i].file);
      IndexedPhoto photo;
      photo.haar = haarSignature(image);
      photo.features = localizer_.describe(image);
      photo.regions = localizer_.regions(photo.features);
      photo.vectors = localizer_.indexVectors(photo.regions);
      const std::string bytes = encodeFeatures(photo.features);
      const TensorFile tensors =
          decodeSafetensors(std::as_bytes(std::span(bytes)), dataset_.photos[i].file);
      photo.whole = unit(tensors.tensors.at("tokens")[0].to(at::kFloat).mean(0));
      photo.parts = unit(tensors.tensors.at("regions.tokens")[0].to(at::kFloat));
      photos_.push_back(std::move(photo));
    }
    std::fprintf(stderr, "\n");
  }

  void chooseQueries() {
    const SketchSet set = readSketchSet(arguments_.sketches);
    Random random(arguments_.seed);
    for (const Category& category : dataset_.categories) {
      const std::int64_t word =
          category.sketchWord.empty() ? -1 : set.wordIndex(category.sketchWord);
      if (word < 0) continue;
      DrawnQuery query{category.sketchWord, category.unseen, {}, relevanceOf(category.id)};
      if (std::ranges::none_of(query.relevant, std::identity())) continue;
      for (int i = 0; i < arguments_.perClass; ++i) {
        query.sketch = set.sketches[random.pick(set.byWord[static_cast<std::size_t>(word)])];
        queries_.push_back(query);
      }
    }
  }

  std::vector<bool> relevanceOf(int category) const {
    std::vector<bool> relevant(dataset_.photos.size());
    for (std::size_t i = 0; i < relevant.size(); ++i) {
      relevant[i] = std::ranges::any_of(dataset_.annotationsOf(i), [&](std::size_t index) {
        const Annotation& annotation = dataset_.annotations[index];
        return annotation.categoryId == category && !annotation.crowd;
      });
    }
    return relevant;
  }

  void measure(const DrawnQuery& query) {
    const std::vector<WeightedSketch> wanted = {{query.sketch, 1}};
    const SketchQuery understood = localizer_.understand(wanted);
    const RegionQuery asked = localizer_.regionQuery(understood);
    const Scores full = scoresOf(
        [&](const IndexedPhoto& p) { return localizer_.locate(understood, p.features).score; });
    const Scores estimates = estimatesOf(asked);
    const HaarSignature haar = haarSignature(haarQueryPicture(query.sketch));
    const Tensor drawn = drawnFeatures(query.sketch);
    note("Haar wavelets (digiKam's method)", query,
         scoresOf([&](const IndexedPhoto& p) { return haarScore(haar, p.haar); }));
    note("trunk cosine, whole photo", query,
         scoresOf([&](const IndexedPhoto& p) { return at::dot(p.whole, drawn).item<double>(); }));
    note("trunk cosine, best region", query, scoresOf([&](const IndexedPhoto& p) {
           return at::matmul(p.parts, drawn).max().item<double>();
         }));
    note("region index alone", query,
         scoresOf([&](const IndexedPhoto& p) { return bestProduct(p.vectors, asked.probes()); }));
    note("stage one (index and records)", query, estimates);
    note("two stages, 50 looked at closely", query, reranked(estimates, full, 50));
    note("full pass", query, full);
    for (const std::size_t count : kReranked)
      recall_[count].push_back(recallOf(estimates, full, count));
  }

  template <typename F>
  Scores scoresOf(F&& score) const {
    Scores scores;
    for (const IndexedPhoto& photo : photos_) scores.push_back(score(photo));
    return scores;
  }

  Scores estimatesOf(const RegionQuery& asked) const {
    std::vector<PhotoRegions> regions;
    for (const IndexedPhoto& photo : photos_) regions.push_back(photo.regions);
    return localizer_.estimate(asked, regions);
  }

  Tensor drawnFeatures(const Sketch& sketch) const {
    const at::NoGradGuard noGrad;
    return unit(
        model_.trunk->describeDrawings(rasterBatch({&sketch}, model_.config.sketch.size)))[0];
  }

  double bestProduct(const std::vector<float>& vectors, std::span<const float> probes) const {
    const auto width = static_cast<std::size_t>(localizer_.indexDimension());
    double best = -1e9;
    for (std::size_t row = 0; row < vectors.size(); row += width) {
      for (std::size_t probe = 0; probe < probes.size(); probe += width) {
        best = std::max(
            best, std::inner_product(&vectors[row], &vectors[row] + width, &probes[probe], 0.0));
      }
    }
    return best;
  }

  static std::vector<std::size_t> bestFirst(const Scores& scores) {
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order,
                             [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    return order;
  }

  // The first `count` of stage one by the scores of the full pass, the others behind them.
  static Scores reranked(const Scores& first, const Scores& full, std::size_t count) {
    Scores scores(first.size());
    const std::vector<std::size_t> order = bestFirst(first);
    for (std::size_t i = 0; i < order.size(); ++i)
      scores[order[i]] = i < count ? 1 + full[order[i]] : first[order[i]];
    return scores;
  }

  static double recallOf(const Scores& first, const Scores& full, std::size_t count) {
    const std::vector<std::size_t> candidates = bestFirst(first), truth = bestFirst(full);
    const auto end =
        candidates.begin() + static_cast<std::ptrdiff_t>(std::min(count, candidates.size()));
    double found = 0;
    for (std::size_t i = 0; i < std::min(kTop, truth.size()); ++i)
      found += std::find(candidates.begin(), end, truth[i]) != end ? 1 : 0;
    return found / static_cast<double>(std::min(kTop, truth.size()));
  }

  void note(const std::string& way, const DrawnQuery& query, const Scores& scores) {
    if (!precisions_.contains(way)) ways_.push_back(way);
    std::vector<bool> relevance;
    for (const std::size_t photo : bestFirst(scores)) relevance.push_back(query.relevant[photo]);
    precisions_[way].push_back(averagePrecision(relevance));
  }

  std::string figure(const std::vector<double>& values, const std::function<bool(bool)>& counts) {
    std::vector<double> kept;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (counts(queries_[i].unseen)) kept.push_back(values[i]);
    if (kept.empty()) return "-";
    std::vector<double> means;
    for (const auto& weights : bootstrapCounts(kept.size(), 1000, arguments_.seed)) {
      means.push_back(std::inner_product(kept.begin(), kept.end(), weights.begin(), 0.0) /
                      static_cast<double>(kept.size()));
    }
    return fmt::format(
        "{:.3f} [{:.3f}, {:.3f}]",
        std::accumulate(kept.begin(), kept.end(), 0.0) / static_cast<double>(kept.size()),
        *quantileOf(means, 0.025), *quantileOf(means, 0.975));
  }

  void print() {
    fmt::print("{} drawings against {} photos, mean average precision\n\n", queries_.size(),
               photos_.size());
    fmt::print("{:34}  {:22}  {:22}  {:22}\n", "", "all", "seen", "unseen");
    for (const std::string& way : ways_) {
      const std::vector<double>& values = precisions_.at(way);
      fmt::print("{:34}  {:22}  {:22}  {:22}\n", way, figure(values, [](bool) { return true; }),
                 figure(values, [](bool unseen) { return !unseen; }),
                 figure(values, [](bool unseen) { return unseen; }));
    }
    fmt::print("\nof the full pass's best {}, stage one has among its first\n", kTop);
    for (const auto& [count, values] : recall_)
      fmt::print("{:>6}  {}\n", count, figure(values, [](bool) { return true; }));
  }

  const Arguments& arguments_;
  CocoDataset dataset_;
  Localizer localizer_;
  Model model_;
  std::vector<IndexedPhoto> photos_;
  std::vector<DrawnQuery> queries_;
  std::vector<std::string> ways_;
  std::map<std::string, std::vector<double>> precisions_;
  std::map<std::size_t, std::vector<double>> recall_;
};

}  // namespace
}  // namespace inkling::bench

int main(int count, char** values) {
  inkling::bench::Arguments arguments;
  CLI::App app("How well photos are put in order by a drawing");
  app.add_option("--annotations", arguments.annotations, "COCO JSON")->required();
  app.add_option("--photos", arguments.photos, "Their folder")->required();
  app.add_option("--sketches", arguments.sketches, "QuickDraw .ndjson or .ndjson.gz")->required();
  app.add_option("--model", arguments.model, "Model file")->capture_default_str();
  app.add_option("--per-class", arguments.perClass, "Drawings of each class")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", arguments.seed, "Of the choice of drawings")->capture_default_str();
  CLI11_PARSE(app, count, values);
  try {
    inkling::bench::Measurement(arguments).run();
  } catch (const inkling::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
