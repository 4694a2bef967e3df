// All files of the reference folder; see tests/reference/coco_eval_case.cpp.
#include <cstdlib>

#include <gtest/gtest.h>

#include "core/base/path.h"
#include "tests/reference/cases.h"

namespace inkling {
namespace {

std::filesystem::path referenceDir() {
  if (const char* folder = std::getenv("INKLING_REFERENCE")) return folder;
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  return std::filesystem::path(source != nullptr ? source : ".") / "../shared/reference";
}

TEST(CocoReference, EveryFileAgrees) {
  const auto folder = referenceDir() / "coco_eval";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no reference cases at " << folder;
  const auto files = listFiles(folder, {".json"});
  EXPECT_FALSE(files.empty());
  for (const auto& file : files) checkCocoEvalCase(file);
}

}  // namespace
}  // namespace inkling
