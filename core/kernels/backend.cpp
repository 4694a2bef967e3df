#include "core/kernels/backend.h"

namespace inkling::kernels {
namespace {

std::string nameOf(Instructions instructions) {
  switch (instructions) {
    case Instructions::kAvx512:
      return "AVX-512";
    case Instructions::kAvx2:
      return "AVX2";
    case Instructions::kPlain:
      break;
  }
  return "plain";
}

class CpuBackend : public Backend {
 public:
  explicit CpuBackend(Instructions instructions) : instructions_(instructions) {
    if (!supported(instructions))
      throw std::invalid_argument("this processor has no " + nameOf(instructions));
  }
  std::string name() const override { return "processor (" + nameOf(instructions_) + ")"; }

  void run(const Letterboxing& job) override { letterbox(job, 0, job.items(), instructions_); }
  void run(const RoutingAttention& job) override {
    routingAttention(job, 0, job.items(), instructions_);
  }
  void run(const DeformableSampling& job) override {
    deformableSampling(job, 0, job.items(), instructions_);
  }
  void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) override {
    deformableSamplingBackward(job, gradients, 0, DeformableSamplingGradients::items(job),
                               instructions_);
  }
  void run(const SketchAttention& job) override {
    sketchAttention(job, 0, job.items(), instructions_);
  }
  void run(const NonMaximumSuppression& job) override {
    nonMaximumSuppression(job, 0, job.items());
  }

 private:
  Instructions instructions_;
};

}  // namespace

std::unique_ptr<Backend> cpuBackend(Instructions instructions) {
  return std::make_unique<CpuBackend>(instructions);
}

}  // namespace inkling::kernels
