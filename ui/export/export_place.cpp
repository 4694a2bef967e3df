#include "ui/export/export_place.h"

#include <algorithm>
#include <system_error>

#include "core/base/error.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Kind = ExportRecord::Kind;

bool isThere(const fs::path& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(file, error));
}

// Files that the plan writes for sure, and that are there.
void noteOverwritten(ExportPlace& place, const ExportPlan& plan, const ExportFormat& format,
                     const ExportNames& names, const std::vector<fs::path>& photos,
                     const CancellationToken& token) {
  if (!isThere(plan.out)) return;
  const auto note = [&](const fs::path& file) {
    if (!isThere(plan.out / file)) return;
    if (++place.overwrittenCount <= ExportPlace::kListed) place.overwritten.push_back(file);
  };
  // An older classes.txt is gone on with. What every export writes belongs to the one that is here.
  for (const fs::path& file : format.wholeFiles())
    if (file != "classes.txt") note(file);
  if (place.state == JobState::none)
    for (const char* file : {"failures.csv", JobFolder::kSummary}) note(file);
  for (const fs::path& photo : photos) {
    token.check();
    for (const fs::path& file : format.plannedFiles(names.nameOf(photo))) note(file);
  }
}

// The keys of settings that differ. What is looked for comes first in "query", behind it stand the
// single photos that it is looked for in, if there are any: they are told like another folder.
std::vector<std::string> differences(const Json& before, const Json& wanted) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : wanted.items()) {
    const Json other = before.value(key, Json());
    if (other == value) continue;
    const bool sameDrawings =
        key == "query" && other.is_array() && !other.empty() && other.front() == value.front();
    keys.push_back(sameDrawings ? "folder" : key);
  }
  return keys;
}

}  // namespace

void ExportPlaceReader::look(const fs::path& out) {
  known_ = {out, {}, {}};
  if (!isThere(out / JobFolder::kName / "job.json")) return;
  ExportPlace& place = known_.place;
  try {
    const JobFolder job(out);
    known_.settings = job.settings();
    place.state = job.state();
    place.format = jsonGet<std::string>(job.settings(), "format", "", displayName(out));
    place.photos = job.photos().size();
    place.done = static_cast<std::size_t>(job.count(Kind::done) + job.count(Kind::failed) +
                                          job.count(Kind::elsewhere));
  } catch (const Error& error) {
    place.problem = error.what();
    known_.out.clear();  // the other process may be gone the next time
  }
}

ExportPlace ExportPlaceReader::read(const ExportPlan& plan, const ExportFormat& format,
                                    const ExportNames& names, const std::vector<fs::path>& photos,
                                    const CancellationToken& token) {
  if (known_.out.empty() || known_.out != plan.out) look(plan.out);
  ExportPlace place = known_.place;
  if (!place.problem.empty()) return place;
  if (place.state != JobState::none)
    place.differing = differences(known_.settings, exportSettings(plan));
  // Of the same format, they are the files of the export that is here.
  if (place.state == JobState::none || place.format != plan.format)
    noteOverwritten(place, plan, format, names, photos, token);
  return place;
}

}  // namespace inkling
