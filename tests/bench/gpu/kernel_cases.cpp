#include "tests/bench/gpu/kernel_cases.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <random>
#include <utility>

#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/letterbox.h"
#include "core/kernels/cuda/nms.h"
#include "core/kernels/cuda/routing_attention.h"
#include "core/kernels/cuda/sketch_attention.h"
#include "tests/bench/gpu/device_array.h"

namespace inkling::bench {
namespace {

using kernels::cuda::Stream;

using Generator = std::minstd_rand;

std::vector<float> uniform(std::int64_t count, float low, float high, Generator& generator) {
  std::uniform_real_distribution<float> between(low, high);
  std::vector<float> result(static_cast<std::size_t>(count));
  for (float& each : result) each = between(generator);
  return result;
}

double number(std::int64_t count) { return static_cast<double>(count); }

// ---- letterbox: 16 photos

KernelCase letterboxCase(int width, int height, int side) {
  constexpr int kPhotos = 16;
  struct Memory {
    std::vector<DeviceArray<std::uint8_t>> photos;
    std::unique_ptr<DeviceArray<float>> output;
  };
  Generator generator;
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(3) * static_cast<std::size_t>(width) *
                                   static_cast<std::size_t>(height));
  for (std::uint8_t& each : pixels) each = static_cast<std::uint8_t>(generator() >> 8);
  const double scale = std::min(1.0 * side / width, 1.0 * side / height);
  const auto memory = std::make_shared<Memory>();
  kernels::Letterboxing job;
  job.frameWidth = job.frameHeight = side;
  job.normalise({0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F});
  for (int i = 0; i < kPhotos; ++i)
    job.photos.push_back({memory->photos.emplace_back(pixels).get(), std::int64_t{3} * width, width,
                          height, static_cast<int>(std::lround(width * scale)),
                          static_cast<int>(std::lround(height * scale))});
  memory->output = std::make_unique<DeviceArray<float>>(3 * job.items() * side);
  job.output = memory->output->get();
  const double read = number(kPhotos) * number(static_cast<std::int64_t>(pixels.size()));
  return {[memory, job](Stream stream) { kernels::cuda::letterbox(job, stream); },
          read + number(memory->output->bytes()), 2 * read};
}

// ---- routing attention: regions and choices as core/nn/attention/bilevel_routing.h has them

std::vector<std::int64_t> chosenRegions(std::int64_t items, std::int64_t regions,
                                        std::int64_t choices) {
  Generator generator;
  std::vector<std::int64_t> all(static_cast<std::size_t>(regions)), chosen;
  std::iota(all.begin(), all.end(), 0);
  for (std::int64_t i = 0; i < items; ++i) {
    std::shuffle(all.begin(), all.end(), generator);
    chosen.insert(chosen.end(), all.begin(), all.begin() + choices);
  }
  return chosen;
}

KernelCase routingCase(std::int64_t side, std::int64_t region) {
  constexpr std::int64_t kDim = 128, kHeads = 4, kChoices = 8, kKernel = 5;
  struct Memory {
    DeviceArray<float> qkv, taps, bias, output;
    DeviceArray<std::int64_t> chosen;
  };
  Generator generator;
  kernels::RoutingAttention job;
  job.heads = kHeads;
  job.headWidth = kDim / kHeads;
  job.gridHeight = job.gridWidth = side;
  job.regionHeight = job.regionWidth = region;
  job.choices = kChoices;
  job.scale = 1 / std::sqrt(static_cast<float>(kDim));
  job.tokenStride = 3 * kDim;
  job.photoStride = side * side * job.tokenStride;
  job.outputTokenStride = kDim;
  job.outputPhotoStride = side * side * kDim;
  job.localKernel = kKernel;
  const std::vector<std::int64_t> chosen = chosenRegions(job.items(), job.regions(), kChoices);
  const auto memory = std::make_shared<Memory>(
      Memory{DeviceArray<float>(uniform(job.photoStride, -1, 1, generator)),
             DeviceArray<float>(uniform(kKernel * kKernel * kDim, -1, 1, generator)),
             DeviceArray<float>(uniform(kDim, -1, 1, generator)),
             DeviceArray<float>(job.outputPhotoStride), DeviceArray<std::int64_t>(chosen)});
  job.localWeight = memory->taps.get();
  job.localBias = memory->bias.get();
  job.chosen = chosen.data();  // multiplyAdds() reads them
  const double flops = 2 * number(job.multiplyAdds());
  job.chosen = memory->chosen.get();
  job.query = memory->qkv.get();
  job.key = job.query + kDim;
  job.value = job.key + kDim;
  job.output = memory->output.get();
  return {[memory, job](Stream stream) { kernels::cuda::routingAttention(job, stream); },
          number(memory->qkv.bytes() + memory->output.bytes() + memory->taps.bytes() +
                 memory->bias.bytes() + memory->chosen.bytes()),
          flops};
}

// ---- deformable sampling

struct SamplingShape {
  std::vector<std::int64_t> sides;  ///< of the levels
  std::int64_t photos, queries, heads;
  bool areQueriesTokens;  ///< otherwise they are anywhere
};
constexpr std::int64_t kHeadWidth = 32, kPoints = 4;

/// The middles of all tokens of all levels, or random places.
std::vector<std::pair<float, float>> queryPlaces(const SamplingShape& shape, Generator& generator) {
  std::uniform_real_distribution<float> anywhere(0, 1);
  std::vector<std::pair<float, float>> places;
  if (shape.areQueriesTokens) {
    for (const std::int64_t side : shape.sides)
      for (std::int64_t i = 0; i < side * side; ++i)
        places.emplace_back((static_cast<float>(i % side) + 0.5F) / static_cast<float>(side),
                            (static_cast<float>(i / side) + 0.5F) / static_cast<float>(side));
    return places;
  }
  for (std::int64_t i = 0; i < shape.queries; ++i)
    places.emplace_back(anywhere(generator), anywhere(generator));
  return places;
}

/// Around the queries, a few tokens away, as trained layers look.
std::vector<float> sampledPlaces(const SamplingShape& shape) {
  Generator generator;
  std::uniform_real_distribution<float> away(-3, 3);  // tokens
  const auto places = queryPlaces(shape, generator);
  std::vector<float> result;
  for (std::int64_t photo = 0; photo < shape.photos; ++photo)
    for (const auto& [x, y] : places)
      for (std::int64_t head = 0; head < shape.heads; ++head)
        for (const std::int64_t side : shape.sides)
          for (std::int64_t i = 0; i < kPoints; ++i) {
            result.push_back(x + away(generator) / static_cast<float>(side));
            result.push_back(y + away(generator) / static_cast<float>(side));
          }
  return result;
}

KernelCase samplingCase(const SamplingShape& shape, bool isBackward) {
  struct Memory {
    DeviceArray<float> value, location, weight, output, byValue, byLocation, byWeight;
  };
  Generator generator;
  kernels::DeformableSampling job;
  std::int64_t tokens = 0;
  for (const std::int64_t side : shape.sides) {
    job.levels.push_back({side, side, tokens});
    tokens += side * side;
  }
  job.photos = shape.photos;
  job.queries = shape.queries;
  job.heads = shape.heads;
  job.headWidth = kHeadWidth;
  job.points = kPoints;
  job.tokenStride = shape.heads * kHeadWidth;
  job.photoStride = tokens * job.tokenStride;
  const std::int64_t values = job.photos * job.photoStride, outputs = job.items() * job.tokenStride,
                     samples = job.items() * job.heads *
                               static_cast<std::int64_t>(job.levels.size()) * kPoints;
  const auto memory = std::make_shared<Memory>(
      Memory{DeviceArray<float>(uniform(values, -1, 1, generator)),
             DeviceArray<float>(sampledPlaces(shape)),
             DeviceArray<float>(uniform(samples, 0, 1, generator)),
             DeviceArray<float>(uniform(outputs, -1, 1, generator)), DeviceArray<float>(values),
             DeviceArray<float>(2 * samples), DeviceArray<float>(samples)});
  job.value = memory->value.get();
  job.location = memory->location.get();
  job.weight = memory->weight.get();
  // Of the values at most all tokens, at most four of each sample.
  const double touched = std::min(number(values), 4 * number(samples * kHeadWidth)) * sizeof(float),
               others = number(memory->location.bytes() + memory->weight.bytes()),
               flops = 8 * number(samples * kHeadWidth);
  if (!isBackward) {
    job.output = memory->output.get();
    return {[memory, job](Stream stream) { kernels::cuda::deformableSampling(job, stream); },
            touched + others + number(memory->output.bytes()), flops};
  }
  const kernels::DeformableSamplingGradients to{memory->output.get(),     memory->byValue.get(),
                                                job.tokenStride,          job.photoStride,
                                                memory->byLocation.get(), memory->byWeight.get()};
  return {[memory, job, to](Stream stream) {
            kernels::cuda::deformableSamplingBackward(job, to, stream);
          },
          touched + number(memory->byValue.bytes()) + 2 * others + number(memory->output.bytes()),
          2 * flops};
}

// ---- sketch attention

KernelCase sketchCase(std::int64_t photos, std::int64_t keys) {
  constexpr std::int64_t kTokens = 576, kHeads = 8, kDim = kHeads * kHeadWidth;
  struct Memory {
    DeviceArray<float> query, key, value, output, map;
  };
  Generator generator;
  const auto random = [&](std::int64_t count) {
    return DeviceArray<float>(uniform(count, -1, 1, generator));
  };
  const auto memory = std::make_shared<Memory>(Memory{
      random(photos * kTokens * kDim), random(photos * keys * kDim), random(photos * keys * kDim),
      DeviceArray<float>(photos * kTokens * kDim), DeviceArray<float>(photos * kTokens * keys)});
  kernels::SketchAttention job;
  job.query = {memory->query.get(), kDim, kTokens * kDim};
  job.key = {memory->key.get(), kDim, keys * kDim};
  job.value = {memory->value.get(), kDim, keys * kDim};
  job.output = {memory->output.get(), kDim, kTokens * kDim};
  job.map = {memory->map.get(), keys, kTokens * keys};
  job.photos = photos;
  job.tokens = kTokens;
  job.keys = keys;
  job.heads = kHeads;
  job.headWidth = kHeadWidth;
  job.scale = 1 / std::sqrt(static_cast<float>(kHeadWidth));
  return {[memory, job](Stream stream) { kernels::cuda::sketchAttention(job, stream); },
          number(memory->query.bytes() + memory->key.bytes() + memory->value.bytes() +
                 memory->output.bytes() + memory->map.bytes()),
          2 * number(job.multiplyAdds())};
}

// ---- non-maximum suppression

KernelCase suppressionCase(std::int64_t photos) {
  constexpr std::int64_t kBoxes = 2000, kKept = 150;
  struct Memory {
    DeviceArray<float> boxes;
    DeviceArray<std::int64_t> kept, keptCount;
    std::unique_ptr<DeviceArray<std::uint64_t>> scratch;
  };
  Generator generator;
  std::vector<float> corners;
  for (std::int64_t i = 0; i < photos * kBoxes; ++i) {
    const std::vector<float> box = uniform(4, 0, 1, generator);
    corners.insert(corners.end(), {600 * box[0], 600 * box[1], 600 * box[0] + 10 + 90 * box[2],
                                   600 * box[1] + 10 + 90 * box[3]});
  }
  kernels::NonMaximumSuppression job;
  job.photos = photos;
  job.boxesPerPhoto = kBoxes;
  job.threshold = 0.65;
  job.mostKept = kKept;
  const auto memory = std::make_shared<Memory>(
      Memory{DeviceArray<float>(corners), DeviceArray<std::int64_t>(photos * job.room()),
             DeviceArray<std::int64_t>(photos), nullptr});
  memory->scratch = std::make_unique<DeviceArray<std::uint64_t>>(
      (kernels::cuda::nonMaximumSuppressionScratch(job) + 7) / 8);
  job.boxes = memory->boxes.get();
  job.kept = memory->kept.get();
  job.keptCount = memory->keptCount.get();
  constexpr double kOperationsOfPair = 12;
  return {[memory, job](Stream stream) {
            kernels::cuda::nonMaximumSuppression(job, memory->scratch->get(), stream);
          },
          number(memory->boxes.bytes() + memory->kept.bytes() + memory->keptCount.bytes()),
          kOperationsOfPair * number(photos * kBoxes * (kBoxes - 1) / 2)};
}

std::string photosOf(std::int64_t count) {
  return std::to_string(count) + (count == 1 ? " photo" : " photos");
}

void addSamplings(std::vector<NamedCase>& cases, const std::string& shape,
                  const SamplingShape& sampling) {
  cases.push_back(
      {"deformable sampling", shape, [sampling] { return samplingCase(sampling, false); }});
  cases.push_back(
      {"deformable sampling backward", shape, [sampling] { return samplingCase(sampling, true); }});
}

}  // namespace

std::vector<NamedCase> kernelCases() {
  std::vector<NamedCase> cases;
  for (const auto& [width, height] : {std::pair(4000, 3000), std::pair(640, 480)})
    for (const int side : {336, 640})
      cases.push_back(
          {"letterbox",
           "16 photos " + std::to_string(width) + "x" + std::to_string(height) + " to " +
               std::to_string(side),
           [width = width, height = height, side] { return letterboxCase(width, height, side); }});
  for (const auto& [side, region] : {std::pair(64, 4), std::pair(128, 6)})
    cases.push_back({"routing attention",
                     std::to_string(side * side) + " tokens, regions " + std::to_string(region) +
                         "x" + std::to_string(region),
                     [side = side, region = region] { return routingCase(side, region); }});
  const std::vector<std::int64_t> batches{1, 8, 64};
  for (const std::int64_t photos : batches)
    addSamplings(cases, "decoder, " + photosOf(photos), {{24}, photos, 150, 4, false});
  addSamplings(cases, "multi-scale, 1 photo", {{80, 40, 20, 10}, 1, 8500, 8, true});
  for (const std::int64_t keys : {18, 86})
    for (const std::int64_t photos : batches)
      cases.push_back({"sketch attention",
                       photosOf(photos) + ", 576 tokens, " + std::to_string(keys) + " keys",
                       [photos, keys] { return sketchCase(photos, keys); }});
  for (const std::int64_t photos : batches)
    cases.push_back({"non-maximum suppression", photosOf(photos) + ", 2000 boxes, 150 kept",
                     [photos] { return suppressionCase(photos); }});
  return cases;
}

}  // namespace inkling::bench
