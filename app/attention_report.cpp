#include "app/attention_report.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

// The shortest text that gives the same float again, instead of the 17 digits of its double.
double shortest(float value) { return std::stod(fmt::format("{}", value)); }

Json rows(const HeatMap& map) {
  Json all = Json::array();
  for (int y = 0; y < map.height; ++y) {
    Json row = Json::array();
    for (int x = 0; x < map.width; ++x) {
      row.push_back(shortest(map.values[static_cast<std::size_t>(y) * map.width + x]));
    }
    all.push_back(std::move(row));
  }
  return all;
}

// In shares of the photo.
void addMarks(Json& facts, const OverlayMarks& marks) {
  if (marks.place) facts["place"] = {marks.place->x, marks.place->y};
  for (const OverlayMarks::Point& point : marks.points)
    facts["points"].push_back({{"x", point.x}, {"y", point.y}, {"group", point.group}});
  for (const Box& region : marks.regions)
    facts["regions"].push_back({region.x, region.y, region.width, region.height});
}

}  // namespace

AttentionReport::AttentionReport(std::filesystem::path folder, const Image& photo,
                                 const OverlayStyle& style)
    : folder_(std::move(folder)), photo_(photo), style_(style) {
  requireWritableFolder(folder_);
}

void AttentionReport::add(const std::string& name, const HeatMap& map, const Image& card,
                          Json facts, const OverlayMarks& marks) {
  Image picture = blendHeatMap(photo_, map, style_.colours, style_.opacity);
  drawMarks(picture, marks);
  addMarks(facts, marks);
  drawInset(picture, card);
  files_.push_back(folder_ / (name + ".png"));
  writePicture(files_.back(), picture);
  const auto [low, high] = std::minmax_element(map.values.begin(), map.values.end());
  facts["name"] = name;
  facts["file"] = name + ".png";
  facts["width"] = map.width;
  facts["height"] = map.height;
  facts["min"] = shortest(*low);
  facts["max"] = shortest(*high);
  facts["values"] = rows(map);
  maps_.push_back(std::move(facts));
}

void AttentionReport::finish(Json head) {
  head["maps"] = std::move(maps_);
  files_.push_back(folder_ / "attention.json");
  writeFileAtomically(files_.back(), dumpJson(head) + "\n");
}

}  // namespace inkling
