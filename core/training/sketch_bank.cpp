#include "core/training/sketch_bank.h"

namespace inkling {
namespace {

// A number that changes with the weights, so that a bank of another encoder is not taken for this
// one's.
std::string fingerprint(const SketchEncoder& encoder) {
  double sum = 0;
  for (const auto& [name, tensor] : const_cast<SketchEncoder&>(encoder).state()) {
    sum += tensor.cpu().to(at::kDouble).abs().sum().item<double>();
  }
  return fmt::format("{:.9e}", sum);
}

}  // namespace

SketchBank::SketchBank(const SketchEncoder& encoder, const SketchSet& set,
                       const std::vector<std::int64_t>& words, int versions,
                       const RunContext& context) {
  const at::NoGradGuard noGrad;
  constexpr std::size_t kBatch = 256;
  rows_.resize(set.words.size());
  std::vector<const Sketch*> drawings;
  for (const std::int64_t word : words) {
    for (const std::size_t index : set.byWord.at(static_cast<std::size_t>(word))) {
      for (int v = 0; v < versions; ++v)
        rows_[static_cast<std::size_t>(word)].push_back(static_cast<std::int64_t>(drawings.size()) +
                                                        v);
      drawings.insert(drawings.end(), static_cast<std::size_t>(versions), &set.sketches[index]);
    }
  }
  const std::filesystem::path file = context.folder / "sketch_bank.safetensors";
  const std::string key = fmt::format("{} {} {}", fingerprint(encoder), drawings.size(), versions);
  if (std::filesystem::exists(file)) {
    TensorFile stored = readSafetensors(file);
    if (stored.metadata["key"] == key) {
      summaries_ = requireTensor(stored.tensors, "summaries", file.string()).to(context.device);
      logits_ = requireTensor(stored.tensors, "logits", file.string()).to(context.device);
      return;
    }
  }
  std::vector<Tensor> summaries, logits;
  for (std::size_t start = 0; start < drawings.size(); start += kBatch) {
    context.cancellation.check();
    const std::size_t end = std::min(start + kBatch, drawings.size());
    Random random(mixSeed(context.seed, 77, start));
    const std::vector<const Sketch*> batch(drawings.begin() + static_cast<std::ptrdiff_t>(start),
                                           drawings.begin() + static_cast<std::ptrdiff_t>(end));
    const SketchEncoder::Output encoded = encoder.forward(
        augmentedBatch(batch, encoder.config().size, {}, {}, random).to(context.device));
    summaries.push_back(encoded.summary.to(at::kHalf));
    logits.push_back(encoded.logits.to(at::kHalf));
    if (context.progress && start / kBatch % 20 == 0) {
      context.progress({"encoding drawings", static_cast<std::int64_t>(end),
                        static_cast<std::int64_t>(drawings.size()), ""});
    }
  }
  summaries_ = at::cat(summaries);
  logits_ = at::cat(logits);
  TensorFile out{{{"summaries", summaries_}, {"logits", logits_}}, {{"key", key}}};
  writeSafetensors(file, out);
}

Tensor SketchBank::pick(const std::vector<std::int64_t>& words, Random& random) const {
  std::vector<std::int64_t> rows;
  for (const std::int64_t word : words)
    rows.push_back(random.pick(rows_.at(static_cast<std::size_t>(word))));
  return at::tensor(rows, at::kLong).to(summaries_.device());
}

}  // namespace inkling
