#include "core/nn/attention/attention.h"

#include "core/base/error.h"
#include "core/nn/attention/multi_head.h"

namespace inkling {

std::unique_ptr<SelfAttention> makeSelfAttention(const AttentionConfig& config, Random& random) {
  if (config.heads <= 0 || config.dim % config.heads != 0) {
    fail<UsageError>("attention: the width {} is not a multiple of {} heads", config.dim,
                     config.heads);
  }
  if (config.mechanism == "multi-head")
    return std::make_unique<MultiHeadSelfAttention>(config.dim, config.heads, random);
  fail<UsageError>("unknown attention mechanism \"{}\" (known: multi-head)", config.mechanism);
}

}  // namespace inkling
