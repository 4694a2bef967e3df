// The inner loops against plain ones, for all widths that end a loop in another way.
#include "core/search/region_index_kernels.h"

#include <vector>

#include <gtest/gtest.h>

#include "core/base/random.h"

namespace inkling {
namespace {

std::vector<float> values(Random& random, std::size_t count) {
  std::vector<float> out;
  while (count-- > 0) out.push_back(static_cast<float>(random.normal()));
  return out;
}

TEST(RegionIndexKernels, ProductsAndDistancesAreThoseOfPlainSums) {
  Random random(1);
  for (std::size_t width = 1; width <= 130; ++width) {
    const auto query = values(random, width), rows = values(random, 3 * width);
    std::vector<float> products(3);
    kernels::innerProducts(query.data(), rows.data(), width, 3, products.data());
    for (std::size_t row = 0; row < 3; ++row) {
      double product = 0, distance = 0;
      for (std::size_t i = 0; i < width; ++i) {
        const double a = query[i], b = rows[row * width + i];
        product += a * b;
        distance += (a - b) * (a - b);
      }
      EXPECT_NEAR(products[row], product, 1e-4) << width;
      EXPECT_NEAR(kernels::squaredDistance(query.data(), rows.data() + row * width, width),
                  distance, 1e-4)
          << width;
    }
  }
}

TEST(RegionIndexKernels, NearestColumnIsTheFirstOfTheNearest) {
  Random random(2);
  for (const std::size_t columns : {16, 48, 256}) {
    for (std::size_t width = 1; width <= 9; ++width) {
      auto table = values(random, width * columns);
      const std::size_t twin = columns - 1, first = random.below(8);
      for (std::size_t i = 0; i < width; ++i)
        table[i * columns + twin] = table[i * columns + first];
      for (std::size_t wanted = 0; wanted < columns; ++wanted) {
        std::vector<float> vector;
        for (std::size_t i = 0; i < width; ++i) vector.push_back(table[i * columns + wanted]);
        float distance = -1;
        EXPECT_EQ(kernels::nearestColumn(vector.data(), table.data(), width, columns, distance),
                  wanted == twin ? first : wanted);
        EXPECT_EQ(distance, 0);
      }
    }
  }
}

}  // namespace
}  // namespace inkling
