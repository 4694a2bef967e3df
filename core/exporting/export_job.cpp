#include "core/exporting/export_job.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/base/file.h"
#include "core/base/file_walk.h"
#include "core/base/path.h"
#include "core/exporting/export_room.h"
#include "core/exporting/export_summary.h"
#include "core/image/photo_reader.h"
#include "core/search/catalogue_place.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using Kind = ExportRecord::Kind;

ExportSetup setupOf(const Json& settings) {
  ExportSetup setup;
  for (const auto& name : jsonRequire<std::vector<std::string>>(settings, "categories", "job.json"))
    setup.categories.push_back({name, {}, {}});
  setup.overlay = jsonRequire<bool>(settings, "overlay", "job.json");
  return setup;
}

std::string differences(const Json& before, const Json& now) {
  std::string names;
  for (const auto& [key, value] : now.items()) {
    if (before.value(key, Json()) != value) names += (names.empty() ? "" : ", ") + key;
  }
  return names;
}

// A plan that makes no sense is refused before anything is touched.
const fs::path& checkedOut(const ExportPlan& plan) {
  makeExportFormat(plan.format, plan.setup, plan.out);
  return plan.out;
}

// Whatever keeps the files from being written does no harm to what is done.
template <typename Work>
void resumable(Work&& work) {
  try {
    work();
  } catch (const OutputError& error) {
    fail<OutputError>("{}; what is done is kept, and --resume goes on", error.what());
  }
}

}  // namespace

// Enough of it, too, to tell which files the job writes.
Json exportSettings(const ExportPlan& plan) {
  Json categories = Json::array();
  for (const ExportCategory& category : plan.setup.categories) categories.push_back(category.name);
  return {{"format", plan.format},
          {"categories", std::move(categories)},
          {"folder", displayName(fs::weakly_canonical(plan.folder))},
          {"query", plan.query},
          {"model", plan.setup.modelHash},
          {"threshold", plan.setup.threshold},
          {"overlay", plan.setup.overlay},
          {"scores", plan.setup.yoloScores},
          {"shard", plan.shard.text()}};
}

std::vector<fs::path> photosToExport(const ExportPlan& plan, const CancellationToken& token) {
  if (plan.photos) return *plan.photos;
  std::error_code error;  // an out folder that cannot be reached holds no photos
  const fs::path folder = canonicalFolder(plan.folder), out = fs::weakly_canonical(plan.out, error);
  const bool inside = !error && out != folder && isBelow(out, folder);
  std::vector<fs::path> photos;
  visitFiles(folder, photoExtensions(), token, [&](const fs::path& photo) {
    if (!inside || !isBelow(photo, out)) photos.push_back(photo.lexically_relative(folder));
  });
  token.check();
  if (photos.empty()) fail<InputError>("{}: no photos in this folder", displayName(folder));
  sortNaturally(photos);
  return photos;
}

struct ExportJob::State {
  State(ExportPlan wanted, const ExportStart& how)
      : plan(std::move(wanted)),
        start(how),
        folder(plan.photos ? plan.folder : canonicalFolder(plan.folder)),
        job(checkedOut(plan)) {}

  void open();
  void begin();
  void checkNothingIsThere(const ExportFormat& format) const;
  void removeFiles();

  const ExportPlan plan;
  const ExportStart start;
  const fs::path folder;
  JobFolder job;
  std::unique_ptr<ExportWork> work;
  std::int64_t failures = 0;  ///< in this run
};

void ExportJob::State::open() {
  const fs::path out = fs::weakly_canonical(plan.out);
  if (out == folder && (plan.format == "pictures" || plan.format == "crops"))
    fail<UsageError>("{}: pictures do not belong among the photos that they are made from",
                     displayName(plan.out));
  const std::string name = displayName(plan.out);
  const bool there = job.state() != JobState::none;
  const std::string other = there ? differences(job.settings(), exportSettings(plan)) : "";
  if (there && !start.force) {
    if (!start.resume && job.state() == JobState::finished)
      fail<OutputError>("{}: holds a finished export; --force replaces it", name);
    if (!start.resume)
      fail<OutputError>(
          "{}: holds an unfinished export; --resume goes on with it, --force starts anew", name);
    if (!other.empty())
      fail<UsageError>("{}: the export in this folder has other settings ({})", name, other);
    removeLeftovers(plan.out);
  } else {
    begin();
  }
  if (!work) work = std::make_unique<ExportWork>(plan, job.photos());
  if (job.state() != JobState::finished) work->format().prepare();
}

void ExportJob::State::begin() {
  std::vector<fs::path> photos = photosToExport(plan);
  if (start.force) removeFiles();
  const ExportWork planned(plan, photos);
  if (!start.force) {
    checkNothingIsThere(planned.format());
    for (const fs::path& photo : photos) {
      for (const fs::path& file : planned.format().plannedFiles(planned.nameOf(photo)))
        requireAbsent(plan.out / file);
    }
  }
  requireRoom(plan.out, planned.format(), photos.size());
  job.begin(exportSettings(plan), std::move(photos));
}

// An older classes.txt is gone on with, which the format sees to.
void ExportJob::State::checkNothingIsThere(const ExportFormat& format) const {
  std::vector<fs::path> files = format.wholeFiles();
  files.insert(files.end(), {"failures.csv", JobFolder::kSummary});
  for (const fs::path& file : files) {
    if (file != "classes.txt") requireAbsent(plan.out / file);
  }
}

// What the export that is here has written. Nothing else is touched.
void ExportJob::State::removeFiles() {
  if (job.state() == JobState::none) return;
  const std::string before = jsonRequire<std::string>(job.settings(), "format", "job.json");
  const ExportSetup setup = setupOf(job.settings());
  const auto writer = makeExportFormat(before, setup, plan.out);
  const ExportNames called(job.photos(), writer->longestSuffix());
  const auto remove = [&](const fs::path& file) {
    std::error_code error;
    fs::remove(plan.out / file, error);
    if (error)
      fail<OutputError>("{}: cannot be removed ({})", displayName(plan.out / file),
                        error.message());
  };
  remove(JobFolder::kSummary);
  for (const fs::path& file : writer->wholeFiles()) {
    if (file != "classes.txt") remove(file);
  }
  remove("failures.csv");
  job.walk([&](const ExportRecord& record) {
    if (record.kind != Kind::done) return;
    for (const fs::path& file :
         writer->writtenFiles(record.photo, called.nameOf(record.photo.path)))
      remove(file);
  });
  removeLeftovers(plan.out);
  job.discard();
}

ExportJob::ExportJob(ExportPlan plan, const ExportStart& start)
    : state_(std::make_unique<State>(std::move(plan), start)) {
  state_->open();
}

ExportJob::~ExportJob() = default;

std::int64_t ExportJob::photos() const { return std::ssize(state_->job.photos()); }

std::int64_t ExportJob::pending() const { return std::ssize(state_->job.pending()); }

bool ExportJob::isFinished() const { return state_->job.state() == JobState::finished; }

JobFolder& ExportJob::folder() { return state_->job; }

const ExportWork& ExportJob::work() const { return *state_->work; }

void ExportJob::keep(const ExportRecord& record) {
  state_->job.add(record);
  const auto most = state_->start.maxFailures;
  if (record.kind == Kind::failed && ++state_->failures > most.value_or(state_->failures))
    fail<OutputError>("{}: stopped, as more than {} photos failed (--max-failures)",
                      displayName(state_->plan.out), *most);
}

ExportOutcome ExportJob::run(const ExportTools& tools, const CancellationToken& token,
                             const ProgressCallback& progress,
                             const std::function<void(const FailedPhoto&)>& failed) {
  if (isFinished()) return outcome();
  const std::vector<std::size_t> pending = state_->job.pending();
  const std::vector<fs::path>& photos = state_->job.photos();
  std::atomic<std::size_t> given{0};
  const auto next = [&]() -> std::optional<std::size_t> {
    const std::size_t at = given++;
    if (at >= pending.size()) return std::nullopt;
    return pending[at];
  };
  std::int64_t done = std::ssize(photos) - std::ssize(pending);
  resumable([&] {
    state_->work->run(tools, state_->start.threads, next, token, [&](const ExportRecord& record) {
      const fs::path& photo = photos[record.number];
      if (record.kind == Kind::failed && failed) failed({photo, record.error});
      keep(record);
      if (progress) progress({"exporting", ++done, std::ssize(photos), displayName(photo)});
    });
    if (state_->job.pending().empty()) finish();
  });
  return outcome();
}

void ExportJob::finish() {
  const JobFolder& job = state_->job;
  std::vector<FailedPhoto> failed;
  job.walk([&](const ExportRecord& record) {
    if (record.kind == Kind::failed) failed.push_back({job.photos()[record.number], record.error});
  });
  const ExportRecords done = [&](const auto& take) {
    job.walk([&](const ExportRecord& record) {
      if (record.kind == Kind::done) take(record.photo);
    });
  };
  state_->work->format().writeWhole(done, state_->plan.out);
  writeFailures(state_->plan.out, failed);
  state_->job.finish(exportSummary(state_->plan, outcome()));
}

ExportOutcome ExportJob::outcome() const {
  const JobFolder& job = state_->job;
  ExportOutcome outcome;
  outcome.photos = job.count(Kind::done);
  outcome.failed = job.count(Kind::failed);
  outcome.elsewhere = job.count(Kind::elsewhere);
  outcome.finished = job.state() == JobState::finished;
  job.walk([&](const ExportRecord& record) {
    if (!record.photo.boxes.empty()) ++outcome.matched;
    outcome.boxes += std::ssize(record.photo.boxes);
  });
  return outcome;
}

}  // namespace inkling
