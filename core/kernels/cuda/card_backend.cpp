#include <functional>
#include <utility>

#include "core/kernels/cuda/card_memory.h"
#include "core/kernels/cuda/deformable_sampling.h"
#include "core/kernels/cuda/letterbox.h"
#include "core/kernels/cuda/nms.h"
#include "core/kernels/cuda/routing_attention.h"
#include "core/kernels/cuda/sketch_attention.h"
#include "core/kernels/job_memory.h"

namespace inkling::kernels::cuda {
namespace {

/// A visitor that puts a job's memory on the card, for as long as it lives.
class JobOnCard {
 public:
  explicit JobOnCard(CardMemory& memory) : memory_(memory), stream_(memory.start()) {}
  JobOnCard(const JobOnCard&) = delete;
  ~JobOnCard() {
    for (void* each : allocated_) memory_.free(each);
  }
  Stream stream() const { return stream_; }

  // Pointers without a single number stay as they are: null would mean something else.
  template <typename T>
  void reads(const T*& pointer, const Places& places) {
    if (places.end() > 0) pointer = place(pointer, places.end());
  }
  /// What lies between the output's numbers in the host's memory is left alone.
  template <typename T>
  void writes(const char*, T*& pointer, const std::vector<Places>& places) {
    const std::int64_t end = endOf(places);
    if (end == 0) return;
    std::vector<T> unwritten(static_cast<std::size_t>(end), poison<T>());
    T* const host = pointer;
    T* const card = static_cast<T*>(allocate(sizeof(T) * unwritten.size(), shiftOf(host)));
    memory_.copyIn(card, unwritten.data(), sizeof(T) * unwritten.size());
    pointer = card;
    outputs_.push_back([this, places, end, host, card] {
      std::vector<T> numbers(static_cast<std::size_t>(end));
      memory_.copyOut(numbers.data(), card, sizeof(T) * numbers.size());
      for (const Places& part : places)
        part.each([&](std::int64_t i, auto...) { host[i] = numbers[static_cast<std::size_t>(i)]; });
    });
  }
  /// Memory that ends where it ends, `shift` bytes after a multiple of 16.
  void* allocate(std::size_t bytes, std::size_t shift) {
    allocated_.reserve(allocated_.size() + 1);  // so that nothing throws between the next two
    void* const memory = memory_.allocate(bytes + shift);
    allocated_.push_back(memory);
    return static_cast<char*>(memory) + shift;
  }
  void finish() {
    memory_.wait();
    for (const auto& output : outputs_) output();
  }

 private:
  template <typename T>
  const T* place(const T* host, std::int64_t count) {
    const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(count);
    void* const card = allocate(bytes, shiftOf(host));
    memory_.copyIn(card, host, bytes);
    return static_cast<const T*>(card);
  }

  CardMemory& memory_;
  Stream stream_;
  std::vector<void*> allocated_;
  std::vector<std::function<void()>> outputs_;
};

class CardBackend : public Backend {
 public:
  explicit CardBackend(std::unique_ptr<CardMemory> memory) : memory_(std::move(memory)) {}
  std::string name() const override { return memory_->name(); }

  void run(const Letterboxing& job) override {
    job.check();  // before its sizes are believed
    start(job, letterbox);
  }
  void run(const RoutingAttention& job) override { start(job, routingAttention); }
  void run(const DeformableSampling& job) override { start(job, deformableSampling); }
  void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) override {
    DeformableSampling sampling = job;
    DeformableSamplingGradients own = gradients;
    JobOnCard onCard(*memory_);
    visitMemory(sampling, own, onCard);
    deformableSamplingBackward(sampling, own, onCard.stream());
    onCard.finish();
  }
  void run(const SketchAttention& job) override { start(job, sketchAttention); }
  void run(const NonMaximumSuppression& job) override {
    NonMaximumSuppression own = job;
    JobOnCard onCard(*memory_);
    visitMemory(own, onCard);
    void* const scratch =
        onCard.allocate(static_cast<std::size_t>(nonMaximumSuppressionScratch(own)), 0);
    nonMaximumSuppression(own, scratch, onCard.stream());
    onCard.finish();
  }

 private:
  template <typename Job>
  void start(const Job& job, void (*kernel)(const Job&, Stream)) {
    Job own = job;
    JobOnCard onCard(*memory_);
    visitMemory(own, onCard);
    kernel(own, onCard.stream());
    onCard.finish();
  }

  std::unique_ptr<CardMemory> memory_;
};

}  // namespace

std::unique_ptr<Backend> cardBackend(std::unique_ptr<CardMemory> memory) {
  return std::make_unique<CardBackend>(std::move(memory));
}

}  // namespace inkling::kernels::cuda
