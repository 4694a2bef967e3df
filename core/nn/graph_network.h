// A network given as a list of operators (the ONNX subset that YOLOX needs), run node by node. The
// graph travels as JSON: {"inputs": [name], "outputs": [name], "nodes": [{"op", "inputs",
// "outputs", "attributes"}]}, its constants as named tensors. Operators: Conv, Sigmoid, Mul, Add,
// Concat, Slice, MaxPool, Reshape, Resize (nearest), Transpose.
#pragma once

#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/nn/safetensors.h"
#include "core/nn/tensor.h"

namespace inkling {

class GraphNetwork {
 public:
  /// Throws ModelError naming `source` for an operator, attribute or constant that is unknown or
  /// missing.
  GraphNetwork(const Json& graph, const StateDict& constants, const std::string& source,
               const std::string& prefix = "");

  /// It will be computed there, in numbers of that type.
  void moveTo(at::Device device, at::ScalarType type);

  /// One input to one output; the first dimension is the batch, whatever the graph's shapes say of
  /// it.
  Tensor forward(const Tensor& input) const;

  /// The graph as it was given.
  const Json& graph() const { return graph_; }

 private:
  enum class Op {
    kConv,
    kSigmoid,
    kSilu,
    kMul,
    kAdd,
    kConcat,
    kSlice,
    kMaxPool,
    kReshape,
    kResize,
    kTranspose
  };
  struct Node {
    Op op{};
    std::vector<std::size_t> inputs;  ///< slots
    std::size_t output = 0;
    std::vector<std::int64_t> kernel, strides, pads, dilations;  ///< Conv, MaxPool
    std::vector<std::int64_t> numbers;  ///< Slice bounds, Reshape shape, Transpose order
    std::vector<double> scales;         ///< Resize
    std::int64_t axis = 0, group = 1;
    std::vector<std::size_t> lastUse;  ///< slots that no later node reads
  };
  Node parseNode(const Json& node, std::vector<std::string>& names, const StateDict& constants,
                 const std::string& source, const std::string& prefix);
  void fuseSilu();
  void planReleases();

  Json graph_;
  std::vector<Node> nodes_;
  std::vector<Tensor> constants_;  ///< by slot; undefined where a node writes
  std::size_t inputSlot_ = 0, outputSlot_ = 0;
};

}  // namespace inkling
