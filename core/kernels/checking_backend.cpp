#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <sstream>
#include <utility>

#include "core/kernels/backend.h"
#include "core/kernels/half.h"
#include "core/kernels/job_memory.h"

namespace inkling::kernels {
namespace {

constexpr double kIncomparable = std::numeric_limits<double>::infinity();

double valueOf(float number) { return number; }
double valueOf(std::uint16_t number) { return halfValue(number); }
double valueOf(std::int64_t number) { return static_cast<double>(number); }

template <typename T>
bool isSame(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

/// Of numbers that are compared; `largest` is the reference's largest magnitude.
double relativeDifference(double wanted, double got, double largest) {
  if (wanted == got || (std::isnan(wanted) && std::isnan(got))) return 0;
  if (!std::isfinite(wanted) || !std::isfinite(got)) return kIncomparable;
  return std::abs(wanted - got) / (largest > 0 ? largest : 1);
}

/// Where two outputs are furthest apart.
struct Worst {
  double relative = 0;
  std::string place;  ///< and what is there
};

/// A visitor that gives a job outputs of its own, to compare with those that it had.
class Comparison {
 public:
  template <typename T>
  void reads(const T*&, const Places&) {}

  template <typename T>
  void writes(const char* what, T*& pointer, const std::vector<Places>& places) {
    const std::size_t shift = shiftOf(pointer) / sizeof(T);
    const auto own = std::make_shared<std::vector<T>>(
        shift + static_cast<std::size_t>(endOf(places)), poison<T>());
    T* const numbers = own->data() + shift;
    outputs_.push_back([what, places, own, numbers, wanted = pointer] {
      return compare<T>(what, places, wanted, numbers);
    });
    pointer = numbers;
  }

  Worst worst() const {
    Worst worst;
    for (const auto& output : outputs_)
      if (Worst here = output(); here.relative > worst.relative) worst = std::move(here);
    return worst;
  }

 private:
  template <typename T>
  static Worst compare(const char* what, const std::vector<Places>& places, const T* wanted,
                       const T* got) {
    std::vector<bool> isOutput(static_cast<std::size_t>(endOf(places)));
    double largest = 0;
    for (const Places& part : places)
      part.each([&](std::int64_t i, auto...) {
        isOutput[static_cast<std::size_t>(i)] = true;
        const double value = std::abs(valueOf(wanted[i]));
        if (std::isfinite(value) && value > largest) largest = value;
      });
    Worst worst;
    for (const Places& part : places)
      part.each([&](std::int64_t i, std::int64_t photo, std::int64_t row, std::int64_t number) {
        const bool isLeftOut = isSame(got[i], poison<T>());
        const bool isIndex = std::is_same_v<T, std::int64_t>;
        const double relative =
            isLeftOut || (isIndex && !isSame(wanted[i], got[i]))
                ? kIncomparable
                : relativeDifference(valueOf(wanted[i]), valueOf(got[i]), largest);
        if (!(relative > worst.relative)) return;
        worst = {relative, describe(what, photo, row, number, valueOf(wanted[i]),
                                    isLeftOut ? "nothing" : text(valueOf(got[i])))};
      });
    for (std::size_t i = 0; i < isOutput.size(); ++i)
      if (!isOutput[i] && !isSame(got[i], poison<T>()))
        return {kIncomparable, std::string(what) + ", number " + std::to_string(i) +
                                   ", between the job's: nothing is wanted, but there is " +
                                   text(valueOf(got[i]))};
    return worst;
  }
  static std::string text(double value) {
    std::ostringstream out;
    out.precision(9);
    out << value;
    return out.str();
  }
  static std::string describe(const char* what, std::int64_t photo, std::int64_t row,
                              std::int64_t number, double wanted, const std::string& got) {
    std::ostringstream out;
    out << what << " of photo " << photo << ", row " << row << ", number " << number << ": "
        << text(wanted) << " is wanted, but there is " << got;
    return out.str();
  }

  std::vector<std::function<Worst()>> outputs_;
};

class Checking : public CheckingBackend {
 public:
  Checking(std::unique_ptr<Backend> reference, std::unique_ptr<Backend> tested, double tolerance)
      : reference_(std::move(reference)), tested_(std::move(tested)), tolerance_(tolerance) {}

  std::string name() const override {
    return tested_->name() + " checked by " + reference_->name();
  }
  std::vector<KernelDifference> differences() const override { return differences_; }

  void run(const Letterboxing& job) override { check("letterbox", job); }
  void run(const RoutingAttention& job) override { check("routing attention", job); }
  void run(const DeformableSampling& job) override { check("deformable sampling", job); }
  void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) override {
    reference_->run(job, gradients);
    DeformableSampling sameJob = job;
    DeformableSamplingGradients ownGradients = gradients;
    Comparison comparison;
    visitMemory(sameJob, ownGradients, comparison);
    tested_->run(sameJob, ownGradients);
    note("deformable sampling backward", comparison.worst());
  }
  void run(const SketchAttention& job) override { check("sketch attention", job); }
  void run(const NonMaximumSuppression& job) override { check("non-maximum suppression", job); }

 private:
  template <typename Job>
  void check(const char* kernel, const Job& job) {
    reference_->run(job);
    Job own = job;
    Comparison comparison;
    visitMemory(own, comparison);
    tested_->run(own);
    note(kernel, comparison.worst());
  }

  void note(const char* kernel, const Worst& worst) {
    const auto known =
        std::find_if(differences_.begin(), differences_.end(),
                     [&](const KernelDifference& each) { return each.kernel == kernel; });
    if (known == differences_.end())
      differences_.push_back({kernel, worst.relative});
    else
      known->relative = std::max(known->relative, worst.relative);
    if (worst.relative <= tolerance_) return;
    std::ostringstream message;
    message << kernel << ": " << tested_->name() << " differs from " << reference_->name() << " in "
            << worst.place;
    if (std::isfinite(worst.relative))
      message << "; that is " << worst.relative << " of the largest number, and " << tolerance_
              << " is allowed";
    throw Mismatch(message.str());
  }

  std::unique_ptr<Backend> reference_, tested_;
  double tolerance_;
  std::vector<KernelDifference> differences_;
};

}  // namespace

std::unique_ptr<CheckingBackend> checkingBackend(std::unique_ptr<Backend> reference,
                                                 std::unique_ptr<Backend> tested,
                                                 double tolerance) {
  return std::make_unique<Checking>(std::move(reference), std::move(tested), tolerance);
}

}  // namespace inkling::kernels
