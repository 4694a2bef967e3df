#include "core/training/stage_config.h"

#include "core/base/error.h"

namespace inkling {
namespace {

Json section(const Json& config, const char* name, const std::string& source) {
  return jsonGet<Json>(jsonGet<Json>(config, "stages", Json::object(), source), name,
                       Json::object(), source);
}

StageOptions stageOptions(const Json& json, StageOptions stage, const std::string& where) {
  stage.steps = jsonGet(json, "steps", stage.steps, where);
  stage.warmup = jsonGet(json, "warmup", stage.warmup, where);
  stage.logEvery = jsonGet(json, "log_every", stage.logEvery, where);
  stage.checkpointEvery = jsonGet(json, "checkpoint_every", stage.checkpointEvery, where);
  stage.optimizer.learningRate =
      jsonGet(json, "learning_rate", stage.optimizer.learningRate, where);
  stage.optimizer.weightDecay = jsonGet(json, "weight_decay", stage.optimizer.weightDecay, where);
  stage.optimizer.averageDecay =
      jsonGet(json, "average_decay", stage.optimizer.averageDecay, where);
  if (stage.steps < 1 || stage.warmup < 0 || stage.logEvery < 1 || stage.checkpointEvery < 1 ||
      stage.optimizer.learningRate <= 0) {
    fail<UsageError>("{}: steps, log_every, checkpoint_every and learning_rate must be positive",
                     where);
  }
  return stage;
}

}  // namespace

SketchTrainerOptions sketchOptions(const Json& config, std::int64_t drawings,
                                   const std::string& source) {
  const Json json = section(config, "sketch", source);
  const std::string where = source + ": stages.sketch";
  SketchTrainerOptions options;
  options.batch = jsonGet(json, "batch", options.batch, where);
  options.labelSmoothing = jsonGet(json, "label_smoothing", options.labelSmoothing, where);
  options.augmentation.simplify = jsonGet(json, "simplify", options.augmentation.simplify, where);
  options.augmentation.dropStroke =
      jsonGet(json, "drop_stroke", options.augmentation.dropStroke, where);
  options.augmentation.jitter = jsonGet(json, "jitter", options.augmentation.jitter, where);
  options.pen.low = jsonGet(json, "pen_low", options.pen.low, where);
  options.pen.high = jsonGet(json, "pen_high", options.pen.high, where);
  options.filled = jsonGet(json, "filled", options.filled, where);
  if (options.filled < 0 || options.filled > 1)
    fail<UsageError>("{}: filled must lie between 0 and 1", where);
  if (!(options.pen.low > 0 && options.pen.low <= options.pen.high))
    fail<UsageError>("{}: pen_low must be over 0 and at most pen_high", where);
  options.stage.optimizer.learningRate = 2e-3;
  options.stage.optimizer.weightDecay = 0.05;
  options.stage.warmup = 200;
  options.stage.logEvery = 25;
  options.stage.checkpointEvery = 500;
  options.stage.steps = std::max<std::int64_t>(1, 8 * drawings / options.batch);
  options.stage = stageOptions(json, options.stage, where);
  options.stage.start = jsonGet<std::string>(json, "start", "", where);
  return options;
}

MatchingTrainerOptions matchingOptions(const Json& config, const std::string& source) {
  const Json json = section(config, "matching", source);
  const std::string where = source + ": stages.matching";
  MatchingTrainerOptions options;
  options.stage.optimizer.weightDecay = 0.1;
  options.stage.steps = 1500;
  options.stage = stageOptions(json, options.stage, where);
  options.boxes = jsonGet(json, "boxes", options.boxes, where);
  options.objects = jsonGet(json, "objects", options.objects, where);
  options.drawings = jsonGet(json, "drawings", options.drawings, where);
  return options;
}

RegionTrainerOptions regionOptions(const Json& config, const std::string& source) {
  const Json json = section(config, "index", source);
  const std::string where = source + ": stages.index";
  RegionTrainerOptions options;
  options.stage.optimizer.learningRate = 2e-4;
  options.stage.optimizer.weightDecay = 0;  // the projections have a scale of their own
  options.stage.optimizer.averageDecay = 0.98;
  options.stage.steps = 600;
  options.stage.warmup = 20;
  options.stage = stageOptions(json, options.stage, where);
  options.proposals = jsonGet(json, "proposals", options.proposals, where);
  options.boxes = jsonGet(json, "boxes", options.boxes, where);
  options.words = jsonGet(json, "words", options.words, where);
  options.contrast = jsonGet(json, "contrast", options.contrast, where);
  if (options.proposals < 1 || options.boxes < 1 || options.words < 0)
    fail<UsageError>("{}: proposals and boxes must be positive, words 0 or more", where);
  return options;
}

FusionTrainerOptions fusionOptions(const Json& config, const std::string& source) {
  const Json json = section(config, "fusion", source);
  const std::string where = source + ": stages.fusion";
  FusionTrainerOptions options;
  options.stage.optimizer.learningRate = 3e-3;
  options.stage.optimizer.weightDecay = 0.1;
  options.stage.optimizer.averageDecay = 0.98;
  options.stage.steps = 400;
  options.stage.warmup = 20;
  options.stage = stageOptions(json, options.stage, where);
  options.batch = jsonGet(json, "batch", options.batch, where);
  options.sketchCounts = jsonGet(json, "sketch_counts", options.sketchCounts, where);
  if (options.batch < 1 || options.sketchCounts.empty())
    fail<UsageError>("{}: batch must be positive and sketch_counts not empty", where);
  return options;
}

GuidedTrainerOptions guidedOptions(const Json& config, const std::string& source) {
  const Json json = section(config, "guided", source);
  const std::string where = source + ": stages.guided";
  GuidedTrainerOptions options;
  options.stage.optimizer.learningRate = 3e-4;
  options.stage.optimizer.weightDecay = 0.1;
  options.stage.steps = 2000;
  options.stage = stageOptions(json, options.stage, where);
  options.scenes = jsonGet(json, "scenes", options.scenes, where);
  options.presentWords = jsonGet(json, "present_words", options.presentWords, where);
  options.absentWords = jsonGet(json, "absent_words", options.absentWords, where);
  options.queries = jsonGet(json, "queries", options.queries, where);
  options.sketchCounts = jsonGet(json, "sketch_counts", options.sketchCounts, where);
  options.relevanceWeight = jsonGet(json, "relevance_weight", options.relevanceWeight, where);
  options.matchWeight = jsonGet(json, "match_weight", options.matchWeight, where);
  if (options.sketchCounts.empty()) fail<UsageError>("{}: sketch_counts is empty", where);
  return options;
}

}  // namespace inkling
