#include "core/nn/operator_cost.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include <ATen/record_function.h>
#include <c10/core/Allocator.h>

#include "core/nn/tensor.h"

namespace inkling {
namespace {

thread_local std::int64_t multiplyAdds = 0;

// What is known of an operator before it has run: inputs are gone afterwards.
struct Cost : at::ObserverContext {
  std::int64_t whole = 0;      // multiply-adds
  std::int64_t perOutput = 0;  // of each number that comes out
};

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& call) {
  auto cost = std::make_unique<Cost>();
  const std::string_view name = call.name();
  const auto input = [&](std::size_t index) { return call.inputs()[index].toTensor(); };
  const auto product = [&](std::size_t left, std::size_t right) {
    return input(left).numel() * input(right).size(-1);
  };
  if (name == "aten::mm" || name == "aten::bmm") {
    cost->whole = product(0, 1);
  } else if (name == "aten::addmm" || name == "aten::baddbmm") {
    cost->whole = product(1, 2);
  } else if (name == "aten::mv" || name == "aten::dot") {
    cost->whole = input(0).numel();
  } else if (name == "aten::addmv") {
    cost->whole = input(1).numel();
  } else if (name == "aten::grid_sampler_2d") {
    cost->perOutput = 4;
  } else if (name == "aten::convolution") {
    // Each number of the output is a product with one filter.
    const Tensor filters = input(1);
    cost->perOutput = filters.numel() / filters.size(0);
  } else if (name == "aten::_scaled_dot_product_flash_attention_for_cpu") {
    const Tensor query = input(0), value = input(2);
    const std::int64_t rows = query.numel() / query.size(-1);
    cost->whole = rows * value.size(-2) * (query.size(-1) + value.size(-1));
  }
  return cost;
}

void end(const at::RecordFunction& call, at::ObserverContext* context) {
  const auto& cost = static_cast<const Cost&>(*context);
  multiplyAdds += cost.whole;
  if (cost.perOutput > 0) multiplyAdds += cost.perOutput * call.outputs()[0].toTensor().numel();
}

// Blocks of the counting allocator. They may be freed after the counting, on any thread.
class Blocks {
 public:
  static Blocks& all() {
    static auto* const kBlocks = new Blocks;  // tensors may outlive whatever is destroyed at exit
    return *kBlocks;
  }
  void begin() {
    const std::lock_guard lock(mutex_);
    ++round_;
    alive_ = most_ = 0;
  }
  std::int64_t most() const {
    const std::lock_guard lock(mutex_);
    return most_;
  }
  void add(c10::DataPtr memory, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    alive_ += static_cast<std::int64_t>(bytes);
    most_ = std::max(most_, alive_);
    void* const place = memory.get();
    blocks_[place] = {std::move(memory), static_cast<std::int64_t>(bytes), round_};
  }
  static void release(void* place) {
    Block freed;  // outside of the lock
    const std::lock_guard lock(all().mutex_);
    const auto found = all().blocks_.find(place);
    if (found == all().blocks_.end()) return;
    freed = std::move(found->second);
    all().blocks_.erase(found);
    if (freed.round == all().round_) all().alive_ -= freed.bytes;
  }

 private:
  struct Block {
    c10::DataPtr memory;
    std::int64_t bytes = 0;
    std::int64_t round = 0;
  };
  mutable std::mutex mutex_;
  std::unordered_map<void*, Block> blocks_;
  std::int64_t round_ = 0, alive_ = 0, most_ = 0;
};

// Hands every request on to the allocator that was there, and keeps count.
class CountingAllocator : public c10::Allocator {
 public:
  CountingAllocator() : inner_(c10::GetAllocator(c10::DeviceType::CPU)) {
    Blocks::all().begin();
    c10::SetAllocator(c10::DeviceType::CPU, this, kPriority);
  }
  ~CountingAllocator() override { c10::SetAllocator(c10::DeviceType::CPU, inner_, kPriority); }
  CountingAllocator(const CountingAllocator&) = delete;
  CountingAllocator& operator=(const CountingAllocator&) = delete;

  // Some operators take plain memory, for which the block must be known by its place alone.
  c10::DataPtr allocate(std::size_t bytes) override {
    c10::DataPtr memory = inner_->allocate(bytes);
    void* const place = memory.get();
    if (place == nullptr) return memory;
    const c10::Device device = memory.device();
    Blocks::all().add(std::move(memory), bytes);
    return {place, place, &Blocks::release, device};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &Blocks::release; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override {
    inner_->copy_data(to, from, bytes);
  }

 private:
  static constexpr std::uint8_t kPriority = 255;
  c10::Allocator* const inner_;
};

}  // namespace

void noteMultiplyAdds(std::int64_t count) { multiplyAdds += count; }

std::int64_t multiplyAddsOf(const std::function<void()>& work) {
  multiplyAdds = 0;
  struct Observing {
    at::CallbackHandle handle =
        at::addThreadLocalCallback(at::RecordFunctionCallback(begin, end)
                                       .needsInputs(true)
                                       .needsOutputs(true)
                                       .scopes({at::RecordScope::FUNCTION}));
    ~Observing() { at::removeCallback(handle); }
  };
  const Observing observing;
  work();
  return multiplyAdds;
}

std::int64_t peakTensorBytesOf(const std::function<void()>& work) {
  const CountingAllocator allocator;
  work();
  return Blocks::all().most();
}

}  // namespace inkling
