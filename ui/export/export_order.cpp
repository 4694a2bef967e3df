#include "ui/export/export_order.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "core/base/path.h"
#include "core/exporting/drawings_key.h"
#include "core/search/content_hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

fs::path tidied(const fs::path& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

fs::path commonFolder(const std::vector<fs::path>& photos) {
  fs::path common = photos.front().parent_path();
  for (const fs::path& photo : photos) {
    const auto [end, ignored] =
        std::mismatch(common.begin(), common.end(), photo.begin(), photo.end());
    fs::path shared;
    for (auto part = common.begin(); part != end; ++part) shared /= *part;
    common = std::move(shared);
  }
  return common;
}

// Which single photos are exported belongs to what is asked for; all of a folder go without saying.
Json keyOf(const std::vector<fs::path>& photos) {
  ContentHasher hasher;
  for (const fs::path& photo : photos) hasher.add(photo.native() + '\0');
  return {{"photos", hasher.finish().hex()}};
}

}  // namespace

std::vector<ExportSource> exportSources(const std::vector<fs::path>& opened) {
  std::vector<ExportSource> sources;
  std::vector<fs::path> photos;
  for (const fs::path& source : opened) {
    std::error_code error;
    if (fs::is_directory(source, error)) {
      sources.push_back({tidied(source), {}});
    } else {
      photos.push_back(tidied(source));
    }
  }
  if (photos.empty()) return sources;
  std::sort(photos.begin(), photos.end(), [](const fs::path& a, const fs::path& b) {
    return naturalLess(a.native(), b.native());
  });
  photos.erase(std::unique(photos.begin(), photos.end()), photos.end());
  const fs::path folder = commonFolder(photos);
  for (fs::path& photo : photos) photo = photo.lexically_relative(folder);
  sources.push_back({folder, std::move(photos)});
  return sources;
}

ExportDrawings exportDrawings(const SketchStack& stack) {
  ExportDrawings drawings;
  drawings.query = stack.query();
  const auto nameOf = [&](int row) { return stack.index(row).data().toString().toStdString(); };
  for (const int row : drawings.query.wantedRows) drawings.wanted.push_back(nameOf(row));
  for (const int row : drawings.query.unwantedRows) drawings.unwanted.push_back(nameOf(row));
  return drawings;
}

ExportPlan planOf(const ExportOrder& order, const std::string& modelHash) {
  ExportPlan plan;
  plan.folder = order.source.folder;
  plan.photos = order.source.photos;
  plan.out = order.out;
  plan.format = order.format;
  const DrawnQuery& query = order.drawings.query;
  plan.query = Json::array({drawingsKey(order.category, query.wanted, query.unwanted)});
  if (plan.photos) plan.query.push_back(keyOf(*plan.photos));
  plan.setup.categories = {{order.category, order.drawings.wanted, order.drawings.unwanted}};
  plan.setup.model = displayName(order.model.filename());
  plan.setup.modelHash = modelHash;
  plan.setup.threshold = order.threshold;
  std::error_code error;
  plan.setup.folder = displayName(fs::weakly_canonical(plan.folder, error).filename());
  // What a format does not know makes no difference.
  plan.setup.overlay = order.overlay && order.format == "pictures";
  plan.setup.yoloScores = order.scores && order.format == "yolo";
  return plan;
}

}  // namespace inkling
