#include "core/exporting/export_merge.h"

#include <memory>
#include <string>
#include <utility>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/export_summary.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Kind = ExportRecord::Kind;

struct Part {
  fs::path out;
  std::unique_ptr<JobFolder> job;
  Shard shard;
};

std::vector<Part> openParts(const std::vector<fs::path>& folders) {
  if (folders.empty()) throw UsageError("name the folders of the parts to be merged");
  std::vector<Part> parts;
  for (const fs::path& folder : folders) {
    Part part{folder, JobFolder::forReading(folder), {}};
    const std::string name = displayName(folder);
    part.shard = Shard::parse(jsonRequire<std::string>(part.job->settings(), "shard", name));
    parts.push_back(std::move(part));
  }
  return parts;
}

// Where the folder lies may differ between machines; the photos may not.
Json common(Json settings) {
  settings.erase("shard");
  settings.erase("folder");
  return settings;
}

void checkParts(const std::vector<Part>& parts) {
  const Part& first = parts.front();
  std::vector<const Part*> seen(static_cast<std::size_t>(first.shard.of));
  for (const Part& part : parts) {
    const std::string name = displayName(part.out), other = displayName(first.out);
    if (part.shard.of != first.shard.of)
      fail<InputError>("{} is part {}, but {} is part {}", name, part.shard.text(), other,
                       first.shard.text());
    if (common(part.job->settings()) != common(first.job->settings()))
      fail<InputError>("{} and {} are of exports with different settings", other, name);
    if (part.job->photos() != first.job->photos())
      fail<InputError>("{} and {} are of different lists of photos", other, name);
    const Part*& place = seen[static_cast<std::size_t>(part.shard.number - 1)];
    if (place != nullptr)
      fail<InputError>("{} and {} are both part {}", displayName(place->out), name,
                       part.shard.text());
    place = &part;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == nullptr) fail<InputError>("part {}/{} is missing", i + 1, seen.size());
  }
}

// Which part has looked at each photo.
std::vector<const Part*> owners(const std::vector<Part>& parts) {
  std::vector<const Part*> owners(parts.front().job->photos().size());
  for (const Part& part : parts) {
    part.job->walk([&](const ExportRecord& record) {
      if (record.kind != Kind::elsewhere) owners[record.number] = &part;
    });
  }
  for (std::size_t number = 0; number < owners.size(); ++number) {
    if (owners[number] == nullptr)
      fail<InputError>("{}: is in none of the parts; it was changed while they were made",
                       displayName(parts.front().job->photos()[number]));
  }
  return owners;
}

ExportPlan planOf(const Part& part, const fs::path& out) {
  const fs::path file = part.out / JobFolder::kSummary;
  const Json& settings = part.job->settings();
  const std::string name = displayName(file);
  ExportPlan plan;
  plan.out = out;
  plan.folder = jsonRequire<std::string>(settings, "folder", name);
  plan.photos = part.job->photos();
  plan.format = jsonRequire<std::string>(settings, "format", name);
  plan.query = jsonRequire<Json>(settings, "query", name);
  plan.setup = setupOfSummary(readJson(file), name);
  return plan;
}

// Text is written anew from the records, as it may depend on a classes.txt that is in `out`;
// pictures are copied.
std::vector<ExportFile> filesOf(const ExportJob& job, const Part& part,
                                const ExportedPhoto& photo) {
  const ExportFormat& format = job.work().format();
  const fs::path name = job.work().nameOf(photo.path);
  if (!format.needsPicture()) return format.filesOf(photo, name, {});
  std::vector<ExportFile> files;
  for (const fs::path& file : format.writtenFiles(photo, name))
    files.push_back({file, readFile(part.out / file)});
  return files;
}

}  // namespace

ExportOutcome mergeExports(const std::vector<fs::path>& folders, const fs::path& out,
                           const ExportStart& start, const CancellationToken& token,
                           const ProgressCallback& progress) {
  const std::vector<Part> parts = openParts(folders);
  checkParts(parts);
  const std::vector<const Part*> owner = owners(parts);
  ExportJob job(planOf(parts.front(), out), start);
  if (job.isFinished()) return job.outcome();
  std::int64_t done = 0;
  for (const Part& part : parts) {
    part.job->walk([&](const ExportRecord& record) {
      if (owner[record.number] != &part || job.folder().hasRecord(record.number)) return;
      if (token.cancelled()) return;
      if (record.kind == Kind::done) job.work().write(filesOf(job, part, record.photo));
      job.keep(record);
      if (progress) progress({"merging", ++done, job.photos(), displayName(record.photo.path)});
    });
  }
  if (job.pending() == 0) job.finish();
  return job.outcome();
}

}  // namespace inkling
