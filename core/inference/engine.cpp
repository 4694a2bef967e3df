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

Engine makeEngine(const std::filesystem::path& model, const LocalizerOptions& options) {
  // A photo's pass starts some hundreds of kernels, whose starting a card waits for: eight photos
  // at once are enough to keep it busy, and little to hold.
  constexpr int kBatchOnCard = 8;
  const at::ScalarType type = typeCalled(options.precision);
  const DeviceChoice choice = chooseDevice(options.device);
  Engine engine{std::make_unique<Model>(readModel(model)), nullptr, choice.device, choice.note,
                options.precision};
  engine.batchSize = options.batch > 0 ? options.batch : engine.device.is_cpu() ? 1 : kBatchOnCard;
  if (engine.device.is_cpu() && type == at::kFloat) return engine;
  const auto move = [&] {
    engine.moved = std::make_unique<Model>(readModel(model));
    translated([&] {
      engine.moved->network->moveTo(engine.device);
      engine.moved->trunk->moveTo(engine.device, type);
    });
  };
  try {
    move();
  } catch (const Error& error) {
    if (engine.device.is_cpu()) throw;
    // Others may have taken the card's memory since it was looked at.
    engine.note =
        fmt::format("--device {}: {}; going on with the CPU", options.device, error.what());
    engine.device = at::kCPU;
    if (options.batch <= 0) engine.batchSize = 1;
    engine.moved.reset();
    if (type != at::kFloat) move();
  }
  return engine;
}

}  // namespace inkling
