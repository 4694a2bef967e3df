#include "core/search/catalogue_place.h"

#include <sys/vfs.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/base/user_folders.h"
#include "core/search/content_hash.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// SQLite takes 512 bytes, of which "-journal" needs some.
constexpr std::size_t kMaxPathBytes = 480;
constexpr std::size_t kMaxNameBytes = 80;

fs::path besidePhotos(const fs::path& canonical) {
  return canonical / ".inkling" / "catalogue.sqlite";
}

fs::path inDataFolder(const fs::path& canonical) {
  const std::string hash = hashBytes(canonical.native()).hex().substr(0, 16);
  std::string name = canonical.filename().native().substr(0, kMaxNameBytes);
  if (name.empty()) name = "root";
  return userDataFolder() / "catalogues" / (name + "-" + hash + ".sqlite");
}

// The write-ahead log needs memory shared between processes, which these cannot give.
bool isOnNetwork(const fs::path& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return false;
  switch (static_cast<unsigned long>(info.f_type) & 0xFFFFFFFFUL) {
    case 0x6969:      // NFS
    case 0x517B:      // SMB
    case 0xFE534D42:  // SMB2
    case 0xFF534D42:  // CIFS
    case 0x65735546:  // FUSE: sshfs and its like
      return true;
    default:
      return false;
  }
}

bool canLieBeside(const fs::path& canonical) {
  const fs::path file = besidePhotos(canonical);
  if (file.native().size() > kMaxPathBytes || isOnNetwork(canonical)) return false;
  std::error_code ignored;
  if (fs::exists(file, ignored) && ::access(file.c_str(), W_OK) != 0) return false;
  if (fs::is_directory(file, ignored)) return false;
  try {
    requireWritableFolder(file.parent_path());
  } catch (const OutputError&) {
    return false;
  }
  return true;
}

}  // namespace

fs::path canonicalFolder(const fs::path& folder) {
  std::error_code error;
  fs::path canonical = fs::canonical(folder, error);
  if (error) fail<InputError>("{}: {}", displayName(folder), error.message());
  if (!fs::is_directory(canonical)) fail<InputError>("{}: is not a folder", displayName(folder));
  return canonical;
}

fs::path cataloguePlace(const fs::path& folder) {
  const fs::path canonical = canonicalFolder(folder);
  if (canLieBeside(canonical)) return besidePhotos(canonical);
  fs::path file = inDataFolder(canonical);
  requireWritableFolder(file.parent_path());
  return file;
}

std::optional<fs::path> existingCatalogue(const fs::path& folder) {
  const fs::path canonical = canonicalFolder(folder);
  const fs::path beside = besidePhotos(canonical);
  const fs::path data = inDataFolder(canonical);
  std::error_code ignored;
  const bool isBeside = fs::is_regular_file(beside, ignored);
  // What cannot be written beside the photos is kept up to date in the data folder.
  if (isBeside && ::access(beside.c_str(), W_OK) == 0) return beside;
  if (fs::is_regular_file(data, ignored)) return data;
  return isBeside ? std::optional(beside) : std::nullopt;
}

fs::path setCatalogueAside(const fs::path& file) {
  std::error_code error;
  fs::path aside;
  for (int n = 1; aside.empty() || fs::exists(fs::symlink_status(aside, error)); ++n) {
    aside = fs::path(file.native() + ".broken-" + std::to_string(n));
  }
  fs::rename(file, aside, error);
  if (error) {
    fail<OutputError>("{}: is damaged and cannot be set aside ({})", displayName(file),
                      error.message());
  }
  // The log belongs to the broken file; left here it would be taken for the new one's.
  fs::rename(file.native() + "-wal", aside.native() + "-wal", error);
  fs::remove(file.native() + "-shm", error);
  return aside;
}

}  // namespace inkling
