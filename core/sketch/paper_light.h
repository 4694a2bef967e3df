// Photos of paper: light that falls off, shadows. Internal to core/sketch.
#pragma once

#include <cstdint>
#include <vector>

namespace inkling {

/// Grey values row by row, 0 black .. 255 white.
struct GreyPage {
  int width = 0, height = 0;
  std::vector<std::uint8_t> values;
};

/// True when the margin of the page is clearly brighter in some places than in others: a photo,
/// where no single threshold can tell ink from paper.
bool isUnevenlyLit(const GreyPage& page);

/// The page as if light fell on it evenly: ink dark, paper near white. What the paper would be
/// without the ink is found by a morphological closing, which removes dark lines that are thinner
/// than 5 % of the page and keeps the edges of shadows where they are; each pixel is then divided
/// by its paper. Light lines on a dark page come out dark.
GreyPage evenlyLit(const GreyPage& page);

}  // namespace inkling
