#include "core/nn/module.h"

#include <fmt/ranges.h>

#include "core/base/error.h"

namespace inkling {

void Module::visit(const Visitor& visit, const std::string& prefix) {
  for (const Entry& entry : tensors_) visit(prefix + entry.name, *entry.tensor, entry.kind);
  for (const auto& [name, module] : children_) module->visit(visit, prefix + name + ".");
}

StateDict Module::state() {
  StateDict result;
  visit([&](const std::string& name, Tensor& tensor, Kind) { result.emplace(name, tensor); });
  return result;
}

void Module::load(const StateDict& state, const std::string& source, const std::string& prefix) {
  const at::NoGradGuard noGrad;
  visit(
      [&](const std::string& name, Tensor& tensor, Kind) {
        const Tensor& stored = requireTensor(state, name, source);
        if (stored.sizes() != tensor.sizes()) {
          fail<ModelError>("{}: the tensor \"{}\" has shape [{}], expected [{}]", source, name,
                           fmt::join(stored.sizes().vec(), ", "),
                           fmt::join(tensor.sizes().vec(), ", "));
        }
        tensor.copy_(stored);
      },
      prefix);
}

void Module::moveTo(at::Device device, std::optional<at::ScalarType> type) {
  const at::NoGradGuard noGrad;
  visit([&](const std::string&, Tensor& tensor, Kind) {
    const bool gradients = tensor.requires_grad();
    const bool real = at::isFloatingType(tensor.scalar_type());
    tensor = tensor.detach().to(device, real && type ? *type : tensor.scalar_type());
    tensor.requires_grad_(gradients);
  });
}

at::Device Module::device() const {
  if (!tensors_.empty()) return tensors_.front().tensor->device();
  for (const auto& [name, module] : children_) {
    if (const at::Device there = module->device(); !there.is_cpu()) return there;
  }
  return at::kCPU;
}

std::vector<Tensor> Module::parameters() {
  std::vector<Tensor> result;
  visit([&](const std::string&, Tensor& tensor, Kind kind) {
    if (kind == Kind::kParameter) result.push_back(tensor);
  });
  return result;
}

std::int64_t Module::parameterCount() {
  std::int64_t count = 0;
  for (const Tensor& tensor : parameters()) count += tensor.numel();
  return count;
}

void Module::requireGradients(bool on) {
  for (Tensor& tensor : parameters()) tensor.requires_grad_(on);
}

void Module::setTraining(bool on) {
  training_ = on;
  for (const auto& [name, module] : children_) module->setTraining(on);
}

}  // namespace inkling
