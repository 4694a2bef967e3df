#include "tests/reference/deformable_cases.h"

#include "core/nn/attention/deformable.h"
#include "tests/reference/official_case.h"

namespace inkling::reference {
namespace {

TokenGrid sizeOption(Options& options, const std::string& name) {
  const auto size = options.get<std::vector<std::int64_t>>(name);
  return {size.at(0), size.at(1)};
}

// The arguments that both codes have. The first kind of bias that is set wins, as in the official
// code.
DeformableOptions commonOptions(Options& options) {
  DeformableOptions result;
  result.grid = sizeOption(options, "q_size");
  result.pointGrid = sizeOption(options, "kv_size");
  result.heads = options.get<std::int64_t>("n_heads");
  result.headWidth = options.get<std::int64_t>("n_head_channels");
  result.groups = options.get<std::int64_t>("n_groups");
  result.stride = options.get<std::int64_t>("stride");
  result.offsetRange = options.get<double>("offset_range_factor");
  result.moves = !options.get<bool>("no_off");
  const bool used = options.get<bool>("use_pe"), convolution = options.get<bool>("dwc_pe"),
             fixed = options.get<bool>("fixed_pe"), continuous = options.get("log_cpb", false);
  using Bias = DeformableOptions::Bias;
  result.bias = !used         ? Bias::kNone
                : convolution ? Bias::kConvolution
                : fixed       ? Bias::kFixed
                : continuous  ? Bias::kContinuous
                              : Bias::kTable;
  options.ignore({"attn_drop", "proj_drop"});
  return result;
}

void check(const Case& c, const DeformableOptions& options) {
  const at::NoGradGuard noGrad;
  Random random(1);
  DeformableAttention attention(options, random);
  loadOfficial(attention, c);
  for (const bool wantWeights : {false, true}) {
    const auto result = attention.forward(c.in("x"), wantWeights);
    expectClose(result.output, c.out("y"), kTolerance, "y");
    expectClose(result.points, c.out("pos_yx"), kTolerance, "points");
    expectClose(result.reference, c.out("reference_yx"), kTolerance, "reference");
    if (c.has("mid.conv_offset_out"))
      expectClose(result.offsets, c.tensors.at("mid.conv_offset_out"), kTolerance, "offsets");
  }
}

}  // namespace

void checkDeformableAttention(const Case& c) {
  Options options(c);
  DeformableOptions ours = commonOptions(options);
  ours.code = DeformableOptions::Code::kToday;
  ours.kernel = options.get<std::int64_t>("ksize");
  options.expectAllRead();
  check(c, ours);
}

void checkFirstDeformableAttention(const Case& c) {
  Options options(c);
  DeformableOptions ours = commonOptions(options);
  ours.code = DeformableOptions::Code::kFirst;
  const auto stage = options.get<std::int64_t>("stage_idx");
  ASSERT_TRUE(stage >= 0 && stage < 4) << "stage " << stage;
  ours.kernel = std::vector<std::int64_t>{9, 7, 5, 3}.at(static_cast<std::size_t>(stage));
  options.expectAllRead();
  check(c, ours);
}

}  // namespace inkling::reference
