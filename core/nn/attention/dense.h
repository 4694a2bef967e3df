// Dense attention: a layer's attention is applied to the values of all earlier layers as well.
// Source: official code koala719/Dense-ViT, class Attention of model/layer/denseViT.py. In layer l,
// for each head, with A_l = softmax(q_l k_l^T / sqrt(w)):
//     out_l = A_l V_l + sum_{i < l} m_{l,i} A_l V_i,    y = to_out(out_l)
// m are learned numbers, one for each earlier layer and common to all heads. Computed as
// A_l (V_l + sum m_{l,i} V_i): one attention, whatever the number of layers, and no N x N
// intermediate unless the map is wanted.
#pragma once

#include <memory>

#include "core/nn/attention/attention.h"

namespace inkling {

struct DenseAttention : Module {
  Tensor mix_weight;  ///< [most earlier layers]
  Linear to_qkv;
  std::unique_ptr<Linear>
      output;  ///< "to_out.0"; absent, as officially, for one head of full width
  std::int64_t heads, width;

  /// `width` of a head; `mixed`: how many earlier layers there may be (officially always 12).
  DenseAttention(std::int64_t dim, std::int64_t headCount, std::int64_t headWidth,
                 std::int64_t mixed, Random& random);

  /// Tokens [B, N, dim]. `pass.values` has the values of the layers before, first to last; this
  /// layer's are appended. Fewer of them than weights is fine (the first ones are used); throws
  /// UsageError for more, or for values of other shapes, as when a pass is used twice.
  AttentionResult forward(const Tensor& tokens, AttentionPass& pass) const;
};

/// Layer number `config.layer` of a stack, with a weight for each layer before it, small at the
/// start. Map [B, heads, N, N]: A_l.
class DenseSelfAttention : public SelfAttention {
 public:
  DenseSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

 private:
  DenseAttention attention_;
};

}  // namespace inkling
