// Reads the options of the training stages from a configuration.
#pragma once

#include "core/base/json.h"
#include "core/training/fusion_trainer.h"
#include "core/training/guided_trainer.h"
#include "core/training/matching_trainer.h"
#include "core/training/region_trainer.h"
#include "core/training/sketch_trainer.h"

namespace inkling {

/// `drawings`: size of the training set, which turns epochs into steps.
SketchTrainerOptions sketchOptions(const Json& config, std::int64_t drawings,
                                   const std::string& source);
MatchingTrainerOptions matchingOptions(const Json& config, const std::string& source);
FusionTrainerOptions fusionOptions(const Json& config, const std::string& source);
RegionTrainerOptions regionOptions(const Json& config, const std::string& source);
GuidedTrainerOptions guidedOptions(const Json& config, const std::string& source);

}  // namespace inkling
