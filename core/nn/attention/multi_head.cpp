#include "core/nn/attention/multi_head.h"

#include <cmath>
#include <optional>

#include <ATen/Parallel.h>

#include "core/kernels/cuda/sketch_attention.h"
#include "core/kernels/sketch_attention.h"
#include "core/nn/device.h"
#include "core/nn/operator_cost.h"

namespace inkling {

namespace {

kernels::SketchAttention::Matrix<const float> rowsOf(const Tensor& tokens) {
  return {tokens.const_data_ptr<float>(), tokens.stride(1), tokens.stride(0)};
}

// Attention to few keys by one kernel: query [B, N, D], key and value [B, M, D], bias [B, M].
Tensor attendToFew(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& bias,
                   std::int64_t heads) {
  const std::int64_t dim = query.size(2);
  const Tensor output = at::empty(query.sizes(), query.options());
  kernels::SketchAttention job;
  job.query = rowsOf(query);
  job.key = rowsOf(key);
  job.value = rowsOf(value);
  job.keyBias = bias.const_data_ptr<float>();
  job.biasPhotoStride = bias.stride(0);
  job.output = {output.mutable_data_ptr<float>(), output.stride(1), output.stride(0)};
  job.photos = query.size(0);
  job.tokens = query.size(1);
  job.keys = key.size(1);
  job.heads = heads;
  job.headWidth = dim / heads;
  job.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(job.headWidth)));
  if (query.is_cuda()) {
    startOnCard(query, [&](auto stream) { kernels::cuda::sketchAttention(job, stream); });
  } else {
    at::parallel_for(0, job.items(), 1, [&](std::int64_t begin, std::int64_t end) {
      kernels::sketchAttention(job, begin, end);
    });
  }
  noteMultiplyAdds(job.multiplyAdds());
  return output;
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(std::int64_t dim, std::int64_t headCount, Random& random)
    : in_proj_weight(
          uniformTensor({3 * dim, dim}, std::sqrt(6.0 / static_cast<double>(4 * dim)), random)),
      in_proj_bias(at::zeros({3 * dim})),
      out_proj(dim, dim, random),
      heads(headCount) {
  parameter("in_proj_weight", in_proj_weight);
  parameter("in_proj_bias", in_proj_bias);
  child("out_proj", out_proj);
}

AttentionResult MultiHeadAttention::forward(const Tensor& query, const Tensor& key,
                                            const Tensor& value, const Tensor& keyBias,
                                            bool wantMap) const {
  const std::int64_t dim = query.size(2), width = dim / heads;
  const auto projected = [&](const Tensor& x, std::int64_t part) {
    return at::linear(x, in_proj_weight.slice(0, part * dim, (part + 1) * dim),
                      in_proj_bias.slice(0, part * dim, (part + 1) * dim));
  };
  const Tensor query_ = projected(query, 0), key_ = projected(key, 1), value_ = projected(value, 2);
  const bool recorded = at::GradMode::is_enabled() &&
                        (query_.requires_grad() || key_.requires_grad() || value_.requires_grad());
  if (keyBias.defined() && !wantMap && !recorded && query_.scalar_type() == at::kFloat &&
      (query_.is_cpu() || query_.is_cuda())) {
    AttentionResult fused;
    fused.tokens =
        out_proj.forward(attendToFew(query_, key_, value_, keyBias.contiguous(), heads));
    return fused;
  }
  const auto split = [&](const Tensor& x) {  // [B, heads, N, width]
    return x.reshape({x.size(0), x.size(1), heads, width}).transpose(1, 2);
  };
  const Tensor q = split(query_), k = split(key_), v = split(value_);
  const Tensor bias =
      keyBias.defined() ? keyBias.unsqueeze(1).unsqueeze(1) : Tensor();  // [B, 1, 1, M]
  AttentionResult result;
  Tensor mixed;
  if (wantMap) {
    Tensor logits = at::matmul(q, k.transpose(-1, -2)) / std::sqrt(static_cast<double>(width));
    if (bias.defined()) logits = logits + bias;
    result.map = at::softmax(logits, -1);
    mixed = at::matmul(result.map, v);
  } else {
    std::optional<Tensor> mask;
    if (bias.defined()) mask = bias.expand({q.size(0), heads, q.size(2), k.size(2)});
    mixed = at::scaled_dot_product_attention(q, k, v, mask);
  }
  result.tokens =
      out_proj.forward(mixed.transpose(1, 2).reshape({query.size(0), query.size(1), dim}));
  return result;
}

MultiHeadSelfAttention::MultiHeadSelfAttention(const AttentionConfig& config, Random& random)
    : attention_(config.dim, config.heads, random) {
  child("attention", attention_);
}

AttentionResult MultiHeadSelfAttention::forward(const Tensor& tokens, TokenGrid,
                                                AttentionPass& pass) const {
  return attention_.forward(tokens, tokens, tokens, {}, pass.map);
}

}  // namespace inkling
