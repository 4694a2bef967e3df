// Runs every case in the directory INKLING_REFERENCE (default ../shared/reference beside the
// checkout): each <kind>/<case>.json is one test, found when the program starts. A case of a kind
// that is not known here is skipped. INKLING_DEVICE=cuda runs them on a card, "sealed" on the one
// of tests/nn/sealed_card.h.
#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>

#include <gtest/gtest.h>

#include "core/nn/device.h"
#include "core/nn/runtime.h"
#include "tests/nn/sealed_card.h"
#include "tests/reference/attention_cases.h"
#include "tests/reference/biformer_cases.h"
#include "tests/reference/cases.h"
#include "tests/reference/deformable_cases.h"
#include "tests/reference/nn_cases.h"

namespace inkling::reference {
namespace {

using Check = std::function<void(const Case&)>;

const std::map<std::string, Check>& checks() {
  static const std::map<std::string, Check> kChecks{
      {"trunk", checkTrunk},
      {"locformer_encoder_fusion", checkLocformerEncoderFusion},
      {"locformer_decoder_refine", checkLocformerDecoderRefine},
      {"biformer_bra", checkBiformerAttention},
      {"biformer_bra_nchw", checkBiformerNchwAttention},
      {"biformer_block", checkBiformerBlock},
      {"dat_dattn", checkDeformableAttention},
      {"dat_v1_dattn", checkFirstDeformableAttention},
      {"ms_deform_attn", checkMsDeformableAttention},
      {"swiftformer_eaa", checkSwiftformerAttention},
      {"swiftformer_conv_encoder", checkSwiftformerConvEncoder},
      {"swiftformer_encoder", checkSwiftformerEncoder},
      {"swiftformer_net", checkSwiftformerNet},
      {"dense_attention", checkDenseAttention},
      {"vidt_swin_ram", checkSwinRam},
      {"detr_giou", checkGiou},
      {"detr_set_criterion", checkDetrCriterion},
      {"vidt_focal_set_criterion", checkVidtCriterion},
      {"coco_eval", [](const Case& c) { checkCocoEvalCase(c.file); }},
  };
  return kChecks;
}

class ReferenceCase : public testing::Test {
 public:
  explicit ReferenceCase(std::filesystem::path file) : file_(std::move(file)) {}
  void TestBody() override {
    const Case c = readCase(file_);
    const auto module = c.json.value("module", file_.parent_path().filename().string());
    const auto check = checks().find(module);
    if (check == checks().end()) GTEST_SKIP() << "no check for cases of the kind " << module;
    check->second(c);
  }

 private:
  std::filesystem::path file_;
};

class MissingReference : public testing::Test {
 public:
  explicit MissingReference(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void TestBody() override {
    GTEST_SKIP() << "no reference cases in " << folder_ << " (set INKLING_REFERENCE)";
  }

 private:
  std::filesystem::path folder_;
};

std::filesystem::path referenceFolder() {
  if (const char* folder = std::getenv("INKLING_REFERENCE")) return folder;
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  return std::filesystem::path(source != nullptr ? source : ".") / ".." / "shared" / "reference";
}

void registerCases() {
  namespace fs = std::filesystem;
  const fs::path folder = referenceFolder();
  std::vector<fs::path> files;
  std::error_code error;
  for (auto it = fs::recursive_directory_iterator(folder, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it->path().extension() == ".json" && it->path().parent_path() != folder)
      files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    testing::RegisterTest(file.parent_path().filename().c_str(), file.stem().c_str(), nullptr,
                          nullptr, __FILE__, __LINE__,
                          [file]() -> testing::Test* { return new ReferenceCase(file); });
  }
  if (files.empty()) {
    testing::RegisterTest("Reference", "Missing", nullptr, nullptr, __FILE__, __LINE__,
                          [folder]() -> testing::Test* { return new MissingReference(folder); });
  }
}

void chooseCaseDevice() {
  const char* wanted = std::getenv("INKLING_DEVICE");
  if (wanted == nullptr) return;
  if (std::string(wanted) == "sealed") {
    device() = sealedCard();
    return;
  }
  const DeviceChoice choice = chooseDevice(wanted);
  if (!choice.note.empty()) std::cerr << choice.note << "\n";
  device() = choice.device;
}

}  // namespace
}  // namespace inkling::reference

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  inkling::initializeRuntime(0);
  inkling::reference::chooseCaseDevice();
  inkling::reference::registerCases();
  return RUN_ALL_TESTS();
}
