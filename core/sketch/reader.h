// Reading sketches. Every error is an InputError that names the file (and the line) and the reason.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

/// A drawing of a QuickDraw file.
struct QuickDrawEntry {
  std::string word;
  std::string keyId;
  Sketch sketch;  ///< named after the word; on a 256 x 256 page, or larger if its points are
};

/// Reads and validates one sketch by the extension of its file:
///   .json                 Inkling's own format, see sketchFromJson
///   .ndjson, .ndjson.gz   QuickDraw, one drawing a line; `file.ndjson#7` picks the drawing at
///   index 7 (from 0, empty
///                         lines do not count), `file.ndjson#6617657799344128` the one with this
///                         key id; the first one without either. Digits only, up to nine of them,
///                         are an index.
///   .svg                  shapes and paths, curves flattened
///   .png                  dark on light, light on dark, or with alpha
///   .jpg, .jpeg           the same, or a photo of a drawing on paper
/// `argument` may be any path; a file whose whole name exists is taken before '#' is looked at.
Sketch readSketch(const std::filesystem::path& argument);

/// All drawings of a QuickDraw file (plain or gzip, simplified or raw with times), in the order of
/// the file. Lengths and numbers are checked, but drawings of a dot are kept: call validate where
/// it matters.
std::vector<QuickDrawEntry> readQuickDraw(const std::filesystem::path& file);

/// The words of readSketch's extensions, for listFiles: ".json", ".ndjson", ".svg", ".png", ".jpg",
/// ".jpeg"
/// (".gz" is not among them).
const std::vector<std::string>& sketchExtensions();

// The readers behind readSketch, from memory. `name` is for messages and becomes the sketch's name.
// They check the form, not the drawing: call validate before use.

/// {"inkling_sketch": 1, "width": W, "height": H, "strokes": [{"x": [...], "y": [...], "t": [...],
/// "pressure": [...], "eraser": false}]}. Width and height, t, pressure and eraser may be missing.
Sketch sketchFromJson(std::string_view text, const std::string& name);

/// One line of a QuickDraw file: {"word": "...", "key_id": "...", "drawing": [[[x...], [y...]],
/// ...]}, with a third list of times in raw files. `word` and `key_id` may be missing.
QuickDrawEntry quickDrawFromJson(std::string_view line, const std::string& name);

/// path (all commands), polyline, polygon, line, rect, circle, ellipse, g, svg and a, with the
/// transform attribute; text, images, definitions and style sheets are passed over. The page is the
/// viewBox, else width and height.
Sketch sketchFromSvg(std::string_view text, const std::string& name);

/// The content of a PNG file. The colour that most of the border has is paper; ink is what differs
/// from it clearly.
Sketch sketchFromPng(std::string_view bytes, const std::string& name);

/// The content of a JPEG file, read likewise. Throws InputError for a photo of something else than
/// a drawing: when too much of it would be ink, or ink in too many pieces.
Sketch sketchFromJpeg(std::string_view bytes, const std::string& name);

}  // namespace inkling
