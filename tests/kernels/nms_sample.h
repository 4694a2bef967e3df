// Made-up boxes for non-maximum suppression, with memory of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/kernels/nms.h"

namespace inkling::kernels {

struct NmsSample {
  std::string name;
  std::vector<float> boxes;  ///< left, top, right, bottom

  std::int64_t count() const { return static_cast<std::int64_t>(boxes.size() / 4); }
  void add(double left, double top, double width, double height) {
    for (const double side : {left, top, left + width, top + height})
      boxes.push_back(static_cast<float>(side));
  }
};

inline NmsSample randomBoxes(std::string name, std::size_t count, double frame, double side) {
  NmsSample sample{std::move(name), {}};
  Random random(count);
  for (std::size_t i = 0; i < count; ++i)
    sample.add(random.uniform(0, frame), random.uniform(0, frame), random.uniform(1, side),
               random.uniform(1, side));
  return sample;
}

/// None, one, around the 64 of a word, many; in clusters, as detectors give them; the same one
/// again; shifted by whole pixels, so that many IoU are equal; boxes that are empty or nowhere.
inline std::vector<NmsSample> nmsSamples() {
  std::vector<NmsSample> samples;
  for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 129U, 700U})
    samples.push_back(randomBoxes(std::to_string(count) + " boxes", count, 100, 60));
  samples.push_back(randomBoxes("far apart", 300, 1e5, 10));
  NmsSample clusters{"clusters", {}}, equal{"all equal", {}}, ties{"ties", {}}, odd{"odd", {}};
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    const double x = 100 * random.below(4), y = 100 * random.below(4);
    clusters.add(x + random.normal() * 5, y + random.normal() * 5, 40 + random.normal() * 5, 40);
  }
  for (int i = 0; i < 70; ++i) equal.add(3, 4, 5, 6);
  for (int i = 0; i < 200; ++i) ties.add(random.below(6), random.below(6), 4, 4);
  for (int i = 0; i < 200; ++i)  // some with a side of nothing, or less
    odd.add(random.below(8), random.below(8), random.below(7) - 2.0, random.below(7) - 2.0);
  for (const double nowhere : {0.0 / 0.0, 1.0 / 0.0, -1.0 / 0.0, 3e38}) {
    odd.add(nowhere, 0, 5, 5);
    odd.add(0, 0, 5, nowhere);
    odd.add(0, 0, nowhere, nowhere);
    odd.add(-3e38, -3e38, nowhere, nowhere);
  }
  for (int i = 0; i < 20; ++i) odd.add(random.below(8), random.below(8), 3, 3);
  samples.insert(samples.end(), {clusters, equal, ties, odd});
  return samples;
}

/// What a job writes: numbers, and how many.
struct NmsResult {
  std::vector<std::int64_t> kept, counts;

  /// Of the job's size; points the job to it.
  explicit NmsResult(NonMaximumSuppression& job)
      : kept(static_cast<std::size_t>(job.photos * job.room()), -7),
        counts(static_cast<std::size_t>(job.photos), -7) {
    job.kept = kept.data();
    job.keptCount = counts.data();
  }
  friend bool operator==(const NmsResult&, const NmsResult&) = default;
};

}  // namespace inkling::kernels
