// The state of an export on the disk, in the folder .inkling-export below the out folder: which
// photos, with which settings, and what has been found so far.
//
//   JobFolder job(out);                        // one process at a time
//   if (job.state() == JobState::none) job.begin(settings, photos);
//   for (std::size_t number : job.pending()) job.add({number, ...});
//   job.walk([&](const ExportRecord& record) { ... });      // in the order of the photos
//   job.finish(summary);
//
// Every result is one line of the journal, written in one piece behind the files of the photo. A
// process that is killed loses the photo in hand; a torn last line is cut off. finish() puts the
// journal in the order of the photos, so that a job that was resumed ends with the same bytes as
// one that was not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file_lock.h"
#include "core/base/json.h"
#include "core/exporting/export_photo.h"

namespace inkling {

/// What became of one photo.
struct ExportRecord {
  enum class Kind : char {
    done = '+',
    failed = '-',
    elsewhere = '=',  ///< another shard's photo
  };
  std::size_t number = 0;  ///< of the photo in the job, from 0
  Kind kind = Kind::done;
  ExportedPhoto photo;  ///< rounded; of a photo that is done
  std::string error;    ///< of one that failed
};

/// Without a line break; the same bytes for the same record.
std::string encodeRecord(const ExportRecord& record);
/// Throws InputError, naming `name`, for anything else.
ExportRecord decodeRecord(std::string_view line, const std::string& name);

enum class JobState { none, unfinished, finished };

class JobFolder {
 public:
  static constexpr const char* kName = ".inkling-export";
  /// The file that says what the out folder holds; it is there when the export has been finished.
  static constexpr const char* kSummary = "export.json";

  /// Makes `out` if need be and takes the right to export into it. Throws OutputError: another
  /// process has it, or `out` cannot be written; InputError: the state is damaged.
  explicit JobFolder(std::filesystem::path out);
  ~JobFolder();
  JobFolder(const JobFolder&) = delete;
  JobFolder& operator=(const JobFolder&) = delete;

  /// Reads a finished export without the right to change it. Throws InputError where there is none.
  static std::unique_ptr<JobFolder> forReading(const std::filesystem::path& out);
  /// The same while another process works at it: which photos there are.
  static std::unique_ptr<JobFolder> forFollowing(const std::filesystem::path& out);

  const std::filesystem::path& out() const { return out_; }
  JobState state() const { return state_; }
  const Json& settings() const { return settings_; }
  /// Below the exported folder.
  const std::vector<std::filesystem::path>& photos() const { return photos_; }

  /// Starts a job; what was there before of another one is forgotten.
  void begin(const Json& settings, std::vector<std::filesystem::path> photos);

  /// Numbers of the photos that have no record yet, ascending.
  std::vector<std::size_t> pending() const;
  bool hasRecord(std::size_t number) const { return places_[number].bytes > 0; }
  std::int64_t count(ExportRecord::Kind kind) const;
  /// Keeps a record; a second one of the same photo is ignored. Throws OutputError.
  void add(const ExportRecord& record);
  /// All records in the order of the photos.
  void walk(const std::function<void(const ExportRecord&)>& take) const;

  /// Writes `summary` to export.json, as the very last step.
  void finish(const Json& summary);
  /// Forgets the job; files of photos are the caller's.
  void discard();

 private:
  class Journal;
  /// A line in the journal; `bytes` 0: none.
  struct Place {
    std::uint64_t offset = 0;
    std::uint32_t bytes = 0;
    ExportRecord::Kind kind = ExportRecord::Kind::done;
  };
  JobFolder(std::filesystem::path out, bool writable);
  std::filesystem::path file(const char* name) const { return out_ / kName / name; }
  void read(bool writable);
  void readPhotos();
  void note(const ExportRecord& record, std::uint64_t offset, std::size_t bytes);

  const std::filesystem::path out_;
  std::optional<FileLock> lock_;
  bool madeOut_ = false;
  JobState state_ = JobState::none;
  Json settings_;
  std::vector<std::filesystem::path> photos_;
  std::vector<Place> places_;
  std::unique_ptr<Journal> journal_;
};

}  // namespace inkling
