#include "core/nn/graph_network.h"

#include <algorithm>
#include <limits>
#include <map>

namespace inkling {
namespace {

std::size_t slotOf(const std::string& name, std::vector<std::string>& names) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

std::vector<std::int64_t> integers(const Tensor& tensor) {
  const Tensor plain = tensor.to(at::kLong).contiguous();
  return {plain.data_ptr<std::int64_t>(), plain.data_ptr<std::int64_t>() + plain.numel()};
}

std::vector<double> doubles(const Tensor& tensor) {
  const Tensor plain = tensor.to(at::kDouble).contiguous();
  return {plain.data_ptr<double>(), plain.data_ptr<double>() + plain.numel()};
}

}  // namespace

GraphNetwork::GraphNetwork(const Json& graph, const StateDict& constants, const std::string& source,
                           const std::string& prefix)
    : graph_(graph) {
  std::vector<std::string> names;
  try {
    inputSlot_ = slotOf(graph.at("inputs").at(0).get<std::string>(), names);
    for (const Json& node : graph.at("nodes"))
      nodes_.push_back(parseNode(node, names, constants, source, prefix));
    outputSlot_ = slotOf(graph.at("outputs").at(0).get<std::string>(), names);
  } catch (const nlohmann::json::exception&) {
    fail<ModelError>("{}: the detector's graph has a missing or wrong field", source);
  }
  std::vector<bool> written(names.size(), false);
  written[inputSlot_] = true;
  for (const Node& node : nodes_) written[node.output] = true;
  constants_.resize(names.size());
  for (std::size_t slot = 0; slot < names.size(); ++slot) {
    if (written[slot]) continue;
    const auto found = constants.find(prefix + names[slot]);
    // An optional input (Resize's region of interest) may be absent.
    if (found == constants.end()) continue;
    const bool real = at::isFloatingType(found->second.scalar_type());
    constants_[slot] = real ? found->second.to(at::kFloat) : found->second;
  }
  for (const Node& node : nodes_) {
    const std::size_t used = node.op == Op::kConv ? node.inputs.size() : 1;
    for (std::size_t i = 0; i < used; ++i) {
      const std::size_t slot = node.inputs[i];
      if (!written[slot] && !constants_[slot].defined())
        fail<ModelError>("{}: the tensor \"{}{}\" is missing", source, prefix, names[slot]);
    }
  }
  fuseSilu();
  planReleases();
}

GraphNetwork::Node GraphNetwork::parseNode(const Json& json, std::vector<std::string>& names,
                                           const StateDict& constants, const std::string& source,
                                           const std::string& prefix) {
  static const std::map<std::string, Op> kOps{
      {"Conv", Op::kConv},       {"Sigmoid", Op::kSigmoid},
      {"Mul", Op::kMul},         {"Add", Op::kAdd},
      {"Concat", Op::kConcat},   {"Slice", Op::kSlice},
      {"MaxPool", Op::kMaxPool}, {"Reshape", Op::kReshape},
      {"Resize", Op::kResize},   {"Transpose", Op::kTranspose}};
  const auto name = json.at("op").get<std::string>();
  const auto op = kOps.find(name);
  if (op == kOps.end())
    fail<ModelError>("{}: the detector's graph holds the unknown operator {}", source, name);
  Node node;
  node.op = op->second;
  for (const Json& input : json.at("inputs"))
    node.inputs.push_back(slotOf(input.get<std::string>(), names));
  node.output = slotOf(json.at("outputs").at(0).get<std::string>(), names);
  const Json attributes = json.value("attributes", Json::object());
  const auto list = [&](const char* key) {
    return attributes.at(key).get<std::vector<std::int64_t>>();
  };
  const auto constant = [&](std::size_t input) -> const Tensor& {
    return requireTensor(constants, prefix + json.at("inputs").at(input).get<std::string>(),
                         source);
  };
  switch (node.op) {
    case Op::kConv:
      node.dilations = list("dilations");
      node.group = attributes.value("group", std::int64_t{1});
      [[fallthrough]];
    case Op::kMaxPool:
      node.kernel = list("kernel_shape");
      node.strides = list("strides");
      node.pads = list("pads");
      if (node.pads.size() != 4 || node.pads[0] != node.pads[2] || node.pads[1] != node.pads[3]) {
        fail<ModelError>("{}: the detector's graph has an uneven padding", source);
      }
      break;
    case Op::kConcat:
      node.axis = attributes.at("axis").get<std::int64_t>();
      break;
    case Op::kSlice:
      for (std::size_t i = 1; i < 5; ++i) node.numbers.push_back(integers(constant(i)).at(0));
      break;
    case Op::kReshape:
      node.numbers = integers(constant(1));
      break;
    case Op::kResize:
      node.scales = doubles(constant(2));
      if (node.scales.size() != 4)
        fail<ModelError>("{}: the detector's graph has a Resize without scales", source);
      break;
    case Op::kTranspose:
      node.numbers = list("perm");
      break;
    default:
      break;
  }
  return node;
}

// x * sigmoid(x) is one operator in the tensor library, and most of this network's nodes.
void GraphNetwork::fuseSilu() {
  std::map<std::size_t, int> readers;
  for (const Node& node : nodes_) {
    for (const std::size_t slot : node.inputs) ++readers[slot];
  }
  std::vector<Node> fused;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node& node = nodes_[i];
    if (node.op == Op::kSigmoid && i + 1 < nodes_.size()) {
      const Node& next = nodes_[i + 1];
      const bool product = next.op == Op::kMul && next.inputs.size() == 2 &&
                           next.inputs[0] == node.inputs[0] && next.inputs[1] == node.output &&
                           readers[node.output] == 1;
      if (product) {
        Node silu = node;
        silu.op = Op::kSilu;
        silu.output = next.output;
        fused.push_back(silu);
        ++i;
        continue;
      }
    }
    fused.push_back(node);
  }
  nodes_ = std::move(fused);
}

void GraphNetwork::planReleases() {
  std::map<std::size_t, std::size_t> last;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    for (const std::size_t slot : nodes_[i].inputs) last[slot] = i;
  }
  for (const auto& [slot, node] : last) {
    if (slot != outputSlot_ && !constants_[slot].defined()) nodes_[node].lastUse.push_back(slot);
  }
}

void GraphNetwork::moveTo(at::Device device, at::ScalarType type) {
  for (Tensor& constant : constants_) {
    if (constant.defined() && at::isFloatingType(constant.scalar_type()))
      constant = constant.to(device, type);
  }
}

Tensor GraphNetwork::forward(const Tensor& input) const {
  std::vector<Tensor> slots = constants_;
  slots[inputSlot_] = input;
  for (const Node& node : nodes_) {
    const auto in = [&](std::size_t i) -> const Tensor& { return slots[node.inputs.at(i)]; };
    Tensor& out = slots[node.output];
    switch (node.op) {
      case Op::kConv:
        out = at::conv2d(in(0), in(1), node.inputs.size() > 2 ? in(2) : Tensor(), node.strides,
                         {node.pads[0], node.pads[1]}, node.dilations, node.group);
        break;
      case Op::kSigmoid:
        out = at::sigmoid(in(0));
        break;
      case Op::kSilu:
        out = at::silu(in(0));
        break;
      case Op::kMul:
        out = in(0) * in(1);
        break;
      case Op::kAdd:
        out = in(0) + in(1);
        break;
      case Op::kConcat: {
        std::vector<Tensor> parts;
        for (const std::size_t slot : node.inputs) parts.push_back(slots[slot]);
        out = at::cat(parts, node.axis);
        break;
      }
      case Op::kSlice: {
        // starts, ends, axes, steps: the order of the operator's inputs.
        const std::int64_t start = node.numbers[0], end = node.numbers[1], axis = node.numbers[2],
                           step = node.numbers[3];
        out = in(0).slice(axis, start, std::min(end, in(0).size(axis)), step);
        break;
      }
      case Op::kMaxPool:
        out = at::max_pool2d(in(0), node.kernel, node.strides, {node.pads[0], node.pads[1]});
        break;
      case Op::kReshape: {
        std::vector<std::int64_t> shape = node.numbers;
        if (shape.front() == 1) shape.front() = in(0).size(0);
        out = in(0).reshape(shape);
        break;
      }
      case Op::kResize:
        out = at::upsample_nearest2d(
            in(0),
            {static_cast<std::int64_t>(static_cast<double>(in(0).size(2)) * node.scales[2]),
             static_cast<std::int64_t>(static_cast<double>(in(0).size(3)) * node.scales[3])});
        break;
      case Op::kTranspose:
        out = in(0).permute(node.numbers);
        break;
    }
    for (const std::size_t slot : node.lastUse) slots[slot] = Tensor();
  }
  return slots[outputSlot_];
}

}  // namespace inkling
