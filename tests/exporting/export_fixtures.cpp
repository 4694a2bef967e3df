#include "export_fixtures.h"

#include <algorithm>
#include <atomic>

#include <unistd.h>

#include "core/base/file.h"
#include "core/exporting/export_names.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

// A stretch of a side: anywhere, the whole side, at the border, or thinner than a pixel.
std::pair<double, double> randomStretch(int side, Random& random) {
  switch (random.below(6)) {
    case 0:
      return {0, side};
    case 1:
      return {0, random.uniform(0, side)};
    case 2: {
      const double start = random.uniform(0, side);
      return {start, side - start};
    }
    case 3:
      return {random.uniform(0, side), 0.004};
    default: {
      const double a = random.uniform(0, side), b = random.uniform(0, side);
      return {std::min(a, b), std::abs(a - b)};
    }
  }
}

}  // namespace

TestFolder::TestFolder() {
  static std::atomic<int> count = 0;
  path_ = fs::temp_directory_path() /
          ("inkling-export-" + std::to_string(::getpid()) + "-" + std::to_string(++count));
  fs::create_directories(path_);
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

ExportSetup threeCategories() {
  ExportSetup setup;
  setup.categories = {{"chair", {"chair.json", "chair-2.svg"}, {}},
                      {"a \"b\", <c> & 'd'", {"odd.png"}, {"not.json"}},
                      {"T\xC3\xBCr \xE6\xA4\x85\xE5\xAD\x90", {"door.json"}, {}}};
  setup.model = "inkling-s.safetensors";
  setup.modelHash = "0123abcd";
  setup.threshold = 0.3;
  setup.folder = "holiday & <home>";
  return setup;
}

std::vector<fs::path> hardNames() {
  return {"plain.jpg",
          "comma, and \"quote\".jpg",
          "line\nbreak.jpg",
          "carriage\r\nreturn.jpg",
          "tab\tand \x01\x1B control.jpg",
          "<&>'.jpg",
          "T\xC3\xBCr/\xE6\xA4\x85\xE5\xAD\x90.png",
          "\xEF\xBF\xBF no character.jpg",
          "not\xFFutf8\xC0.jpg",
          "not\xFEutf8\xC0.jpg",
          std::string(246, 'x') + ".jpg",
          std::string(246, 'x') + ".png",
          repeated("\xE6\xA4\x85", 82) + ".jpg",
          "-dash.jpg",
          " blank .jpg",
          "sub/photo.jpg",
          "sub/photo.png",
          "SUB/PHOTO.jpg",
          "sub/deeper/photo.jpg",
          "classes.jpg",
          "Annotations.png",
          "detections.jpg",
          "failures.jpg",
          "export.jpg",
          "classes.txt/inside.jpg",
          "annotations.json/inside.jpg",
          "a.png",
          "a.png.jpg",
          "a.jpg",
          "b.jpg",
          "b.txt/inside.jpg",
          "b.xml/inside.jpg",
          "b.jpg.txt/inside.jpg",
          "b.boxes.jpg/inside.jpg"};
}

ExportedPhoto randomPhoto(const fs::path& path, Size size, std::size_t boxes,
                          std::size_t categories, Random& random) {
  ExportedPhoto photo{path, size, {}};
  for (std::size_t i = 0; i < boxes; ++i) {
    const auto [x, width] = randomStretch(size.width, random);
    const auto [y, height] = randomStretch(size.height, random);
    const double score = random.chance(0.1) ? 1.0 : random.uniform();
    photo.boxes.push_back(
        {random.below(static_cast<std::uint32_t>(categories)), {{x, y, width, height}, score}});
  }
  return rounded(std::move(photo));
}

std::vector<ExportedPhoto> hardPhotos(std::size_t categories, Random& random) {
  const std::vector<Size> sizes = {{640, 480}, {1, 1}, {30000, 20000}, {7, 3000}, {4031, 3023}};
  const std::vector<std::size_t> counts = {3, 0, 500, 1, 17};
  std::vector<ExportedPhoto> photos;
  for (const fs::path& path : hardNames()) {
    photos.push_back(
        randomPhoto(path, random.pick(sizes), random.pick(counts), categories, random));
  }
  return photos;
}

ExportRecords walkOver(const std::vector<ExportedPhoto>& photos) {
  return [&photos](const std::function<void(const ExportedPhoto&)>& take) {
    for (const ExportedPhoto& photo : photos) take(photo);
  };
}

void exportAll(const ExportFormat& format, const std::vector<ExportedPhoto>& photos,
               const fs::path& out) {
  std::vector<fs::path> paths;
  for (const ExportedPhoto& photo : photos) paths.push_back(photo.path);
  const ExportNames names(paths, format.longestSuffix());
  format.prepare();
  for (const ExportedPhoto& photo : photos) {
    for (const ExportFile& file : format.filesOf(photo, names.nameOf(photo.path), {}))
      writeFileAtomically(out / file.path, file.content);
  }
  format.writeWhole(walkOver(photos), out);
}

std::vector<std::string> filesBelow(const fs::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder).native());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace inkling
