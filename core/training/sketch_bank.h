// What the frozen sketch encoder says of many drawings, computed once: training the photo side then
// costs no convolution.
#pragma once

#include "core/training/run_context.h"
#include "core/training/sketch_trainer.h"

namespace inkling {

class SketchBank {
 public:
  /// Encodes `versions` augmented copies of every drawing of `words` in `set` (the encoder was
  /// trained on these drawings; as they are, it would be surer of them than of new ones), on the
  /// context's device, where they stay. Kept in `context.folder`/sketch_bank.safetensors and read
  /// from there when it fits the encoder's weights.
  SketchBank(const SketchEncoder& encoder, const SketchSet& set,
             const std::vector<std::int64_t>& words, int versions, const RunContext& context);

  /// Rows of random drawings, one for each of `words`.
  Tensor pick(const std::vector<std::int64_t>& words, Random& random) const;
  bool has(std::int64_t word) const { return !rows_.at(static_cast<std::size_t>(word)).empty(); }

  Tensor summaries(const Tensor& rows) const {
    return summaries_.index_select(0, rows).to(at::kFloat);
  }
  /// [rows, words] what the encoder takes them for.
  Tensor logits(const Tensor& rows) const { return logits_.index_select(0, rows).to(at::kFloat); }

 private:
  Tensor summaries_, logits_;
  std::vector<std::vector<std::int64_t>> rows_;  ///< by word
};

}  // namespace inkling
