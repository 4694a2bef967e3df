#include "core/nn/correlation_gate.h"

#include <cmath>

namespace inkling {
CorrelationGate::CorrelationGate(std::int64_t tokenWidth, std::int64_t sketchChannels,
                                 std::int64_t dim, Random& random)
    : photo_(tokenWidth, dim, dim, random),
      sketch_(sketchChannels, dim, dim, random),
      scale_(at::full({1}, std::log(8.0))),
      offset_(at::zeros({1})) {
  child("photo", photo_);
  child("sketch", sketch_);
  parameter("scale", scale_);
  parameter("offset", offset_);
}

Tensor CorrelationGate::gates(const Tensor& tokens, const Tensor& sketch) const {
  const Tensor map = sketch_.forward(sketch.flatten(2).transpose(1, 2));
  const Tensor strongest = std::get<0>(map.max(1));
  const Tensor cosine =
      at::matmul(unitVectors(photo_.forward(tokens)), unitVectors(strongest).unsqueeze(-1));
  return at::sigmoid(cosine * scale_.exp() + offset_);
}

}  // namespace inkling
