// All kernels behind one interface, with every pointer of a job in the host's memory: what compares
// one way to compute them with another.
//
//   auto checking = checkingBackend(cpuBackend(), cudaBackend(0), 1e-5);
//   checking->run(job);  // the reference's results; throws Mismatch when the card disagrees
//   checking->differences();
//
// For tests and for looking into a machine, not for speed: no threads, and a card gets its memory
// anew with each job. Programs call the kernels themselves.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/kernels/deformable_sampling.h"
#include "core/kernels/instructions.h"
#include "core/kernels/letterbox.h"
#include "core/kernels/nms.h"
#include "core/kernels/routing_attention.h"
#include "core/kernels/sketch_attention.h"

namespace inkling::kernels {

class Backend {
 public:
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;
  virtual ~Backend() = default;

  /// For people.
  virtual std::string name() const = 0;

  /// All items of a job; its results are there on return, and nothing else is written. Throws what
  /// the kernel throws.
  virtual void run(const Letterboxing& job) = 0;
  virtual void run(const RoutingAttention& job) = 0;
  virtual void run(const DeformableSampling& job) = 0;
  virtual void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) = 0;
  virtual void run(const SketchAttention& job) = 0;
  virtual void run(const NonMaximumSuppression& job) = 0;
};

/// Throws std::invalid_argument for instructions that the processor does not have.
std::unique_ptr<Backend> cpuBackend(Instructions instructions = fastestInstructions());

/// The card of this number. Throws cuda::Error (core/kernels/cuda/stream.h) when there is none, or
/// one too old.
std::unique_ptr<Backend> cudaBackend(int device = 0);

/// Two backends disagree; what() says about which kernel, where, and what they gave.
class Mismatch : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How far results of a kernel were apart, at most.
struct KernelDifference {
  std::string kernel;
  /// Of the largest magnitude that the reference has in the same output; of 1 where that is 0.
  double relative = 0;
};

/// Runs every job twice: for the caller with the reference, then, with outputs of its own, with the
/// backend that is tested.
class CheckingBackend : public Backend {
 public:
  /// Of the kernels run so far, in the order of their first run; a mismatch counts too. Infinite
  /// for results that cannot be compared: another number of a box, NaN or infinity on one side, a
  /// number left out, or one written between the job's.
  virtual std::vector<KernelDifference> differences() const = 0;
};

/// A run throws Mismatch when a relative difference is over `tolerance`. The numbers of boxes must
/// be the same; NaN and infinity must be in the same places.
std::unique_ptr<CheckingBackend> checkingBackend(std::unique_ptr<Backend> reference,
                                                 std::unique_ptr<Backend> tested, double tolerance);

}  // namespace inkling::kernels
