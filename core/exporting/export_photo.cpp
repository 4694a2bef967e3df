#include "core/exporting/export_photo.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "core/base/json.h"
#include "core/exporting/rounding.h"

namespace inkling {
namespace {

constexpr double kLeastSide = 0.01;
constexpr double kFarthest = 1e9;  // pixels; no picture is that large
constexpr std::size_t kMostCategories = 1'000'000;

// One side of a box in a photo of this length, brought to the least length inside of it.
void widen(double& start, double& length, int photo) {
  if (length >= kLeastSide) return;
  length = kLeastSide;
  start = std::min(start, roundedTo(photo - kLeastSide, 100));
}

std::optional<ExportedBox> roundedInside(const ExportedBox& exported, Size photo) {
  Box box = clip(exported.found.box, photo);
  if (box.empty()) return std::nullopt;
  box = roundedBox(box);
  widen(box.x, box.width, photo.width);
  widen(box.y, box.height, photo.height);
  const double score =
      std::isfinite(exported.found.score) ? std::clamp(exported.found.score, 0.0, 1.0) : 0.0;
  return ExportedBox{exported.category, {box, roundedTo(score, kScoreSteps)}};
}

bool finite(const Box& box) {
  return std::isfinite(box.x) && std::isfinite(box.y) && std::isfinite(box.width) &&
         std::isfinite(box.height);
}

std::string fromHex(const std::string& hex, const std::string& name) {
  std::string bytes(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    unsigned value = 0;
    const char* digits = hex.data() + 2 * i;
    if (std::from_chars(digits, digits + 2, value, 16).ptr != digits + 2)
      fail<InputError>("{}: \"path_bytes\" is not hexadecimal", name);
    bytes[i] = static_cast<char>(value);
  }
  if (hex.size() % 2 != 0) fail<InputError>("{}: \"path_bytes\" is cut off", name);
  return bytes;
}

std::string pathFrom(const Json& json, const std::string& name) {
  const bool bytes = json.is_object() && json.contains("path_bytes");
  std::string path = bytes ? fromHex(jsonRequire<std::string>(json, "path_bytes", name), name)
                           : jsonRequire<std::string>(json, "path", name);
  if (path.empty() || path.find('\0') != std::string::npos)
    fail<InputError>("{}: the path is empty or holds a zero byte", name);
  return path;
}

// Json's own conversion takes 3.7 for 3 and wraps what is too large.
std::int64_t whole(const Json& value, std::int64_t low, std::int64_t high, const char* what,
                   const std::string& name) {
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(high)
                        : value.is_number_integer() && value.get<std::int64_t>() <= high;
  if (!fits || value.get<std::int64_t>() < low)
    fail<InputError>("{}: {} is not a whole number from {} to {}", name, what, low, high);
  return value.get<std::int64_t>();
}

double number(const Json& value, const std::string& name) {
  if (!value.is_number() || !(std::abs(value.get<double>()) <= kFarthest))
    fail<InputError>("{}: \"boxes\" holds something that is not a number", name);
  return value.get<double>();
}

ExportedBox boxFrom(const Json& entry, const std::string& name) {
  if (!entry.is_array() || entry.size() != 6)
    fail<InputError>("{}: a box is not [category, x, y, width, height, score]", name);
  ExportedBox box;
  box.category =
      static_cast<std::size_t>(whole(entry[0], 0, kMostCategories, "the category of a box", name));
  box.found.box = {number(entry[1], name), number(entry[2], name), number(entry[3], name),
                   number(entry[4], name)};
  box.found.score = number(entry[5], name);
  return box;
}

}  // namespace

ExportedPhoto rounded(ExportedPhoto photo) {
  std::vector<ExportedBox> boxes;
  boxes.reserve(photo.boxes.size());
  for (const ExportedBox& box : photo.boxes) {
    if (!finite(box.found.box)) continue;
    if (const auto inside = roundedInside(box, photo.size)) boxes.push_back(*inside);
  }
  std::stable_sort(boxes.begin(), boxes.end(), [](const ExportedBox& a, const ExportedBox& b) {
    return a.category != b.category ? a.category < b.category : a.found.score > b.found.score;
  });
  photo.boxes = std::move(boxes);
  return photo;
}

std::string hexadecimal(std::string_view bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    fmt::format_to(std::back_inserter(hex), "{:02x}", static_cast<unsigned char>(c));
  }
  return hex;
}

std::string encodeExported(const ExportedPhoto& photo) {
  Json boxes = Json::array();
  for (const ExportedBox& entry : photo.boxes) {
    const Box& box = entry.found.box;
    if (!finite(box) || !std::isfinite(entry.found.score))
      fail<UsageError>("{}: a box holds a number that is not finite", displayName(photo.path));
    boxes.push_back({entry.category, box.x, box.y, box.width, box.height, entry.found.score});
  }
  Json json = {
      {"width", photo.size.width}, {"height", photo.size.height}, {"boxes", std::move(boxes)}};
  const std::string& path = photo.path.native();
  if (toValidUtf8(path) == path) {
    json["path"] = path;
  } else {
    json["path_bytes"] = hexadecimal(path);
  }
  return dumpJson(json);
}

ExportedPhoto decodeExported(std::string_view line, const std::string& name) {
  const Json json = parseJson(line, name);
  ExportedPhoto photo;
  photo.path = pathFrom(json, name);
  const auto side = [&](const char* key) {
    const std::string what = fmt::format("\"{}\"", key);
    return static_cast<int>(
        whole(jsonRequire<Json>(json, key, name), 1, 1'000'000'000, what.c_str(), name));
  };
  photo.size = {side("width"), side("height")};
  const Json boxes = jsonRequire<Json>(json, "boxes", name);
  if (!boxes.is_array()) fail<InputError>("{}: \"boxes\" is not a list", name);
  photo.boxes.reserve(boxes.size());
  for (const Json& entry : boxes) photo.boxes.push_back(boxFrom(entry, name));
  return photo;
}

}  // namespace inkling
