#include "tests/bench/gpu/timing.h"

#include <algorithm>
#include <vector>

#include <cuda_runtime_api.h>

#include "core/kernels/cuda/require.h"

namespace inkling::bench {
namespace {

using kernels::cuda::require;

class Stopwatch {
 public:
  Stopwatch() {
    require(cudaStreamCreate(&stream_), "a stream");
    require(cudaEventCreate(&begin_), "an event");
    require(cudaEventCreate(&end_), "an event");
  }
  Stopwatch(const Stopwatch&) = delete;
  ~Stopwatch() {
    static_cast<void>(cudaEventDestroy(end_));
    static_cast<void>(cudaEventDestroy(begin_));
    static_cast<void>(cudaStreamDestroy(stream_));
  }
  /// Seconds of `runs` in a row.
  double measure(const Work& work, int runs) {
    require(cudaEventRecord(begin_, stream_), "an event");
    for (int i = 0; i < runs; ++i) work(stream_);
    require(cudaEventRecord(end_, stream_), "an event");
    require(cudaEventSynchronize(end_), "waiting for the card");
    float milliseconds = 0;
    require(cudaEventElapsedTime(&milliseconds, begin_, end_), "reading a time");
    return static_cast<double>(milliseconds) / 1000;
  }

 private:
  cudaStream_t stream_ = nullptr;
  cudaEvent_t begin_ = nullptr, end_ = nullptr;
};

}  // namespace

double medianSeconds(const Work& work) {
  constexpr double kLongEnough = 0.005;
  constexpr int kMostRuns = 1000, kMeasurements = 15;
  Stopwatch watch;
  watch.measure(work, 3);  // the first run loads the code
  const double about = std::max(watch.measure(work, 3) / 3, 1e-9);
  const int runs = static_cast<int>(std::clamp(kLongEnough / about, 1.0, double{kMostRuns}));
  watch.measure(work, runs);  // the card speeds up its clock
  std::vector<double> seconds;
  for (int i = 0; i < kMeasurements; ++i) seconds.push_back(watch.measure(work, runs) / runs);
  std::nth_element(seconds.begin(), seconds.begin() + kMeasurements / 2, seconds.end());
  return seconds[kMeasurements / 2];
}

}  // namespace inkling::bench
