#include "core/base/file_stamp.h"

#include <ctime>

#include <sys/stat.h>

namespace inkling {
namespace {

std::int64_t toNs(const std::timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::optional<FileStamp> stampOf(const std::filesystem::path& file) {
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  return FileStamp{info.st_size, toNs(info.st_mtim)};
}

std::int64_t nowNs() {
  std::timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return toNs(now);
}

}  // namespace inkling
