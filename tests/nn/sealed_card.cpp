#include "tests/nn/sealed_card.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <string>

#include <ATen/ATen.h>
#include <ATen/detail/PrivateUse1HooksInterface.h>
#include <ATen/native/CPUFallback.h>
#include <ATen/ops/_reshape_alias_native.h>
#include <ATen/ops/as_strided_native.h>
#include <ATen/ops/unfold_native.h>
#include <ATen/ops/view_native.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <sys/mman.h>
#include <torch/library.h>
#include <unistd.h>

namespace inkling {
namespace {

using at::Tensor;

constexpr c10::DeviceType kCard = c10::kPrivateUse1;

// Every block has pages of its own, closed to the process. Its size stands in the deleter's
// context.
struct Block {
  void* start;
  std::size_t bytes;
};

void freeBlock(void* context) {
  auto* block = static_cast<Block*>(context);
  ::munmap(block->start, block->bytes);
  delete block;
}

struct SealedAllocator final : c10::Allocator {
  c10::DataPtr allocate(std::size_t bytes) override {
    const c10::Device device(kCard, 0);
    if (bytes == 0) return {nullptr, device};
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t whole = (bytes + page - 1) / page * page;
    void* start = ::mmap(nullptr, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) throw std::bad_alloc();
    return {start, new Block{start, whole}, &freeBlock, device};
  }
  c10::DeleterFnPtr raw_deleter() const override { return nullptr; }
  void copy_data(void*, const void*, std::size_t) const override {
    throw std::logic_error("sealed card: a block is copied by its address");
  }
};

SealedAllocator allocator;

std::atomic<std::int64_t> crossings = 0;

// What operators do to compute is no crossing.
thread_local int insideOperator = 0;
struct Inside {
  Inside() { ++insideOperator; }
  ~Inside() { --insideOperator; }
};

std::mutex opening;  // one copy at a time: two could open and close one block under each other

class Opened {
 public:
  explicit Opened(const Tensor& tensor)
      : block_(tensor.device().type() == kCard
                   ? static_cast<Block*>(tensor.storage().data_ptr().get_context())
                   : nullptr) {
    if (block_ != nullptr) ::mprotect(block_->start, block_->bytes, PROT_READ | PROT_WRITE);
  }
  ~Opened() {
    if (block_ != nullptr) ::mprotect(block_->start, block_->bytes, PROT_NONE);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

 private:
  Block* block_;
};

// The same bytes as a tensor of the processor, while they are open.
Tensor onHost(const Tensor& tensor) {
  if (tensor.device().type() != kCard) return tensor;
  if (tensor.numel() == 0) return at::empty(tensor.sizes(), tensor.options().device(at::kCPU));
  auto* start = static_cast<std::byte*>(tensor.storage().mutable_data()) +
                tensor.storage_offset() * static_cast<std::int64_t>(tensor.itemsize());
  return at::from_blob(start, tensor.sizes(), tensor.strides(), tensor.options().device(at::kCPU));
}

Tensor copyFrom(const Tensor& from, const Tensor& to, bool) {
  if (insideOperator == 0 && from.device() != to.device()) ++crossings;
  const at::NoGradGuard noGrad;
  const std::lock_guard lock(opening);
  const Opened source(from);
  if (from.is_same(to) || from.storage().is_alias_of(to.storage())) {
    // One block, closed by whichever of two would go first.
    onHost(to).copy_(onHost(from).clone());
    return to;
  }
  const Opened target(to);
  onHost(to).copy_(onHost(from));
  return to;
}

const Tensor& resized(const Tensor& self, at::IntArrayRef size, std::optional<at::MemoryFormat>) {
  auto* impl = self.unsafeGetTensorImpl();
  std::size_t count = 1;
  for (const std::int64_t length : size) count *= static_cast<std::size_t>(length);
  const std::size_t bytes =
      (count + static_cast<std::size_t>(self.storage_offset())) * self.itemsize();
  if (bytes > self.storage().nbytes()) {
    if (self.numel() > 0) throw std::logic_error("sealed card: a tensor with values is enlarged");
    self.storage().set_data_ptr_noswap(allocator.allocate(bytes));
    self.storage().set_nbytes(bytes);
  }
  impl->set_sizes_contiguous(size);
  return self;
}

Tensor copyFromAndResize(const Tensor& from, const Tensor& to) {
  if (to.sizes() != from.sizes()) resized(to, from.sizes(), {});
  return copyFrom(from, to, false);
}

Tensor emptyStrided(at::IntArrayRef size, at::IntArrayRef stride,
                    std::optional<at::ScalarType> type, std::optional<at::Layout>,
                    std::optional<at::Device>, std::optional<bool>) {
  const auto options = at::dtype_or_default(type);
  std::size_t reach = 1;
  for (std::size_t i = 0; i < size.size(); ++i) {
    if (size[i] == 0) reach = 0;
    if (reach > 0) reach += static_cast<std::size_t>((size[i] - 1) * stride[i]);
  }
  const std::size_t bytes = reach * c10::elementSize(options);
  auto storage = c10::make_intrusive<c10::StorageImpl>(c10::StorageImpl::use_byte_size_t(), bytes,
                                                       allocator.allocate(bytes), &allocator, true);
  Tensor tensor = at::detail::make_tensor<c10::TensorImpl>(
      std::move(storage), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1),
      c10::scalarTypeToTypeMeta(options));
  tensor.unsafeGetTensorImpl()->set_sizes_and_strides(size, stride);
  return tensor;
}

Tensor emptyOf(at::IntArrayRef size, std::optional<at::ScalarType> type,
               std::optional<at::Layout> layout, std::optional<at::Device> device,
               std::optional<bool> pinned, std::optional<at::MemoryFormat> format) {
  // Strides as the processor would choose them.
  const auto shape =
      at::empty(size, at::TensorOptions(at::dtype_or_default(type)).device(at::kMeta), format);
  return emptyStrided(size, shape.strides(), type, layout, device, pinned);
}

void requireOnCard(const c10::OperatorHandle& what, const Tensor& tensor) {
  // A number without a dimension may come from anywhere, as on a real card.
  if (!tensor.defined() || tensor.device().type() == kCard || tensor.dim() == 0) return;
  throw std::logic_error(what.schema().name() + ": a tensor of another device, of " +
                         std::to_string(tensor.dim()) + " dimensions");
}

void byTheProcessor(const c10::OperatorHandle& what, torch::jit::Stack* stack) {
  const std::size_t count = what.schema().arguments().size();
  for (std::size_t i = stack->size() - count; i < stack->size(); ++i) {
    const c10::IValue& value = (*stack)[i];
    if (value.isTensor()) requireOnCard(what, value.toTensor());
    if (value.isTensorList()) {
      for (const Tensor& tensor : value.toTensorVector()) requireOnCard(what, tensor);
    }
    if (value.isOptionalTensorList()) {
      for (const std::optional<Tensor>& tensor : value.toOptionalTensorVector())
        if (tensor) requireOnCard(what, *tensor);
    }
  }
  if (insideOperator == 0 && what.schema().name() == "aten::_local_scalar_dense") ++crossings;
  const Inside inside;
  at::native::cpu_fallback(what, stack, /*error_on_views=*/true);
}

// The processor has other operators for convolutions.
Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias,
                   at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation,
                   bool transposed, at::IntArrayRef outputPadding, std::int64_t groups) {
  if (input.device() != weight.device() ||
      (bias && bias->defined() && bias->device() != input.device()))
    throw std::logic_error("a convolution of tensors on different devices");
  const Inside inside;
  const std::optional<Tensor> offset =
      bias && bias->defined() ? std::optional(bias->cpu()) : std::nullopt;
  return at::convolution(input.cpu(), weight.cpu(), offset, stride, padding, dilation, transposed,
                         outputPadding, groups)
      .to(input.device());
}

std::tuple<Tensor, Tensor, Tensor> convolutionBackward(
    const Tensor& gradient, const Tensor& input, const Tensor& weight, at::IntArrayRef stride,
    at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
    at::IntArrayRef outputPadding, std::int64_t groups, std::array<bool, 3> wanted) {
  const Inside inside;
  const std::vector<std::int64_t> bias{weight.size(transposed ? 1 : 0) * (transposed ? groups : 1)};
  const auto [forInput, forWeight, forBias] =
      at::convolution_backward(gradient.cpu(), input.cpu(), weight.cpu(), bias, stride, padding,
                               dilation, transposed, outputPadding, groups, wanted);
  const auto back = [&](const Tensor& t) { return t.defined() ? t.to(input.device()) : t; };
  return {back(forInput), back(forWeight), back(forBias)};
}

// Its schema does not say that it changes the running statistics, so they would not come back.
std::tuple<Tensor, Tensor, Tensor> batchNorm(const Tensor& input,
                                             const std::optional<Tensor>& weight,
                                             const std::optional<Tensor>& bias,
                                             const std::optional<Tensor>& mean,
                                             const std::optional<Tensor>& variance, bool training,
                                             double momentum, double epsilon) {
  const Inside inside;
  const auto here = [&](const std::optional<Tensor>& t) {
    if (t && t->defined() && t->device() != input.device())
      throw std::logic_error("batch norm of tensors on different devices");
    return t && t->defined() ? std::optional(t->cpu()) : std::nullopt;
  };
  const auto plainMean = here(mean), plainVariance = here(variance);
  const auto [output, saved, inverse] = at::native_batch_norm(
      input.cpu(), here(weight), here(bias), plainMean, plainVariance, training, momentum, epsilon);
  if (training && plainMean) mean->copy_(*plainMean);
  if (training && plainVariance) variance->copy_(*plainVariance);
  const auto back = [&](const Tensor& t) { return t.to(input.device()); };
  return {back(output), back(saved), back(inverse)};
}

// Everything happens in order, so there is nothing to wait for.
struct Guard final : c10::impl::NoOpDeviceGuardImpl<kCard> {
  c10::Device exchangeDevice(c10::Device device) const override { return device; }
  c10::Device getDevice() const override { return {kCard, 0}; }
  c10::Stream getStream(c10::Device device) const noexcept override {
    return c10::Stream(c10::Stream::DEFAULT, device);
  }
  c10::Stream exchangeStream(c10::Stream stream) const noexcept override { return stream; }
  void record(void**, const c10::Stream&, const c10::DeviceIndex,
              const c10::EventFlag) const override {}
  void block(void*, const c10::Stream&) const override {}
  bool queryEvent(void*) const override { return true; }
};

// What the library asks of a card before gradients are computed there.
struct Hooks final : at::PrivateUse1HooksInterface {
  bool isBuilt() const override { return true; }
  bool isAvailable() const override { return true; }
  bool hasPrimaryContext(c10::DeviceIndex) const override { return true; }
};

TORCH_LIBRARY_IMPL(_, PrivateUse1, library) {
  library.fallback(torch::CppFunction::makeFromBoxedFunction<&byTheProcessor>());
}

TORCH_LIBRARY_IMPL(aten, PrivateUse1, library) {
  library.impl("empty.memory_format", TORCH_FN(emptyOf));
  library.impl("empty_strided", TORCH_FN(emptyStrided));
  library.impl("_copy_from", TORCH_FN(copyFrom));
  library.impl("_copy_from_and_resize", TORCH_FN(copyFromAndResize));
  library.impl("as_strided", TORCH_FN(at::native::as_strided_tensorimpl));
  library.impl("view", TORCH_FN(at::native::view));
  library.impl("_reshape_alias", TORCH_FN(at::native::_reshape_alias));
  library.impl("unfold", TORCH_FN(at::native::unfold));
  library.impl("resize_", TORCH_FN(resized));
  library.impl("native_batch_norm", TORCH_FN(batchNorm));
  library.impl("convolution_overrideable", TORCH_FN(convolution));
  library.impl("convolution_backward_overrideable", TORCH_FN(convolutionBackward));
}

}  // namespace
}  // namespace inkling

namespace at {
C10_REGISTER_GUARD_IMPL(PrivateUse1, inkling::Guard);
}

namespace inkling {

std::int64_t sealedCardCrossings() { return crossings; }

c10::Device sealedCard() {
  static const bool known = [] {
    static Hooks hooks;
    c10::SetAllocator(kCard, &allocator);
    c10::register_privateuse1_backend("sealed");
    at::RegisterPrivateUse1HooksInterface(&hooks);
    return true;
  }();
  (void)known;
  return {kCard, 0};
}

}  // namespace inkling
