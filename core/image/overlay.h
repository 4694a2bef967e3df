// Drawing results on photos: heat maps, boxes, the sketch that was asked for.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/geometry/box.h"
#include "core/image/colour_map.h"
#include "core/image/image.h"

namespace inkling {

/// A grid of numbers over a whole photo, rows from the top: values.size() == width * height.
struct HeatMap {
  int width = 0;
  int height = 0;
  std::vector<float> values;
};

/// The values brought to 0..1 by their smallest and largest. A map whose values are all the same
/// says nothing and becomes all 0; values that are not finite count as the smallest. Throws
/// UsageError when the sizes do not agree.
HeatMap normalised(const HeatMap& map);

/// The heat map as a picture of its own: normalised, enlarged smoothly to `size`, coloured. Throws
/// UsageError on an empty map or size.
Image colouredMap(const HeatMap& map, Size size, ColourMap colours = ColourMap::viridis);

/// The photo with the heat map over it: normalised, enlarged smoothly to the size of the photo,
/// coloured, and mixed in by `opacity` (0: the photo alone, 1: the map alone). Throws UsageError on
/// an empty photo or map, or an opacity outside 0..1.
Image blendHeatMap(const Image& photo, const HeatMap& map, ColourMap colours = ColourMap::viridis,
                   double opacity = 0.55);

/// Draws boxes, in pixels of the photo, best first: the first is drawn strongest and on top. Each
/// has a plate with `label` and its score in percent, unless the plate would hide that of a better
/// box wherever it is or plates would cover more than a third of the photo; Hershey fonts know
/// ASCII only, so other characters of the label are left out. An empty label leaves the score
/// alone; a long one is cut where the photo is too small. Line width and letters follow the size of
/// the photo.
void drawBoxes(Image& photo, std::span<const ScoredBox> boxes, std::string_view label = {});

/// Boxes of one kind of thing, best first.
struct BoxGroup {
  std::string label;
  std::vector<ScoredBox> boxes;
};

/// As drawBoxes, for several kinds: each group has its colour, by its place, and the first of each
/// is drawn strongly.
void drawBoxGroups(Image& photo, std::span<const BoxGroup> groups);

/// The colour of a group: the first seven are told apart with any colour vision, the first 14 by
/// most people.
Rgb groupColour(std::size_t group);

/// The pictures in a row on white, `gap` pixels between them; those of another height are scaled to
/// the height of the first. Throws UsageError when there is none or one is empty.
Image sideBySide(std::span<const Image> pictures, int gap = 12);

/// Puts the sketch as a small framed card into the bottom-right corner of the photo.
void drawInset(Image& photo, const Image& sketch);

}  // namespace inkling
