#include "core/nn/reconfigured_attention.h"

#include <cmath>

namespace inkling {
namespace {

Tensor pairIndex(std::int64_t window) {
  const Tensor line = at::arange(window, at::kLong);
  const Tensor row = line.repeat_interleave(window), column = line.repeat(window);  // [window^2]
  const auto apart = [&](const Tensor& place) {
    return place.unsqueeze(1) - place.unsqueeze(0) + window - 1;
  };
  return (apart(row) * (2 * window - 1) + apart(column)).flatten();
}

}  // namespace

Tensor intoWindows(const Tensor& grid, std::int64_t window) {
  const std::int64_t batch = grid.size(0), rows = grid.size(1) / window,
                     columns = grid.size(2) / window, channels = grid.size(3);
  return grid.reshape({batch, rows, window, columns, window, channels})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({batch * rows * columns, window * window, channels});
}

Tensor fromWindows(const Tensor& windows, std::int64_t window, std::int64_t height,
                   std::int64_t width) {
  const std::int64_t rows = height / window, columns = width / window, channels = windows.size(2);
  return windows.reshape({-1, rows, columns, window, window, channels})
      .permute({0, 1, 3, 2, 4, 5})
      .reshape({-1, height, width, channels});
}

Tensor shiftedWindowBias(std::int64_t height, std::int64_t width, std::int64_t window,
                         std::int64_t shift) {
  // Three stripes each way: whole windows, what stays of the last one, what the shift brought there
  // from the other side.
  const auto stripes = [&](std::int64_t size) {
    const Tensor place = at::arange(size, at::kLong);
    return place.ge(size - window).to(at::kLong) + place.ge(size - shift).to(at::kLong);
  };
  const Tensor region = stripes(height).unsqueeze(1) * 3 + stripes(width).unsqueeze(0);
  const Tensor parts = intoWindows(region.view({1, height, width, 1}), window).squeeze(-1);
  const Tensor apart = parts.unsqueeze(1).ne(parts.unsqueeze(2));
  return apart.to(at::kFloat) * -100.0;
}

ReconfiguredAttention::ReconfiguredAttention(std::int64_t dim, std::int64_t windowSize,
                                             std::int64_t headCount, bool qkvBias,
                                             double logitScale, Random& random)
    : relative_position_bias_table(
          truncatedNormal({(2 * windowSize - 1) * (2 * windowSize - 1), headCount}, 0.02, random)),
      qkv(dim, 3 * dim, random, qkvBias),
      proj(dim, dim, random),
      window(windowSize),
      heads(headCount),
      scale(logitScale != 0.0 ? logitScale : 1.0 / std::sqrt(static_cast<double>(dim / headCount))),
      positionIndex_(pairIndex(windowSize)) {
  parameter("relative_position_bias_table", relative_position_bias_table);
  child("qkv", qkv);
  child("proj", proj);
}

Tensor ReconfiguredAttention::amongPhoto(const Tensor& qkvOfPhoto, const Tensor& windowBias) const {
  const std::int64_t height = qkvOfPhoto.size(1), width = qkvOfPhoto.size(2),
                     dim = qkvOfPhoto.size(3) / 3, area = window * window;
  const Tensor parts = intoWindows(qkvOfPhoto, window)
                           .reshape({-1, area, 3, heads, dim / heads})
                           .permute({2, 0, 3, 1, 4});  // [3, B * windows, heads, area, width]
  const Tensor bias =
      relative_position_bias_table.index_select(0, positionIndex_.to(qkv.weight.device()))
          .view({area, area, heads})
          .permute({2, 0, 1});
  Tensor logits = at::matmul(parts[0] * scale, parts[1].transpose(-1, -2)) + bias;
  if (windowBias.defined()) {
    const std::int64_t windows = windowBias.size(0);
    logits = (logits.view({-1, windows, heads, area, area}) + windowBias.unsqueeze(1))
                 .view({-1, heads, area, area});
  }
  const Tensor mixed = at::matmul(at::softmax(logits, -1), parts[2]);
  return fromWindows(mixed.transpose(1, 2).reshape({-1, area, dim}), window, height, width);
}

Tensor ReconfiguredAttention::amongObjects(const Tensor& qkvOfObjects, const Tensor& qkvOfCross,
                                           const Tensor& crossBias) const {
  const std::int64_t batch = qkvOfObjects.size(0), count = qkvOfObjects.size(1),
                     dim = qkvOfObjects.size(2) / 3;
  const auto byHead = [&](const Tensor& all, std::int64_t part) {
    return all.narrow(2, part * dim, dim)
        .reshape({batch, all.size(1), heads, dim / heads})
        .transpose(1, 2);
  };
  const Tensor q = byHead(qkvOfObjects, 0) * scale;
  Tensor k = byHead(qkvOfObjects, 1), v = byHead(qkvOfObjects, 2);
  if (qkvOfCross.defined()) {
    k = at::cat({byHead(qkvOfCross, 1), k}, 2);
    v = at::cat({byHead(qkvOfCross, 2), v}, 2);
  }
  Tensor logits = at::matmul(q, k.transpose(-1, -2));
  if (crossBias.defined()) logits = logits + at::constant_pad_nd(crossBias, {0, count});
  return at::matmul(at::softmax(logits, -1), v).transpose(1, 2).reshape({batch, count, dim});
}

ReconfiguredAttention::Tokens ReconfiguredAttention::forward(const Tokens& tokens,
                                                             const Tensor& windowBias,
                                                             const Cross& cross) const {
  const Tensor photo = amongPhoto(qkv.forward(tokens.photo), windowBias);
  const Tensor crossed = cross.photo.defined() ? qkv.forward(cross.photo) : Tensor();
  const Tensor objects = amongObjects(qkv.forward(tokens.objects), crossed,
                                      cross.photo.defined() ? cross.bias : Tensor());
  return {proj.forward(photo), proj.forward(objects)};
}

}  // namespace inkling
