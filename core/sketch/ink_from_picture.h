// Telling ink from paper. Internal to core/sketch.
#pragma once

#include "core/sketch/png_file.h"
#include "core/sketch/sketch.h"

namespace inkling {

/// The colour that most of the border has is paper, whether dark, light or clear; ink is what
/// differs from it by more than Otsu's threshold, so that noise and a shade of the paper do not
/// count. Specks of a few pixels are dropped. No ink at all if nothing differs clearly. A photo of
/// paper whose margin is lit unevenly is evened out first (paper_light.h).
///
/// Nobuyuki Otsu, "A threshold selection method from gray-level histograms" (1979).
InkRaster inkFromPicture(const GreyPicture& picture);

/// That ink as a sketch whose page is the picture. Does not validate.
Sketch sketchFromPicture(const GreyPicture& picture, const std::string& name);

}  // namespace inkling
