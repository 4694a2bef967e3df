// QuickDraw: one JSON object a line.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/sketch/json_numbers.h"
#include "core/sketch/quickdraw_lines.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"

namespace inkling {
namespace {

constexpr double kPage = 256;

Stroke strokeFrom(const Json& lists, const std::string& name, std::size_t index) {
  if (!lists.is_array() || lists.size() < 2 || lists.size() > 3) {
    fail<InputError>("{}: stroke {} is not [[x...], [y...]]", name, index);
  }
  Stroke stroke;
  stroke.x = jsonNumbers(lists[0], name, "x");
  stroke.y = jsonNumbers(lists[1], name, "y");
  if (lists.size() == 3) stroke.t = jsonNumbers(lists[2], name, "t");
  if (stroke.y.size() != stroke.x.size() ||
      (!stroke.t.empty() && stroke.t.size() != stroke.x.size())) {
    fail<InputError>("{}: stroke {} has lists of different lengths", name, index);
  }
  return stroke;
}

// The key id is text in the files of Google, but a number in some copies.
std::string keyIdOf(const Json& json, const std::string& name) {
  if (!json.contains("key_id")) return {};
  const Json& id = json["key_id"];
  return id.is_number_integer() ? id.dump() : jsonGet<std::string>(json, "key_id", "", name);
}

}  // namespace

QuickDrawEntry quickDrawFromJson(std::string_view line, const std::string& name) {
  const Json json = parseJson(line, name);
  if (!json.is_object() || !json.contains("drawing") || !json["drawing"].is_array()) {
    fail<InputError>("{}: not a QuickDraw drawing (the list \"drawing\" is missing)", name);
  }
  QuickDrawEntry entry;
  entry.word = jsonGet<std::string>(json, "word", "", name);
  entry.keyId = keyIdOf(json, name);
  Sketch& sketch = entry.sketch;
  sketch.name = entry.word.empty() ? name : entry.word;
  for (const Json& lists : json["drawing"]) {
    sketch.strokes.push_back(strokeFrom(lists, name, sketch.strokes.size()));
  }
  // Simplified drawings lie in 0 .. 255; raw ones have the size of whatever screen they were drawn
  // on.
  const InkBounds box = boundsOf(sketch.strokes);
  sketch.width = std::max(kPage, box.right);
  sketch.height = std::max(kPage, box.bottom);
  return entry;
}

std::vector<QuickDrawEntry> readQuickDraw(const std::filesystem::path& file) {
  const std::string text = readMaybeGzip(file);
  const std::string name = displayName(file);
  std::vector<QuickDrawEntry> entries;
  QuickDrawLines lines(text);
  for (std::string_view line; lines.next(line);) {
    try {
      entries.push_back(quickDrawFromJson(line, name));
    } catch (const InputError&) {
      // Parsed once more for a message with the line's number, which is worth no time while all is
      // well.
      quickDrawFromJson(line, fmt::format("{}, line {}", name, lines.number()));
      throw;
    }
  }
  if (entries.empty()) fail<InputError>("{}: holds no drawing", name);
  return entries;
}

std::string toQuickDraw(const Sketch& sketch, const std::string& word) {
  std::string text = fmt::format("{{\"word\":{},\"drawing\":[", dumpJson(Json(word)));
  const std::vector<Stroke> ink = inkStrokes(sketch);
  const bool timed =
      std::none_of(ink.begin(), ink.end(), [](const Stroke& s) { return s.t.empty(); });
  const char* separator = "";
  for (const Stroke& stroke : ink) {
    fmt::format_to(std::back_inserter(text), "{}[[{}],[{}]", separator, fmt::join(stroke.x, ","),
                   fmt::join(stroke.y, ","));
    if (timed) fmt::format_to(std::back_inserter(text), ",[{}]", fmt::join(stroke.t, ","));
    text += "]";
    separator = ",";
  }
  return text + "]}";
}

}  // namespace inkling
