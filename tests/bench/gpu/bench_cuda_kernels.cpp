// How far the CUDA kernels are from what the card can do, or (--check) whether they give what the
// processor gives. Needs core/kernels and the CUDA runtime, nothing else.
//
//   bench_cuda_kernels [--device N] [--only TEXT] [--out FILE]
//   bench_cuda_kernels [--device N] --check
//   bench_cuda_kernels [--device N] --name
//
// Exit status: 0, 1 when --check finds a difference, 2 for wrong use and errors, 3 without a card.
#include <cstdlib>
#include <ctime>
#include <exception>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

#include <cuda_runtime_api.h>

#include "core/kernels/cuda/device.h"
#include "core/kernels/cuda/require.h"
#include "core/kernels/self_check.h"
#include "tests/bench/gpu/kernel_cases.h"
#include "tests/bench/gpu/report.h"

namespace inkling::bench {
namespace {

using kernels::cuda::require;

enum Status { kFine = 0, kDiffers = 1, kError = 2, kNoCard = 3 };

struct Arguments {
  int device = 0;
  std::string only, out;  ///< kernels or shapes that contain it; a file for JSON
  bool isCheck = false, isName = false;
};

Arguments parse(int count, char** words) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto value = [&]() -> std::string {
      if (++i == count) throw std::invalid_argument(word + " needs a value");
      return words[i];
    };
    if (word == "--check")
      arguments.isCheck = true;
    else if (word == "--name")
      arguments.isName = true;
    else if (word == "--only")
      arguments.only = value();
    else if (word == "--out")
      arguments.out = value();
    else if (word == "--device")
      arguments.device = std::stoi(value());
    else
      throw std::invalid_argument(
          "unknown argument " + word +
          "; there are --device N, --only TEXT, --out FILE, --check, --name");
  }
  return arguments;
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  char text[16] = "";
  std::strftime(text, sizeof(text), "%Y-%m-%d", std::localtime(&now));
  return text;
}

/// All but the measurements.
Report header(int device) {
  Report report;
  const kernels::cuda::DeviceInfo info =
      kernels::cuda::devices().at(static_cast<std::size_t>(device));
  report.device = info.name;
  report.major = info.major;
  report.minor = info.minor;
  report.date = today();
  require(cudaDriverGetVersion(&report.driver), "the driver's version");
  require(cudaRuntimeGetVersion(&report.runtime), "the runtime's version");
  require(cudaDeviceGetAttribute(&report.multiprocessors, cudaDevAttrMultiProcessorCount, device),
          "the number of multiprocessors");
  return report;
}

int check(int device) {
  const auto checking = kernels::checkingBackend(
      kernels::cpuBackend(), kernels::cudaBackend(device), kernels::kSelfCheckTolerance);
  std::cout << checking->name() << "\n";
  int status = kFine;
  try {
    kernels::selfCheck(*checking);
  } catch (const kernels::Mismatch& error) {
    std::cerr << "bench_cuda_kernels: " << error.what() << "\n";
    status = kDiffers;
  }
  for (const kernels::KernelDifference& each : checking->differences())
    std::cout << each.kernel << ": " << each.relative << " of the largest number at most\n";
  return status;
}

int measure(const Arguments& arguments) {
  Report report = header(arguments.device);
  std::cerr << "ceilings\n";
  report.ceilings = measureCeilings();
  for (const NamedCase& each : kernelCases()) {
    if ((each.kernel + ", " + each.shape).find(arguments.only) == std::string::npos) continue;
    std::cerr << each.kernel << ", " << each.shape << "\n";
    const KernelCase onCard = each.make();
    report.measurements.push_back(
        {each.kernel, each.shape, medianSeconds(onCard.work), onCard.bytes, onCard.flops});
  }
  std::cout << table(report);
  if (arguments.out.empty()) return kFine;
  std::ofstream file(arguments.out);
  file << json(report) << std::flush;
  if (!file) throw std::runtime_error("cannot write " + arguments.out);
  return kFine;
}

int run(const Arguments& arguments) {
  try {  // nothing but a card that is not there
    const std::size_t count = kernels::cuda::devices().size();
    if (arguments.device < 0 || static_cast<std::size_t>(arguments.device) >= count)
      throw kernels::cuda::Error("there are " + std::to_string(count) + " cards, not number " +
                                 std::to_string(arguments.device));
    require(cudaSetDevice(arguments.device), "choosing a card");
  } catch (const kernels::cuda::Error& error) {
    std::cerr << "bench_cuda_kernels: no card: " << error.what() << "\n";
    return kNoCard;
  }
  if (arguments.isName) {
    std::cout << header(arguments.device).device << "\n";
    return kFine;
  }
  return arguments.isCheck ? check(arguments.device) : measure(arguments);
}

}  // namespace
}  // namespace inkling::bench

int main(int count, char** words) {
  try {
    return inkling::bench::run(inkling::bench::parse(count, words));
  } catch (const std::exception& error) {
    std::cerr << "bench_cuda_kernels: " << error.what() << "\n";
    return inkling::bench::kError;
  }
}
