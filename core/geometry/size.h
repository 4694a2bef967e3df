// Width and height of a picture, in pixels.
#pragma once

namespace inkling {

struct Size {
  int width = 0;
  int height = 0;

  friend bool operator==(const Size&, const Size&) = default;
};

}  // namespace inkling
