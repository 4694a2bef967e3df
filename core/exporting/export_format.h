// The file formats of an export of a whole archive. An export walks over its photos once and hands
// each to every format; what a format writes for one photo (filesOf) can be written at once, what
// it writes for all of them (writeWhole) at the end, from the records that were kept.
//
//   const auto format = makeExportFormat("yolo", setup, out);
//   format->prepare();
//   for (each photo) for (const ExportFile& file : format->filesOf(rounded(photo), name, {}))
//     writeFileAtomically(out / file.path, file.content);
//   format->writeWhole(records, out);
//
// The same records give the same bytes: no file holds a date or a path of the machine.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/exporting/export_photo.h"
#include "core/exporting/export_setup.h"
#include "core/exporting/find_report.h"
#include "core/image/image.h"

namespace inkling {

struct ExportFile {
  std::filesystem::path path;  ///< below the out folder
  std::string content;
};

/// The pictures that a format may draw on, for one photo.
struct ExportPictures {
  /// As shown, in full size; or at 1/2, 1/4 or 1/8 of it, as readPhotoReduced gives photos that are
  /// too large. Boxes are drawn and cut out at the size of the picture.
  const Image* photo = nullptr;
  /// The attention picture of a category drawn over the photo; asked for only when it is written.
  std::function<Image(std::size_t category)> overlay;
};

/// Walks over the records of all photos, rounded, in their order; can be walked several times.
using ExportRecords = std::function<void(const std::function<void(const ExportedPhoto&)>&)>;

/// Errors: InputError for a record that cannot be of this export (a category that it does not
/// have), OutputError when a file cannot be written.
class ExportFormat {
 public:
  virtual ~ExportFormat() = default;

  virtual std::string name() const = 0;
  /// Whether filesOf needs ExportPictures::photo for photos with a box.
  virtual bool needsPicture() const { return false; }
  /// Bytes of the longest suffix that the format puts behind a name; for ExportNames.
  virtual std::size_t longestSuffix() const { return 0; }

  /// Writes what has to be there before the first photo (classes.txt of YOLO). Call it at the start
  /// of every job, resumed ones too; a second call changes nothing.
  virtual void prepare() const {}
  /// The files of one photo, under `name` of ExportNames. May be called by several threads. Throws
  /// UsageError when a picture is needed and not there, InputError when the picture is not
  /// of a photo of this size.
  virtual std::vector<ExportFile> filesOf(const ExportedPhoto& photo,
                                          const std::filesystem::path& name,
                                          const ExportPictures& pictures) const = 0;
  /// What filesOf may write for a photo, as far as that is known before; nothing for crops.
  virtual std::vector<std::filesystem::path> plannedFiles(const std::filesystem::path& name) const;

  /// The files that filesOf gives for this photo, without making them.
  virtual std::vector<std::filesystem::path> writtenFiles(const ExportedPhoto& photo,
                                                          const std::filesystem::path& name) const;

  /// Writes the files of the whole job below `out`, each whole or not at all, in memory that does
  /// not grow with the number of photos.
  virtual void writeWhole(const ExportRecords& records, const std::filesystem::path& out) const;
  /// The files that writeWhole and prepare write, below `out`.
  virtual std::vector<std::filesystem::path> wholeFiles() const { return {}; }
};

/// "coco", "yolo", "voc", "csv", "pictures", "crops".
const std::vector<std::string>& exportFormatNames();

/// A format by its name:
///  coco      annotations.json: COCO instances (https://cocodataset.org/#format-data) with a score
///            on each annotation; ids from 1. A path that is not valid UTF-8 is also there
///            as "path_bytes", in hexadecimal
///  yolo      NAME.txt "class cx cy width height [score]", fractions of the photo, and classes.txt;
///            a classes.txt that is in `out` already keeps its order, and missing classes are added
///            at its end
///  voc       NAME.xml: Pascal VOC annotation with a <score> in each object
///  csv       detections.csv: one row a box (RFC 4180)
///  pictures  NAME.boxes.jpg, for photos with a box; with ExportSetup::overlay NAME.attention.jpg,
///            or NAME.attention-CATEGORY.jpg for several categories
///  crops     crops/CATEGORY/NAME.crop-001.jpg, ...: one picture a box, best first
///
/// Throws UsageError for another name, for an export without categories and for category names that
/// are empty, occur twice, or do not fit into the format (a line break in a YOLO class); InputError
/// for a classes.txt that is no text.
std::unique_ptr<ExportFormat> makeExportFormat(const std::string& name, const ExportSetup& setup,
                                               const std::filesystem::path& out);

/// Writes failures.csv below `out`: "photo,reason", one row a photo that could not be exported.
void writeFailures(const std::filesystem::path& out, const std::vector<FailedPhoto>& failed);

}  // namespace inkling
