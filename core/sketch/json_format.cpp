// Inkling's own sketch format.
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/sketch/json_numbers.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"

namespace inkling {
namespace {

void appendList(std::string& text, const char* key, const std::vector<float>& values) {
  fmt::format_to(std::back_inserter(text), "\"{}\": [{}]", key, fmt::join(values, ", "));
}

std::string strokeJson(const Stroke& stroke) {
  std::string text = "{";
  appendList(text, "x", stroke.x);
  text += ", ";
  appendList(text, "y", stroke.y);
  for (const auto& [key, values] : {std::pair{"t", &stroke.t}, {"pressure", &stroke.pressure}}) {
    if (values->empty()) continue;
    text += ", ";
    appendList(text, key, *values);
  }
  return text + (stroke.eraser ? ", \"eraser\": true}" : "}");
}

Stroke strokeFrom(const Json& value, const std::string& name, std::size_t index) {
  const std::string where = fmt::format("{}: stroke {}", name, index);
  if (!value.is_object()) fail<InputError>("{} is not an object", where);
  Stroke stroke;
  stroke.eraser = jsonGet<bool>(value, "eraser", false, where);
  for (const auto& [key, values, required] : {std::tuple{"x", &stroke.x, true},
                                              {"y", &stroke.y, true},
                                              {"t", &stroke.t, false},
                                              {"pressure", &stroke.pressure, false}}) {
    if (value.contains(key)) {
      *values = jsonNumbers(value[key], where, key);
    } else if (required) {
      fail<InputError>("{} lacks the field \"{}\"", where, key);
    }
  }
  return stroke;
}

}  // namespace

std::vector<float> jsonNumbers(const Json& value, const std::string& where, std::string_view key) {
  if (!value.is_array()) fail<InputError>("{}: \"{}\" is not a list", where, key);
  std::vector<float> numbers;
  numbers.reserve(value.size());
  for (const Json& item : value) {
    if (!item.is_number()) fail<InputError>("{}: \"{}\" holds what is not a number", where, key);
    const double number = item.get<double>();
    // Times of raw drawings may be counted from 1970, so the bound for all lists is float's own.
    if (!(std::abs(number) <= 1e30)) {
      fail<InputError>("{}: \"{}\" holds a number out of range", where, key);
    }
    numbers.push_back(static_cast<float>(number));
  }
  return numbers;
}

Sketch sketchFromJson(std::string_view text, const std::string& name) {
  const Json json = parseJson(text, name);
  if (!json.is_object() || !json.contains("inkling_sketch")) {
    fail<InputError>("{}: not an Inkling sketch (the field \"inkling_sketch\" is missing)", name);
  }
  const auto version = jsonRequire<double>(json, "inkling_sketch", name);
  if (version != 1) {
    fail<InputError>("{}: version {} of the sketch format is not known", name, version);
  }
  if (!json.contains("strokes") || !json["strokes"].is_array()) {
    fail<InputError>("{}: the list \"strokes\" is missing", name);
  }
  Sketch sketch;
  sketch.name = name;
  sketch.width = jsonGet<double>(json, "width", 0, name);
  sketch.height = jsonGet<double>(json, "height", 0, name);
  for (const Json& stroke : json["strokes"]) {
    sketch.strokes.push_back(strokeFrom(stroke, name, sketch.strokes.size()));
  }
  return sketch;
}

std::string toJson(const Sketch& sketch) {
  const bool picture = !sketch.raster.empty();
  const double width = picture ? sketch.raster.width : sketch.width;
  const double height = picture ? sketch.raster.height : sketch.height;
  std::string text =
      fmt::format("{{\"inkling_sketch\": 1, \"width\": {}, \"height\": {}, ", width, height);
  text += "\"strokes\": [";
  const char* separator = "\n  ";
  for (const Stroke& stroke : picture ? inkStrokes(sketch) : sketch.strokes) {
    text += separator + strokeJson(stroke);
    separator = ",\n  ";
  }
  return text + "\n]}\n";
}

}  // namespace inkling
