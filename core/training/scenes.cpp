#include "core/training/scenes.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/nn/box_ops.h"

namespace inkling {

void writePhotoTensors(const std::filesystem::path& file, const PhotoTensors& photo) {
  TensorFile out;
  const auto put = [&](const char* name, const Tensor& tensor, at::ScalarType type) {
    if (tensor.defined()) out.tensors[name] = tensor.to(type);
  };
  put("tokens", photo.tokens, at::kHalf);
  put("stem", photo.stem, at::kHalf);
  put("cnn_map", photo.cnnMap, at::kHalf);
  put("classes", photo.classes, at::kHalf);
  put("boxes", photo.boxes, at::kFloat);
  put("objectness", photo.objectness, at::kFloat);
  out.metadata["count"] = std::to_string(photo.count);
  writeSafetensors(file, out);
}

PhotoTensors readStoredTensors(const std::filesystem::path& file) {
  const TensorFile in = readSafetensors(file);
  const auto get = [&](const char* name) {
    const auto found = in.tensors.find(name);
    return found == in.tensors.end() ? Tensor() : found->second;
  };
  PhotoTensors photo{get("tokens"),
                     get("stem"),
                     get("cnn_map"),
                     get("boxes"),
                     get("objectness"),
                     get("classes"),
                     0};
  const auto count = in.metadata.find("count");
  if (count == in.metadata.end() || !photo.boxes.defined())
    fail<ModelError>("{}: not cached photo features", file.string());
  photo.count = std::stoll(count->second);
  return photo;
}

PhotoTensors readPhotoTensors(const std::filesystem::path& file) {
  return readStoredTensors(file).to(at::kCPU, at::kFloat);
}

Tensor votesOf(const Scene& scene, std::size_t members, at::Device device) {
  if (members < 2) return {};
  Tensor votes = at::zeros({1, static_cast<std::int64_t>(members)});
  votes[0][static_cast<std::int64_t>(scene.fold % members)] = 1;
  return votes.to(device);
}

std::vector<std::int64_t> chooseWords(const Scene& scene, std::int64_t present, std::int64_t absent,
                                      Random& random) {
  std::vector<std::int64_t> there, missing = scene.absent;
  for (const WordBoxes& object : scene.objects) there.push_back(object.word);
  random.shuffle(there);
  random.shuffle(missing);
  there.resize(std::min<std::size_t>(there.size(), static_cast<std::size_t>(present)));
  missing.resize(std::min<std::size_t>(missing.size(), static_cast<std::size_t>(absent)));
  there.insert(there.end(), missing.begin(), missing.end());
  return there;
}

RegionFeatures wideRegions(const RegionFeatures& r) {
  const auto wide = [](const Tensor& t) { return t.defined() ? t.to(at::kFloat) : t; };
  return {wide(r.tokens), wide(r.cnn), wide(r.classes), wide(r.objectness), r.boxes, r.valid};
}

Tensor mirrorBoxes(const Tensor& boxes, double contentWidth) {
  Tensor mirrored = boxes.clone();
  mirrored.select(-1, 0).copy_(contentWidth - boxes.select(-1, 0));
  return mirrored;
}

RegionFeatures regionsAt(const PhotoTensors& photo, const Tensor& boxes,
                         const LocalizerNetwork& network) {
  const at::NoGradGuard noGrad;
  PhotoTensors at_ = photo;
  const Tensor iou =
      boxIou(cxcywhToXyxy(boxes), cxcywhToXyxy(photo.boxes.slice(0, 0, photo.count))).first;
  at_.boxes = boxes;
  at_.count = boxes.size(0);
  if (photo.count == 0) {
    at_.objectness = at::full({boxes.size(0)}, 1e-4, boxes.options());
    if (photo.classes.defined())
      at_.classes = at::zeros({boxes.size(0), photo.classes.size(1)}, boxes.options());
  } else {
    const auto [best, which] = iou.max(1);
    const Tensor good = (best >= 0.5).to(at::kFloat);
    at_.objectness = (photo.objectness.index_select(0, which) * good).clamp_min(1e-4);
    if (photo.classes.defined())
      at_.classes = photo.classes.index_select(0, which) * good.unsqueeze(1);
  }
  return network.prepare(at_).regions;
}

RegionFeatures selectRegions(const RegionFeatures& regions, const Tensor& index) {
  const auto pick = [&](const Tensor& t) {
    return t.defined() ? t.index_select(1, index) : Tensor();
  };
  return {pick(regions.tokens),     pick(regions.cnn),   pick(regions.classes),
          pick(regions.objectness), pick(regions.boxes), pick(regions.valid)};
}

RegionFeatures joinRegions(const std::vector<RegionFeatures>& parts) {
  const auto join = [&](auto field) {
    Tensor example;
    for (const RegionFeatures& part : parts) {
      if (field(part).defined()) example = field(part);
    }
    if (!example.defined()) return Tensor();
    std::vector<Tensor> rows;
    for (const RegionFeatures& part : parts) {
      std::vector<std::int64_t> shape = example.sizes().vec();
      shape[1] = part.objectness.size(1);
      rows.push_back(field(part).defined() ? field(part) : at::zeros(shape, example.options()));
    }
    return at::cat(rows, 1);
  };
  return {join([](const RegionFeatures& r) { return r.tokens; }),
          join([](const RegionFeatures& r) { return r.cnn; }),
          join([](const RegionFeatures& r) { return r.classes; }),
          join([](const RegionFeatures& r) { return r.objectness; }),
          join([](const RegionFeatures& r) { return r.boxes; }),
          join([](const RegionFeatures& r) { return r.valid; })};
}

}  // namespace inkling
