#include "core/exporting/find_report.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "core/base/path.h"
#include "core/exporting/csv.h"
#include "core/exporting/rounding.h"

namespace inkling {
namespace {

Json photoJson(const FoundPhoto& photo) {
  Json detections = Json::array();
  for (const ScoredBox& found : photo.boxes) {
    const Box box = roundedBox(found.box);
    detections.push_back({{"box", {box.x, box.y, box.width, box.height}},
                          {"score", roundedTo(found.score, kScoreSteps)}});
  }
  return {{"photo", displayName(photo.path)},
          {"width", photo.size.width},
          {"height", photo.size.height},
          {"score", roundedTo(photo.score, kScoreSteps)},
          {"detections", std::move(detections)}};
}

}  // namespace

void FindReport::sortAndKeep(std::size_t top) {
  withoutMatch = static_cast<std::size_t>(std::count_if(
      photos.begin(), photos.end(), [](const FoundPhoto& photo) { return photo.boxes.empty(); }));
  std::stable_sort(photos.begin(), photos.end(),
                   [](const FoundPhoto& a, const FoundPhoto& b) { return a.score > b.score; });
  if (top > 0 && photos.size() > top) photos.resize(top);
}

std::string toJsonText(const FindReport& report) {
  Json photos = Json::array(), failed = Json::array();
  for (const FoundPhoto& photo : report.photos) photos.push_back(photoJson(photo));
  for (const FailedPhoto& photo : report.failed) {
    failed.push_back({{"photo", displayName(photo.path)}, {"error", photo.error}});
  }
  Json json = {
      {"query", report.query}, {"photos", std::move(photos)}, {"failed", std::move(failed)}};
  for (const SearchedIndex& index : report.indexes) {
    json["indexes"].push_back({{"catalogue", displayName(index.catalogue)},
                               {"photos", index.photos},
                               {"looked", index.looked}});
  }
  return dumpJson(json, 1) + "\n";
}

std::string toCsvText(const FindReport& report) {
  std::string text = "photo,score,x,y,width,height\r\n";
  for (const FoundPhoto& photo : report.photos) {
    const std::string name = csvField(displayName(photo.path));
    for (const ScoredBox& found : photo.boxes) {
      const Box box = roundedBox(found.box);
      fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{}\r\n", name,
                     roundedTo(found.score, kScoreSteps), box.x, box.y, box.width, box.height);
    }
  }
  return text;
}

}  // namespace inkling
