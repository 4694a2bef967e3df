// What an export looks for, by its content: an export goes on only with the drawings that it was
// begun with, whoever began it, the window or the command line.
//
//   plan.query = Json::array({drawingsKey("cat", wanted, unwanted)});
#pragma once

#include <span>
#include <string>

#include "core/base/json.h"
#include "core/inference/localizer.h"

namespace inkling {

/// One category of ExportPlan::query: its name, and of each drawing its weight and a hash of its
/// lines as the model sees them. Files and names of the drawings play no part.
Json drawingsKey(const std::string& category, std::span<const WeightedSketch> wanted,
                 std::span<const WeightedSketch> unwanted);

}  // namespace inkling
