#include "tests/kernels/cuda_emulation.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <memory>
#include <random>
#include <vector>

#include <ucontext.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

namespace inkling::kernels::cuda::emulation {
namespace {

constexpr std::size_t kStack = 64 * 1024;
constexpr int kLanes = 32;

enum class State { kReady, kAtBlockBarrier, kAtWarpBarrier, kDone };

struct Fiber {
  ucontext_t context{};
  std::unique_ptr<char[]> stack{new char[kStack]};
  State state = State::kReady;
  dim3 index;
  std::uint64_t given = 0;  // to its warp
};

// One block at a time.
class Block {
 public:
  Block(dim3 size, const std::function<void()>& thread, Order order, std::mt19937& random)
      : thread_(thread), order_(order), random_(random) {
    for (unsigned z = 0; z < size.z; ++z)
      for (unsigned y = 0; y < size.y; ++y)
        for (unsigned x = 0; x < size.x; ++x) {
          fibers_.push_back(std::make_unique<Fiber>());
          fibers_.back()->index = {x, y, z};
        }
  }

  void run();
  void wait(State barrier);
  std::uint64_t exchange(std::uint64_t bits, int source);
  int lane() const { return static_cast<int>(current_ % kLanes); }
  std::size_t barriers() const { return barriers_; }

 private:
  static void enter();
  void resume(std::size_t which);
  bool release(std::size_t begin, std::size_t end, State barrier);

  const std::function<void()>& thread_;
  Order order_;
  std::mt19937& random_;
  std::vector<std::unique_ptr<Fiber>> fibers_;
  ucontext_t scheduler_{};
  std::size_t current_ = 0, barriers_ = 0;
  std::exception_ptr failure_;
#if defined(__SANITIZE_ADDRESS__)
  const void* schedulerStack_ = nullptr;
  std::size_t schedulerSize_ = 0;
#endif
};

Block* active = nullptr;
Order chosenOrder = Order::kForward;
Counts total;
std::vector<float> dynamicShared;

void Block::enter() {
  Block& block = *active;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(nullptr, &block.schedulerStack_, &block.schedulerSize_);
#endif
  try {
    block.thread_();
  } catch (...) {
    block.failure_ = std::current_exception();
  }
  block.fibers_[block.current_]->state = State::kDone;
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_start_switch_fiber(nullptr, block.schedulerStack_, block.schedulerSize_);
#endif
  // The context's successor is the scheduler.
}

void Block::resume(std::size_t which) {
  Fiber& fiber = *fibers_[which];
  current_ = which;
  threadIdx = fiber.index;
#if defined(__SANITIZE_ADDRESS__)
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, fiber.stack.get(), kStack);
#endif
  ::swapcontext(&scheduler_, &fiber.context);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake, nullptr, nullptr);
#endif
}

// Frees the threads begin .. end-1 if all that have not ended wait at `barrier`.
bool Block::release(std::size_t begin, std::size_t end, State barrier) {
  bool any = false;
  for (std::size_t i = begin; i < end; ++i) {
    if (fibers_[i]->state == State::kDone) continue;
    if (fibers_[i]->state != barrier) return false;
    any = true;
  }
  for (std::size_t i = begin; any && i < end; ++i) {
    if (fibers_[i]->state == barrier) fibers_[i]->state = State::kReady;
  }
  barriers_ += any ? 1 : 0;
  return any;
}

void Block::run() {
  active = this;
  for (auto& fiber : fibers_) {
    ::getcontext(&fiber->context);
    fiber->context.uc_stack.ss_sp = fiber->stack.get();
    fiber->context.uc_stack.ss_size = kStack;
    fiber->context.uc_link = &scheduler_;
    ::makecontext(&fiber->context, &Block::enter, 0);
  }
  std::vector<std::size_t> order(fibers_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  if (order_ == Order::kBackward) std::reverse(order.begin(), order.end());
  for (;;) {
    if (order_ == Order::kShuffled) std::shuffle(order.begin(), order.end(), random_);
    for (const std::size_t i : order) {
      if (fibers_[i]->state == State::kReady) resume(i);
      if (failure_) std::rethrow_exception(failure_);
    }
    bool progress = false;
    for (std::size_t warp = 0; warp < fibers_.size(); warp += kLanes)
      progress |= release(warp, std::min(warp + kLanes, fibers_.size()), State::kAtWarpBarrier);
    progress |= release(0, fibers_.size(), State::kAtBlockBarrier);
    if (progress) continue;
    const bool done = std::all_of(fibers_.begin(), fibers_.end(),
                                  [](const auto& fiber) { return fiber->state == State::kDone; });
    if (done) return;
    throw std::logic_error("threads wait at a barrier that the others never reach");
  }
}

void Block::wait(State barrier) {
  Fiber& fiber = *fibers_[current_];
  fiber.state = barrier;
#if defined(__SANITIZE_ADDRESS__)
  void* fake = nullptr;
  __sanitizer_start_switch_fiber(&fake, schedulerStack_, schedulerSize_);
#endif
  ::swapcontext(&fiber.context, &scheduler_);
#if defined(__SANITIZE_ADDRESS__)
  __sanitizer_finish_switch_fiber(fake, &schedulerStack_, &schedulerSize_);
#endif
}

std::uint64_t Block::exchange(std::uint64_t bits, int source) {
  const std::size_t warp = current_ / kLanes * kLanes,
                    other = warp + static_cast<std::size_t>(source);
  fibers_[current_]->given = bits;
  wait(State::kAtWarpBarrier);
  if (other >= fibers_.size() || fibers_[other]->state == State::kDone)
    throw std::logic_error("a shuffle reads a lane that is not there");
  const std::uint64_t taken = fibers_[other]->given;
  wait(State::kAtWarpBarrier);
  return taken;
}

}  // namespace

void setOrder(Order order) { chosenOrder = order; }

void run(dim3 grid, dim3 block, std::size_t shared, const std::function<void()>& thread) {
  static std::mt19937 random(1);
  if (block.x * block.y * block.z > 1024) throw std::logic_error("over 1024 threads in a block");
  if (grid.y > 65535 || grid.z > 65535) throw std::logic_error("over 65535 blocks in y or z");
  gridDim = grid;
  blockDim = block;
  for (unsigned z = 0; z < grid.z; ++z) {
    for (unsigned y = 0; y < grid.y; ++y) {
      for (unsigned x = 0; x < grid.x; ++x) {
        blockIdx = {x, y, z};
        dynamicShared.assign((shared + 3) / 4, std::numeric_limits<float>::quiet_NaN());
        Block now(block, thread, chosenOrder, random);
        now.run();
        total.threads += static_cast<std::size_t>(block.x) * block.y * block.z;
        total.barriers += now.barriers();
      }
    }
  }
}

void* sharedMemory() { return dynamicShared.data(); }
void waitForBlock() { active->wait(State::kAtBlockBarrier); }
void waitForWarp() { active->wait(State::kAtWarpBarrier); }
std::uint64_t exchange(std::uint64_t bits, int source) { return active->exchange(bits, source); }
int lane() { return active->lane(); }
Counts counts() { return total; }

}  // namespace inkling::kernels::cuda::emulation
