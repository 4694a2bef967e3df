// The region embedding: what a catalogue keeps of a photo, so that any drawing finds it at once
// without a look at the photo.
//
// A photo is kept as its few most telling regions, each a short vector, in the space that drawings
// are mapped to as well: the inner product of the two says how well they match. Nothing here
// depends on a sketch except project(), so `describe` yields regions once a photo.
//
//   RegionHead::Regions regions = head.choose(photo, match, 16);     // describe
//   RegionHead::Query query = head.project(understood, match);       // understand
//   Tensor presence = head.presence(query, batch, match, weights);   // rank, millions of photos
//
// How it comes to an inner product: the matching head (match_head.h) scores a region r against a
// drawing d by
//   w0 r . d + w1 log objectness + w2 log sum_w p(w | d) p(w | r),
// where p(w | r) = exp(e_w . r) / Z(r). If the drawing shows the word w for certain, that is
//   r . (w0 d + w2 e_w)  +  w1 log objectness - w2 log Z(r):
// linear in the region's matching embedding r but for one number that the region knows by itself.
// A drawing that may show several words asks for each of them; the answer is nearly the best of
// these. The embedding is 1,536 numbers wide, nearly all of them spent on what no drawing asks for;
// two learned projections (one for regions, one for drawings) keep `dim` of them. They start from
// the best bilinear approximation in the least-squares sense (reduced-rank regression; Eckart and
// Young, 1936) and are then trained to rank regions as the matching head does and to tell boxes
// from boxes of other words (core/training/region_trainer.h).
#pragma once

#include <cstdint>
#include <vector>

#include "core/nn/localizer_network.h"
#include "core/nn/module.h"

namespace inkling {

class RegionHead : public Module {
 public:
  /// `width` of the matching embedding, `dim` of the region embedding.
  RegionHead(std::int64_t width, std::int64_t dim);

  std::int64_t dim() const { return region_.size(0); }

  /// Some regions of one photo or of several, R each; rows beyond the last real one are zeros.
  struct Regions {
    Tensor vectors;     ///< [B, R, dim]
    Tensor objectness;  ///< [B, R] log objectness
    Tensor spread;      ///< [B, R] log Z: how many words the region might show
    Tensor boxes;       ///< [B, R, 4] cxcywh in 0..1 of the square
    Tensor valid;       ///< [B, R] bool
  };
  /// The regions of one photo that cover best what might be asked for: each in turn adds most to
  /// sum_w max_r p(w | r) objectness(r), which is greedy and within 1 - 1/e of the best choice
  /// (Nemhauser, Wolsey and Fisher, 1978). The embedding and names of `photo` must be there.
  Regions choose(const PhotoBatch& photo, const MatchHead& match, std::int64_t limit) const;

  /// Matching embeddings [..., width] as vectors [..., dim].
  Tensor embedRegions(const Tensor& embedding) const;

  /// One query (row 0 of `query`), mapped into the space of regions.
  struct Query {
    Tensor similarity;  ///< [dim] the drawings themselves, each expert's part times its trust
    Tensor words;       ///< [n, dim] e_w of the words that the drawings may show, likeliest first
    Tensor shares;      ///< [n] p(w | d)
  };
  Query project(const QueryTensors& query, const MatchHead& match) const;

  /// What the matching head would say of the regions, and of their photos as a whole.
  struct Scores {
    Tensor logits;   ///< [B, R]
    Tensor context;  ///< [B] evidence of the photo as a whole
  };
  Scores score(const Query& query, const Regions& regions, const MatchHead& match) const;

  /// For an index of inner products: regions [B, R, dim + 2] and up to `limit` vectors [n, dim + 2]
  /// of the query, whose largest inner product is the logit without the photo's context and up to
  /// a constant.
  Tensor indexed(const Regions& regions, const MatchHead& match) const;
  Tensor probes(const Query& query, const MatchHead& match, std::int64_t limit) const;
  /// What the mean drawing of each word would ask for, one vector each [words, dim + 2].
  Tensor wordProbes(const MatchHead& match) const;

  const Tensor& sketchProjection() const { return sketch_; }
  /// Sets both projections [dim, width].
  void setProjections(const Tensor& region, const Tensor& sketch);

 private:
  Tensor region_, sketch_;  // [dim, width]
};

}  // namespace inkling
