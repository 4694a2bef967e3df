// What stands in for the CUDA kernels in a build without nvcc.
#include "core/kernels/backend.h"
#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/device.h"
#include "core/kernels/cuda/letterbox.h"
#include "core/kernels/cuda/nms.h"
#include "core/kernels/cuda/routing_attention.h"
#include "core/kernels/cuda/sketch_attention.h"

namespace inkling::kernels {
namespace cuda {
namespace {

[[noreturn]] void refuse() { throw Error("this build has no CUDA kernels"); }

}  // namespace

bool isBuilt() { return false; }
std::vector<DeviceInfo> devices() { refuse(); }
void deformableSampling(const DeformableSampling&, Stream) { refuse(); }
void deformableSamplingBackward(const DeformableSampling&, const DeformableSamplingGradients&,
                                Stream) {
  refuse();
}
void letterbox(const Letterboxing&, Stream) { refuse(); }
std::int64_t nonMaximumSuppressionScratch(const NonMaximumSuppression&) { refuse(); }
void nonMaximumSuppression(const NonMaximumSuppression&, void*, Stream) { refuse(); }
void routingAttention(const RoutingAttention&, Stream) { refuse(); }
void sketchAttention(const SketchAttention&, Stream) { refuse(); }

}  // namespace cuda

std::unique_ptr<Backend> cudaBackend(int) { cuda::refuse(); }

}  // namespace inkling::kernels
