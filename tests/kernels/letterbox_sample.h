// Made-up photos to letterbox, with memory of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/base/random.h"
#include "core/kernels/letterbox.h"

namespace inkling::kernels {

constexpr int kSampleFrameWidth = 90, kSampleFrameHeight = 70;

struct LetterboxSample {
  std::string name;
  int width, height, contentWidth, contentHeight;
  int rowPadding = 0;  ///< bytes after each row
  int shift = 0;       ///< of the first pixel from a multiple of 16 bytes
  std::vector<std::uint8_t> bytes;

  LetterboxSample(std::string what, int sourceWidth, int sourceHeight, int toWidth, int toHeight,
                  int padding = 0, int first = 0)
      : name(std::move(what)),
        width(sourceWidth),
        height(sourceHeight),
        contentWidth(toWidth),
        contentHeight(toHeight),
        rowPadding(padding),
        shift(first) {
    // The last row ends with its last pixel, so that a sanitizer sees who reads on.
    Random random(static_cast<std::uint64_t>(width) * 1000 + static_cast<std::uint64_t>(height));
    bytes.resize(static_cast<std::size_t>(shift + rowBytes() * height - rowPadding));
    for (std::uint8_t& each : bytes) each = static_cast<std::uint8_t>(random.below(256));
  }

  std::int64_t rowBytes() const { return 3 * std::int64_t{width} + rowPadding; }
  double at(int x, int y, int channel) const {
    return bytes[static_cast<std::size_t>(shift + y * rowBytes() + 3 * x + channel)];
  }
  bool shrinks() const { return contentWidth <= width && contentHeight <= height; }
  bool grows() const { return contentWidth >= width && contentHeight >= height; }
  Letterboxing::Photo photo() const {
    return {bytes.data() + shift, rowBytes(), width, height, contentWidth, contentHeight};
  }
};

/// Each way to scale, whole and broken ratios, one pixel, shapes like threads, rows that begin
/// anywhere. More than a card takes in one launch.
inline std::vector<LetterboxSample> letterboxSamples() {
  return {{"the same size", 90, 70, 90, 70},
          {"half", 176, 120, 88, 60},
          {"a third", 270, 210, 90, 70},
          {"half in one direction", 180, 70, 90, 70},
          {"four thirds", 120, 93, 90, 70},
          {"six fifths", 108, 84, 90, 70},
          {"a broken ratio", 397, 211, 90, 48},
          {"hardly smaller", 91, 71, 90, 70},
          {"odd rows", 101, 57, 67, 38, 5},
          {"rows of words", 100, 57, 67, 38, 8},
          {"begins anywhere", 100, 57, 67, 38, 8, 3},
          {"twice", 44, 33, 88, 66},
          {"grows a little", 83, 64, 90, 69, 2, 1},
          {"grows a lot", 3, 2, 90, 60},
          {"one pixel", 1, 1, 70, 70},
          {"to one pixel", 300, 200, 1, 1},
          {"a thread across", 5000, 2, 90, 1},
          {"a thread down", 1, 3000, 1, 70},
          {"wider and lower", 20, 300, 60, 40},
          {"narrower and higher", 300, 20, 40, 60},
          {"very much smaller", 2011, 1499, 7, 5}};
}

/// A job for all of them, which must stay; outputs and normalisation are to be set.
Letterboxing letterboxJob(std::vector<LetterboxSample>&&) = delete;
inline Letterboxing letterboxJob(const std::vector<LetterboxSample>& samples) {
  Letterboxing job;
  for (const LetterboxSample& sample : samples) job.photos.push_back(sample.photo());
  job.frameWidth = kSampleFrameWidth;
  job.frameHeight = kSampleFrameHeight;
  return job;
}

inline std::size_t letterboxNumbers(const Letterboxing& job) {
  return static_cast<std::size_t>(3 * job.items() * job.frameWidth);
}

}  // namespace inkling::kernels
