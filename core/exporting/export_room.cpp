#include "core/exporting/export_room.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <system_error>
#include <vector>

#include <sys/statvfs.h>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Of a record in the job's state and in the files of the whole.
constexpr std::uint64_t kBytesPerPhoto = 512;

bool isLeftover(const fs::path& file) {
  constexpr std::string_view kPrefix = ".inkling-";
  const std::string& name = file.native();
  return name.size() == kPrefix.size() + 6 && name.starts_with(kPrefix) &&
         std::all_of(name.end() - 6, name.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

}  // namespace

void requireAbsent(const fs::path& file) {
  std::error_code error;
  if (fs::symlink_status(file, error).type() != fs::file_type::not_found)
    fail<OutputError>("{}: is there already; --force replaces it", displayName(file));
}

void requireRoom(const fs::path& out, const ExportFormat& format, std::size_t photos) {
  struct statvfs disk {};
  if (::statvfs(out.c_str(), &disk) != 0) return;
  // Files of a few bytes take a block each. How large pictures will be is not known before.
  const bool fileEach = !format.plannedFiles("photo").empty() && !format.needsPicture();
  const std::uint64_t each = kBytesPerPhoto + (fileEach ? disk.f_bsize : 0);
  const std::uint64_t wanted = each * photos, free = disk.f_bavail * disk.f_frsize;
  if (free < wanted)
    fail<OutputError>("{}: the disk has {} MB free, and {} photos need at least {} MB",
                      displayName(out), free >> 20, photos, (wanted >> 20) + 1);
  if (fileEach && disk.f_files > 0 && disk.f_favail < photos)
    fail<OutputError>("{}: the disk has room for {} more files, and there are {} photos",
                      displayName(out), disk.f_favail, photos);
}

void removeLeftovers(const fs::path& out) {
  std::error_code error;
  std::vector<fs::path> found;
  for (fs::recursive_directory_iterator at(out, fs::directory_options::skip_permission_denied,
                                           error);
       !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (isLeftover(at->path().filename()) && at->is_regular_file(error))
      found.push_back(at->path());
  }
  for (const fs::path& file : found) fs::remove(file, error);
}

}  // namespace inkling
