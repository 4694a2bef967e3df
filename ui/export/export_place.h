// What is in an out folder already: an export that can be gone on with, one that is finished, files
// that would be overwritten. Told before the start, so that a person can choose.
//
//   ExportPlaceReader reader;
//   ExportPlace place = reader.read(plan, *format, names, photos, token);
//   if (place.state == JobState::unfinished && place.differing.empty()) ...    // "Resume"
//
// Reading makes no folder and takes the right to export into it for a moment only, and only where
// an export is.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/exporting/export_job.h"
#include "core/exporting/export_names.h"

namespace inkling {

struct ExportPlace {
  /// Files that would be overwritten, by name; further ones are counted only.
  static constexpr std::size_t kListed = 3;

  JobState state = JobState::none;
  std::string format;                  ///< of the export that is there
  std::size_t photos = 0, done = 0;    ///< of it; failed ones are done, too
  std::vector<std::string> differing;  ///< its settings that the plan does not share, by key
  /// Files of another kind than that export's.
  std::vector<std::filesystem::path> overwritten;
  std::size_t overwrittenCount = 0;
  std::string problem;  ///< the place cannot be used: a whole sentence

  bool canResume() const { return state == JobState::unfinished && differing.empty(); }
};

class ExportPlaceReader {
 public:
  /// `names` and `photos` are those of the plan. Throws Cancelled; all else is in the answer.
  ExportPlace read(const ExportPlan& plan, const ExportFormat& format, const ExportNames& names,
                   const std::vector<std::filesystem::path>& photos,
                   const CancellationToken& token);

  /// The export in the folder may be another now: look again. Else what is known of the folder read
  /// last is used, as records of a large export take a while to read.
  void forget() { known_ = {}; }

 private:
  struct Known {
    std::filesystem::path out;
    Json settings;
    ExportPlace place;
  };
  void look(const std::filesystem::path& out);

  Known known_;
};

}  // namespace inkling
