#include "core/inference/engine.h"

#include "core/base/error.h"
#include "core/inference/translated.h"
#include "core/nn/device.h"

namespace inkling {
namespace {

at::ScalarType typeCalled(const std::string& precision) {
  if (precision == "float32") return at::kFloat;
  if (precision == "bfloat16") return at::kBFloat16;
  if (precision == "float16") return at::kHalf;
  fail<UsageError>("--precision {}: not one of float32, bfloat16, float16", precision);
}

}  // namespace

void requireUsable(const LocalizerOptions& options) {
  typeCalled(options.precision);
  if (!isDeviceName(options.device))
    fail<UsageError>("--device {}: not one of auto, cpu, cuda, cuda:N", options.device);
}

namespace {

// A second copy of the model for where, or with what numbers, the heavy part is computed.
void move(Engine& engine, const std::filesystem::path& model, at::ScalarType type) {
  engine.moved.reset();
  if (engine.device.is_cpu() && type == at::kFloat) return;
  auto moved = std::make_unique<Model>(readModel(model));
  translated([&] {
    moved->network->moveTo(engine.device);
    moved->trunk->moveTo(engine.device, type);
  });
  engine.moved = std::move(moved);
}

}  // namespace

Engine engineOn(at::Device device, const std::filesystem::path& model, at::ScalarType type) {
  // A photo's pass starts some hundreds of kernels, whose starting a card waits for: eight photos
  // at once are enough to keep it busy, and little to hold.
  constexpr int kBatchOnCard = 8;
  Engine engine;
  engine.model = std::make_unique<Model>(readModel(model));
  engine.device = device;
  engine.batchSize = device.is_cpu() ? 1 : kBatchOnCard;
  move(engine, model, type);
  return engine;
}

Engine makeEngine(const std::filesystem::path& model, const LocalizerOptions& options) {
  const at::ScalarType type = typeCalled(options.precision);
  const DeviceChoice choice = chooseDevice(options.device);
  const auto make = [&](at::Device device, const std::string& note) {
    Engine engine = engineOn(device, model, type);
    engine.note = note;
    engine.precision = options.precision;
    if (options.batch > 0) engine.batchSize = options.batch;
    return engine;
  };
  try {
    return make(choice.device, choice.note);
  } catch (const ModelError&) {
    throw;
  } catch (const Error& error) {
    if (choice.device.is_cpu()) throw;
    // Others may have taken the card's memory since it was looked at.
    return make(at::kCPU, fmt::format("--device {}: {}; going on with the CPU", options.device,
                                      error.what()));
  }
}

}  // namespace inkling
