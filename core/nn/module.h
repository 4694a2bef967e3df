// A part of a network: named parameters (trained), buffers (kept, not trained) and named children.
// Names join with dots as in PyTorch ("blocks.3.attn.qkv.weight"), so published weights load
// without renaming.
//
// Why not torch::nn: its headers cost a gigabyte and twenty seconds for every file; what is needed
// of it is this page.
//
//   struct Gate : Module {
//     Linear project;
//     Gate(int64_t dim, Random& random) : project(dim, 1, random) { child("project", project); }
//     Tensor forward(const Tensor& x) const { return at::sigmoid(project.forward(x)); }
//   };
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/nn/safetensors.h"
#include "core/nn/tensor.h"

namespace inkling {

class Module {
 public:
  Module() = default;
  virtual ~Module() = default;
  // Children are held by address.
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  enum class Kind { kParameter, kBuffer };
  using Visitor = std::function<void(const std::string& name, Tensor& tensor, Kind kind)>;
  /// Calls `visit` for every tensor of this module and its children, in the order in which they
  /// were declared.
  void visit(const Visitor& visit, const std::string& prefix = "");

  /// All tensors by name (shared, not copied).
  StateDict state();
  /// Copies `state[prefix + name]` into every tensor, widening half precision. Throws ModelError
  /// naming `source` when a tensor is missing or of another shape. Names in `state` that no module
  /// asks for are left alone.
  void load(const StateDict& state, const std::string& source, const std::string& prefix = "");
  /// Moves all tensors to a device, and floating ones to `type` if one is given. Not while an
  /// optimizer holds them.
  void moveTo(at::Device device, std::optional<at::ScalarType> type = {});
  /// Where its tensors lie; a module without any is on the processor.
  at::Device device() const;
  /// Parameters (not buffers), for an optimizer.
  std::vector<Tensor> parameters();
  std::int64_t parameterCount();
  /// Turns gradients of all parameters on or off.
  void requireGradients(bool on);
  /// Training mode: dropout acts, batch norm uses the statistics of the batch.
  void setTraining(bool on);
  bool training() const { return training_; }

 protected:
  void parameter(std::string name, Tensor& tensor) {
    tensors_.push_back({std::move(name), &tensor, Kind::kParameter});
  }
  void buffer(std::string name, Tensor& tensor) {
    tensors_.push_back({std::move(name), &tensor, Kind::kBuffer});
  }
  void child(std::string name, Module& module) { children_.emplace_back(std::move(name), &module); }

 private:
  struct Entry {
    std::string name;
    Tensor* tensor;
    Kind kind;
  };
  std::vector<Entry> tensors_;
  std::vector<std::pair<std::string, Module*>> children_;
  bool training_ = false;
};

}  // namespace inkling
