#include "core/training/region_trainer.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/nn/mixed_precision.h"

namespace inkling {
namespace {

constexpr std::int64_t kRegionsPerScene = 64;
constexpr std::int64_t kFirstDrawings = 2000, kHeldDrawings = 200, kRecallAt = 20;

// Regions by their matching embedding, in half precision; words of -1 are not known.
struct RegionBank {
  Tensor embedding;   // [n, width]
  Tensor objectness;  // [n]
  std::vector<std::int64_t> words;

  std::int64_t size() const { return embedding.defined() ? embedding.size(0) : 0; }
};

class BankBuilder {
 public:
  explicit BankBuilder(const MatchHead& match) : match_(match) {}

  void add(const RegionFeatures& regions, const Tensor& votes, std::vector<std::int64_t> words) {
    embeddings_.push_back(match_.embedRegions(regions, votes)[0].to(at::kHalf));
    objectness_.push_back(regions.objectness[0]);
    words.resize(static_cast<std::size_t>(embeddings_.back().size(0)), -1);
    words_.insert(words_.end(), words.begin(), words.end());
  }
  RegionBank take() {
    if (embeddings_.empty()) return {};
    return {at::cat(embeddings_), at::cat(objectness_), std::move(words_)};
  }

 private:
  const MatchHead& match_;
  std::vector<Tensor> embeddings_, objectness_;
  std::vector<std::int64_t> words_;
};

struct Banks {
  RegionBank proposals, boxes, held;
};

Banks embedScenes(const MatchHead& match, const std::vector<PooledScene>& scenes,
                  const RunContext& context) {
  const at::NoGradGuard noGrad;
  BankBuilder proposals(match), boxes(match), held(match);
  Random random(mixSeed(context.seed, 91));
  for (const PooledScene& scene : scenes) {
    context.cancellation.check();
    const Tensor votes = votesOf(*scene.scene, match.members(), context.device);
    const auto placed = [&](const RegionFeatures& r) { return wideRegions(r.to(context.device)); };
    const Tensor valid = scene.proposals.valid[0].nonzero().squeeze(1);
    std::vector<std::int64_t> index(valid.data_ptr<std::int64_t>(),
                                    valid.data_ptr<std::int64_t>() + valid.numel());
    random.shuffle(index);
    index.resize(std::min<std::size_t>(index.size(), kRegionsPerScene));
    if (!index.empty()) {
      const Tensor rows = at::tensor(index, at::kLong);
      (scene.scene->held ? held : proposals)
          .add(placed(selectRegions(scene.proposals, rows)), votes, {});
    }
    if (!scene.scene->held && scene.objects.size() > 0)
      boxes.add(placed(scene.objects.features), votes, scene.objects.words);
  }
  return {proposals.take(), boxes.take(), held.take()};
}

// Drawings as the matching head sees them; a single drawing is fused with nothing.
QueryTensors drawingsOf(const SketchBank& bank, const MatchHead& match,
                        const std::vector<std::int64_t>& words, Random& random) {
  const at::NoGradGuard noGrad;
  const Tensor rows = bank.pick(words, random);
  QueryTensors query;
  query.embedding = match.embedSketches(bank.summaries(rows));
  query.words = at::softmax(bank.logits(rows), -1);
  return query;
}

// The part of the matching head's logits [regions, drawings] that depends on both.
Tensor pairLogits(const MatchHead& match, const Tensor& similarity, const Tensor& names,
                  const Tensor& words) {
  const Tensor& weights = match.weights();
  return weights[0] * similarity + weights[2] * at::log(at::matmul(names, words.t()) + 1e-5);
}

Tensor divergence(const Tensor& student, const Tensor& teacher, std::int64_t dim) {
  const Tensor target = at::log_softmax(widened(teacher), dim);
  const Tensor each = at::exp(target) * (target - at::log_softmax(widened(student), dim));
  return each.sum() / static_cast<double>(student.size(1 - dim));
}

// What the region embedding and the matching head say of the same regions and drawings.
struct Opinions {
  Tensor student, teacher;  // logits [regions, drawings]
};

Opinions compare(const RegionHead& head, const MatchHead& match, const Tensor& embedding,
                 const Tensor& objectness, const QueryTensors& drawings) {
  const Tensor sketch = head.sketchProjection().t();
  const Tensor prior =
      (match.weights()[1] * at::log(objectness.clamp_min(MatchHead::kLeastObjectness)))
          .unsqueeze(1);
  const Tensor wanted = match.trusted(drawings.embedding);
  const Tensor wordLogits = match.wordLogits(embedding);
  const Tensor spread = at::logsumexp(wordLogits, {1}, true);
  const Tensor teacher = prior + pairLogits(match, at::matmul(embedding, wanted.t()),
                                            at::exp(wordLogits - spread), drawings.words);
  const Tensor vectors = head.embedRegions(embedding);
  const Tensor words = at::matmul(match.trusted(match.words()), sketch);
  // Over 1 by an error of the projections: training is to see it, but not its exponential.
  const Tensor names = at::exp((at::matmul(vectors, words.t()) - spread).clamp_max(2));
  const Tensor similarity = at::matmul(vectors, at::matmul(wanted, sketch).t());
  return {prior + pairLogits(match, similarity, names, drawings.words), teacher.detach()};
}

// Random rows of a bank.
struct Sample {
  Tensor embedding, objectness;
  std::vector<std::int64_t> words;
};

Sample sampleOf(const RegionBank& bank, std::int64_t count, Random& random) {
  std::vector<std::int64_t> index;
  Sample sample;
  for (std::int64_t i = 0; i < count && bank.size() > 0; ++i) {
    index.push_back(random.below(static_cast<std::uint32_t>(bank.size())));
    sample.words.push_back(bank.words[static_cast<std::size_t>(index.back())]);
  }
  const Tensor rows = at::tensor(index, at::kLong).to(bank.embedding.device());
  sample.embedding = bank.embedding.index_select(0, rows).to(at::kFloat);
  sample.objectness = bank.objectness.index_select(0, rows);
  return sample;
}

class RegionTraining {
 public:
  RegionTraining(RegionHead& head, const MatchHead& match, const std::vector<PooledScene>& scenes,
                 const SketchBank& bank, std::int64_t vocabulary,
                 const RegionTrainerOptions& options, const RunContext& context)
      : head_(head),
        match_(match),
        bank_(bank),
        vocabulary_(vocabulary),
        options_(options),
        context_(context),
        banks_(embedScenes(match, scenes, context)) {
    if (banks_.proposals.size() == 0 || banks_.boxes.size() == 0)
      fail<InputError>("index: there are no boxes to train on");
    taught_.insert(banks_.boxes.words.begin(), banks_.boxes.words.end());
    std::erase_if(taught_, [&](std::int64_t word) { return !bank.has(word); });
  }

  void run() {
    begin();
    if (context_.log) context_.log->replace({"index_start", 0, judged()});
    StageRunner runner("index", head_, options_.stage, context_);
    runner.run([&](std::int64_t i) { return step(runner.seedFor(i)); }, [&] { return judged(); });
  }

 private:
  // The best projections for the directions of random drawings, each taken for one word.
  void begin() {
    const at::NoGradGuard noGrad;
    Random random(mixSeed(context_.seed, 93));
    const QueryTensors drawings =
        drawingsOf(bank_, match_, randomWords(kFirstDrawings, random), random);
    const Tensor likeliest = match_.words().index_select(0, drawings.words.argmax(1));
    const Tensor directions = match_.weights()[0] * match_.trusted(drawings.embedding) +
                              match_.weights()[2] * match_.trusted(likeliest);
    const auto [region, sketch] =
        bestProjections(banks_.proposals.embedding, directions, head_.dim());
    head_.setProjections(region, sketch);
  }

  StepResult step(std::uint64_t seed) const {
    Random random(seed);
    const std::vector<std::int64_t> drawn(taught_.begin(), taught_.end());
    std::vector<std::int64_t> asked = drawn;
    for (const std::int64_t word : randomWords(options_.words, random)) asked.push_back(word);
    const QueryTensors drawings = drawingsOf(bank_, match_, asked, random);
    const Sample proposals = sampleOf(banks_.proposals, options_.proposals, random);
    const Sample boxes = sampleOf(banks_.boxes, options_.boxes, random);
    const Opinions opinions =
        compare(head_, match_, at::cat({proposals.embedding, boxes.embedding}),
                at::cat({proposals.objectness, boxes.objectness}), drawings);
    const Tensor distillation = divergence(opinions.student, opinions.teacher, 0) +
                                divergence(opinions.student, opinions.teacher, 1);
    const auto placed = [&](const std::vector<std::int64_t>& words) {
      return at::tensor(words, at::kLong).to(context_.device);
    };
    const Tensor right = placed(boxes.words).unsqueeze(1) == placed(drawn).unsqueeze(0);
    const Tensor contrast = contrastiveLoss(
        opinions.student.slice(0, proposals.embedding.size(0)).slice(1, 0, right.size(1)), right);
    return {distillation + options_.contrast * contrast, {{"contrast", contrast}}};
  }

  // How far the region embedding is from the matching head on photos that training does not see.
  std::map<std::string, double> judged() const {
    const at::NoGradGuard noGrad;
    if (banks_.held.size() <= kRecallAt) return {};
    Random random(mixSeed(context_.seed, 92));
    const QueryTensors drawings =
        drawingsOf(bank_, match_, randomWords(kHeldDrawings, random), random);
    const Opinions opinions = compare(head_, match_, banks_.held.embedding.to(at::kFloat),
                                      banks_.held.objectness, drawings);
    const auto best = [](const Tensor& scores) {
      return at::zeros_like(scores).scatter(0, std::get<1>(scores.topk(kRecallAt, 0)), 1.0);
    };
    const Tensor both = best(opinions.student) * best(opinions.teacher);
    return {{"held_loss", divergence(opinions.student, opinions.teacher, 0).item<double>()},
            {"recall20", both.sum(0).mean().item<double>() / static_cast<double>(kRecallAt)}};
  }

  std::vector<std::int64_t> randomWords(std::int64_t count, Random& random) const {
    std::vector<std::int64_t> words;
    for (std::int64_t tries = 0; tries < 100 * count && std::ssize(words) < count; ++tries) {
      const std::int64_t word = random.below(static_cast<std::uint32_t>(vocabulary_));
      if (bank_.has(word)) words.push_back(word);
    }
    return words;
  }

  RegionHead& head_;
  const MatchHead& match_;
  const SketchBank& bank_;
  std::int64_t vocabulary_;
  const RegionTrainerOptions& options_;
  const RunContext& context_;
  Banks banks_;
  std::set<std::int64_t> taught_;
};

}  // namespace

std::pair<Tensor, Tensor> bestProjections(const Tensor& regions, const Tensor& directions,
                                          std::int64_t dim) {
  // Minimises E |r . u - r P Q u|^2: with the roots R, U of both second moments, P Q is
  // R^-1 [R U]_dim U^-1, where [.]_dim keeps the largest singular values.
  const auto rootOf = [](const Tensor& moment) {
    const auto [values, vectors] = at::linalg_eigh(moment);
    const Tensor root = values.clamp_min(1e-10 * values.max()).sqrt();
    return std::pair{at::matmul(vectors * root, vectors.t()),
                     at::matmul(vectors / root, vectors.t())};
  };
  // Once a training run: not worth a card's own solvers.
  const Tensor r = regions.to(at::kCPU, at::kDouble), u = directions.to(at::kCPU, at::kDouble);
  const Tensor centred = r - r.mean(0, true);
  const auto [regionRoot, regionInverse] =
      rootOf(at::matmul(centred.t(), centred) / static_cast<double>(r.size(0)));
  const auto [sketchRoot, sketchInverse] =
      rootOf(at::matmul(u.t(), u) / static_cast<double>(u.size(0)));
  const auto [left, values, right] = at::linalg_svd(at::matmul(regionRoot, sketchRoot), false);
  const Tensor share = values.slice(0, 0, dim).sqrt();
  const Tensor region = at::matmul(regionInverse, left.slice(1, 0, dim) * share);
  const Tensor sketch = at::matmul(sketchInverse, right.slice(0, 0, dim).t() * share);
  return {region.t().to(at::kFloat).contiguous(), sketch.t().to(at::kFloat).contiguous()};
}

void trainRegionHead(RegionHead& head, const MatchHead& match,
                     const std::vector<PooledScene>& scenes, const SketchBank& bank,
                     std::int64_t words, const RegionTrainerOptions& options,
                     const RunContext& context) {
  RegionTraining(head, match, scenes, bank, words, options, context).run();
}

}  // namespace inkling
