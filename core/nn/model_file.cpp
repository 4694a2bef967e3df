#include "core/nn/model_file.h"

#include <algorithm>
#include <cmath>

#include "core/base/file.h"

namespace inkling {
namespace {

constexpr const char* kScaleSuffix = ".scale";

// Large matrices of the transformer: most of the file, and the ones that bear 8 bits without loss
// that can be measured. Large matrices of the transformer and of the matching experts, with the
// words that these compare with. The small networks around them lose more by rounding than they
// save.
bool worthQuantizing(const std::string& name, const Tensor& tensor) {
  const bool known = name.starts_with("trunk.vit.blocks.") || name.starts_with("match.");
  return known && tensor.dim() == 2 && tensor.numel() > 30000;
}

void addPrefixed(StateDict& target, const StateDict& source, const std::string& prefix) {
  for (const auto& [name, tensor] : source) target[prefix + name] = tensor;
}

// Blocks of the transformer that the configuration never runs.
bool unusedBlock(const std::string& name, const ModelConfig& config) {
  const std::string prefix = "trunk.vit.blocks.";
  if (name == "trunk.vit.norm.weight" || name == "trunk.vit.norm.bias") return true;
  if (!name.starts_with(prefix)) return false;
  const std::int64_t block = std::stoll(name.substr(prefix.size()));
  return block > *std::max_element(config.trunk.vitBlocks.begin(), config.trunk.vitBlocks.end());
}

}  // namespace

std::pair<Tensor, Tensor> quantizeRows(const Tensor& weight) {
  const Tensor flat = weight.to(at::kFloat).reshape({weight.size(0), -1});
  const Tensor scale = (std::get<0>(flat.abs().max(1)) / 127).clamp_min(1e-12);
  const Tensor values =
      at::round(flat / scale.unsqueeze(1)).clamp(-127, 127).to(at::kChar).reshape(weight.sizes());
  return {values, scale};
}

Tensor dequantizeRows(const Tensor& values, const Tensor& scale) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(values.dim()), 1);
  shape[0] = values.size(0);
  return values.to(at::kFloat) * scale.to(at::kFloat).view(shape);
}

StateDict widenState(const StateDict& packed) {
  StateDict state;
  for (const auto& [name, tensor] : packed) {
    if (name.ends_with(kScaleSuffix) && packed.contains(name.substr(0, name.size() - 6))) continue;
    const auto scale = packed.find(name + kScaleSuffix);
    if (tensor.scalar_type() == at::kChar && scale != packed.end() && tensor.dim() > 0 &&
        scale->second.dim() == 1 && scale->second.size(0) == tensor.size(0)) {
      state[name] = dequantizeRows(tensor, scale->second);
    } else {
      state[name] = at::isFloatingType(tensor.scalar_type()) ? tensor.to(at::kFloat) : tensor;
    }
  }
  return state;
}

TrunkWeights readPublishedTrunk(const std::filesystem::path& folder, const ModelConfig& config) {
  TrunkWeights weights;
  addPrefixed(weights.state,
              readSafetensors(folder / "dinov2_vits14_saliency.fp16.safetensors").tensors,
              "trunk.vit.");
  if (config.trunk.cnnResolution > 0) {
    const auto file = folder / "efficientnet_lite2.fp16.safetensors";
    const EfficientNetLite network(readSafetensors(file).tensors, displayName(file));
    addPrefixed(weights.state, network.foldedState(), "trunk.cnn.");
  }
  if (config.trunk.detectorResolution > 0) {
    addPrefixed(weights.state, readSafetensors(folder / "yolox_nano_416.safetensors").tensors,
                "trunk.detector.");
    try {
      weights.detectorGraph = readJson(folder / "yolox_nano_416.graph.json");
    } catch (const InputError& error) {
      throw ModelError(error.what());
    }
  }
  weights.state = widenState(weights.state);
  return weights;
}

TensorFile packModel(const ModelConfig& config, const TrunkWeights& trunk,
                     LocalizerNetwork& network, const Json& card, bool quantize) {
  TensorFile file;
  StateDict all = network.state();
  for (const auto& [name, tensor] : trunk.state) {
    if (!unusedBlock(name, config)) all[name] = tensor;
  }
  for (const auto& [name, tensor] : all) {
    if (quantize && worthQuantizing(name, tensor)) {
      std::tie(file.tensors[name], file.tensors[name + kScaleSuffix]) = quantizeRows(tensor);
    } else if (at::isFloatingType(tensor.scalar_type())) {
      file.tensors[name] = tensor.detach().to(at::kHalf);
    } else {
      file.tensors[name] = tensor;
    }
  }
  Json header = card.is_object() ? card : Json::object();
  header["format"] = 1;
  header["config"] = config.toJson();
  file.metadata["inkling"] = dumpJson(header);
  if (!trunk.detectorGraph.empty()) file.metadata["detector_graph"] = dumpJson(trunk.detectorGraph);
  return file;
}

double Model::presence(double bestLogit, double context) const {
  constexpr double kSurest = 20.7;  // of a probability of 1 - 1e-9
  const std::vector<double>& weights = config.presence;
  const double logit =
      weights[0] * std::clamp(bestLogit, -kSurest, kSurest) + weights[1] * context + weights[2];
  return 1 / (1 + std::exp(-logit));
}

Model readModel(const std::filesystem::path& path) {
  const std::string name = displayName(path);
  const TensorFile file = readSafetensors(path);
  const auto header = file.metadata.find("inkling");
  if (header == file.metadata.end())
    fail<ModelError>("{}: not an Inkling model (no \"inkling\" in its metadata)", name);
  try {
    Model model;
    model.card = parseJson(header->second, name + ": metadata \"inkling\"");
    if (jsonRequire<int>(model.card, "format", name) != 1)
      fail<ModelError>("{}: written by a newer version of Inkling", name);
    model.config = ModelConfig::fromJson(jsonRequire<Json>(model.card, "config", name), name);
    const auto graph = file.metadata.find("detector_graph");
    const Json detector = graph == file.metadata.end()
                              ? Json::object()
                              : parseJson(graph->second, name + ": metadata \"detector_graph\"");
    const StateDict state = widenState(file.tensors);
    Random random(1);
    model.trunk = std::make_unique<Trunk>(model.config, state, detector, name);
    model.network = std::make_unique<LocalizerNetwork>(model.config, random);
    model.network->load(state, name);
    model.network->setTraining(false);
    return model;
  } catch (const ModelError&) {
    throw;
  } catch (const Error& error) {
    throw ModelError(error.what());
  } catch (const c10::Error&) {
    fail<ModelError>("{}: its tensors do not fit its configuration", name);
  } catch (const std::bad_alloc&) {
    fail<ModelError>("{}: not enough memory to load it", name);
  }
}

}  // namespace inkling
