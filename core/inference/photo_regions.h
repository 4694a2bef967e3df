// What a photo is indexed by, and what a query asks an index: a few thousand bytes that tell about
// how well any drawing fits a photo, without its features (core/nn/region_head.h says how).
//
//   const PhotoRegions regions = localizer.regions(features);           // once a photo
//   index.add(id, localizer.indexVectors(regions));
//   const RegionQuery query = localizer.regionQuery(understood);        // once a drawing
//   candidates = index.search(query.probes());                          // largest inner products
//   scores = localizer.estimate(query, regionsOf(candidates));          // best first; then locate
//
// Regions belong to the model that made them. They know no drawing and are of no class: the 16 that
// cover best what might be asked for.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/geometry/box.h"

namespace inkling {

struct PhotoRegions {
  struct Region {
    Box box;               ///< pixels of the photo
    float objectness = 0;  ///< natural logarithm
    float spread = 0;      ///< log Z of the words that it may show
  };
  int dimension = 0;
  std::vector<Region> regions;
  std::vector<float> vectors;  ///< regions * dimension, row by row
};

/// The regions as bytes, numbers of the vectors in half precision: about 3.5 kB for 16 of 94
/// numbers. Little-endian on every machine.
std::string encodeRegions(const PhotoRegions& regions);
/// `name` stands for the bytes in messages. Throws InputError: broken, not regions, another
/// version.
PhotoRegions decodeRegions(std::string_view bytes, const std::string& name);

/// What the drawings ask an index for. Immutable and cheap to copy.
class RegionQuery {
 public:
  /// n * Localizer::indexDimension() values, row by row: one vector for each of the likeliest words
  /// that the drawings may show. A photo is the better, the larger its largest inner product.
  std::span<const float> probes() const { return probes_; }

 private:
  friend class Localizer;
  struct Projected;
  std::vector<float> probes_;
  std::shared_ptr<const Projected> projected_;
};

}  // namespace inkling
