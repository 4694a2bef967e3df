// How eraser strokes are marked in SVG, which knows none. Internal to core/sketch.
#pragma once

namespace inkling {

/// Class of a path that is an eraser stroke: white in a viewer, an eraser stroke again for our
/// reader.
inline constexpr const char* kSvgEraserClass = "inkling-eraser";

}  // namespace inkling
