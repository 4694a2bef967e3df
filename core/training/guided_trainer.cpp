#include "core/training/guided_trainer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/nn/box_ops.h"
#include "core/nn/mixed_precision.h"
#include "core/training/pair_labels.h"
#include "core/training/scene_store.h"

namespace inkling {
namespace {

// Only early guidance has no stage of its own for the matching head; elsewhere that is finished by
// now, or not used at all.
bool matchingIsFinished(const GuidanceConfig& guidance) {
  return guidance.mode != "early" || !guidance.matches();
}

// What the guided stage trains, as a module for the optimizer.
class Trainable : public Module {
 public:
  explicit Trainable(LocalizerNetwork& network) {
    network.visit([&](const std::string& name, Tensor& tensor, Kind kind) {
      if (kind == Kind::kParameter && trainedByGuidedStage(name, network.config().guidance))
        parameter(name, tensor);
    });
  }
};

struct Ask {
  const Scene* scene = nullptr;
  std::int64_t word = 0;
};

// 1 for every token whose centre lies in a wanted box: [N], where the boxes are.
Tensor tokenTargets(const Tensor& boxes, TokenGrid grid) {
  const Tensor x =
      ((at::arange(grid.width, boxes.options()) + 0.5) / static_cast<double>(grid.width))
          .unsqueeze(0)
          .expand({grid.height, grid.width})
          .reshape({-1, 1});
  const Tensor y =
      ((at::arange(grid.height, boxes.options()) + 0.5) / static_cast<double>(grid.height))
          .unsqueeze(1)
          .expand({grid.height, grid.width})
          .reshape({-1, 1});
  if (boxes.size(0) == 0) return at::zeros({grid.count()}, boxes.options());
  const Tensor corners = cxcywhToXyxy(boxes).t();
  const Tensor inside = at::logical_and(at::logical_and(x >= corners[0], x <= corners[2]),
                                        at::logical_and(y >= corners[1], y <= corners[3]));
  return inside.any(1).to(at::kFloat);
}

class Loss {
 public:
  Loss(LocalizerNetwork& network, const SketchSet& sketches, const GuidedTrainerOptions& options,
       const RunContext& context, const Trunk* trunk)
      : network_(network),
        sketches_(sketches),
        options_(options),
        criterion_(options.criterion),
        trunk_(trunk),
        device_(context.device),
        store_(context.device, context.heldBytes) {}

  struct Values {
    Tensor total;
    std::map<std::string, Tensor> log;
  };

  /// Scenes with their boxes on the device.
  Values forward(const std::vector<const Scene*>& scenes, Random& random, bool augmented) {
    std::vector<Ask> asks;
    std::vector<const PhotoBatch*> photos;
    std::vector<PhotoBatch> prepared;
    prepared.reserve(scenes.size());
    for (const Scene* scene : scenes) {
      prepared.push_back(network_.prepare(store_.read(*scene)));
      prepared.back().votes = votesOf(*scene, network_.matchHead().members(), device_);
      for (const std::int64_t word :
           chooseWords(*scene, options_.presentWords, options_.absentWords, random)) {
        if (sketches_.byWord.at(static_cast<std::size_t>(word)).empty()) continue;
        asks.push_back({scene, word});
        photos.push_back(&prepared.back());
      }
    }
    if (asks.empty()) return {};
    const QueryTensors query = draw(asks, random, augmented);
    const PhotoBatch batch = joinPhotos(photos);
    const auto located = network_.locate(batch, query, options_.queries, false, trunk_);
    return combine(located, batch, asks);
  }

 private:
  QueryTensors draw(const std::vector<Ask>& asks, Random& random, bool augmented) const {
    const std::int64_t count = augmented ? random.pick(options_.sketchCounts) : 1;
    std::vector<const Sketch*> drawings;
    for (const Ask& ask : asks) {
      for (std::int64_t k = 0; k < count; ++k) {
        drawings.push_back(
            &sketches_.sketches[random.pick(sketches_.byWord[static_cast<std::size_t>(ask.word)])]);
      }
    }
    const std::int64_t size = network_.config().sketch.size;
    const Tensor rasters =
        augmented ? augmentedBatch(drawings, size, {}, {}, random) : rasterBatch(drawings, size);
    const Tensor weights = at::ones({static_cast<std::int64_t>(asks.size()), count});
    return network_.understand(rasters.to(device_), weights.to(device_));
  }

  Values combine(const LocalizerNetwork::Located& located, const PhotoBatch& batch,
                 const std::vector<Ask>& asks) const {
    std::vector<TargetBoxes> targets;
    std::vector<Tensor> tokens, pairTargets, pairWeights;
    for (std::size_t i = 0; i < asks.size(); ++i) {
      const Tensor boxes = boxesOf(*asks[i].scene, asks[i].word).to(device_);
      targets.push_back({at::zeros({boxes.size(0)}, boxes.options().dtype(at::kLong)), boxes});
      tokens.push_back(tokenTargets(boxes, network_.grid()));
      const auto row = static_cast<std::int64_t>(i);
      const PairLabels labels = labelPairs(*asks[i].scene, asks[i].word, batch.regions.boxes[row],
                                           batch.regions.valid[row]);
      pairTargets.push_back(labels.target);
      pairWeights.push_back(labels.weight);
    }
    Values values;
    values.total = at::zeros({}, at::TensorOptions(at::kFloat).device(device_));
    const auto add = [&](const char* name, const Tensor& loss, double weight) {
      values.total = values.total + weight * loss;
      const Tensor exact = loss.detach().to(at::kDouble);
      Tensor& sum = values.log[name];
      sum = sum.defined() ? sum + exact : exact;
    };
    const Tensor pairTarget = at::stack(pairTargets), known = at::stack(pairWeights) > 0;
    if (located.matchLogits.requires_grad()) {
      const Tensor positives = (pairTarget * known.to(at::kFloat)).sum().clamp_min(1);
      const Tensor pairs = sigmoidFocalLoss(widened(located.matchLogits).masked_select(known),
                                            pairTarget.masked_select(known), 0.25, 2.0);
      add("match", pairs / positives, options_.matchWeight);
    }

    const Tensor tokenTarget = at::stack(tokens);
    add("relevance",
        sigmoidFocalLoss(widened(located.guided.relevance), tokenTarget, 0.25, 2.0) /
            tokenTarget.sum().clamp_min(1),
        options_.relevanceWeight);

    // Queries nobody can judge (padding, half overlaps, unboxed places) keep their score out of the
    // loss.
    const Tensor judged = known.gather(1, located.proposals);
    for (const auto& layer : located.layers) {
      const Tensor logits = widened(layer.logits).masked_fill(at::logical_not(judged), -30.0);
      const auto losses = criterion_.forward({logits.unsqueeze(-1), widened(layer.boxes)}, targets);
      add("class", losses.classification, options_.criterion.weightClass);
      add("box", losses.box, options_.criterion.weightBox);
      add("giou", losses.giou, options_.criterion.weightGiou);
    }
    return values;
  }

  LocalizerNetwork& network_;
  const SketchSet& sketches_;
  const GuidedTrainerOptions& options_;
  SetCriterion criterion_;
  const Trunk* trunk_;
  at::Device device_;
  SceneStore store_;
};

}  // namespace

bool trainedByGuidedStage(const std::string& name, const GuidanceConfig& guidance) {
  return !name.starts_with("sketch.") && !name.starts_with("fusion.pooling.") &&
         !name.starts_with("index.") &&
         !(matchingIsFinished(guidance) && name.starts_with("match."));
}

void trainGuided(LocalizerNetwork& network, const std::vector<Scene>& scenes,
                 const SketchSet& sketches, const GuidedTrainerOptions& options,
                 const RunContext& context, const Trunk* trunk) {
  const std::vector<Scene> placed = scenesOn(context.device, scenes);
  std::vector<const Scene*> trained, held;
  for (const Scene& scene : placed) {
    if (!scene.objects.empty()) (scene.held ? held : trained).push_back(&scene);
  }
  if (trained.empty()) fail<InputError>("guided stage: no photo to train on");
  Trainable module(network);
  StageRunner runner("guided", module, options.stage, context);
  Loss loss(network, sketches, options, context, trunk);
  const auto step = [&](std::int64_t i) {
    network.setTraining(true);
    network.sketchEncoder().setTraining(false);
    if (matchingIsFinished(network.config().guidance)) network.matchHead().setTraining(false);
    Random random(runner.seedFor(i));
    std::vector<const Scene*> chosen;
    for (std::int64_t k = 0; k < options.scenes; ++k) chosen.push_back(random.pick(trained));
    Loss::Values values = loss.forward(chosen, random, true);
    return StepResult{values.total, std::move(values.log)};
  };
  const auto evaluate = [&] {
    const at::NoGradGuard noGrad;
    network.setTraining(false);
    std::map<std::string, double> sums;
    Random random(context.seed);
    std::int64_t counted = 0;
    for (const Scene* scene : held) {
      const Loss::Values values = loss.forward({scene}, random, false);
      if (!values.total.defined()) continue;
      sums["held_loss"] += values.total.item<double>();
      for (const auto& [name, value] : values.log) sums["held_" + name] += value.item<double>();
      ++counted;
    }
    for (auto& [name, value] : sums)
      value /= static_cast<double>(std::max<std::int64_t>(counted, 1));
    return sums;
  };
  runner.run(step, evaluate);
  network.setTraining(false);
}

}  // namespace inkling
