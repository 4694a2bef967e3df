// An example of what an export writes, from what a search has found already.
#pragma once

#include <QImage>
#include <QString>
#include <filesystem>
#include <string>
#include <vector>

#include "core/exporting/export_format.h"
#include "core/exporting/export_names.h"
#include "ui/export/export_order.h"
#include "ui/gallery/photo_model.h"

namespace inkling {

/// A photo that was searched, with its boxes.
struct FoundExample {
  std::filesystem::path file;
  ExportedPhoto found;  ///< its path is below the source; boxes from the lowest scores up
};

/// A few photos of the source with boxes from the threshold up, those first that the gallery shows
/// first. Quick: it gives up after some thousand photos.
std::vector<FoundExample> foundExamples(const PhotoModel& model, const ExportSource& source,
                                        double threshold);

struct ExportSample {
  std::filesystem::path file;  ///< below the out folder; empty: there is no example
  QString text;                ///< of the file, or its beginning; or
  QImage picture;              ///< the file
  std::size_t photos = 0;      ///< that a file of the whole holds in the example

  bool empty() const { return file.empty(); }
};

/// What the format writes of the examples: the first photo's file, or the file of the whole with
/// all of them. Reads and decodes the photo for formats that need its pixels. An example without a
/// box from the threshold up is none. Throws InputError (the photo cannot be read), OutputError (no
/// temporary folder).
ExportSample makeSample(const ExportFormat& format, const ExportSetup& setup,
                        const ExportNames& names, std::vector<FoundExample> examples);

}  // namespace inkling
