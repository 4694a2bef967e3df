#include "core/nn/model_config.h"

#include <algorithm>
#include <array>

#include <fmt/ranges.h>

#include "core/nn/attention/mechanisms.h"
#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

// Reads the fields of one JSON object into variables, complaining about names that mean nothing.
class Fields {
 public:
  Fields(const Json& json, const char* section, std::string source)
      : json_(json.is_object() && json.contains(section) ? json.at(section) : Json::object()),
        source_(std::move(source) + ": " + section) {
    if (!json_.is_object()) fail<InputError>("{} is not an object", source_);
  }
  template <typename T>
  Fields& read(const char* key, T& value) {
    known_.emplace_back(key);
    value = jsonGet<T>(json_, key, value, source_);
    return *this;
  }
  void finish() const {
    for (const auto& [key, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end())
        fail<InputError>("{}: unknown field \"{}\"", source_, key);
    }
  }

 private:
  Json json_;
  std::string source_;
  std::vector<std::string> known_;
};

void check(const ModelConfig& config, const std::string& source) {
  const auto require = [&](bool good, const char* what) {
    if (!good) fail<UsageError>("{}: {}", source, what);
  };
  const TrunkConfig& trunk = config.trunk;
  require(
      trunk.vit.patch > 0 && trunk.vitResolution > 0 && trunk.vitResolution % trunk.vit.patch == 0,
      "vit_resolution is not a multiple of the patch size");
  require(!trunk.vitBlocks.empty() &&
              *std::min_element(trunk.vitBlocks.begin(), trunk.vitBlocks.end()) >= 0 &&
              *std::max_element(trunk.vitBlocks.begin(), trunk.vitBlocks.end()) < trunk.vit.depth,
          "vit_blocks names a block that the network has not");
  require(trunk.cnnResolution >= 0 && trunk.cnnResolution % 32 == 0,
          "cnn_resolution is not a multiple of 32");
  require(trunk.detectorResolution >= 0 && trunk.detectorResolution % 32 == 0,
          "detector_resolution is not a multiple of 32");
  require(trunk.proposals > 0 && trunk.proposals <= 1000, "proposals must be 1 to 1000");
  require(config.matchMembers >= 1 && config.matchMembers <= 16, "match members must be 1 to 16");
  require(config.matchDim > 0 && config.matchHidden > 0, "match dim and hidden must be positive");
  require(config.presence.size() == 3, "output presence must be three numbers");
  require(config.indexDim >= 0 && config.indexDim <= 1024, "index dim must be 0 to 1024");
  require(config.indexRegions >= 1 && config.indexRegions <= 64, "index regions must be 1 to 64");
  const GuidanceConfig& guidance = config.guidance;
  require(config.indexDim == 0 || (guidance.matches() && guidance.mode != "early"),
          "an index needs regions that are matched without the sketch's help");
  const auto oneOf = [](const std::string& value, const auto& known) {
    return std::find(known.begin(), known.end(), value) != known.end();
  };
  require(oneOf(guidance.mode, std::array{"late", "early", "concat", "correlation"}),
          "guidance mode must be \"late\", \"early\", \"concat\" or \"correlation\"");
  require(oneOf(guidance.start, std::array{"matching", "objectness", "cosine"}),
          "guidance start must be \"matching\", \"objectness\" or \"cosine\"");
  require(guidance.start != "cosine" || (guidance.mode == "late" && guidance.decoderLayers == 0),
          "guidance start \"cosine\" needs mode \"late\" and no decoder layers");
  const std::vector<std::string>& mechanisms = attentionMechanisms();
  if (!oneOf(guidance.attention, mechanisms)) {
    fail<UsageError>("{}: unknown attention mechanism \"{}\" (known: {})", source,
                     guidance.attention, fmt::join(mechanisms, ", "));
  }
  require(guidance.dim > 0 && guidance.heads > 0 && guidance.dim % guidance.heads == 0 &&
              guidance.dim % 4 == 0,
          "guidance dim must be a multiple of 4 and of heads");
  require(guidance.encoderLayers >= 1 && guidance.decoderLayers >= 0,
          "guidance needs at least one encoder layer");
  require(guidance.mode != "early" || !guidance.earlyBlocks.empty(),
          "early guidance needs blocks to fuse at");
}

}  // namespace

int TrunkConfig::readSide() const {
  return 2 * static_cast<int>(std::max({vitResolution, cnnResolution, detectorResolution}));
}

std::int64_t ModelConfig::regionWidth() const {
  return trunk.tokenWidth() + (trunk.cnnResolution > 0 ? EfficientNetLite::kChannels : 0) +
         (trunk.detectorResolution > 0 ? TrunkConfig::kDetectorClasses : 0);
}

Json ModelConfig::toJson() const {
  return {{"trunk",
           {{"patch", trunk.vit.patch},
            {"dim", trunk.vit.dim},
            {"heads", trunk.vit.heads},
            {"depth", trunk.vit.depth},
            {"table_side", trunk.vit.tableSide},
            {"vit_resolution", trunk.vitResolution},
            {"vit_blocks", trunk.vitBlocks},
            {"cnn_resolution", trunk.cnnResolution},
            {"detector_resolution", trunk.detectorResolution},
            {"proposals", trunk.proposals},
            {"proposal_overlap", trunk.proposalOverlap}}},
          {"sketch", {{"size", sketch.size}, {"widths", sketch.widths}, {"depths", sketch.depths}}},
          {"guidance",
           {{"mode", guidance.mode},
            {"start", guidance.start},
            {"cosine_weight", guidance.cosineWeight},
            {"early_blocks", guidance.earlyBlocks},
            {"attention", guidance.attention},
            {"dim", guidance.dim},
            {"heads", guidance.heads},
            {"hidden", guidance.hidden},
            {"encoder_layers", guidance.encoderLayers},
            {"decoder_layers", guidance.decoderLayers},
            {"points", guidance.points},
            {"dropout", guidance.dropout}}},
          {"match",
           {{"members", matchMembers},
            {"dim", matchDim},
            {"hidden", matchHidden},
            {"dropout", dropout}}},
          {"output",
           {{"overlap", finalOverlap},
            {"refinement", refinement},
            {"threshold", threshold},
            {"presence", presence}}},
          {"index", {{"dim", indexDim}, {"regions", indexRegions}}},
          {"words", words}};
}

ModelConfig ModelConfig::fromJson(const Json& json, const std::string& source) {
  ModelConfig config;
  TrunkConfig& trunk = config.trunk;
  Fields(json, "trunk", source)
      .read("patch", trunk.vit.patch)
      .read("dim", trunk.vit.dim)
      .read("heads", trunk.vit.heads)
      .read("depth", trunk.vit.depth)
      .read("table_side", trunk.vit.tableSide)
      .read("vit_resolution", trunk.vitResolution)
      .read("vit_blocks", trunk.vitBlocks)
      .read("cnn_resolution", trunk.cnnResolution)
      .read("detector_resolution", trunk.detectorResolution)
      .read("proposals", trunk.proposals)
      .read("proposal_overlap", trunk.proposalOverlap)
      .finish();
  Fields(json, "sketch", source)
      .read("size", config.sketch.size)
      .read("widths", config.sketch.widths)
      .read("depths", config.sketch.depths)
      .finish();
  GuidanceConfig& guidance = config.guidance;
  Fields(json, "guidance", source)
      .read("mode", guidance.mode)
      .read("start", guidance.start)
      .read("cosine_weight", guidance.cosineWeight)
      .read("early_blocks", guidance.earlyBlocks)
      .read("attention", guidance.attention)
      .read("dim", guidance.dim)
      .read("heads", guidance.heads)
      .read("hidden", guidance.hidden)
      .read("encoder_layers", guidance.encoderLayers)
      .read("decoder_layers", guidance.decoderLayers)
      .read("points", guidance.points)
      .read("dropout", guidance.dropout)
      .finish();
  Fields(json, "match", source)
      .read("members", config.matchMembers)
      .read("dim", config.matchDim)
      .read("hidden", config.matchHidden)
      .read("dropout", config.dropout)
      .finish();
  Fields(json, "output", source)
      .read("overlap", config.finalOverlap)
      .read("refinement", config.refinement)
      .read("threshold", config.threshold)
      .read("presence", config.presence)
      .finish();
  Fields(json, "index", source)
      .read("dim", config.indexDim)
      .read("regions", config.indexRegions)
      .finish();
  config.words = jsonGet<std::vector<std::string>>(json, "words", {}, source);
  if (!config.words.empty()) config.sketch.words = static_cast<std::int64_t>(config.words.size());
  check(config, source);
  return config;
}

}  // namespace inkling
