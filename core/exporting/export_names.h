// Under which names the files of each photo lie below the out folder of an export.
//
//   const ExportNames names(paths);                    // all photos of the job
//   out / withSuffix(names.nameOf("sub/photo.jpg"), ".txt")   // out/sub/photo.txt
//
// A name is the photo's path without its extension. Photos that differ in the extension alone or in
// the case of ASCII letters, and photos whose name an export needs for itself ("classes",
// "annotations", "detections", "failures", "export" at the top), keep their full file name; what
// still collides ("a.png" beside "a.png.jpg") gets "-2", "-3", ... Names that would be too long for
// the file system with the longest suffix are shortened, never in the middle of a UTF-8 character.
// No two names are equal, not even on a file system that takes upper and lower case as the same,
// and no file lies where another photo needs a folder. Names depend on the set of paths alone, not
// on its order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace inkling {

/// Room that every suffix of the formats fits in: see ExportFormat::longestSuffix.
inline constexpr std::size_t kLongestExportSuffix = 80;

class ExportNames {
 public:
  /// Walks over all paths of the job, relative to the exported folder, in any order. It is called
  /// several times and has to give the same paths each time.
  using Paths = std::function<void(const std::function<void(const std::filesystem::path&)>&)>;

  /// `suffixBytes`: the longest suffix that will follow a name; the largest longestSuffix() of the
  /// formats in use leaves long names as they are where they fit. Throws UsageError for a path that
  /// is absolute or leaves its folder. Keeps only what is unusual: 8 bytes for two photos that
  /// differ in the extension alone, and the names with a number.
  explicit ExportNames(const Paths& paths, std::size_t suffixBytes = kLongestExportSuffix);
  explicit ExportNames(std::span<const std::filesystem::path> paths,
                       std::size_t suffixBytes = kLongestExportSuffix);

  /// The name of one of the paths, e.g. "sub/photo". May be called by several threads.
  std::filesystem::path nameOf(const std::filesystem::path& path) const;

 private:
  std::string candidate(const std::filesystem::path& path) const;
  void blockFoldersOf(const Paths& paths);
  void findAmbiguous(const Paths& paths);
  void numberCollisions(const Paths& paths);

  std::size_t longest_;                      // bytes of the last component of a name
  std::unordered_set<std::string> blocked_;  // names, folded, that no photo may have
  std::vector<std::uint64_t> ambiguous_;     // hashes of the folded stems that several photos have
  std::unordered_map<std::string, std::string> odd_;  // path to name, where a number had to help
};

/// The name with a suffix behind its last component ("sub/photo" and ".txt": "sub/photo.txt").
std::filesystem::path withSuffix(const std::filesystem::path& name, const std::string& suffix);

}  // namespace inkling
