// One process at a time.
#pragma once

#include <filesystem>
#include <string>

namespace inkling {

/// Holds an advisory lock (flock) on a file, which carries the holder's process number meanwhile.
/// The kernel gives it back when the process ends, however it ends; the file itself stays
/// unless it is told to go.
///
///   const FileLock lock(folder / "job.lock", displayName(folder), "is already exporting to it");
///   // other processes: "photos: process 1234 is already exporting to it"
class FileLock {
 public:
  /// Makes the file if need be. `subject` and `doing` are for the message when another process
  /// holds the lock. Throws OutputError: that one, or why the file cannot be made or locked.
  FileLock(const std::filesystem::path& file, const std::string& subject, const std::string& doing);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// The file is removed together with the lock.
  void removeWithLock() { remove_ = true; }

 private:
  /// False when somebody has removed the file that was opened.
  bool isOf(const std::filesystem::path& file) const;

  const std::filesystem::path file_;
  int fd_ = -1;
  bool remove_ = false;
};

}  // namespace inkling
