#include "core/training/fusion_trainer.h"

#include <algorithm>

namespace inkling {

void trainFusion(SketchFusion::Pooling& pooling, const SketchBank& bank,
                 const std::vector<std::int64_t>& words, const FusionTrainerOptions& options,
                 const RunContext& context) {
  std::vector<std::int64_t> drawn;
  std::copy_if(words.begin(), words.end(), std::back_inserter(drawn),
               [&](std::int64_t word) { return bank.has(word); });
  if (drawn.empty()) return;
  StageRunner runner("fusion", pooling, options.stage, context);
  const auto step = [&](std::int64_t i) {
    Random random(runner.seedFor(i));
    const std::int64_t count = random.pick(options.sketchCounts);
    std::vector<std::int64_t> target, asked;
    for (std::int64_t k = 0; k < options.batch; ++k) {
      target.push_back(random.pick(drawn));
      asked.insert(asked.end(), static_cast<std::size_t>(count), target.back());
    }
    const Tensor rows = bank.pick(asked, random);
    const auto grouped = [&](const Tensor& values) {
      return values.view({options.batch, count, -1});
    };
    const Tensor logits = grouped(bank.logits(rows)), summaries = grouped(bank.summaries(rows)),
                 truth = at::tensor(target, at::kLong).to(rows.device());
    const Tensor shares =
        pooling.logShares(summaries, at::ones({options.batch, count}, summaries.options()));
    const Tensor loss = at::nll_loss(pooling.pool(logits, summaries, shares), truth);
    const Tensor mean = at::log(at::softmax(logits, -1).mean(1).clamp_min(1e-9));
    return StepResult{loss, {{"mean_loss", at::nll_loss(mean, truth)}}};
  };
  runner.run(step);
}

}  // namespace inkling
