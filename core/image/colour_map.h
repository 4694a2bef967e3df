// Colour maps for showing numbers as colours.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/image/image.h"

namespace inkling {

/// viridis and magma (N. Smith and S. van der Walt, matplotlib, CC0) are perceptually uniform and
/// fit for colour-blind people and for grey printing; jet is here for those who are used to it.
enum class ColourMap { viridis, magma, jet };

/// 256 colours, from the smallest value to the largest.
std::span<const Rgb> colourTable(ColourMap map);

/// The colour of a value in 0..1, nearest entry of the table. Values outside are clamped, NaN
/// counts as 0.
Rgb colour(ColourMap map, float value01);

/// "viridis", "magma", "jet". Throws UsageError that lists the names.
ColourMap parseColourMap(std::string_view name);
std::string colourMapName(ColourMap map);
const std::vector<std::string>& colourMapNames();

}  // namespace inkling
