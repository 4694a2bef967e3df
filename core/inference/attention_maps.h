// Where the model looked: the attention of every photo place to every part of the sketch, as plain
// numbers, and the ways to turn it into one picture.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/image/overlay.h"
#include "core/inference/self_attention_maps.h"
#include "core/sketch/sketch.h"

namespace inkling {

class AttentionMaps {
 public:
  int layers = 0, heads = 0;
  int gridWidth = 0, gridHeight = 0;  ///< photo places, row by row; N = gridWidth * gridHeight
  int keys = 0;  ///< M: "nothing", then for each sketch its summary and its cells
  int sketches = 0, sketchSide = 0;            ///< cells of a sketch: sketchSide x sketchSide
  double contentWidth = 1, contentHeight = 1;  ///< share of the grid that the photo covers
  std::vector<float> toSketch;                 ///< [layers][heads][N][M], the rows sum to one
  std::vector<float> toPhoto;                  ///< [layers][N][N] self-attention, mean over heads
  SelfAttentionMaps self;        ///< the same by heads, and what the mechanism chose to look at
  std::vector<float> relevance;  ///< [N] 0..1: how surely the place lies on a wanted object

  /// How much each place listens to the sketch at all (one minus its attention to "nothing"), in
  /// the photo's shape. Throws UsageError for a layer or head that is not there.
  HeatMap layerMap(int layer, const HeadChoice& heads) const;

  /// Attention rolled out over all layers (Abnar and Zuidema, "Quantifying Attention Flow in
  /// Transformers", 2020): self- attention of each layer averaged with the identity and multiplied
  /// up, then what the places listen to the sketch.
  HeatMap rollout() const;

  /// The relevance map.
  HeatMap relevanceMap() const;

  /// Where in the photo the cells of sketch `sketch` that `stroke` passes through are attended to.
  HeatMap strokeMap(const Sketch& sketch, std::size_t sketchIndex, std::size_t stroke, int layer,
                    const HeadChoice& heads) const;

  /// As strokeMap, for any part of a sketch: `share` says how much of the part lies in each of the
  /// sketchSide x sketchSide cells (see strokeShare). Throws UsageError for a layer, head, sketch
  /// or number of cells that does not fit.
  HeatMap cellsMap(std::size_t sketchIndex, std::span<const float> share, int layer,
                   const HeadChoice& heads) const;

  /// How much one place of the photo attends to each cell of a sketch. `x`, `y`: column and row of
  /// photoGrid(). Throws UsageError for a layer, head, sketch or place that is not there.
  std::vector<float> cellsAt(int x, int y, std::size_t sketchIndex, int layer,
                             const HeadChoice& heads) const;

  /// Columns and rows that lie on the photo: the size of every map.
  Size photoGrid() const;

 private:
  float attention(int layer, const HeadChoice& heads, int place, int key) const;
  HeatMap crop(const std::vector<float>& values) const;
  void requireLayer(int layer, const HeadChoice& heads) const;
  int firstCell(std::size_t sketchIndex) const;
};

/// How a stroke's ink spreads over the side x side cells that the model sees of the whole sketch:
/// rows from the top, summing to one; all 0 for a stroke without ink (an eraser, or erased whole).
/// Throws UsageError for a stroke that the sketch has not, as those of a picture.
std::vector<float> strokeShare(const Sketch& sketch, std::size_t stroke, int side);

}  // namespace inkling
