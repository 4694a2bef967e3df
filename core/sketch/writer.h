// Writing sketches in the formats that reader.h reads.
#pragma once

#include <filesystem>
#include <string>

#include "core/sketch/sketch.h"

namespace inkling {

/// Inkling's own format; nothing is lost. A sketch that came as a picture is traced into strokes.
std::string toJson(const Sketch& sketch);

/// One <path> a stroke. Times and pressures are lost; eraser strokes become white strokes that the
/// reader knows again.
std::string toSvg(const Sketch& sketch);

/// One line of a QuickDraw file, without the line break. QuickDraw knows no eraser: what is left
/// after erasing is written. Times are written when every stroke has them; pressures are lost.
std::string toQuickDraw(const Sketch& sketch, const std::string& word);

/// Dark lines on white, the whole page (renderPage).
std::string toPng(const Sketch& sketch);

/// Writes atomically in the format of the extension (.json .svg .ndjson .png; the word of a
/// QuickDraw line is the sketch's name). Throws UsageError for another extension, OutputError when
/// the file cannot be written.
void writeSketch(const std::filesystem::path& path, const Sketch& sketch);

}  // namespace inkling
