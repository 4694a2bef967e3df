// Sketches and folders that several tests use.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/sketch.h"

namespace inkling {

inline Stroke strokeOf(std::vector<float> x, std::vector<float> y, bool eraser = false) {
  return {std::move(x), std::move(y), {}, {}, eraser};
}

inline Sketch sketchOf(std::vector<Stroke> strokes, double width = 256, double height = 256) {
  return {"a sketch", width, height, std::move(strokes), {}};
}

/// Brings a coordinate that left the page back over its edge.
inline double reflected(double value) {
  return value < 4 ? 8 - value : value > 252 ? 504 - value : value;
}

/// One to six strokes of wandering lines on a 256 x 256 page, with t and pressure now and then.
inline Sketch randomSketch(Random& random) {
  Sketch sketch = sketchOf({});
  const std::uint32_t strokes = 1 + random.below(6);
  for (std::uint32_t s = 0; s < strokes; ++s) {
    Stroke stroke;
    double x = random.uniform(20, 236), y = random.uniform(20, 236), t = 0;
    const bool timed = random.chance(0.5), pressed = random.chance(0.5);
    for (std::uint32_t i = 0, n = 2 + random.below(30); i < n; ++i) {
      stroke.x.push_back(static_cast<float>(x));
      stroke.y.push_back(static_cast<float>(y));
      if (timed) stroke.t.push_back(static_cast<float>(t));
      if (pressed) stroke.pressure.push_back(static_cast<float>(random.uniform()));
      x = reflected(x + random.uniform(-25, 25));
      y = reflected(y + random.uniform(-25, 25));
      t += random.uniform(1, 30);
    }
    sketch.strokes.push_back(std::move(stroke));
  }
  return sketch;
}

/// A circle of many points.
inline Stroke circle(double cx, double cy, double r, int points = 64) {
  Stroke stroke;
  for (int i = 0; i <= points; ++i) {
    const double angle = 2 * std::numbers::pi * i / points;
    stroke.x.push_back(static_cast<float>(cx + r * std::cos(angle)));
    stroke.y.push_back(static_cast<float>(cy + r * std::sin(angle)));
  }
  return stroke;
}

/// The message of the error of type E that `run` throws.
template <typename E = InputError, typename Run>
std::string messageOf(const Run& run) {
  try {
    run();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& error) {
    return std::string("another exception: ") + error.what();
  }
  return "no exception";
}

/// Changes single bytes of a file: reading it gives a sketch or an error that names it.
template <typename Read>
void expectNoChangedByteCrashes(const std::string& bytes, const Read& read) {
  Random random(6);
  for (int i = 0; i < 300; ++i) {
    std::string changed = bytes;
    changed[random.below(static_cast<std::uint32_t>(bytes.size()))] ^=
        static_cast<char>(1 + random.below(255));
    try {
      rasterise(read(changed, "changed"));
    } catch (const InputError& error) {
      ASSERT_THAT(error.what(), testing::HasSubstr("changed"));
    }
  }
}

inline std::filesystem::path sourceDir() {
  const char* folder = std::getenv("INKLING_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

inline std::filesystem::path dataDir() { return sourceDir() / "tests/data/sketches"; }

/// A folder of its own for each test, removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "inkling-test-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// The part of the ink of `a` that has ink of `b` within two pixels, in pictures of 64 x 64.
inline double covered(const std::vector<float>& a, const std::vector<float>& b) {
  int all = 0, found = 0;
  for (int y = 2; y < 62; ++y) {
    for (int x = 2; x < 62; ++x) {
      if (a[static_cast<std::size_t>(y) * 64 + x] < 0.5f) continue;
      float best = 0;
      for (int k = 0; k < 25; ++k) {
        best = std::max(best, b[static_cast<std::size_t>(y + k / 5 - 2) * 64 + x + k % 5 - 2]);
      }
      ++all;
      found += best >= 0.5f;
    }
  }
  return all > 0 ? static_cast<double>(found) / all : 1;
}

/// The largest and the mean difference of two pictures.
struct Difference {
  double largest = 0, mean = 0;
};

inline Difference difference(const std::vector<float>& a, const std::vector<float>& b) {
  EXPECT_EQ(a.size(), b.size());
  Difference result;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double gap = std::abs(double{a[i]} - b[i]);
    result.largest = std::max(result.largest, gap);
    result.mean += gap / static_cast<double>(a.size());
  }
  return result;
}

}  // namespace inkling
