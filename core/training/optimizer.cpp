#include "core/training/optimizer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace inkling {

double cosineSchedule(std::int64_t step, std::int64_t total, std::int64_t warmup) {
  if (step < warmup) return static_cast<double>(step + 1) / static_cast<double>(warmup);
  const double done = static_cast<double>(step - warmup) /
                      static_cast<double>(std::max<std::int64_t>(total - warmup, 1));
  return 0.01 + 0.99 * 0.5 * (1 + std::cos(std::numbers::pi * std::min(done, 1.0)));
}

Optimizer::Optimizer(Module& module, const OptimizerOptions& options) : options_(options) {
  module.requireGradients(true);
  module.visit([&](const std::string& name, Tensor& tensor, Module::Kind kind) {
    const bool trained = kind == Module::Kind::kParameter;
    Slot slot{name, &tensor, trained, {}, {}, tensor.detach().clone()};
    if (trained) {
      slot.first = at::zeros_like(tensor.detach());
      slot.second = at::zeros_like(tensor.detach());
    }
    slots_.push_back(std::move(slot));
  });
}

// The only number of a step that a card is waited for.
double Optimizer::normOf(const std::vector<Tensor>& gradients) {
  if (gradients.empty()) return 0;
  return at::stack(at::_foreach_norm(gradients, 2))
      .to(at::kDouble)
      .square()
      .sum()
      .sqrt()
      .item<double>();
}

void Optimizer::zeroGradients() {
  for (Slot& slot : slots_) {
    if (slot.trained) slot.value->mutable_grad() = Tensor();
  }
}

double Optimizer::step(double factor) {
  const at::NoGradGuard noGrad;
  ++steps_;
  Lists lists = listTensors();
  const double norm = normOf(lists.gradients);
  // A step whose gradient is not a number would destroy the weights; it is skipped, and the caller
  // sees the norm.
  if (!std::isfinite(norm)) return norm;
  const double scale =
      options_.clipNorm > 0 && norm > options_.clipNorm ? options_.clipNorm / norm : 1.0;
  const double rate = options_.learningRate * factor;
  const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(steps_));
  // Early averages would remember the random start; the decay grows into its value.
  const double decay = std::min(options_.averageDecay, (1.0 + static_cast<double>(steps_)) /
                                                           (10.0 + static_cast<double>(steps_)));
  if (!lists.gradients.empty()) {
    const std::vector<Tensor> gradients =
        scale < 1 ? at::_foreach_mul(lists.gradients, scale) : lists.gradients;
    at::_foreach_mul_(lists.first, options_.beta1);
    at::_foreach_add_(lists.first, gradients, 1 - options_.beta1);
    at::_foreach_mul_(lists.second, options_.beta2);
    at::_foreach_addcmul_(lists.second, gradients, gradients, 1 - options_.beta2);
    if (!lists.decayed.empty()) at::_foreach_mul_(lists.decayed, 1 - rate * options_.weightDecay);
    const std::vector<Tensor> denominators = at::_foreach_div(lists.second, correction2);
    at::_foreach_sqrt_(denominators);
    at::_foreach_add_(denominators, options_.epsilon);
    at::_foreach_addcdiv_(lists.trained, lists.first, denominators, -rate / correction1);
  }
  at::_foreach_mul_(lists.averages, decay);
  at::_foreach_add_(lists.averages, lists.values, 1 - decay);
  return norm;
}

Optimizer::Lists Optimizer::listTensors() {
  Lists lists;
  for (Slot& slot : slots_) {
    const Tensor value = slot.value->detach();
    lists.values.push_back(value);
    lists.averages.push_back(slot.average);
    if (!slot.trained || !slot.value->grad().defined()) continue;
    lists.trained.push_back(value);
    if (value.dim() >= 2) lists.decayed.push_back(value);
    lists.gradients.push_back(slot.value->grad());
    lists.first.push_back(slot.first);
    lists.second.push_back(slot.second);
  }
  return lists;
}

void Optimizer::swapAverage() {
  const at::NoGradGuard noGrad;
  for (Slot& slot : slots_) {
    const Tensor held = slot.value->detach().clone();
    slot.value->detach().copy_(slot.average);
    slot.average.copy_(held);
  }
}

StateDict Optimizer::state(const std::string& prefix) const {
  StateDict result;
  result[prefix + "steps"] = at::scalar_tensor(steps_, at::kLong);
  for (const Slot& slot : slots_) {
    result[prefix + "average." + slot.name] = slot.average;
    if (!slot.trained) continue;
    result[prefix + "first." + slot.name] = slot.first;
    result[prefix + "second." + slot.name] = slot.second;
  }
  return result;
}

void Optimizer::load(const StateDict& state, const std::string& prefix, const std::string& source) {
  const auto restore = [&](Tensor& target, const std::string& name) {
    const Tensor& stored = requireTensor(state, prefix + name, source);
    if (stored.sizes() != target.sizes())
      fail<ModelError>("{}: \"{}{}\" is of another model", source, prefix, name);
    target.copy_(stored);
  };
  for (Slot& slot : slots_) {
    restore(slot.average, "average." + slot.name);
    if (!slot.trained) continue;
    restore(slot.first, "first." + slot.name);
    restore(slot.second, "second." + slot.name);
  }
  steps_ = requireTensor(state, prefix + "steps", source).item<std::int64_t>();
}

}  // namespace inkling
