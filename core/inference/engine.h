// What a Localizer computes with: the model, and where it does the heavy part. Internal to
// core/inference.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/inference/localizer.h"
#include "core/nn/model_file.h"

namespace inkling {

/// Features and queries lie in the processor's memory, whatever computes them: they are kept by the
/// thousand and stored, and a pair's few megabytes travel in less time than the pair takes. What
/// asks the index is small and stays on the processor, so the model is kept there, too.
struct Engine {
  std::unique_ptr<Model> model;  ///< on the processor, float32
  std::unique_ptr<Model> moved;  ///< on `device` or of another precision; null if that is `model`
  at::Device device{at::kCPU};
  std::string note;  ///< Localizer::deviceNote
  std::string precision = "float32";
  int batchSize = 1;  ///< Localizer::batchSize

  const Model& worker() const { return moved ? *moved : *model; }
};

/// The model of a file, computing on a device that is given.
Engine engineOn(at::Device device, const std::filesystem::path& model,
                at::ScalarType type = at::kFloat);

/// The same on a device that is chosen. Throws ModelError, UsageError (an unknown device or
/// precision), and Error where the card refuses.
Engine makeEngine(const std::filesystem::path& model, const LocalizerOptions& options);

}  // namespace inkling
