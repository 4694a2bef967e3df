#include "core/base/file_lock.h"

#include <array>
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

std::string holder(int fd) {
  std::array<char, 32> text{};
  const ssize_t got = ::pread(fd, text.data(), text.size() - 1, 0);
  const std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const std::string digits = pid.substr(0, pid.find_first_not_of("0123456789"));
  return digits.empty() ? "another process" : "process " + digits;
}

}  // namespace

FileLock::FileLock(const std::filesystem::path& file, const std::string& subject,
                   const std::string& doing)
    : file_(file) {
  const auto reason = [] { return std::generic_category().message(errno); };
  do {  // again when the one before has taken its file along
    if (fd_ >= 0) ::close(fd_);
    fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd_ < 0) fail<OutputError>("{}: cannot be written ({})", displayName(file), reason());
    if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      const std::string why = taken ? holder(fd_) : reason();
      ::close(fd_);
      if (!taken) fail<OutputError>("{}: cannot be locked ({})", displayName(file), why);
      fail<OutputError>("{}: {} {}", subject, why, doing);
    }
  } while (!isOf(file));
  // The number is for messages only, so a failure to write it does not matter.
  const std::string pid = std::to_string(::getpid()) + "\n";
  [[maybe_unused]] const bool told =
      ::ftruncate(fd_, 0) == 0 && ::pwrite(fd_, pid.data(), pid.size(), 0) > 0;
}

bool FileLock::isOf(const std::filesystem::path& file) const {
  struct stat mine {
  }, there{};
  if (::fstat(fd_, &mine) != 0 || ::stat(file.c_str(), &there) != 0) return false;
  return mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

FileLock::~FileLock() {
  [[maybe_unused]] const int emptied = ::ftruncate(fd_, 0);
  if (remove_) ::unlink(file_.c_str());
  ::close(fd_);
}

}  // namespace inkling
