#include "core/nn/swiftformer.h"

#include "core/base/error.h"

namespace inkling {

SwiftFormerConvEncoder::SwiftFormerConvEncoder(std::int64_t dim, std::int64_t hidden,
                                               std::int64_t kernel, Random& random, bool withScale)
    : dwconv(dim, kernel, random),
      norm(dim),
      pwconv1(dim, hidden, 1, 1, random, true),
      pwconv2(hidden, dim, 1, 1, random, true) {
  if (withScale) {
    layer_scale = at::ones({dim, 1, 1});
    parameter("layer_scale", layer_scale);
  }
  child("dwconv", dwconv);
  child("norm", norm);
  child("pwconv1", pwconv1);
  child("pwconv2", pwconv2);
}

Tensor SwiftFormerConvEncoder::forward(const Tensor& x) const {
  const Tensor y = pwconv2.forward(at::gelu(pwconv1.forward(norm.forward(dwconv.forward(x)))));
  return layer_scale.defined() ? x + layer_scale * y : x + y;
}

SwiftFormerMlp::SwiftFormerMlp(std::int64_t dim, std::int64_t hidden, Random& random)
    : norm1(dim), fc1(dim, hidden, 1, 1, random, true), fc2(hidden, dim, 1, 1, random, true) {
  child("norm1", norm1);
  child("fc1", fc1);
  child("fc2", fc2);
}

Tensor SwiftFormerMlp::forward(const Tensor& x) const {
  return fc2.forward(at::gelu(fc1.forward(norm1.forward(x))));
}

SwiftFormerEncoder::SwiftFormerEncoder(std::int64_t dim, double mlpRatio, Random& random,
                                       double scaleAtStart)
    : local_representation(dim, dim, 3, random),
      attn(dim, dim, 1, random),
      linear(dim, static_cast<std::int64_t>(static_cast<double>(dim) * mlpRatio), random) {
  if (scaleAtStart != 0.0) {
    layer_scale_1 = at::full({dim, 1, 1}, scaleAtStart, at::kFloat);
    layer_scale_2 = at::full({dim, 1, 1}, scaleAtStart, at::kFloat);
    parameter("layer_scale_1", layer_scale_1);
    parameter("layer_scale_2", layer_scale_2);
  }
  child("local_representation", local_representation);
  child("attn", attn);
  child("linear", linear);
}

Tensor SwiftFormerEncoder::forward(const Tensor& x) const {
  const auto scaled = [](const Tensor& scale, const Tensor& y) {
    return scale.defined() ? scale * y : y;
  };
  const Tensor local = local_representation.forward(x);
  const Tensor attended = attn.forward(local.flatten(2).transpose(1, 2)).tokens;
  const Tensor y = local + scaled(layer_scale_1, attended.transpose(1, 2).reshape(local.sizes()));
  return y + scaled(layer_scale_2, linear.forward(y));
}

SwiftFormerConfig SwiftFormerConfig::named(const std::string& size) {
  SwiftFormerConfig config;
  if (size == "XS") return config;
  if (size == "S") {
    config.layers = {3, 3, 9, 6};
    config.embedDims = {48, 64, 168, 224};
  } else if (size == "L1") {
    config.layers = {4, 3, 10, 5};
    config.embedDims = {48, 96, 192, 384};
  } else if (size == "L3") {
    config.layers = {4, 4, 12, 6};
    config.embedDims = {64, 128, 320, 512};
  } else {
    fail<UsageError>("no SwiftFormer is called \"{}\" (known: XS, S, L1, L3)", size);
  }
  return config;
}

// Convolutions to a quarter of the photo's size; numbered as in the official sequence, where 2 and
// 5 are ReLU.
struct SwiftFormer::Stem : Module {
  Conv2d first, second;
  BatchNorm2d firstNorm, secondNorm;
  Stem(std::int64_t channels, Random& random)
      : first(3, channels / 2, 3, 2, random, true),
        second(channels / 2, channels, 3, 2, random, true),
        firstNorm(channels / 2),
        secondNorm(channels) {
    child("0", first);
    child("1", firstNorm);
    child("3", second);
    child("4", secondNorm);
  }
  Tensor forward(const Tensor& x) const {
    const Tensor y = at::relu(firstNorm.forward(first.forward(x)));
    return at::relu(secondNorm.forward(second.forward(y)));
  }
};

struct SwiftFormer::Downsampling : Module {
  Conv2d proj;
  BatchNorm2d norm;
  std::int64_t padding;
  Downsampling(std::int64_t in, std::int64_t out, const SwiftFormerConfig& config, Random& random)
      : proj(in, out, config.downKernel, config.downStride, random, true),
        norm(out),
        padding(config.downPadding) {
    child("proj", proj);
    child("norm", norm);
  }
  Tensor forward(const Tensor& x) const {
    return norm.forward(
        at::conv2d(x, proj.weight, proj.bias, {proj.stride, proj.stride}, {padding, padding}));
  }
};

// One entry of the official list "network": a stage, or what shrinks the grid after it.
struct SwiftFormer::Step {
  std::vector<std::unique_ptr<SwiftFormerBlock>> blocks;
  std::unique_ptr<Downsampling> downsampling;
  Tensor forward(Tensor x) const {
    for (const auto& block : blocks) x = block->forward(x);
    return downsampling ? downsampling->forward(x) : x;
  }
};

SwiftFormer::SwiftFormer(const SwiftFormerConfig& config, Random& random) : config_(config) {
  const std::size_t stages = config.layers.size();
  if (stages == 0 || config.embedDims.size() != stages || config.downsamples.size() + 1 < stages) {
    fail<UsageError>("SwiftFormer: {} stages, {} widths and {} downsamplings do not fit together",
                     stages, config.embedDims.size(), config.downsamples.size());
  }
  stem_ = std::make_unique<Stem>(config.embedDims.front(), random);
  child("patch_embed", *stem_);
  addSteps(random);
  if (!config.featuresOnly) {
    addHeads(random);
    return;
  }
  // The official norms are named after the steps 0, 2, 4, 6, whatever is there.
  if (stages != 4 || steps_.size() != 7)
    throw UsageError("SwiftFormer: features need four stages with a downsampling after each");
  for (std::size_t i = 0; i < stages; ++i) {
    norms_.push_back(std::make_unique<BatchNorm2d>(config.embedDims[i]));
    child("norm" + std::to_string(2 * i), *norms_.back());
  }
}

SwiftFormer::~SwiftFormer() = default;

void SwiftFormer::addSteps(Random& random) {
  const auto& dims = config_.embedDims;
  for (std::size_t i = 0; i < config_.layers.size(); ++i) {
    Step stage;
    const std::string name = "network." + std::to_string(steps_.size());
    for (std::int64_t j = 0; j < config_.layers[i]; ++j) {
      if (config_.layers[i] - j <= config_.attentionBlocks) {
        stage.blocks.push_back(std::make_unique<SwiftFormerEncoder>(dims[i], config_.mlpRatio,
                                                                    random, config_.scaleAtStart));
      } else {
        const auto hidden =
            static_cast<std::int64_t>(static_cast<double>(dims[i]) * config_.mlpRatio);
        stage.blocks.push_back(
            std::make_unique<SwiftFormerConvEncoder>(dims[i], hidden, 3, random));
      }
      child(name + "." + std::to_string(j), *stage.blocks.back());
    }
    steps_.push_back(std::move(stage));
    if (i + 1 == config_.layers.size()) break;
    if (!config_.downsamples[i] && dims[i] == dims[i + 1]) continue;
    Step shrink;
    shrink.downsampling = std::make_unique<Downsampling>(dims[i], dims[i + 1], config_, random);
    child("network." + std::to_string(steps_.size()), *shrink.downsampling);
    steps_.push_back(std::move(shrink));
  }
}

void SwiftFormer::addHeads(Random& random) {
  const std::int64_t dim = config_.embedDims.back();
  norms_.push_back(std::make_unique<BatchNorm2d>(dim));
  child("norm", *norms_.back());
  if (config_.classes == 0) return;
  head_ = std::make_unique<Linear>(dim, config_.classes, random);
  child("head", *head_);
  if (!config_.distillation) return;
  distilledHead_ = std::make_unique<Linear>(dim, config_.classes, random);
  child("dist_head", *distilledHead_);
}

std::pair<Tensor, Tensor> SwiftFormer::heads(const Tensor& photos) const {
  if (config_.featuresOnly) throw UsageError("this SwiftFormer has no heads, only features");
  Tensor x = stem_->forward(photos);
  for (const Step& step : steps_) x = step.forward(x);
  const Tensor mean = norms_.front()->forward(x).mean({2, 3});
  if (!head_) return {mean, {}};
  return {head_->forward(mean), distilledHead_ ? distilledHead_->forward(mean) : Tensor()};
}

Tensor SwiftFormer::forward(const Tensor& photos) const {
  const auto [taught, distilled] = heads(photos);
  return distilled.defined() ? (taught + distilled) / 2 : taught;
}

std::vector<Tensor> SwiftFormer::features(const Tensor& photos) const {
  if (!config_.featuresOnly) throw UsageError("this SwiftFormer has heads and gives no features");
  std::vector<Tensor> result;
  Tensor x = stem_->forward(photos);
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    x = steps_[i].forward(x);
    if (i % 2 == 0) result.push_back(norms_[i / 2]->forward(x));
  }
  return result;
}

}  // namespace inkling
