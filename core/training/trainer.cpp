#include "core/training/trainer.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/nn/device.h"
#include "core/training/calibration.h"
#include "core/training/output_choice.h"
#include "core/training/prepare_features.h"
#include "core/training/region_trainer.h"
#include "core/training/stage_config.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Words that the photos can be asked for.
std::vector<std::int64_t> wordsInUse(const std::vector<Scene>& scenes, const ObjectSet& objects) {
  std::set<std::int64_t> words(objects.words.begin(), objects.words.end());
  for (const Scene& scene : scenes) {
    for (const WordBoxes& object : scene.objects) words.insert(object.word);
    words.insert(scene.absent.begin(), scene.absent.end());
  }
  return {words.begin(), words.end()};
}

// Drawings of each word that the region embedding learns from: all 345 words count, and a few
// dozen drawings show what there is of each.
constexpr std::size_t kIndexDrawings = 40;

SketchSet firstOfEach(const SketchSet& set, std::size_t count) {
  SketchSet part;
  part.words = set.words;
  part.byWord.resize(set.words.size());
  for (std::size_t word = 0; word < set.words.size(); ++word) {
    for (std::size_t i = 0; i < std::min(count, set.byWord[word].size()); ++i) {
      part.byWord[word].push_back(part.sketches.size());
      part.sketches.push_back(set.sketches[set.byWord[word][i]]);
      part.labels.push_back(static_cast<std::int64_t>(word));
    }
  }
  return part;
}

class Run {
 public:
  Run(const TrainRequest& request, const ProgressCallback& progress,
      const CancellationToken& cancellation)
      : request_(request),
        folder_(request.config.has_parent_path() ? request.config.parent_path() : fs::path(".")),
        source_(displayName(request.config)),
        json_(readJson(request.config)),
        log_(request.out / "log.csv") {
    const fs::path root = request.dataRoot.empty()
                              ? folder_ / jsonGet<std::string>(json_, "data_root", ".", source_)
                              : request.dataRoot;
    data_ = DataConfig::fromJson(json_, root, folder_, source_);
    context_.folder = request.out;
    context_.seed = jsonGet<std::uint64_t>(json_, "seed", 1, source_);
    context_.device = request.device;
    context_.precision = request.precision;
    context_.heldBytes = freeMemory(request.device) / 2;
    context_.resume = request.resume;
    context_.log = &log_;
    context_.progress = progress;
    context_.cancellation = cancellation;
    requireWritableFolder(request.out);
    if (!request.resume && fs::exists(request.out / "log.csv")) {
      fail<OutputError>(
          "{}: holds a training run already; use --resume to go on with it, or another folder",
          displayName(request.out));
    }
    if (request.resume) log_.readExisting();
  }

  TrainLog run() {
    if (json_.contains("base")) return json_.contains("guidance") ? guideBase() : indexBase();
    const SketchSet drawings = readSketchSet(data_.sketches);
    const SketchSet held = readSketchSet(data_.heldSketches, drawings.words);
    Json model = jsonGet<Json>(json_, "model", Json::object(), source_);
    model["words"] = drawings.words;
    ModelConfig config = ModelConfig::fromJson(model, source_ + ": model");
    Random random(mixSeed(context_.seed, 1));
    LocalizerNetwork network(config, random);
    network.moveTo(context_.device);
    SketchTrainerOptions sketch =
        sketchOptions(json_, static_cast<std::int64_t>(drawings.size()), source_);
    if (!sketch.stage.start.empty()) sketch.stage.start = folder_ / sketch.stage.start;
    trainSketchEncoder(network.sketchEncoder(), drawings, held, sketch, context_);
    const double accuracy = sketchAccuracy(network.sketchEncoder(), held);
    log_.replace({"sketch_final", 0, {{"top1", accuracy}}});
    if (request_.lastStage == "sketch") return finish();

    const TrunkWeights weights = readPublishedTrunk(data_.weights, config);
    Trunk trunk(config, weights.state, weights.detectorGraph, displayName(data_.weights));
    trunk.moveTo(context_.device);
    const fs::path cache = request_.cache.empty() ? request_.out / "features" : request_.cache;
    const std::vector<Scene> scenes =
        prepareScenes(data_, drawings.words, trunk, config, cache, context_);
    if (config.guidance.mode != "early" && config.guidance.matches())
      trainMatchingStage(network, scenes, drawings, weights, config, cache);
    if (request_.lastStage == "matching") return finish();

    if (config.guidance.start != "cosine")
      trainGuided(network, scenes, drawings, guidedOptions(json_, source_), context_, &trunk);
    Json training = chooseFor(config, network, scenes, drawings, trunk);
    if (config.indexDim > 0) trainIndex(*network.regionHead(), network, scenes, drawings);
    training["sketch_top1"] = accuracy;
    Json card = jsonGet<Json>(json_, "card", Json::object(), source_);
    card["training"] = training;
    writeSafetensors(request_.out / "model.safetensors", packModel(config, weights, network, card));
    return finish();
  }

 private:
  void trainMatchingStage(LocalizerNetwork& network, const std::vector<Scene>& scenes,
                          const SketchSet& drawings, const TrunkWeights& weights,
                          const ModelConfig& config, const fs::path& cache) {
    const ObjectSet objects =
        prepareObjects(data_, drawings.words, weights, config, cache, context_);
    const std::vector<std::int64_t> words = wordsInUse(scenes, objects);
    const SketchBank bank(network.sketchEncoder(), drawings, words, 1, context_);
    trainFusion(network.fusion().pooling(), bank, words, fusionOptions(json_, source_), context_);
    const std::vector<PooledScene> pooled = poolScenes(scenes, network, context_);
    trainMatching(network.matchHead(), pooled, objects, bank, matchingOptions(json_, source_),
                  context_);
    setWords(network, drawings, context_);
    calibrate(network.matchHead(), pooled, bank, config.finalOverlap, context_);
  }

  // Fits what a model's answers need beside its weights to held photos, into `config`; logs the
  // figures and returns them for the card.
  Json chooseFor(ModelConfig& config, const LocalizerNetwork& network,
                 const std::vector<Scene>& scenes, const SketchSet& drawings, const Trunk& trunk) {
    const OutputChoice choice = chooseOutput(network, scenes, drawings, context_.seed, &trunk);
    config.threshold = choice.threshold;
    config.finalOverlap = choice.overlap;
    config.refinement = choice.refinement;
    config.presence = choice.presence;
    log_.replace({"output",
                  0,
                  {{"overlap", choice.overlap},
                   {"refinement", choice.refinement},
                   {"held_ap50", choice.ap50},
                   {"held_match_ap50", choice.matchAp50},
                   {"held_whole_ap50", choice.wholeAp50},
                   {"held_presence_auroc", choice.presenceAuroc},
                   {"held_match_presence_auroc", choice.matchPresenceAuroc},
                   {"held_fitted_presence_auroc", choice.fittedPresenceAuroc},
                   {"threshold", choice.threshold},
                   {"f1", choice.f1},
                   {"precision", choice.precision},
                   {"recall", choice.recall}}});
    return {{"seed", context_.seed},
            {"held_queries", choice.queries},
            {"held_ap50", choice.ap50},
            {"held_match_ap50", choice.matchAp50},
            {"held_presence_auroc", choice.presenceAuroc},
            {"held_match_presence_auroc", choice.matchPresenceAuroc},
            {"held_fitted_presence_auroc", choice.fittedPresenceAuroc},
            {"held_f1", choice.f1},
            {"configuration", json_}};
  }

  // The finished model of "base" (relative to the configuration), and its configuration with what
  // this one says of one section.
  struct Base {
    fs::path file;
    Model model;
    ModelConfig config;
  };
  Base readBase(const char* section) const {
    const fs::path file = folder_ / jsonRequire<std::string>(json_, "base", source_);
    Model model = readModel(file);
    Json wanted = model.card.at("config");
    wanted[section].merge_patch(jsonGet<Json>(json_, section, Json::object(), source_));
    ModelConfig config = ModelConfig::fromJson(wanted, source_);
    model.network->moveTo(context_.device);
    model.trunk->moveTo(context_.device);
    return {file, std::move(model), std::move(config)};
  }

  std::vector<Scene> scenesFor(const Base& base, const SketchSet& drawings) {
    const fs::path cache = request_.cache.empty() ? request_.out / "features" : request_.cache;
    return prepareScenes(data_, drawings.words, *base.model.trunk, base.config, cache, context_);
  }

  // A finished model with a guided part of its own: sketch encoder, matching and index stay as they
  // are, to the bit.
  TrainLog guideBase() {
    const Base base = readBase("guidance");
    ModelConfig config = base.config;
    const GuidanceConfig& guidance = config.guidance;
    if (!guidance.matches() || guidance.mode == "early" || !base.model.config.guidance.matches() ||
        base.model.config.guidance.mode == "early")
      fail<InputError>("{}: a base needs regions that are matched before the guided part", source_);
    const SketchSet drawings = readSketchSet(data_.sketches, config.words);
    const std::vector<Scene> scenes = scenesFor(base, drawings);
    Random random(mixSeed(context_.seed, 1));
    LocalizerNetwork network(config, random);
    const StateDict finished = base.model.network->state();
    network.visit([&](const std::string& name, Tensor& tensor, Module::Kind) {
      if (!trainedByGuidedStage(name, guidance)) tensor.copy_(finished.at(name));
    });
    network.moveTo(context_.device);
    trainGuided(network, scenes, drawings, guidedOptions(json_, source_), context_,
                base.model.trunk.get());
    const Json training = chooseFor(config, network, scenes, drawings, *base.model.trunk);

    TensorFile packed = readSafetensors(base.file);
    std::erase_if(packed.tensors, [&](const auto& entry) {
      return finished.contains(entry.first) && trainedByGuidedStage(entry.first, guidance);
    });
    for (const auto& [name, tensor] : network.state()) {
      if (trainedByGuidedStage(name, guidance))
        packed.tensors[name] = tensor.detach().to(at::kHalf);
    }
    return finishBase(base, config, "guidance", training, std::move(packed));
  }

  // Writes a model that was made from a base: its card says what of it is new.
  TrainLog finishBase(const Base& base, const ModelConfig& config, const char* part,
                      const Json& training, TensorFile packed) {
    Json card = base.model.card;
    card["config"] = config.toJson();
    card["training"][part] = training;
    packed.metadata["inkling"] = dumpJson(card);
    writeSafetensors(request_.out / "model.safetensors", packed);
    return finish();
  }

  // A finished model with a region embedding of its own: nothing else of it changes, not by a bit.
  TrainLog indexBase() {
    const Base base = readBase("index");
    const ModelConfig& config = base.config;
    if (config.indexDim < 1) fail<InputError>("{}: index.dim must be over 0", source_);
    const SketchSet drawings = readSketchSet(data_.sketches, config.words);
    const std::vector<Scene> scenes = scenesFor(base, drawings);
    RegionHead head(config.embeddingWidth(), config.indexDim);
    head.moveTo(context_.device);
    trainIndex(head, *base.model.network, scenes, drawings);
    TensorFile packed = readSafetensors(base.file);
    for (const auto& [name, tensor] : head.state())
      packed.tensors["index." + name] = tensor.detach().to(at::kHalf);
    return finishBase(base, config, "index", json_, std::move(packed));
  }

  void trainIndex(RegionHead& head, LocalizerNetwork& network, const std::vector<Scene>& scenes,
                  const SketchSet& drawings) {
    // Drawings of excluded words and photos must not meet, not even without a label.
    std::vector<std::int64_t> words;
    for (std::size_t word = 0; word < drawings.words.size(); ++word) {
      if (std::ranges::find(data_.excludedWords, drawings.words[word]) == data_.excludedWords.end())
        words.push_back(static_cast<std::int64_t>(word));
    }
    const SketchBank bank(network.sketchEncoder(), firstOfEach(drawings, kIndexDrawings), words, 1,
                          context_);
    trainRegionHead(head, network.matchHead(), poolScenes(scenes, network, context_), bank,
                    static_cast<std::int64_t>(drawings.words.size()), regionOptions(json_, source_),
                    context_);
  }

  TrainLog finish() {
    log_.save();
    return log_;
  }

  TrainRequest request_;
  fs::path folder_;  // of the configuration: its relative paths start there
  std::string source_;
  Json json_;
  DataConfig data_;
  TrainLog log_;
  RunContext context_;
};

}  // namespace

TrainLog train(const TrainRequest& request, const ProgressCallback& progress,
               const CancellationToken& cancellation) {
  try {
    return Run(request, progress, cancellation).run();
  } catch (const c10::Error& error) {
    fail<Error>("training failed in the tensor library: {}", error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    fail<Error>("training: not enough memory");
  }
}

}  // namespace inkling
