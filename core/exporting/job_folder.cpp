#include "core/exporting/job_folder.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/record_journal.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr const char *kJob = "job.json", *kPhotos = "photos", *kJournal = "records",
                     *kSorted = "records.sorted", *kLock = "lock";

}  // namespace

// What it says of a photo, behind its kind: the photo, or a JSON string with the error.
std::string encodeRecord(const ExportRecord& record) {
  std::string line = fmt::format("{} {}", record.number, static_cast<char>(record.kind));
  if (record.kind == ExportRecord::Kind::done) return line + encodeExported(record.photo);
  if (record.kind == ExportRecord::Kind::failed) return line + dumpJson(Json(record.error));
  return line;
}

ExportRecord decodeRecord(std::string_view line, const std::string& name) {
  ExportRecord record;
  const char* const end = line.data() + line.size();
  const auto [next, error] = std::from_chars(line.data(), end, record.number);
  if (error != std::errc() || end - next < 2 || *next != ' ')
    fail<InputError>("{}: a record without a number", name);
  const std::string_view rest(next + 2, static_cast<std::size_t>(end - next - 2));
  record.kind = static_cast<ExportRecord::Kind>(next[1]);
  switch (record.kind) {
    case ExportRecord::Kind::done:
      record.photo = decodeExported(rest, name);
      return record;
    case ExportRecord::Kind::failed: {
      const Json text = parseJson(rest, name);
      if (!text.is_string()) fail<InputError>("{}: an error without a text", name);
      record.error = text.get<std::string>();
      return record;
    }
    case ExportRecord::Kind::elsewhere:
      return record;
  }
  fail<InputError>("{}: a record of an unknown kind", name);
}

JobFolder::JobFolder(fs::path out, bool writable) : out_(std::move(out)) {
  if (writable) {
    std::error_code error;
    madeOut_ = !fs::exists(out_, error);
    requireWritableFolder(out_);
    requireWritableFolder(out_ / kName);
    lock_.emplace(file(kLock), displayName(out_), "is already exporting into this folder");
  }
  read(writable);
}

JobFolder::JobFolder(fs::path out) : JobFolder(std::move(out), true) {}

// A job that did not begin leaves nothing behind.
JobFolder::~JobFolder() {
  if (!lock_ || state_ != JobState::none) return;
  lock_->removeWithLock();
  lock_.reset();
  std::error_code error;
  fs::remove(out_ / kName, error);  // unless there is something in it
  if (madeOut_) fs::remove(out_, error);
}

std::unique_ptr<JobFolder> JobFolder::forFollowing(const fs::path& out) {
  std::unique_ptr<JobFolder> job(new JobFolder(out, false));
  if (job->state() == JobState::none)
    fail<InputError>("{}: holds no export that could be read", displayName(out));
  return job;
}

std::unique_ptr<JobFolder> JobFolder::forReading(const fs::path& out) {
  std::unique_ptr<JobFolder> job = forFollowing(out);
  if (job->state() == JobState::unfinished)
    fail<InputError>("{}: the export is not finished; --resume goes on with it", displayName(out));
  return job;
}

void JobFolder::read(bool writable) {
  std::error_code error;
  // job.json is written last of what a job begins with.
  if (!fs::exists(file(kJob), error)) return;
  const std::string name = displayName(file(kJob));
  settings_ = jsonRequire<Json>(readJson(file(kJob)), "settings", name);
  readPhotos();
  places_.assign(photos_.size(), {});
  journal_ = std::make_unique<Journal>(file(kJournal), writable);
  journal_->read([&](std::string_view line, std::uint64_t offset) {
    note(decodeRecord(line, displayName(file(kJournal))), offset, line.size());
  });
  state_ = fs::exists(out_ / kSummary, error) ? JobState::finished : JobState::unfinished;
}

// Each path ends with a zero byte, which no path contains.
void JobFolder::readPhotos() {
  const std::string text = readFile(file(kPhotos));
  photos_.clear();
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\0', at);
    if (end == std::string::npos) fail<InputError>("{}: is cut off", displayName(file(kPhotos)));
    photos_.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
}

void JobFolder::note(const ExportRecord& record, std::uint64_t offset, std::size_t bytes) {
  if (record.number >= photos_.size())
    fail<InputError>("{}: a record of a photo that is not in the job", displayName(file(kJournal)));
  Place& place = places_[record.number];
  if (place.bytes == 0) place = {offset, static_cast<std::uint32_t>(bytes), record.kind};
}

void JobFolder::begin(const Json& settings, std::vector<fs::path> photos) {
  discard();
  settings_ = settings;
  photos_ = std::move(photos);
  places_.assign(photos_.size(), {});
  std::string list;
  for (const fs::path& photo : photos_) (list += photo.native()) += '\0';
  writeFileAtomically(file(kPhotos), list);
  journal_ = std::make_unique<Journal>(file(kJournal), true);
  writeFileAtomically(file(kJob), dumpJson({{"settings", settings_}}, 1) + "\n");
  state_ = JobState::unfinished;
}

std::vector<std::size_t> JobFolder::pending() const {
  std::vector<std::size_t> numbers;
  for (std::size_t number = 0; number < places_.size(); ++number) {
    if (!hasRecord(number)) numbers.push_back(number);
  }
  return numbers;
}

std::int64_t JobFolder::count(ExportRecord::Kind kind) const {
  return std::ranges::count_if(
      places_, [&](const Place& place) { return place.bytes > 0 && place.kind == kind; });
}

void JobFolder::add(const ExportRecord& record) {
  if (hasRecord(record.number)) return;
  const std::string line = encodeRecord(record);
  note(record, journal_->append(line), line.size());
}

void JobFolder::walk(const std::function<void(const ExportRecord&)>& take) const {
  const std::string name = displayName(file(kJournal));
  for (const Place& place : places_) {
    if (place.bytes > 0) take(decodeRecord(journal_->line(place.offset, place.bytes), name));
  }
}

void JobFolder::finish(const Json& summary) {
  // Killed from here on, the job is finished anew when it is resumed.
  std::error_code error;
  fs::remove(file(kSorted), error);
  {
    Journal sorted(file(kSorted), true);
    walk([&](const ExportRecord& record) { sorted.append(encodeRecord(record)); });
    sorted.sync();
  }
  fs::rename(file(kSorted), file(kJournal), error);
  if (error)
    fail<OutputError>("{}: cannot be written ({})", displayName(file(kJournal)), error.message());
  writeFileAtomically(out_ / kSummary, dumpJson(summary, 1) + "\n");
  state_ = JobState::finished;
  journal_.reset();
  read(true);
}

void JobFolder::discard() {
  // In this order, so that a process killed in between leaves either the job or none.
  for (const fs::path& each : {out_ / kSummary, file(kJob), file(kPhotos), file(kJournal)}) {
    std::error_code error;
    fs::remove(each, error);
    if (error) fail<OutputError>("{}: cannot be removed ({})", displayName(each), error.message());
  }
  journal_.reset();
  state_ = JobState::none;
  photos_.clear();
  places_.clear();
}

}  // namespace inkling
