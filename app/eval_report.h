// What `inkling eval` prints, writes and draws.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/eval_variants.h"
#include "core/base/json.h"
#include "core/evaluation/honesty.h"
#include "core/evaluation/protocol.h"
#include "core/image/image.h"

namespace inkling {

struct VariantResult {
  EvalVariant variant;
  ProtocolResult result;
  std::optional<Honesty> honesty;      ///< of a protocol that asks for absent things, too
  std::optional<ToldApart> toldApart;  ///< of one that asks for things beside their like
  std::size_t unreadable = 0;          ///< queries whose drawing could not be read
};

/// One variant: all its figures. Several: a table with a row each, and the difference from the
/// first.
std::string evalText(const std::string& protocol, const std::vector<VariantResult>& results);
/// The figures of the first variant; with several, all of them under "variants".
Json evalJson(const std::string& protocol, const std::vector<VariantResult>& results);
/// Mean score against the share that is right, for boxes and photos.
Image reliabilityDiagram(const Honesty& honesty);

}  // namespace inkling
