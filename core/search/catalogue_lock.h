// One indexer at a time.
#pragma once

#include <filesystem>

namespace inkling {

/// Holds the right to change a catalogue: an advisory lock (flock) on the file NAME.lock beside
/// NAME.sqlite, which carries the holder's process number. The kernel gives it back when the
/// process ends, however it ends; the file itself stays. Readers do not ask for it.
class CatalogueLock {
 public:
  /// Throws OutputError that names the process which holds it, or why the file cannot be made.
  explicit CatalogueLock(const std::filesystem::path& catalogue);
  ~CatalogueLock();
  CatalogueLock(const CatalogueLock&) = delete;
  CatalogueLock& operator=(const CatalogueLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace inkling
