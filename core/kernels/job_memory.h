// Which memory a job reads and writes, told to a visitor that may put other memory in its place:
// what copies a job to a card, or gives it outputs of its own, is written once for all kernels.
//
//   struct Visitor {
//     template <typename T> void reads(const T*& pointer, const Places& places);
//     template <typename T> void writes(const char* what, T*& pointer,
//                                       const std::vector<Places>& places);
//   };
//   visitMemory(job, visitor);
//
// Pointers that are null are not visited.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/kernels/deformable_sampling.h"
#include "core/kernels/letterbox.h"
#include "core/kernels/nms.h"
#include "core/kernels/routing_attention.h"
#include "core/kernels/sketch_attention.h"

namespace inkling::kernels {

/// The numbers [photos, rows, numbers] of an array, counted from its pointer. What lies between
/// them is not the job's.
struct Places {
  std::int64_t photos = 1, photoStride = 0, rows = 1, rowStride = 0, numbers = 0, first = 0;

  /// One after the last; 0 when there are none.
  std::int64_t end() const {
    if (photos <= 0 || rows <= 0 || numbers <= 0) return 0;
    return first + (photos - 1) * photoStride + (rows - 1) * rowStride + numbers;
  }
  /// Calls visit(place, photo, row, number) for all.
  template <typename Visit>
  void each(Visit&& visit) const {
    for (std::int64_t photo = 0; photo < photos; ++photo)
      for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t i = 0; i < numbers; ++i)
          visit(first + photo * photoStride + row * rowStride + i, photo, row, i);
  }
};

inline std::int64_t endOf(const std::vector<Places>& places) {
  std::int64_t end = 0;
  for (const Places& each : places) end = std::max(end, each.end());
  return end;
}

/// [photos, numbers], without gaps.
inline Places runs(std::int64_t photos, std::int64_t numbers) {
  return {photos, numbers, 1, 0, numbers};
}

/// How far a pointer is from the 16 bytes that kernels would like to read at once: memory in its
/// place is shifted alike, so that they do the same with it.
inline std::size_t shiftOf(const void* pointer) {
  return reinterpret_cast<std::uintptr_t>(pointer) % 16;
}

/// A number that no kernel writes; what still has it afterwards was left out.
template <typename T>
T poison();
template <>
inline float poison<float>() {
  return std::bit_cast<float>(0x7fc5a5a5U);
}
template <>
inline std::uint16_t poison<std::uint16_t>() {
  return 0x7e5a;
}
template <>
inline std::int64_t poison<std::int64_t>() {
  return std::numeric_limits<std::int64_t>::min();
}

template <typename Visitor, typename T>
void visitRead(Visitor& visitor, const T*& pointer, const Places& places) {
  if (pointer != nullptr) visitor.reads(pointer, places);
}
template <typename Visitor, typename T>
void visitWritten(Visitor& visitor, const char* what, T*& pointer,
                  const std::vector<Places>& places) {
  if (pointer != nullptr) visitor.writes(what, pointer, places);
}

template <typename Visitor>
void visitMemory(Letterboxing& job, Visitor& visitor) {
  for (Letterboxing::Photo& photo : job.photos)
    visitRead(visitor, photo.pixels,
              {1, 0, photo.height, photo.rowBytes, std::int64_t{3} * photo.width});
  const auto photos = static_cast<std::int64_t>(job.photos.size());
  const Places planes{photos, std::int64_t{3} * job.frameHeight * job.frameWidth,
                      std::int64_t{3} * job.frameHeight, job.frameWidth, job.frameWidth};
  visitWritten(visitor, "output", job.output, {planes});
  visitWritten(visitor, "halfOutput", job.halfOutput, {planes});
}

template <typename Visitor>
void visitMemory(RoutingAttention& job, Visitor& visitor) {
  const std::int64_t tokens = job.gridHeight * job.gridWidth, dim = job.heads * job.headWidth;
  const Places given{job.photos, job.photoStride, tokens, job.tokenStride, dim};
  for (const float** pointer : {&job.query, &job.key, &job.value})
    visitRead(visitor, *pointer, given);
  visitRead(visitor, job.chosen, runs(job.photos, job.regions() * job.choices));
  visitRead(visitor, job.localWeight, runs(1, job.localKernel * job.localKernel * dim));
  visitRead(visitor, job.localBias, runs(1, dim));
  visitWritten(visitor, "output", job.output,
               {{job.photos, job.outputPhotoStride, tokens, job.outputTokenStride, dim}});
}

/// What both directions of deformable sampling read.
template <typename Visitor>
void visitSamples(DeformableSampling& job, Visitor& visitor) {
  std::int64_t tokens = 0;
  for (const DeformableSampling::Level& level : job.levels)
    tokens = std::max(tokens, level.first + level.height * level.width);
  const std::int64_t samples =
      job.queries * job.heads * static_cast<std::int64_t>(job.levels.size()) * job.points;
  visitRead(visitor, job.value,
            {job.photos, job.photoStride, tokens, job.tokenStride, job.heads * job.headWidth});
  visitRead(visitor, job.location, runs(job.photos, 2 * samples));
  visitRead(visitor, job.weight, runs(job.photos, samples));
}

template <typename Visitor>
void visitMemory(DeformableSampling& job, Visitor& visitor) {
  visitSamples(job, visitor);
  visitWritten(visitor, "output", job.output,
               {runs(job.photos, job.queries * job.heads * job.headWidth)});
}

template <typename Visitor>
void visitMemory(DeformableSampling& job, DeformableSamplingGradients& gradients,
                 Visitor& visitor) {
  visitSamples(job, visitor);
  const std::int64_t dim = job.heads * job.headWidth,
                     samples = job.queries * job.heads *
                               static_cast<std::int64_t>(job.levels.size()) * job.points;
  visitRead(visitor, gradients.output, runs(job.photos, job.queries * dim));
  std::vector<Places> values;
  for (const DeformableSampling::Level& level : job.levels)
    values.push_back({job.photos, gradients.photoStride, level.height * level.width,
                      gradients.tokenStride, dim, level.first * gradients.tokenStride});
  visitWritten(visitor, "gradient of value", gradients.value, values);
  visitWritten(visitor, "gradient of location", gradients.location,
               {runs(job.photos, 2 * samples)});
  visitWritten(visitor, "gradient of weight", gradients.weight, {runs(job.photos, samples)});
}

template <typename Visitor>
void visitMemory(SketchAttention& job, Visitor& visitor) {
  const std::int64_t dim = job.heads * job.headWidth;
  const auto places = [&](const auto& matrix, std::int64_t rows, std::int64_t numbers) {
    return Places{job.photos, matrix.photoStride, rows, matrix.tokenStride, numbers};
  };
  visitRead(visitor, job.query.first, places(job.query, job.tokens, dim));
  visitRead(visitor, job.key.first, places(job.key, job.keys, dim));
  visitRead(visitor, job.value.first, places(job.value, job.keys, dim));
  visitRead(visitor, job.keyBias, {job.photos, job.biasPhotoStride, 1, 0, job.keys});
  visitWritten(visitor, "output", job.output.first, {places(job.output, job.tokens, dim)});
  visitWritten(visitor, "map", job.map.first, {places(job.map, job.tokens, job.keys)});
}

template <typename Visitor>
void visitMemory(NonMaximumSuppression& job, Visitor& visitor) {
  visitRead(visitor, job.boxes, runs(job.photos, 4 * job.boxesPerPhoto));
  visitRead(visitor, job.counts, runs(1, job.photos));
  visitWritten(visitor, "kept", job.kept, {runs(job.photos, job.room())});
  visitWritten(visitor, "keptCount", job.keptCount, {runs(1, job.photos)});
}

}  // namespace inkling::kernels
