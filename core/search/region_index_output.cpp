#include "core/search/region_index_output.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

constexpr std::size_t kBuffer = 1 << 22;

std::filesystem::path partOf(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    fail<OutputError>("{}: cannot create the folder ({})", displayName(folder), error.message());
  return path.native() + ".part";
}

bool sameFile(int descriptor, const std::filesystem::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(descriptor, &open) == 0 && ::stat(path.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

// Opens `part` and locks it. Whoever had the lock before may have renamed the file meanwhile, and
// then it is no longer ours to write to.
int openAlone(const std::filesystem::path& part, const std::filesystem::path& shown) {
  for (;;) {
    const int descriptor = ::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) return descriptor;
    const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    const int reason = errno;
    if (locked && sameFile(descriptor, part)) return descriptor;
    ::close(descriptor);
    if (locked) continue;
    errno = reason;
    if (reason != EWOULDBLOCK) return -1;
    fail<OutputError>("{}: another process is building it", displayName(shown));
  }
}

int openScratch(const std::filesystem::path& path) {
  std::string name = path.native() + ".XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor >= 0) ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

OpenFile::OpenFile(int descriptor, std::filesystem::path shown)
    : descriptor_(descriptor), shown_(std::move(shown)) {
  if (descriptor_ < 0) failed();
}

OpenFile::~OpenFile() { ::close(descriptor_); }

void OpenFile::failed() const {
  fail<OutputError>("{}: cannot be written ({})", displayName(shown_),
                    std::generic_category().message(errno));
}

void OpenFile::writeAt(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t done =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) failed();
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
}

void OpenFile::readAt(std::uint64_t offset, std::span<std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t done =
        ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO;
    if (done <= 0) failed();
    bytes = bytes.subspan(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
}

void OpenFile::resize(std::uint64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) failed();
}

void OpenFile::flushToDisk() {
  if (::fsync(descriptor_) != 0) failed();
}

Appender::Appender(OpenFile& file, std::uint64_t offset) : file_(file), offset_(offset) {
  buffer_.reserve(kBuffer);
}

void Appender::append(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kBuffer) flush();
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void Appender::flush() {
  file_.writeAt(offset_, buffer_);
  offset_ += buffer_.size();
  buffer_.clear();
}

ReplacementFile::ReplacementFile(const std::filesystem::path& path)
    : path_(path), part_(partOf(path)), file_(openAlone(part_, path), path) {
  file_.resize(0);
}

ReplacementFile::~ReplacementFile() {
  if (!committed_) ::unlink(part_.c_str());
}

void ReplacementFile::commit() {
  file_.flushToDisk();
  if (::rename(part_.c_str(), path_.c_str()) != 0) {
    fail<OutputError>("{}: cannot be written ({})", displayName(path_),
                      std::generic_category().message(errno));
  }
  committed_ = true;
}

ScratchFile::ScratchFile(const std::filesystem::path& path) : OpenFile(openScratch(path), path) {}

}  // namespace inkling
