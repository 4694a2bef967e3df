#include "core/inference/feature_codec.h"

#include <memory>
#include <span>
#include <utility>

#include "core/base/json.h"
#include "core/nn/localizer_network.h"
#include "core/nn/safetensors.h"

namespace inkling {
namespace {

constexpr const char* kKey = "inkling_features";
constexpr int kVersion = 1;

// Every tensor of a photo under its name; `each(name, tensor)`.
template <typename Batch, typename F>
void visitTensors(Batch& batch, F&& each) {
  each("tokens", batch.tokens);
  each("stem", batch.stem);
  each("embedding", batch.embedding);
  each("names", batch.names);
  each("regions.tokens", batch.regions.tokens);
  each("regions.cnn", batch.regions.cnn);
  each("regions.classes", batch.regions.classes);
  each("regions.objectness", batch.regions.objectness);
  each("regions.boxes", batch.regions.boxes);
  each("regions.valid", batch.regions.valid);
}

// Boxes are fractions of a photo that may be 30,000 pixels wide: half precision is too coarse.
bool keepsPrecision(const std::string& name) { return name == "regions.boxes"; }

}  // namespace

std::string encodeFeatures(const PhotoFeatures& features) {
  if (features.empty()) fail<UsageError>("there are no features to keep");
  TensorFile content;
  visitTensors(*features.data_, [&](const std::string& name, const Tensor& tensor) {
    if (!tensor.defined()) return;
    const bool half = tensor.scalar_type() == at::kFloat && !keepsPrecision(name);
    content.tensors[name] = half ? tensor.to(at::kHalf) : tensor;
  });
  content.metadata[kKey] = dumpJson({{"version", kVersion},
                                     {"width", features.photo_.width},
                                     {"height", features.photo_.height},
                                     {"content_width", features.contentWidth_},
                                     {"content_height", features.contentHeight_}});
  return encodeSafetensors(content);
}

PhotoFeatures decodeFeatures(std::string_view bytes, const std::string& name) {
  TensorFile content;
  try {
    content = decodeSafetensors(std::as_bytes(std::span(bytes)), name);
  } catch (const ModelError& error) {
    // The format's errors speak of models; this is one photo of many, and can be made anew.
    fail<InputError>("{}", error.what());
  }
  const auto found = content.metadata.find(kKey);
  if (found == content.metadata.end()) fail<InputError>("{}: holds no features of a photo", name);
  const Json facts = parseJson(found->second, name);
  if (jsonRequire<int>(facts, "version", name) != kVersion)
    fail<InputError>("{}: features of another version", name);
  auto batch = std::make_shared<PhotoBatch>();
  visitTensors(*batch, [&](const std::string& key, Tensor& tensor) {
    const auto stored = content.tensors.find(key);
    if (stored != content.tensors.end())
      tensor = stored->second.scalar_type() == at::kHalf ? stored->second.to(at::kFloat)
                                                         : stored->second;
  });
  if (!batch->regions.boxes.defined() || !batch->regions.valid.defined())
    fail<InputError>("{}: a part of the features is missing", name);
  PhotoFeatures features;
  features.photo_ = {jsonRequire<int>(facts, "width", name),
                     jsonRequire<int>(facts, "height", name)};
  features.contentWidth_ = jsonRequire<double>(facts, "content_width", name);
  features.contentHeight_ = jsonRequire<double>(facts, "content_height", name);
  features.data_ = std::move(batch);
  return features;
}

}  // namespace inkling
