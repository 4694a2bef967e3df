#include "core/nn/fused_convolution.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include "core/base/error.h"

namespace inkling {
namespace {

using Scalars = at::List<std::optional<at::Scalar>>;
using Plain = Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, at::IntArrayRef,
                     at::IntArrayRef, at::IntArrayRef, std::int64_t, c10::string_view, Scalars,
                     std::optional<c10::string_view>);
using Binary = Tensor(const Tensor&, const Tensor&, const Tensor&, const std::optional<Tensor>&,
                      at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, std::int64_t,
                      c10::string_view, std::optional<at::Scalar>, std::optional<c10::string_view>,
                      Scalars, std::optional<c10::string_view>);

struct Operators {
  std::optional<c10::TypedOperatorHandle<Plain>> plain;
  std::optional<c10::TypedOperatorHandle<Binary>> binary;
};

// The fused operators, if this build of the library has them with the signature that is expected.
const Operators& operators() {
  static const Operators found = [] {
    Operators result;
    try {
      c10::Dispatcher& dispatcher = c10::Dispatcher::singleton();
      const auto plain = dispatcher.findSchema({"mkldnn::_convolution_pointwise", ""});
      const auto binary = dispatcher.findSchema({"mkldnn::_convolution_pointwise", "binary"});
      if (plain && binary) result = {plain->typed<Plain>(), binary->typed<Binary>()};
    } catch (const c10::Error&) {
      result = {};
    }
    return result;
  }();
  return found;
}

}  // namespace

void FusedConvolution::prepare() {
  const auto [left, right, top, bottom] = padding;
  kernel_ = weight;
  evenPadding_ = left;
  if (left != right || top != bottom) {
    // One more column of padding on the right than on the left is the same as an even padding under
    // a kernel whose first column is zero, which saves a padded copy of the map.
    if (left != top || right != left + 1 || bottom != top + 1)
      fail<ModelError>("a convolution with an unknown padding");
    kernel_ = at::constant_pad_nd(weight, {1, 0, 1, 0}, 0);
    evenPadding_ = right;
  }
  kernel_ = kernel_.contiguous(at::MemoryFormat::ChannelsLast);
}

void FusedConvolution::moveTo(at::Device device, at::ScalarType type) {
  for (Tensor* tensor : {&weight, &bias, &kernel_}) *tensor = tensor->to(device, type);
}

Tensor FusedConvolution::forward(const Tensor& x, const Tensor& addend) const {
  const std::array<std::int64_t, 2> strides{stride, stride}, pads{evenPadding_, evenPadding_},
      dilations{1, 1};
  const Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
  if (const Operators& fused = operators();
      fused.plain && input.is_cpu() && input.scalar_type() == at::kFloat) {
    if (addend.defined()) {
      return fused.binary->call(input, addend.contiguous(at::MemoryFormat::ChannelsLast), kernel_,
                                bias, pads, strides, dilations, groups, "add", std::nullopt,
                                std::nullopt, Scalars(), std::nullopt);
    }
    Scalars bounds;
    if (relu6) {
      bounds.push_back(at::Scalar(0.0));
      bounds.push_back(at::Scalar(6.0));
    }
    return fused.plain->call(input, kernel_, bias, pads, strides, dilations, groups,
                             relu6 ? "hardtanh" : "none", bounds, "");
  }
  Tensor y = at::conv2d(input, kernel_, bias, strides, pads, dilations, groups);
  if (relu6) y.clamp_(0, 6);
  return addend.defined() ? y.add_(addend) : y;
}

}  // namespace inkling
