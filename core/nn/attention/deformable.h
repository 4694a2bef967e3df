// Deformable attention: all tokens attend to a few points that the photo itself chooses. A small
// network moves each point of a coarse grid, group by group; keys and values are made of the tokens
// there. Source: Xia et al., "Vision Transformer with Deformable Attention" (CVPR 2022) and "DAT++"
// (2023), class DAttentionBaseline of the official code:
//     q = W_q x;   offset = W tanh-bounded (GELU(LN(depthwise convolution, stride s, of q)))
//     p = reference grid + offset;   x~ = x sampled bilinearly at p;   k, v = W x~
//     y = W_o softmax(q k^T / sqrt(width of a head) + bias(position of q - p)) v
// The code of 2022 and today's differ in the reference grid, the bounds of p and the table of the
// bias; both are here.
#pragma once

#include <memory>

#include "core/nn/attention/deformable_sampling.h"
#include "core/nn/depthwise_convolution.h"

namespace inkling {

/// The constructor's arguments of the official class.
struct DeformableOptions {
  enum class Code { kFirst, kToday };  ///< of 2022; DAT++
  /// What is known of positions. Table: [heads, 2H-1, 2W-1], sampled at (q - p) / 2. Fixed: a
  /// number for each query and point. Continuous: an MLP of log-spaced q - p (today's code only).
  /// Convolution: none in the softmax; a 3x3 depthwise convolution of q is added to the output.
  enum class Bias { kNone, kTable, kFixed, kContinuous, kConvolution };

  Code code = Code::kToday;
  TokenGrid grid;  ///< of the queries; decides the sizes of tables
  std::int64_t heads = 1, headWidth = 0, groups = 1;
  std::int64_t stride = 1, kernel = 3;  ///< of the offset network
  /// How far points may move, in grid spacings of half a point. > 0: bounded by tanh. < 0: not, but
  /// p is clamped to the photo (today's code) or squashed by tanh (of 2022). 0: today's code moves
  /// nothing; that of 2022 moves without bounds.
  double offsetRange = -1;
  bool moves = true;  ///< false ("no_off"): points stay; today's code then takes means, and no bias
  Bias bias = Bias::kNone;
  TokenGrid pointGrid;  ///< sizes of the tables of the code of 2022; empty: grid / stride
  double attentionDropout = 0, outputDropout = 0;
  SamplingWay sampling = SamplingWay::kBest;  ///< of the photo; the table of a bias: operators
};

class DeformableAttention : public Module {
 public:
  /// Throws UsageError for options that contradict each other.
  DeformableAttention(const DeformableOptions& options, Random& random);
  ~DeformableAttention() override;

  struct Result {
    Tensor output;     ///< [B, C, H, W]
    Tensor points;     ///< [B, groups, Hk, Wk, 2] as (y, x), -1 and 1 the middles of outer tokens
    Tensor reference;  ///< likewise, before they were moved
    Tensor offsets;    ///< [B * groups, 2, Hk, Wk], what the offset network said
    Tensor weights;    ///< [B, heads, H W, Hk Wk], each row sums to one; only if asked for
  };
  /// [B, C, H, W], C = heads * headWidth. Any size, but: with a fixed bias only the grid's, and
  /// without moves only those that the stride divides (InputError otherwise). `stride`: another one
  /// for the offset network, 0 the usual one. Where the grid or that of the points is one token
  /// high or wide, today's code divides by zero; here that token lies in the middle.
  Result forward(const Tensor& photo, bool wantWeights = false, std::int64_t stride = 0) const;

 private:
  struct Offsets;
  Tensor reference(TokenGrid grid, const Tensor& like) const;
  Tensor queryPlaces(TokenGrid grid, const Tensor& like) const;
  Tensor place(const Tensor& offsets, const Tensor& reference) const;
  Tensor sample(const Tensor& photo, const Tensor& points, std::int64_t stride) const;
  /// [B, heads, H W, Hk Wk], or undefined.
  Tensor bias(const Tensor& points, TokenGrid grid) const;
  bool first() const { return options_.code == DeformableOptions::Code::kFirst; }

  DeformableOptions options_;
  std::unique_ptr<Offsets> offsets_;
  std::unique_ptr<Conv2d> query_, key_, value_, output_;
  std::unique_ptr<DepthwiseConv2d> convolution_;
  Tensor table_;
  std::unique_ptr<Linear> bias1_, bias2_;
};

/// The mechanism "deformable": the code of 2022 with two heads to a group (one group if the number
/// of heads is odd), offsets of up to one spacing of the points (range 2, as in DAT's stages 3 and
/// 4), a 5x5 offset network, and the 3x3 convolution for positions, which needs no table and so
/// fits any grid (the encoder's tokens know their places already). At most 16 x 16 points whatever
/// the grid (stride 2 for 32 x 32), so the cost grows linearly with the tokens. The grid of 2022
/// has its points inside the photo, down to a single token.
///
/// The map [B, heads, N, N]: keys and values of every head are made of all channels, so a sample is
/// what all groups saw at their points; its weight goes to these points alike, and from each to the
/// four tokens that it was sampled from. What falls outside is left out and the rows are scaled to
/// sum to one.
class DeformableSelfAttention : public SelfAttention {
 public:
  static constexpr std::int64_t kPointsPerSide = 16;
  DeformableSelfAttention(const AttentionConfig& config, Random& random);
  using SelfAttention::forward;
  /// With the map: `points` of the result too.
  AttentionResult forward(const Tensor& tokens, TokenGrid grid, AttentionPass& pass) const override;

 private:
  DeformableAttention attention_;
};

}  // namespace inkling
