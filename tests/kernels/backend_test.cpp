#include "core/kernels/backend.h"

#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/kernels/cuda/device.h"
#include "core/kernels/self_check.h"

namespace inkling::kernels {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kKernels = {"letterbox",           "routing attention",
                                           "deformable sampling", "deformable sampling backward",
                                           "sketch attention",    "non-maximum suppression"};

void expectReport(const std::vector<KernelDifference>& differences, double tolerance) {
  std::vector<std::string> kernels;
  for (const KernelDifference& each : differences) {
    kernels.push_back(each.kernel);
    EXPECT_LE(each.relative, tolerance) << each.kernel;
    std::ostringstream text;
    text << each.relative;
    testing::Test::RecordProperty(each.kernel, text.str());
  }
  EXPECT_EQ(kernels, kKernels);
}

/// What a backend may do wrong.
enum class Fault { kNumber, kNan, kLeftOut };

/// The processor, but one kernel has a fault. What it calculates is put where it belongs last.
class FaultyBackend : public Backend {
 public:
  FaultyBackend(std::string kernel, Fault fault)
      : kernel_(std::move(kernel)), fault_(fault), right_(cpuBackend(Instructions::kPlain)) {}
  std::string name() const override { return "faulty"; }

  void run(const Letterboxing& job) override {
    if (job.output == nullptr) return right_->run(job);
    run(job, kKernels[0], job.output);
  }
  void run(const RoutingAttention& job) override { run(job, kKernels[1], job.output); }
  void run(const DeformableSampling& job) override { run(job, kKernels[2], job.output); }
  void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) override {
    const float before = *gradients.location;
    right_->run(job, gradients);
    if (kernel_ == kKernels[3]) spoil(gradients.location, before);
  }
  void run(const SketchAttention& job) override { run(job, kKernels[4], job.output.first); }
  void run(const NonMaximumSuppression& job) override { run(job, kKernels[5], job.kept); }

 private:
  template <typename Job, typename Number>
  void run(const Job& job, const std::string& kernel, Number* output) {
    const Number before = *output;
    right_->run(job);
    if (kernel_ == kernel) spoil(output, before);
  }
  void spoil(float* number, float before) const {
    *number = fault_ == Fault::kNumber ? *number * 1.01F + 0.01F
              : fault_ == Fault::kNan  ? std::numeric_limits<float>::quiet_NaN()
                                       : before;
  }
  void spoil(std::int64_t* number, std::int64_t before) const {
    *number = fault_ == Fault::kLeftOut ? before : *number + 1;
  }

  std::string kernel_;
  Fault fault_;
  std::unique_ptr<Backend> right_;
};

class SelfCheck : public testing::TestWithParam<Instructions> {};

TEST_P(SelfCheck, InstructionSetsAgree) {
  if (!supported(GetParam())) GTEST_SKIP() << "this processor does not have these instructions";
  const auto checking =
      checkingBackend(cpuBackend(Instructions::kPlain), cpuBackend(GetParam()), 5e-6);
  expectReport(selfCheck(*checking), 5e-6);
}

INSTANTIATE_TEST_SUITE_P(All, SelfCheck,
                         testing::Values(Instructions::kAvx2, Instructions::kAvx512),
                         [](const auto& which) {
                           return which.param == Instructions::kAvx2 ? "Avx2" : "Avx512";
                         });

TEST(SelfCheckOfACard, AgreesWithTheProcessor) {
  try {
    if (cuda::devices().empty()) GTEST_SKIP() << "no card";
  } catch (const cuda::Error& error) {
    GTEST_SKIP() << error.what();
  }
  const auto checking = checkingBackend(cpuBackend(), cudaBackend(), kSelfCheckTolerance);
  expectReport(selfCheck(*checking), kSelfCheckTolerance);
}

TEST(CheckingBackend, FindsEachFaultOfEachKernel) {
  for (const Fault fault : {Fault::kNumber, Fault::kNan, Fault::kLeftOut}) {
    for (const std::string& kernel : kKernels) {
      const auto checking = checkingBackend(cpuBackend(Instructions::kPlain),
                                            std::make_unique<FaultyBackend>(kernel, fault), 1e-4);
      try {
        selfCheck(*checking);
        ADD_FAILURE() << kernel << ": not found";
      } catch (const Mismatch& error) {
        EXPECT_THAT(error.what(), HasSubstr(kernel + ": faulty differs from processor (plain)"));
        EXPECT_THAT(error.what(), HasSubstr("photo 0, row 0, number 0"));
      }
      EXPECT_EQ(checking->differences().back().kernel, kernel);
      EXPECT_GT(checking->differences().back().relative, 1e-4);
    }
  }
}

/// Calls a function with the output of a sampling instead of computing.
class SamplingOnly : public FaultyBackend {
 public:
  using Write = void (*)(const DeformableSamplingGradients&);
  explicit SamplingOnly(Write write) : FaultyBackend("", Fault::kNumber), write_(write) {}
  void run(const DeformableSampling& job, const DeformableSamplingGradients& gradients) override {
    FaultyBackend::run(job, gradients);
    write_(gradients);
  }

 private:
  Write write_;
};

/// The gradients of one token and its sample; a stride of 4 and one channel, so that there are
/// gaps.
std::vector<float> gradientsWith(SamplingOnly::Write write) {
  const std::vector<float> value(8, 1), location{0.4F, 0.4F}, weight{2}, given{3};
  std::vector<float> byValue(8, 7), byLocation(2), byWeight(1);
  DeformableSampling job;
  job.levels = {{1, 2, 0}};
  job.value = value.data();
  job.tokenStride = 4;
  job.photoStride = 8;
  job.location = location.data();
  job.weight = weight.data();
  job.queries = job.headWidth = job.points = 1;
  checkingBackend(cpuBackend(), std::make_unique<SamplingOnly>(write), 1e-5)
      ->run(job, {given.data(), byValue.data(), 4, 8, byLocation.data(), byWeight.data()});
  return byValue;
}

TEST(CheckingBackend, GivesTheReferencesResultsAndLeavesTheRestAlone) {
  const std::vector<float> byValue =
      gradientsWith([](const auto& to) { *to.weight *= 1.000001F; });  // too little to matter
  for (std::size_t i = 0; i < byValue.size(); ++i) {
    if (i % 4 == 0)
      EXPECT_NE(byValue[i], 7);
    else
      EXPECT_EQ(byValue[i], 7) << "written between the tokens";
  }
}

TEST(CheckingBackend, FindsWhatIsWrittenBetweenTheTokens) {
  try {
    gradientsWith([](const auto& to) { to.value[2] = 5; });
    FAIL() << "not found";
  } catch (const Mismatch& error) {
    EXPECT_THAT(error.what(), HasSubstr("gradient of value, number 2, between the job's"));
    EXPECT_THAT(error.what(), HasSubstr("there is 5"));
  }
}

TEST(CheckingBackend, FindsInfinities) {
  const auto write = [](const auto& to) { to.weight[0] = std::numeric_limits<float>::infinity(); };
  EXPECT_THROW(gradientsWith(write), Mismatch);
}

TEST(CpuBackend, SaysWhatItIs) {
  EXPECT_EQ(cpuBackend(Instructions::kPlain)->name(), "processor (plain)");
  if (supported(Instructions::kAvx512)) return;
  EXPECT_THROW(cpuBackend(Instructions::kAvx512), std::invalid_argument);
}

TEST(CudaBackend, IsRefusedWithAReasonWhereThereIsNone) {
  EXPECT_THROW(cudaBackend(1000), cuda::Error);
}

}  // namespace
}  // namespace inkling::kernels
