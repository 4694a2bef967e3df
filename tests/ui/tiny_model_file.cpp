#include "tests/ui/tiny_model_file.h"

#include "core/base/json.h"
#include "core/nn/runtime.h"
#include "tests/nn/tiny_model.h"

namespace inkling {

void writeTinyModel(const std::filesystem::path& file, double threshold) {
  seedOperators(3);  // the same weights each time
  ModelConfig config = tinyConfig();
  config.threshold = threshold;
  TinyModel tiny(config);
  const Json card = {{"name", "tiny"}, {"licence", "none"}};
  writeSafetensors(file, packModel(tiny.config, tiny.weights, tiny.network, card, false));
}

}  // namespace inkling
