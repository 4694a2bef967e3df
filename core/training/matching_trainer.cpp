#include "core/training/matching_trainer.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/training/pair_labels.h"
#include "core/training/set_criterion.h"

namespace inkling {
namespace {

RegionFeatures toHalf(const RegionFeatures& r) {
  const auto half = [](const Tensor& t) { return t.defined() ? t.to(at::kHalf) : t; };
  return {half(r.tokens), half(r.cnn), half(r.classes), r.objectness, r.boxes, r.valid};
}

// -log of the share that the right entries of each row have, averaged over rows that have any.
Tensor contrast(const Tensor& logits, const Tensor& right) {
  const Tensor all = at::logsumexp(logits, {1});
  const Tensor good = at::logsumexp(logits.masked_fill(at::logical_not(right), -1e4), {1});
  const Tensor any = right.any(1).to(at::kFloat);
  return ((all - good) * any).sum() / any.sum().clamp_min(1);
}

struct Examples {
  std::vector<RegionFeatures> features;
  std::vector<std::int64_t> words;
};

void addObjects(Examples& examples, const ObjectSet& set, std::int64_t count, const SketchBank& bank, Random& random) {
  std::vector<std::int64_t> index;
  for (std::int64_t i = 0; i < count && set.size() > 0; ++i) {
    const auto k = static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(set.size())));
    if (!bank.has(set.words[static_cast<std::size_t>(k)])) continue;
    index.push_back(k);
    examples.words.push_back(set.words[static_cast<std::size_t>(k)]);
  }
  if (!index.empty()) examples.features.push_back(wideRegions(selectRegions(set.features, at::tensor(index, at::kLong))));
}

Tensor contrastLoss(const MatchMember& head, const Examples& examples, const SketchBank& bank, Random& random) {
  const Tensor regions = head.embedRegions(joinRegions(examples.features))[0];
  std::vector<std::int64_t> drawn;
  for (const std::int64_t word : std::set<std::int64_t>(examples.words.begin(), examples.words.end())) {
    drawn.push_back(word);
    drawn.push_back(word);
  }
  const Tensor sketches = head.embedSketches(bank.summaries(bank.pick(drawn, random)));
  const Tensor logits = at::matmul(regions, sketches.t()) * head.contrastScale();
  const Tensor right = at::tensor(examples.words, at::kLong).unsqueeze(1) == at::tensor(drawn, at::kLong).unsqueeze(0);
  return (contrast(logits, right) + contrast(logits.t(), right.t())) / 2;
}

// Focal loss over all (proposal, drawing) pairs of one scene; adds the number of positives to `positives`.
Tensor pairLoss(const MatchMember& head, const PooledScene& scene, const RegionFeatures& features, const std::vector<std::int64_t>& words,
                const SketchBank& bank, Random& random, double& positives) {
  const Tensor rows = bank.pick(words, random);
  const auto batch = static_cast<std::int64_t>(words.size());
  const Tensor cosine = at::matmul(head.embedSketches(bank.summaries(rows)), head.embedRegions(features)[0].t());
  const Tensor logits = head.pairLogits(cosine, features.objectness.expand({batch, -1}));
  std::vector<Tensor> targets, weights;
  for (const std::int64_t word : words) {
    const PairLabels labels = labelPairs(*scene.scene, word, features.boxes[0], features.valid[0]);
    targets.push_back(labels.target);
    weights.push_back(labels.weight);
  }
  const Tensor target = at::stack(targets), known = at::stack(weights) > 0;
  positives += (target * known.to(at::kFloat)).sum().item<double>();
  return sigmoidFocalLoss(logits.masked_select(known), target.masked_select(known), 0.25, 2.0);
}

}  // namespace

std::vector<std::int64_t> chooseWords(const Scene& scene, std::int64_t present, std::int64_t absent, Random& random) {
  std::vector<std::int64_t> there, missing = scene.absent;
  for (const WordBoxes& object : scene.objects) there.push_back(object.word);
  random.shuffle(there);
  random.shuffle(missing);
  there.resize(std::min<std::size_t>(there.size(), static_cast<std::size_t>(present)));
  missing.resize(std::min<std::size_t>(missing.size(), static_cast<std::size_t>(absent)));
  there.insert(there.end(), missing.begin(), missing.end());
  return there;
}

std::vector<PooledScene> poolScenes(const std::vector<Scene>& scenes, const LocalizerNetwork& network, const RunContext& context) {
  const at::NoGradGuard noGrad;
  std::vector<PooledScene> pooled;
  for (const Scene& scene : scenes) {
    context.cancellation.check();
    const PhotoTensors photo = readPhotoTensors(scene.features);
    PooledScene entry;
    entry.scene = &scene;
    entry.proposals = toHalf(network.prepare(photo).regions);
    std::vector<RegionFeatures> parts;
    for (const WordBoxes& object : scene.objects) {
      parts.push_back(toHalf(regionsAt(photo, object.boxes, network)));
      entry.objects.words.insert(entry.objects.words.end(), static_cast<std::size_t>(object.boxes.size(0)), object.word);
    }
    if (!parts.empty()) entry.objects.features = joinRegions(parts);
    pooled.push_back(std::move(entry));
    if (context.progress && pooled.size() % 200 == 0) {
      context.progress({"pooling regions", static_cast<std::int64_t>(pooled.size()), static_cast<std::int64_t>(scenes.size()), ""});
    }
  }
  return pooled;
}

namespace {

// Trains one member on `trained`; logs its loss on `held`.
void trainMember(const std::string& stage, MatchMember& member, const std::vector<const PooledScene*>& trained,
                 const std::vector<const PooledScene*>& held, const ObjectSet& objects, const SketchBank& bank,
                 const MatchingTrainerOptions& options, const RunContext& context) {
  StageRunner runner(stage, member, options.stage, context);
  const auto pairs = [&](const PooledScene& scene, Random& random, double& positives) {
    const auto words = chooseWords(*scene.scene, options.presentWords, options.absentWords, random);
    if (words.empty()) return Tensor();
    RegionFeatures features = wideRegions(scene.proposals);
    if (member.training() && features.classes.defined() && random.chance(options.detectorDropout)) features.classes = at::zeros_like(features.classes);
    return pairLoss(member, scene, features, words, bank, random, positives);
  };
  const auto step = [&](std::int64_t i) {
    Random random(runner.seedFor(i));
    Tensor sum = at::zeros({});
    double positives = 0;
    Examples examples;
    for (std::int64_t k = 0; k < options.scenes; ++k) {
      const PooledScene& scene = *random.pick(trained);
      if (const Tensor loss = pairs(scene, random, positives); loss.defined()) sum = sum + loss;
      addObjects(examples, scene.objects, std::min<std::int64_t>(6, scene.objects.size()), bank, random);
    }
    addObjects(examples, objects, options.objects, bank, random);
    const Tensor pair = sum / std::max(positives, 1.0);
    const Tensor contrastive = examples.features.empty() ? at::zeros({}) : contrastLoss(member, examples, bank, random);
    const Tensor loss = options.pairWeight * pair + options.contrastWeight * contrastive;
    loss.backward();
    return std::map<std::string, double>{{"loss", loss.item<double>()}, {"pairs", pair.item<double>()}, {"contrast", contrastive.item<double>()}};
  };
  const auto evaluate = [&] {
    const at::NoGradGuard noGrad;
    double sum = 0, positives = 0;
    Random random(context.seed);
    for (const PooledScene* scene : held) {
      if (const Tensor loss = pairs(*scene, random, positives); loss.defined()) sum += loss.item<double>();
    }
    return std::map<std::string, double>{{"held_pairs", sum / std::max(positives, 1.0)}};
  };
  runner.run(step, evaluate);
}

}  // namespace

void trainMatching(MatchHead& head, const std::vector<PooledScene>& scenes, const ObjectSet& objects, const SketchBank& bank,
                   const MatchingTrainerOptions& options, const RunContext& context) {
  for (std::size_t index = 0; index < head.members(); ++index) {
    std::vector<const PooledScene*> trained, held;
    for (const PooledScene& scene : scenes) {
      const bool unknown = head.members() > 1 ? scene.scene->fold % head.members() == index : scene.scene->held;
      (unknown ? held : trained).push_back(&scene);
    }
    if (trained.empty()) fail<InputError>("matching: no photo to train on");
    const std::string stage = head.members() > 1 ? fmt::format("matching-{}", index) : "matching";
    trainMember(stage, head.member(index), trained, held, objects, bank, options, context);
  }
}

}  // namespace inkling
