// The checks of reference cases that are run by more than one test program.
#pragma once

#include <filesystem>

namespace inkling {

/// Compares our COCO figures with those of one file of reference/coco_eval, with GoogleTest
/// expectations.
void checkCocoEvalCase(const std::filesystem::path& jsonFile);

}  // namespace inkling
