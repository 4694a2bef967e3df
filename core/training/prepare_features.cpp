#include "core/training/prepare_features.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/evaluation/coco_dataset.h"
#include "core/image/photo_reader.h"
#include "core/image/resize.h"
#include "core/inference/trunk_input.h"
#include "core/nn/efficientnet.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// One object that fills its photo is found at the detector's own resolution.
constexpr std::int64_t kObjectDetector = 416;

std::int64_t wordIndex(const std::vector<std::string>& words, const std::string& word) {
  const auto found = std::lower_bound(words.begin(), words.end(), word);
  return found != words.end() && *found == word ? found - words.begin() : -1;
}

bool contains(const std::vector<std::string>& list, const std::string& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::string keyOf(const std::string& text) {
  std::uint64_t key = 0;
  for (const char c : text) key = mixSeed(key, static_cast<unsigned char>(c));
  return fmt::format("{:016x}", key);
}

// Part of a cache file's name: features of other trunk settings must not be taken for these.
std::string trunkKey(const ModelConfig& config) {
  const Json json = config.toJson();
  // Only early guidance keeps other features; which blocks it fuses at decides which.
  const GuidanceConfig plain;
  const bool early = config.guidance.mode == "early";
  return keyOf(dumpJson(json.at("trunk")) + (early ? "early" : "late") +
               dumpJson((early ? config.guidance : plain).earlyBlocks));
}

// The same for the choice of single objects.
std::string objectsKey(const DataConfig& data, const ModelConfig& config) {
  std::string text = trunkKey(config);
  for (const ObjectSource& source : data.objects) {
    text += fmt::format("|{}|{}|", source.folder.filename().string(), source.perWord);
    if (!source.imagenetWords.empty()) text += dumpJson(readJson(source.imagenetWords));
  }
  for (const std::string& word : data.excludedWords) text += "|" + word;
  return keyOf(text);
}

Tensor boxTensor(const std::vector<Box>& boxes, double side) {
  Tensor tensor = at::zeros({static_cast<std::int64_t>(boxes.size()), 4});
  auto access = tensor.accessor<float, 2>();
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    access[row][0] = static_cast<float>((boxes[i].x + boxes[i].width / 2) / side);
    access[row][1] = static_cast<float>((boxes[i].y + boxes[i].height / 2) / side);
    access[row][2] = static_cast<float>(boxes[i].width / side);
    access[row][3] = static_cast<float>(boxes[i].height / side);
  }
  return tensor;
}

// Words and boxes of one photo; boxes are normalised by the photo's longer side.
Scene sceneOf(const CocoDataset& dataset, std::size_t photo, const std::vector<std::string>& words,
              const DataConfig& data, const SceneSource& source) {
  const PhotoRecord& record = dataset.photos[photo];
  const double side = std::max(record.width, record.height);
  std::map<std::int64_t, std::vector<Box>> byWord;
  std::vector<Box> crowds;
  for (const std::size_t index : dataset.annotationsOf(photo)) {
    const Annotation& annotation = dataset.annotations[index];
    const Category* category = dataset.category(annotation.categoryId);
    if (category->unseen || contains(data.excludedWords, category->sketchWord)) {
      fail<InputError>("{}: the photo {} shows \"{}\", which is excluded from training",
                       displayName(source.annotations), record.file, category->name);
    }
    const std::int64_t word =
        category->sketchWord.empty() ? -1 : wordIndex(words, category->sketchWord);
    if (annotation.crowd) {
      crowds.push_back(annotation.box);
    } else if (word >= 0) {
      byWord[word].push_back(annotation.box);
    }
  }
  Scene scene;
  scene.exhaustive = source.exhaustive;
  scene.ignored = boxTensor(crowds, side);
  for (const auto& [word, boxes] : byWord) scene.objects.push_back({word, boxTensor(boxes, side)});
  for (const Category& category : dataset.categories) {
    const std::int64_t word =
        category.sketchWord.empty() || category.unseen ? -1 : wordIndex(words, category.sketchWord);
    if (word >= 0 && !byWord.contains(word) && !contains(data.excludedWords, category.sketchWord))
      scene.absent.push_back(word);
  }
  return scene;
}

Scene mirrored(const Scene& scene, double contentWidth, const fs::path& features) {
  Scene mirror = scene;
  mirror.features = features;
  for (WordBoxes& object : mirror.objects) object.boxes = mirrorBoxes(object.boxes, contentWidth);
  mirror.ignored = mirrorBoxes(scene.ignored, contentWidth);
  return mirror;
}

}  // namespace

std::vector<Scene> prepareScenes(const DataConfig& data, const std::vector<std::string>& words,
                                 const Trunk& trunk, const ModelConfig& config,
                                 const fs::path& cache, const RunContext& context) {
  requireWritableFolder(cache);
  const std::string key = trunkKey(config);
  std::vector<Scene> scenes;
  for (const SceneSource& source : data.scenes) {
    const CocoDataset dataset = readCocoDataset(source.annotations);
    const std::size_t limit =
        source.limit > 0 ? static_cast<std::size_t>(source.limit) : dataset.photos.size();
    for (std::size_t i = 0; i < std::min(limit, dataset.photos.size()); ++i) {
      context.cancellation.check();
      const PhotoRecord& record = dataset.photos[i];
      const double contentWidth =
          record.width / static_cast<double>(std::max(record.width, record.height));
      Scene scene = sceneOf(dataset, i, words, data, source);
      scene.held = static_cast<double>(mixSeed(7, static_cast<std::uint64_t>(record.id)) % 1000) <
                   1000 * source.heldShare;
      scene.fold = mixSeed(11, static_cast<std::uint64_t>(record.id));
      const std::string name =
          fmt::format("{}-{}-{}", source.photos.filename().string(), record.id, key);
      scene.features = cache / (name + ".safetensors");
      const Scene mirror = mirrored(scene, contentWidth, cache / (name + "-mirror.safetensors"));
      if (!fs::exists(scene.features) || (source.mirror && !fs::exists(mirror.features))) {
        const Image photo =
            readPhotoReduced(source.photos / record.file, config.trunk.readSide()).image;
        const auto store = [&](const Scene& of, const Image& pixels) {
          writePhotoTensors(of.features,
                            trunk.describe(makeTrunkInput(pixels, config.trunk, context.device)));
        };
        store(scene, photo);
        if (source.mirror) store(mirror, flipHorizontally(photo));
        if (context.progress && i % 10 == 0) {
          context.progress({"describing photos of " + source.photos.string(),
                            static_cast<std::int64_t>(i),
                            static_cast<std::int64_t>(dataset.photos.size()), ""});
        }
      }
      scenes.push_back(std::move(scene));
      if (source.mirror) scenes.push_back(mirror);
    }
  }
  return scenes;
}

namespace {

struct ObjectPhoto {
  fs::path file;
  std::int64_t word = 0;
};

std::map<std::int64_t, std::vector<std::int64_t>> imagenetTable(
    const fs::path& file, const std::vector<std::string>& words, const DataConfig& data) {
  std::map<std::int64_t, std::vector<std::int64_t>> table;
  const Json json = readJson(file);
  for (const auto& [word, classes] : json.items()) {
    if (contains(data.excludedWords, word))
      fail<InputError>("{}: \"{}\" is excluded from training", displayName(file), word);
    if (const std::int64_t index = wordIndex(words, word); index >= 0)
      table[index] = classes.get<std::vector<std::int64_t>>();
  }
  return table;
}

std::vector<ObjectPhoto> listObjects(const ObjectSource& source,
                                     const std::vector<std::string>& words,
                                     const DataConfig& data) {
  std::vector<ObjectPhoto> photos;
  std::map<std::int64_t, std::int64_t> taken;
  const auto take = [&](const fs::path& file, std::int64_t word) {
    if (source.perWord == 0 || taken[word]++ < source.perWord) photos.push_back({file, word});
  };
  std::map<std::int64_t, std::vector<std::int64_t>> wordsOfClass;
  if (!source.imagenetWords.empty()) {
    for (const auto& [word, classes] : imagenetTable(source.imagenetWords, words, data)) {
      for (const std::int64_t c : classes) wordsOfClass[c].push_back(word);
    }
  }
  for (const fs::path& file : listFiles(source.folder, photoExtensions())) {
    if (source.imagenetWords.empty()) {
      const std::string word = file.parent_path().filename().string();
      const std::int64_t index = wordIndex(words, word);
      if (index >= 0 && !contains(data.excludedWords, word)) take(file, index);
    } else {
      const std::int64_t number = std::strtoll(file.filename().c_str(), nullptr, 10);
      for (const std::int64_t word : wordsOfClass[number]) take(file, word);
    }
  }
  return photos;
}

// The region of a photo that shows one object: the likeliest large proposal, else the whole photo.
RegionFeatures objectRegion(const Image& photo, const Trunk& trunk, const LocalizerNetwork& network,
                            const ModelConfig& config, at::Device device) {
  const TrunkInput input = makeTrunkInput(photo, config.trunk, device);
  const PhotoTensors described = trunk.describe(input);
  const auto width = input.content[0][0].item<float>(), height = input.content[0][1].item<float>();
  Tensor box = at::tensor({width / 2, height / 2, width, height}).view({1, 4}).to(device);
  if (described.count > 0) {
    const Tensor boxes = described.boxes.slice(0, 0, described.count);
    const Tensor area =
        boxes.select(1, 2) * boxes.select(1, 3) / static_cast<double>(width * height);
    const Tensor score =
        described.objectness.slice(0, 0, described.count) * (area > 0.15).to(at::kFloat);
    const std::int64_t best = score.argmax().item<std::int64_t>();
    if (score[best].item<double>() > 0.1) box = boxes.slice(0, best, best + 1);
  }
  return regionsAt(described, box, network).to(at::kCPU);
}

ObjectSet prototypes(const DataConfig& data, const std::vector<std::string>& words,
                     const fs::path& weights) {
  ObjectSet set;
  std::vector<Tensor> rows;
  const fs::path file = weights / "efficientnet_lite2.fp16.safetensors";
  const EfficientNetLite network(readSafetensors(file).tensors, displayName(file));
  for (const ObjectSource& source : data.objects) {
    if (source.imagenetWords.empty()) continue;
    for (const auto& [word, classes] : imagenetTable(source.imagenetWords, words, data)) {
      for (const std::int64_t c : classes) {
        rows.push_back(network.classifierWeight()[c]);
        set.words.push_back(word);
      }
    }
  }
  if (rows.empty()) return set;
  set.features.cnn = at::stack(rows).unsqueeze(0);
  const auto count = static_cast<std::int64_t>(rows.size());
  set.features.objectness = at::ones({1, count});
  set.features.boxes = at::full({1, count, 4}, 0.5);
  set.features.valid = at::ones({1, count}, at::kBool);
  return set;
}

void storeObjects(const fs::path& file, const ObjectSet& set) {
  TensorFile out;
  const auto put = [&](const char* name, const Tensor& t) {
    if (t.defined()) out.tensors[name] = t.scalar_type() == at::kFloat ? t.to(at::kHalf) : t;
  };
  put("tokens", set.features.tokens);
  put("cnn", set.features.cnn);
  put("classes", set.features.classes);
  put("objectness", set.features.objectness);
  put("boxes", set.features.boxes);
  put("valid", set.features.valid);
  out.tensors["words"] = at::tensor(set.words, at::kLong);
  writeSafetensors(file, out);
}

ObjectSet loadObjects(const fs::path& file) {
  const StateDict state = readSafetensors(file).tensors;
  const auto get = [&](const char* name) {
    const auto found = state.find(name);
    if (found == state.end()) return Tensor();
    return found->second.scalar_type() == at::kHalf ? found->second.to(at::kFloat) : found->second;
  };
  ObjectSet set;
  set.features = {get("tokens"),     get("cnn"),   get("classes"),
                  get("objectness"), get("boxes"), get("valid")};
  const Tensor words = requireTensor(state, "words", file.string());
  set.words.assign(words.data_ptr<std::int64_t>(), words.data_ptr<std::int64_t>() + words.numel());
  return set;
}

}  // namespace

ObjectSet prepareObjects(const DataConfig& data, const std::vector<std::string>& words,
                         const TrunkWeights& weights, const ModelConfig& config,
                         const fs::path& cache, const RunContext& context) {
  const fs::path file = cache / fmt::format("objects-{}.safetensors", objectsKey(data, config));
  if (fs::exists(file)) return loadObjects(file);
  ModelConfig small = config;
  small.guidance.mode = "late";
  small.trunk.vitResolution = config.trunk.vit.patch * (config.trunk.gridSide() / 2);
  if (small.trunk.cnnResolution > 0)
    small.trunk.cnnResolution = std::max<std::int64_t>(32, config.trunk.cnnResolution / 64 * 32);
  small.trunk.detectorResolution = std::min(config.trunk.detectorResolution, kObjectDetector);
  Trunk trunk(small, weights.state, weights.detectorGraph, "weights");
  trunk.moveTo(context.device);
  Random random(1);
  LocalizerNetwork network(small, random);
  network.moveTo(context.device);

  std::vector<RegionFeatures> parts;
  ObjectSet set;
  for (const ObjectSource& source : data.objects) {
    const std::vector<ObjectPhoto> photos = listObjects(source, words, data);
    for (std::size_t i = 0; i < photos.size(); ++i) {
      context.cancellation.check();
      parts.push_back(objectRegion(readPhotoReduced(photos[i].file, small.trunk.readSide()).image,
                                   trunk, network, small, context.device));
      set.words.push_back(photos[i].word);
      if (context.progress && i % 50 == 0) {
        context.progress({"describing objects of " + source.folder.string(),
                          static_cast<std::int64_t>(i), static_cast<std::int64_t>(photos.size()),
                          ""});
      }
    }
  }
  if (config.trunk.cnnResolution > 0) {
    const ObjectSet rows = prototypes(data, words, data.weights);
    if (rows.size() > 0) parts.push_back(rows.features);
    set.words.insert(set.words.end(), rows.words.begin(), rows.words.end());
  }
  if (!parts.empty()) {
    set.features = joinRegions(parts);
    storeObjects(file, set);
  }
  return set;
}

}  // namespace inkling
