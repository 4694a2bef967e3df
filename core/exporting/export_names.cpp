#include "core/exporting/export_names.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/exporting/name_parts.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestComponent = 255;  // bytes, in the file systems of today
constexpr std::array<std::string_view, 5> kReserved = {"classes", "annotations", "detections",
                                                       "failures", "export"};

// FNV-1a: the same on every machine, as names have to be. Two names with the same hash by chance
// only get a longer name than they need.
std::uint64_t hashOf(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

bool isReserved(const std::string& foldedStem) {
  return std::find(kReserved.begin(), kReserved.end(), foldedStem) != kReserved.end();
}

// A folder of photos called "classes.txt" would lie where the export writes its file.
std::string folderName(const fs::path& component, bool atTop) {
  const bool taken =
      atTop && component.has_extension() && isReserved(foldedCase(component.stem().native()));
  return taken ? component.native() + "-2" : component.native();
}

// "" or "sub/folder/".
std::string folderOf(const fs::path& path) {
  std::string folder;
  const fs::path parent = path.parent_path();
  for (auto part = parent.begin(); part != parent.end(); ++part) {
    folder += folderName(*part, part == parent.begin()) + '/';
  }
  return folder;
}

void requireInside(const fs::path& path) {
  const bool leaves = std::find(path.begin(), path.end(), "..") != path.end();
  if (path.empty() || path.is_absolute() || leaves || !path.has_filename())
    fail<UsageError>("{}: is no path of a photo below the exported folder", displayName(path));
}

std::string numbered(const std::string& name, int number, std::size_t longest) {
  const std::string suffix = fmt::format("-{}", number);
  const std::size_t start = name.rfind('/') + 1;  // 0 where there is no folder
  return name.substr(0, start) + shortenedName(name.substr(start), longest - suffix.size()) +
         suffix;
}

// What the name of a photo would have to be for one of its files to be called like this folder.
std::string_view photoWithFileCalled(std::string_view folder) {
  for (const std::string_view ending : {".txt", ".xml"}) {
    if (folder.ends_with(ending)) return folder.substr(0, folder.size() - ending.size());
  }
  if (!folder.ends_with(".jpg")) return {};
  folder.remove_suffix(4);
  const std::size_t dot = folder.rfind('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view kind = folder.substr(dot + 1);
  return kind == "boxes" || kind.starts_with("attention") ? folder.substr(0, dot)
                                                          : std::string_view{};
}

// The values that occur with more than one path, from pairs of (value, hash of the path).
std::vector<std::uint64_t> repeated(std::vector<std::pair<std::uint64_t, std::uint64_t>>& pairs) {
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::vector<std::uint64_t> values;
  for (std::size_t i = 1; i < pairs.size(); ++i) {
    const std::uint64_t value = pairs[i].first;
    if (value == pairs[i - 1].first && (values.empty() || values.back() != value))
      values.push_back(value);
  }
  values.shrink_to_fit();
  return values;
}

bool holds(const std::vector<std::uint64_t>& sorted, std::uint64_t value) {
  return std::binary_search(sorted.begin(), sorted.end(), value);
}

}  // namespace

ExportNames::ExportNames(std::span<const fs::path> paths, std::size_t suffixBytes)
    : ExportNames(
          [paths](const std::function<void(const fs::path&)>& visit) {
            for (const fs::path& path : paths) visit(path);
          },
          suffixBytes) {}

ExportNames::ExportNames(const Paths& paths, std::size_t suffixBytes)
    : longest_(kLongestComponent - suffixBytes) {
  if (suffixBytes > kLongestComponent / 2)
    fail<UsageError>("no room for names before a suffix of {} bytes", suffixBytes);
  for (const std::string_view name : kReserved) blocked_.emplace(name);
  blockFoldersOf(paths);
  findAmbiguous(paths);
  numberCollisions(paths);
}

void ExportNames::blockFoldersOf(const Paths& paths) {
  fs::path last;  // the photos of a folder mostly come one after another
  paths([&](const fs::path& path) {
    requireInside(path);
    fs::path parent = path.parent_path();
    if (parent == last) return;
    last = std::move(parent);
    const std::string folders = foldedCase(folderOf(path));
    for (std::size_t end = folders.find('/'); end != std::string::npos;
         end = folders.find('/', end + 1)) {
      const std::string_view photo = photoWithFileCalled(std::string_view(folders).substr(0, end));
      if (!photo.empty()) blocked_.emplace(photo);
    }
  });
}

// The stem, or the full file name where the stem is not free.
std::string ExportNames::candidate(const fs::path& path) const {
  const std::string folder = folderOf(path);
  const std::string stem = folder + shortenedName(path.stem().native(), longest_);
  const std::string key = foldedCase(stem);
  if (!blocked_.contains(key) && !holds(ambiguous_, hashOf(key))) return stem;
  return folder + shortenedName(path.filename().native(), longest_);
}

void ExportNames::findAmbiguous(const Paths& paths) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> stems;
  paths([&](const fs::path& path) {
    stems.emplace_back(hashOf(foldedCase(candidate(path))), hashOf(path.native()));
  });
  ambiguous_ = repeated(stems);
}

void ExportNames::numberCollisions(const Paths& paths) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> names;
  paths([&](const fs::path& path) {
    names.emplace_back(hashOf(foldedCase(candidate(path))), hashOf(path.native()));
  });
  const std::vector<std::uint64_t> twice = repeated(names);

  std::vector<std::pair<std::string, std::string>> colliding;  // name folded, path
  paths([&](const fs::path& path) {
    std::string key = foldedCase(candidate(path));
    if (blocked_.contains(key) || holds(twice, hashOf(key)))
      colliding.emplace_back(std::move(key), path.native());
  });
  std::sort(colliding.begin(), colliding.end());
  colliding.erase(std::unique(colliding.begin(), colliding.end()), colliding.end());

  std::unordered_set<std::uint64_t> given;
  const auto isFree = [&](const std::string& key) {
    const std::uint64_t hash = hashOf(key);
    const auto taken =
        std::lower_bound(names.begin(), names.end(), std::pair{hash, std::uint64_t{0}});
    return !blocked_.contains(key) && (taken == names.end() || taken->first != hash) &&
           given.insert(hash).second;
  };
  int number = 2;
  for (std::size_t i = 0; i < colliding.size(); ++i) {
    const auto& [key, path] = colliding[i];
    const bool first = i == 0 || colliding[i - 1].first != key;
    if (first) number = 2;
    if (first && !blocked_.contains(key)) continue;  // keeps its name
    const std::string name = candidate(path);
    while (!isFree(foldedCase(numbered(name, number, longest_)))) ++number;
    odd_.emplace(path, numbered(name, number++, longest_));
  }
}

fs::path ExportNames::nameOf(const fs::path& path) const {
  const auto odd = odd_.find(path.native());
  return odd == odd_.end() ? candidate(path) : odd->second;
}

fs::path withSuffix(const fs::path& name, const std::string& suffix) {
  fs::path file = name;
  file += suffix;
  return file;
}

}  // namespace inkling
