// The published tables of the perceptual colour maps, 0xRRGGBB per entry. Internal to core/image.
//
// viridis and magma: N. Smith, S. van der Walt, E. Firing, in matplotlib, released as CC0.
#pragma once

#include <array>
#include <cstdint>

namespace inkling {

const std::array<std::uint32_t, 256>& viridisTable();
const std::array<std::uint32_t, 256>& magmaTable();

}  // namespace inkling
