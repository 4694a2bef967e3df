#include "core/nn/device.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <vector>

#include <ATen/Parallel.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>

#include "core/kernels/cuda/device.h"

namespace inkling {
namespace {

using kernels::cuda::DeviceInfo;

// The number in "cuda:N"; nothing for another name, or for one that no machine has.
std::optional<int> numberIn(const std::string& name) {
  constexpr std::size_t kPrefix = 5, kLongest = 3;
  if (!name.starts_with("cuda:") || name.size() == kPrefix || name.size() > kPrefix + kLongest)
    return {};
  int number = 0;
  for (const char c : name.substr(kPrefix)) {
    if (c < '0' || c > '9') return {};
    number = 10 * number + (c - '0');
  }
  return number;
}

// The library's CUDA part lies beside its CPU part, and registers its operators when it is loaded.
// Returns the reason where that fails.
std::string loadCudaOperators() {
  Dl_info self{};
  const auto* known = reinterpret_cast<const void*>(&at::get_num_threads);
  if (::dladdr(known, &self) == 0 || self.dli_fname == nullptr)
    return "the folder of LibTorch is not known";
  const auto file = std::filesystem::path(self.dli_fname).parent_path() / "libtorch_cuda.so";
  if (::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return {};
  const char* reason = ::dlerror();
  return fmt::format("LibTorch's CUDA part cannot be loaded ({}); scripts/setup --cuda installs it",
                     reason == nullptr ? "no reason given" : reason);
}

std::string gigabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1e9);
}

// Why this card cannot be used; empty if it can.
std::string complaintAbout(const DeviceInfo& card, std::int64_t leastMemory) {
  if (card.major < kernels::cuda::kLeastMajor) {
    return fmt::format("{} has compute capability {}.{}, and {}.0 is needed", card.name, card.major,
                       card.minor, kernels::cuda::kLeastMajor);
  }
  if (card.freeBytes < leastMemory) {
    return fmt::format("{} has {} of {} free, and {} are needed", card.name,
                       gigabytes(card.freeBytes), gigabytes(card.totalBytes),
                       gigabytes(leastMemory));
  }
  return {};
}

std::size_t mostFree(const std::vector<DeviceInfo>& cards) {
  const auto best = std::max_element(
      cards.begin(), cards.end(),
      [](const DeviceInfo& a, const DeviceInfo& b) { return a.freeBytes < b.freeBytes; });
  return static_cast<std::size_t>(best - cards.begin());
}

DeviceChoice onProcessor(const std::string& wanted, const std::string& reason) {
  return {c10::Device(c10::kCPU),
          fmt::format("--device {}: {}; going on with the CPU", wanted, reason)};
}

}  // namespace

kernels::cuda::Stream streamOf(c10::Device card) {
  const c10::impl::VirtualGuardImpl guard(card.type());
  return static_cast<kernels::cuda::Stream>(guard.getStream(card).native_handle());
}

bool isDeviceName(const std::string& wanted) {
  return wanted == "auto" || wanted == "cpu" || wanted == "cuda" || numberIn(wanted).has_value();
}

DeviceChoice chooseDevice(const std::string& wanted, std::int64_t leastMemory) {
  if (!isDeviceName(wanted))
    fail<UsageError>("--device {}: not one of auto, cpu, cuda, cuda:N", wanted);
  if (wanted == "cpu") return {};
  std::vector<DeviceInfo> cards;
  try {
    cards = kernels::cuda::devices();
    if (cards.empty()) throw kernels::cuda::Error("there is no CUDA device");
  } catch (const kernels::cuda::Error& error) {
    return wanted == "auto" ? DeviceChoice{} : onProcessor(wanted, error.what());
  }
  const auto number =
      wanted == "auto" ? mostFree(cards) : static_cast<std::size_t>(numberIn(wanted).value_or(0));
  if (number >= cards.size())
    return onProcessor(wanted, fmt::format("there are {} CUDA devices", cards.size()));
  std::string reason = complaintAbout(cards[number], leastMemory);
  if (reason.empty()) reason = loadCudaOperators();
  if (!reason.empty()) return onProcessor(wanted, reason);
  return {c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(number)), {}};
}

std::int64_t freeMemory(c10::Device device) {
  if (!device.is_cuda()) return 0;
  try {
    const std::vector<DeviceInfo> cards = kernels::cuda::devices();
    return cards.at(static_cast<std::size_t>(std::max<int>(device.index(), 0))).freeBytes;
  } catch (const kernels::cuda::Error& error) {
    throw Error(error.what());
  }
}

}  // namespace inkling
