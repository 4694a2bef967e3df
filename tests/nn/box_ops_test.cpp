#include "core/nn/box_ops.h"

#include <gtest/gtest.h>

namespace inkling {
namespace {

TEST(BoxOps, CornersAndCentresAreInverse) {
  const Tensor boxes = at::rand({20, 4});
  EXPECT_TRUE(at::allclose(xyxyToCxcywh(cxcywhToXyxy(boxes)), boxes, 1e-5, 1e-6));
}

TEST(BoxOps, GeneralizedIouOfKnownPairs) {
  const Tensor a = at::tensor({0.F, 0.F, 2.F, 2.F}).view({1, 4});
  const Tensor same = a.clone(), apart = at::tensor({3.F, 0.F, 5.F, 2.F}).view({1, 4}),
               half = at::tensor({1.F, 0.F, 3.F, 2.F}).view({1, 4});
  EXPECT_NEAR(pairedGeneralizedIou(a, same).item<float>(), 1.0, 1e-6);
  // Hull 5 x 2, union 8: nothing shared, a fifth of the hull empty.
  EXPECT_NEAR(pairedGeneralizedIou(a, apart).item<float>(), -0.2, 1e-6);
  EXPECT_NEAR(pairedGeneralizedIou(a, half).item<float>(), 1.0 / 3, 1e-6);
}

TEST(BoxOps, PairedIsTheDiagonalOfAllPairs) {
  const Tensor a = cxcywhToXyxy(at::rand({9, 4})), b = cxcywhToXyxy(at::rand({9, 4}));
  EXPECT_TRUE(
      at::allclose(generalizedBoxIou(a, b).diagonal(), pairedGeneralizedIou(a, b), 1e-5, 1e-6));
}

TEST(BoxOps, InverseSigmoidUndoesSigmoidAndStaysFinite) {
  const Tensor x = at::linspace(-8, 8, 33);
  EXPECT_TRUE(at::allclose(inverseSigmoid(at::sigmoid(x)), x, 1e-3, 1e-3));
  EXPECT_TRUE(at::isfinite(inverseSigmoid(at::tensor({0.F, 1.F, -3.F, 7.F}))).all().item<bool>());
}

}  // namespace
}  // namespace inkling
