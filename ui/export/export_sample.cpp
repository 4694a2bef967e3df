#include "ui/export/export_sample.h"

#include <QTemporaryDir>
#include <algorithm>
#include <limits>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kExamples = 3;
constexpr int kRowsLookedAt = 5000;
constexpr std::size_t kMostText = 4000;  // bytes that are shown of a file
constexpr int kPictureSide = 900;        // pixels: more are not seen in a dialog

std::optional<fs::path> below(const fs::path& photo, const fs::path& folder) {
  const fs::path path = photo.lexically_normal().lexically_relative(folder);
  if (path.empty() || *path.begin() == "..") return {};
  return path;
}

// Photos of a source are in natural order.
bool holds(const std::vector<fs::path>& photos, const fs::path& photo) {
  return std::ranges::binary_search(photos, photo, [](const fs::path& a, const fs::path& b) {
    return naturalLess(a.native(), b.native());
  });
}

QString shownText(std::string text) {
  const bool cut = text.size() > kMostText;
  if (cut) text.resize(text.rfind('\n', kMostText) + 1);
  QString shown = QString::fromStdString(text).remove(QLatin1Char('\r'));
  if (cut) shown += QStringLiteral("…");
  return shown;
}

// Only files of the whole: they are written by the format itself, into a folder that goes again.
ExportSample wholeSample(const ExportFormat& format, const std::vector<FoundExample>& examples) {
  const QTemporaryDir folder;
  if (!folder.isValid()) throw OutputError(folder.errorString().toStdString());
  const fs::path out = toPath(folder.path()), file = format.wholeFiles().front();
  format.writeWhole(
      [&](const auto& take) {
        for (const FoundExample& example : examples) take(example.found);
      },
      out);
  return {file, shownText(readFile(out / file)), {}, examples.size()};
}

ExportSample pictureSample(const ExportFormat& format, const ExportNames& names,
                           const FoundExample& example) {
  // A cut-out box is small; a whole photo is shown smaller than it is.
  const bool whole = format.plannedFiles("photo").empty();
  const ReducedPhoto photo =
      readPhotoReduced(example.file, whole ? std::numeric_limits<int>::max() : kPictureSide);
  if (photo.full != example.found.size)
    fail<InputError>("{}: was changed since it was searched", displayName(example.file));
  ExportPictures pictures;
  pictures.photo = &photo.image;
  const auto files = format.filesOf(example.found, names.nameOf(example.found.path), pictures);
  const std::string& jpeg = files.front().content;
  return {
      files.front().path,
      {},
      QImage::fromData(reinterpret_cast<const uchar*>(jpeg.data()), static_cast<int>(jpeg.size())),
      1};
}

}  // namespace

std::vector<FoundExample> foundExamples(const PhotoModel& model, const ExportSource& source,
                                        double threshold) {
  std::vector<FoundExample> examples;
  if (model.searchedCount() == 0) return examples;
  for (int row = 0; row < std::min(model.rowCount(), kRowsLookedAt); ++row) {
    const std::size_t photo = model.photoAt(model.index(row));
    const auto& match = model.match(photo);
    if (!match || match->boxes.empty() || match->boxes.front().score < threshold) continue;
    const auto path = below(model.path(photo), source.folder);
    if (!path) continue;
    if (source.photos && !holds(*source.photos, *path)) continue;
    FoundExample example{model.path(photo), {*path, match->photo, {}}};
    for (const ScoredBox& box : match->boxes) example.found.boxes.push_back({0, box});
    examples.push_back(std::move(example));
    if (examples.size() == kExamples) break;
  }
  return examples;
}

ExportSample makeSample(const ExportFormat& format, const ExportSetup& setup,
                        const ExportNames& names, std::vector<FoundExample> examples) {
  for (FoundExample& example : examples) {
    std::erase_if(example.found.boxes,
                  [&](const ExportedBox& box) { return box.found.score < setup.threshold; });
    example.found = rounded(std::move(example.found));
  }
  std::erase_if(examples, [](const FoundExample& example) { return example.found.boxes.empty(); });
  if (examples.empty()) return {};
  const FoundExample& first = examples.front();
  if (format.needsPicture()) return pictureSample(format, names, first);
  const auto files = format.filesOf(first.found, names.nameOf(first.found.path), {});
  if (files.empty()) return wholeSample(format, examples);
  return {files.front().path, shownText(files.front().content), {}, 1};
}

}  // namespace inkling
