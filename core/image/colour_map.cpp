#include "core/image/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "core/base/error.h"
#include "core/image/colour_tables.h"

namespace inkling {
namespace {

using Table = std::array<Rgb, 256>;

Table unpacked(const std::array<std::uint32_t, 256>& packed) {
  Table table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = {static_cast<std::uint8_t>(packed[i] >> 16),
                static_cast<std::uint8_t>(packed[i] >> 8), static_cast<std::uint8_t>(packed[i])};
  }
  return table;
}

// Three trapezoids, one per channel, a quarter of the range apart: dark blue, cyan, yellow, dark
// red.
Table jetTable() {
  const auto trapezoid = [](double value, double centre) {
    return static_cast<std::uint8_t>(
        std::lround(255 * std::clamp(1.5 - std::abs(4 * value - centre), 0.0, 1.0)));
  };
  Table table;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double value = static_cast<double>(i) / 255;
    table[i] = {trapezoid(value, 3), trapezoid(value, 2), trapezoid(value, 1)};
  }
  return table;
}

}  // namespace

std::span<const Rgb> colourTable(ColourMap map) {
  static const Table viridis = unpacked(viridisTable());
  static const Table magma = unpacked(magmaTable());
  static const Table jet = jetTable();
  switch (map) {
    case ColourMap::magma:
      return magma;
    case ColourMap::jet:
      return jet;
    case ColourMap::viridis:
      break;
  }
  return viridis;
}

Rgb colour(ColourMap map, float value01) {
  const float value = std::isnan(value01) ? 0.0F : std::clamp(value01, 0.0F, 1.0F);
  return colourTable(map)[static_cast<std::size_t>(std::lround(value * 255.0F))];
}

const std::vector<std::string>& colourMapNames() {
  static const std::vector<std::string> names = {"viridis", "magma", "jet"};
  return names;
}

std::string colourMapName(ColourMap map) { return colourMapNames()[static_cast<std::size_t>(map)]; }

ColourMap parseColourMap(std::string_view name) {
  const auto& names = colourMapNames();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    fail<UsageError>("\"{}\" is not a colour map; there are viridis, magma and jet", name);
  }
  return static_cast<ColourMap>(found - names.begin());
}

}  // namespace inkling
