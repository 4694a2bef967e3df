#include "core/exporting/record_journal.h"

#include <cerrno>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

constexpr std::size_t kHead = 9;  // eight digits and a space
constexpr std::chrono::seconds kSyncEvery{5};

std::string reason() { return std::generic_category().message(errno); }

std::uint32_t checksum(std::string_view text) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

bool isWhole(std::string_view line) {
  if (line.size() < kHead || line[kHead - 1] != ' ') return false;
  std::uint32_t told = 0;
  const auto [end, error] = std::from_chars(line.data(), line.data() + kHead - 1, told, 16);
  return error == std::errc() && end == line.data() + kHead - 1 &&
         told == checksum(line.substr(kHead));
}

}  // namespace

JobFolder::Journal::Journal(std::filesystem::path file, bool writable)
    : file_(std::move(file)), writable_(writable) {
  fd_ = ::open(file_.c_str(), writable ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0666);
  if (fd_ >= 0) return;
  if (writable) fail<OutputError>("{}: cannot be written ({})", displayName(file_), reason());
  fail<InputError>("{}: cannot be read ({})", displayName(file_), reason());
}

JobFolder::Journal::~Journal() { ::close(fd_); }

void JobFolder::Journal::read(
    const std::function<void(std::string_view line, std::uint64_t offset)>& take) {
  size_ = 0;
  std::string buffer(std::size_t{1} << 20, '\0'), rest;
  for (std::uint64_t at = 0;;) {
    const ssize_t got = ::pread(fd_, buffer.data(), buffer.size(), static_cast<off_t>(at));
    if (got < 0) fail<InputError>("{}: cannot be read ({})", displayName(file_), reason());
    if (got == 0) break;
    at += static_cast<std::uint64_t>(got);
    rest.append(buffer, 0, static_cast<std::size_t>(got));
    std::size_t begin = 0;
    bool damaged = false;
    for (std::size_t end = 0; (end = rest.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const std::string_view line(rest.data() + begin, end - begin);
      damaged = !isWhole(line);
      if (damaged) break;
      take(line.substr(kHead), size_ + kHead);
      size_ += line.size() + 1;
    }
    if (damaged) break;
    rest.erase(0, begin);
  }
  if (writable_ && ::ftruncate(fd_, static_cast<off_t>(size_)) != 0)
    fail<OutputError>("{}: cannot be written ({})", displayName(file_), reason());
}

std::uint64_t JobFolder::Journal::append(std::string_view line) {
  const std::string whole = fmt::format("{:08x} {}\n", checksum(line), line);
  for (std::size_t done = 0; done < whole.size();) {
    const ssize_t wrote =
        ::pwrite(fd_, whole.data() + done, whole.size() - done, static_cast<off_t>(size_ + done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      const std::string why = reason();
      [[maybe_unused]] const int cut = ::ftruncate(fd_, static_cast<off_t>(size_));
      fail<OutputError>("{}: cannot be written ({})", displayName(file_), why);
    }
    done += static_cast<std::size_t>(wrote);
  }
  const std::uint64_t offset = size_ + kHead;
  size_ += whole.size();
  if (std::chrono::steady_clock::now() - synced_ > kSyncEvery) sync();
  return offset;
}

std::string JobFolder::Journal::line(std::uint64_t offset, std::size_t bytes) const {
  std::string text(bytes, '\0');
  const ssize_t got = ::pread(fd_, text.data(), bytes, static_cast<off_t>(offset));
  if (got != static_cast<ssize_t>(bytes))
    fail<InputError>("{}: cannot be read ({})", displayName(file_), got < 0 ? reason() : "cut off");
  return text;
}

void JobFolder::Journal::sync() {
  if (::fdatasync(fd_) != 0)
    fail<OutputError>("{}: cannot be written ({})", displayName(file_), reason());
  synced_ = std::chrono::steady_clock::now();
}

}  // namespace inkling
