// What an export of a whole archive is asked for: the things to look for and how they are written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace inkling {

/// One thing to look for. Its number, from 0, is its place in ExportSetup::categories.
struct ExportCategory {
  std::string name;                   ///< as it stands in the files
  std::vector<std::string> sketches;  ///< file names as the person gave them
  std::vector<std::string> unwanted;  ///< file names of sketches of what is not meant
};

/// All that the written files depend on, apart from the photos.
struct ExportSetup {
  std::vector<ExportCategory> categories;
  std::string model;        ///< file name of the model
  std::string modelHash;    ///< of the model's content
  double threshold = 0;     ///< boxes with a lower score were left out
  std::string folder;       ///< the last component of the exported folder, for display
  bool overlay = false;     ///< "pictures": the attention pictures too
  bool yoloScores = false;  ///< "yolo": the score as a sixth column
};

/// The frame that coordinates are in, as the files that have a place for it say it.
inline constexpr std::string_view kCoordinateFrame =
    "Pixels of the photo as shown (EXIF orientation applied), origin at the top left corner. COCO "
    "and CSV: x, y, width, height, from 0. Pascal VOC: whole pixels from 1, xmax and ymax "
    "inclusive. YOLO: centre, width and height as fractions of the photo.";

}  // namespace inkling
