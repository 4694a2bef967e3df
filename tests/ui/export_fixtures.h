// Folders of small photos, an export order for them, and what an export has written: what tests of
// exports share.
#pragma once

#include <QImage>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/exporting/export_job.h"
#include "core/search/content_hash.h"
#include "core/search/model_describer.h"
#include "core/sketch/reader.h"
#include "scratch_folder.h"
#include "tests/ui/tiny_model_file.h"
#include "ui/export/export_order.h"
#include "ui/export/export_sample.h"

namespace inkling {

constexpr int kLong = 120'000;  // ms, for a busy machine

/// A small picture that differs from that of any other number.
inline void writeExportPhoto(const std::filesystem::path& file, int number) {
  std::filesystem::create_directories(file.parent_path());
  QImage image(64 + number % 5, 48, QImage::Format_RGB32);
  image.fill(QColor::fromHsv(number * 37 % 360, 120, 220));
  QPainter painter(&image);
  painter.setBrush(QColor::fromHsv(number * 53 % 360, 255, 128));
  painter.drawEllipse(number % 40, number / 40 % 30, 12 + number % 11, 10 + number % 7);
  painter.end();
  QVERIFY(image.save(QString::fromStdString(file.string()), "JPG", 90));
}

/// One photo, so many names for it: something to read behind each.
inline void linkExportPhotos(const std::filesystem::path& folder, int count) {
  std::filesystem::path origin = folder / "0.jpg";
  writeExportPhoto(origin, 0);
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path name = folder / (std::to_string(i) + ".jpg");
    std::error_code code;
    std::filesystem::create_hard_link(origin, name, code);
    if (!code) continue;
    std::filesystem::copy_file(origin, name);  // the file system allows so many links to one file
    origin = name;
  }
}

/// All files below a folder with their content, apart from the lock, which holds a process number.
inline std::map<std::string, std::string> filesBelow(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  if (!std::filesystem::exists(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path path = entry.path().lexically_relative(folder);
    if (entry.is_regular_file() && path.filename() != "lock")
      files[path.string()] = readFile(entry.path());
  }
  return files;
}

inline ExportStart resuming() {
  ExportStart start;
  start.resume = true;
  return start;
}
inline ExportStart replacing() {
  ExportStart start;
  start.force = true;
  return start;
}

class ExportFolders {
 public:
  explicit ExportFolders(const std::string& test) : home(test) {
    keepEverythingIn(home / "home");
    writeTinyModel(model());
    std::filesystem::create_directories(photos());
  }

  std::filesystem::path model() const { return home / "tiny.safetensors"; }
  std::filesystem::path photos() const { return home / "photos"; }
  std::filesystem::path out(const std::string& name = "out") const { return home / name; }

  /// 0.jpg, sub/1.jpg, 2.jpg, ...
  void addPhotos(int count) const {
    for (int i = 0; i < count; ++i)
      writeExportPhoto(photos() / (i % 2 == 0 ? "." : "sub") / (std::to_string(i) + ".jpg"), i);
  }
  void addBroken(const std::string& name) const {
    writeFileAtomically(photos() / name, "no photo");
  }

  /// Of the bundled drawing of a bus, at kThreshold.
  ExportOrder order(const std::string& format = "coco", const std::string& to = "out") const {
    const std::filesystem::path sketches =
        std::filesystem::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) /
        "resources/samples/sketches";
    ExportOrder order;
    order.source.folder = photos();
    order.drawings.query.wanted.push_back({readSketch(sketches / "bus.json"), 1});
    order.drawings.query.wantedRows = {0};
    order.drawings.wanted = {"bus"};
    order.model = model();
    order.format = format;
    order.category = "bus";
    order.out = out(to);
    order.threshold = kThreshold;
    return order;
  }

  /// As `inkling export` does. Stops after so many photos; none: runs to the end.
  ExportOutcome exportDirectly(const ExportOrder& order, ExportStart how = {},
                               int stopAfter = -1) const {
    const Localizer localizer = Localizer::load(order.model, {.threads = 1});
    const std::vector<SketchQuery> queries = {
        localizer.understand(order.drawings.query.wanted, order.drawings.query.unwanted)};
    ExportJob job(planOf(order, hashFile(order.model).hex()), how);
    const CancellationToken token;
    if (stopAfter == 0) token.cancel();
    return job.run({localizer, queries, featuresIdentity(order.model), nullptr}, token,
                   [&](const ProgressUpdate& now) {
                     if (now.done == stopAfter) token.cancel();
                   });
  }

  /// What a search would have found, from the records of an export.
  std::vector<FoundExample> examplesOf(const std::filesystem::path& finished) const {
    std::vector<FoundExample> examples;
    JobFolder::forReading(finished)->walk([&](const ExportRecord& record) {
      if (record.kind == ExportRecord::Kind::done && !record.photo.boxes.empty())
        examples.push_back({photos() / record.photo.path, record.photo});
    });
    return examples;
  }

  ScratchFolder home;

  /// Some photos have boxes from here up, some have none.
  static constexpr double kThreshold = 0.022;
};

}  // namespace inkling
