#include "core/training/matching_trainer.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/nn/mixed_precision.h"

namespace inkling {
namespace {

RegionFeatures toHalf(const RegionFeatures& r) {
  const auto half = [](const Tensor& t) { return t.defined() ? t.to(at::kHalf) : t; };
  return {half(r.tokens), half(r.cnn), half(r.classes), r.objectness, r.boxes, r.valid};
}

std::set<std::int64_t> distinct(const std::vector<std::int64_t>& words) {
  return {words.begin(), words.end()};
}

// Boxes of photos and the words that they show, in one list.
ObjectSet boxesOfScenes(const std::vector<const PooledScene*>& scenes) {
  ObjectSet all;
  std::vector<RegionFeatures> parts;
  for (const PooledScene* scene : scenes) {
    if (scene->objects.size() == 0) continue;
    parts.push_back(scene->objects.features);
    all.words.insert(all.words.end(), scene->objects.words.begin(), scene->objects.words.end());
  }
  if (!parts.empty()) all.features = joinRegions(parts);
  return all;
}

ObjectSet on(at::Device device, ObjectSet set) {
  set.features = set.features.to(device);
  return set;
}

Tensor wordTensor(const std::vector<std::int64_t>& words, at::Device device) {
  return at::tensor(words, at::kLong).to(device);
}

// Features and words of the examples of one step.
class Examples {
 public:
  void add(const ObjectSet& set, std::int64_t count, const SketchBank& bank, Random& random) {
    std::vector<std::int64_t> index;
    for (std::int64_t i = 0; i < count && set.size() > 0; ++i) {
      const std::size_t k = random.below(static_cast<std::uint32_t>(set.size()));
      if (!bank.has(set.words[k])) continue;
      index.push_back(static_cast<std::int64_t>(k));
      words_.push_back(set.words[k]);
    }
    if (!index.empty())
      features_.push_back(wideRegions(
          selectRegions(set.features, wordTensor(index, set.features.objectness.device()))));
  }
  bool empty() const { return words_.empty(); }
  RegionFeatures features() const { return joinRegions(features_); }
  const std::vector<std::int64_t>& words() const { return words_; }

 private:
  std::vector<RegionFeatures> features_;
  std::vector<std::int64_t> words_;
};

// What one member is trained and judged with.
class Lesson {
 public:
  Lesson(const MatchMember& member, const SketchBank& bank, const MatchingTrainerOptions& options,
         std::set<std::int64_t> taught)
      : member_(member), bank_(bank), options_(options), taught_(std::move(taught)) {}

  Tensor loss(const Examples& examples, Random& random) const {
    const std::vector<std::int64_t> drawn = drawingsFor(examples.words());
    const Tensor summaries = bank_.summaries(bank_.pick(drawn, random));
    const at::Device device = summaries.device();
    const Tensor right =
        wordTensor(examples.words(), device).unsqueeze(1) == wordTensor(drawn, device).unsqueeze(0);
    const std::vector<Tensor> features = member_.features(examples.features());
    Tensor sum = at::zeros({}, summaries.options());
    for (std::size_t i = 0; i < features.size(); ++i) {
      const MatchExpert& expert = member_.expert(i);
      // A prototype has one kind of feature only; the others are zeros.
      const Tensor there = (features[i][0].abs().sum(1) > 0).nonzero().squeeze(1);
      const Tensor regions = expert.embedRegions(features[i][0].index_select(0, there));
      const Tensor logits =
          at::matmul(regions, expert.embedSketches(summaries).t()) * expert.contrastScale();
      const Tensor same = right.index_select(0, there);
      sum = sum + (contrastiveLoss(logits, same) + contrastiveLoss(logits.t(), same.t())) / 2;
    }
    return sum / static_cast<double>(features.size());
  }

  // The share of boxes whose nearest drawing, of one of every taught word, shows their word.
  double named(const ObjectSet& boxes, Random& random) const {
    const std::vector<std::int64_t> words(taught_.begin(), taught_.end());
    if (boxes.size() == 0 || words.empty()) return 0;
    const Tensor regions = member_.embedRegions(wideRegions(boxes.features))[0];
    const Tensor best =
        at::matmul(regions, member_.embedSketches(bank_.summaries(bank_.pick(words, random))).t())
            .argmax(1);
    const Tensor right = wordTensor(words, best.device()).index_select(0, best) ==
                         wordTensor(boxes.words, best.device());
    return right.to(at::kFloat).mean().item<double>();
  }

 private:
  std::vector<std::int64_t> drawingsFor(const std::vector<std::int64_t>& words) const {
    std::vector<std::int64_t> drawn;
    const std::set<std::int64_t> here = distinct(words);
    for (const std::int64_t word : here)
      drawn.insert(drawn.end(), static_cast<std::size_t>(options_.drawings), word);
    for (const std::int64_t word : taught_) {
      if (!here.contains(word)) drawn.push_back(word);
    }
    return drawn;
  }

  const MatchMember& member_;
  const SketchBank& bank_;
  const MatchingTrainerOptions& options_;
  std::set<std::int64_t> taught_;
};

}  // namespace

Tensor contrastiveLoss(const Tensor& products, const Tensor& right) {
  const Tensor logits = widened(products);
  const Tensor all = at::logsumexp(logits, {1});
  const Tensor good = at::logsumexp(logits.masked_fill(at::logical_not(right), -1e4), {1});
  const Tensor any = right.any(1).to(at::kFloat);
  return ((all - good) * any).sum() / any.sum().clamp_min(1);
}

std::vector<PooledScene> poolScenes(const std::vector<Scene>& scenes,
                                    const LocalizerNetwork& network, const RunContext& context) {
  const at::NoGradGuard noGrad;
  std::vector<PooledScene> pooled;
  for (const Scene& scene : scenes) {
    context.cancellation.check();
    const PhotoTensors photo = readPhotoTensors(scene.features).to(context.device);
    PooledScene entry;
    entry.scene = &scene;
    entry.proposals = toHalf(network.prepare(photo).regions).to(at::kCPU);
    std::vector<RegionFeatures> parts;
    for (const WordBoxes& object : scene.objects) {
      const Tensor boxes = object.boxes.to(context.device);
      parts.push_back(toHalf(regionsAt(photo, boxes, network)).to(at::kCPU));
      entry.objects.words.insert(entry.objects.words.end(),
                                 static_cast<std::size_t>(object.boxes.size(0)), object.word);
    }
    if (!parts.empty()) entry.objects.features = joinRegions(parts);
    pooled.push_back(std::move(entry));
    if (context.progress && pooled.size() % 200 == 0) {
      context.progress({"pooling regions", static_cast<std::int64_t>(pooled.size()),
                        static_cast<std::int64_t>(scenes.size()), ""});
    }
  }
  return pooled;
}

namespace {

void trainMember(const std::string& stage, MatchMember& member, const ObjectSet& boxes,
                 const ObjectSet& held, const ObjectSet& objects, const SketchBank& bank,
                 const MatchingTrainerOptions& options, const RunContext& context) {
  std::set<std::int64_t> taught = distinct(boxes.words);
  taught.merge(distinct(objects.words));
  std::erase_if(taught, [&](std::int64_t word) { return !bank.has(word); });
  StageRunner runner(stage, member, options.stage, context);
  const Lesson lesson(member, bank, options, taught);
  const auto step = [&](std::int64_t i) {
    Random random(runner.seedFor(i));
    Examples examples;
    examples.add(boxes, options.boxes, bank, random);
    examples.add(objects, options.objects, bank, random);
    return examples.empty() ? StepResult{} : StepResult{lesson.loss(examples, random), {}};
  };
  const auto evaluate = [&] {
    const at::NoGradGuard noGrad;
    Random random(context.seed);
    Examples examples;
    examples.add(held, held.size(), bank, random);
    std::map<std::string, double> values{{"held_named", lesson.named(held, random)}};
    if (!examples.empty()) values["held_loss"] = lesson.loss(examples, random).item<double>();
    return values;
  };
  runner.run(step, evaluate);
}

}  // namespace

void trainMatching(MatchHead& head, const std::vector<PooledScene>& scenes,
                   const ObjectSet& objects, const SketchBank& bank,
                   const MatchingTrainerOptions& options, const RunContext& context) {
  const ObjectSet examples = on(context.device, objects);
  for (std::size_t index = 0; index < head.members(); ++index) {
    std::vector<const PooledScene*> trained, held;
    for (const PooledScene& scene : scenes) {
      const bool unknown =
          head.members() > 1 ? scene.scene->fold % head.members() == index : scene.scene->held;
      (unknown ? held : trained).push_back(&scene);
    }
    if (trained.empty()) fail<InputError>("matching: no photo to train on");
    const std::string stage = head.members() > 1 ? fmt::format("matching-{}", index) : "matching";
    trainMember(stage, head.member(index), on(context.device, boxesOfScenes(trained)),
                on(context.device, boxesOfScenes(held)), examples, bank, options, context);
  }
}

}  // namespace inkling
