// An evaluation divided between machines: each answers the queries on its part of the photos and
// writes what the figures are computed from; all parts together give the figures of one run, to the
// last bit.
//
//   writePart(evalPartText(part));                                // on each machine
//   const EvalPart whole = mergeEvalParts({"1.json", "2.json"});  // on one
//   evaluateProtocol(whole.dataset, whole.answers.queries, whole.answers.detections[0], ...);
//
// A part is JSON: the settings, the photos asked about ("asked", in the order of the annotations)
// and for each photo of the part the true boxes [category, x, y, width, height, area, crowd] and
// the queries with the boxes [x, y, width, height, score] that each variant found. Numbers are
// written with all their digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/evaluation/protocol.h"
#include "core/search/shard.h"

namespace inkling {

/// The queries that were answered. A query may be asked in several variants.
struct Answers {
  std::vector<Query> queries;                                   ///< by photo id
  std::vector<std::vector<std::vector<ScoredBox>>> detections;  ///< [variant][query]
  std::vector<std::vector<double>> photoScores;                 ///< [variant][query]
  std::vector<std::size_t>
      unreadable;  ///< [variant] drawings that could not be read in its style: they found nothing
  std::vector<std::int64_t> failed;  ///< ids of photos that could not be read, with their queries
};

struct EvalPart {
  Shard shard;
  Json
      settings;  ///< equal in all parts of one evaluation; an object, otherwise the caller's affair
  std::vector<std::int64_t> asked;  ///< ids of the photos of all parts, in the order of `dataset`
  CocoDataset dataset;              ///< with the answered photos at least
  Answers answers;
};

/// The part as JSON. Queries lose their sketches, which no figure needs.
std::string evalPartText(const EvalPart& part);

/// Throws InputError naming the file and what is wrong with it.
EvalPart readEvalPart(const std::filesystem::path& file);

/// The whole of all parts, given in any order. Throws UsageError for none, InputError naming the
/// files when a part cannot be read, is missing or there twice, is of another evaluation, or when a
/// photo is in no part or in two, as it was changed meanwhile.
EvalPart mergeEvalParts(const std::vector<std::filesystem::path>& files);

}  // namespace inkling
