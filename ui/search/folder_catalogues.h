// The catalogues of the open folders, for the search thread: what was described in an earlier
// session, by `inkling index`, or at another place is not described again, what is described now is
// kept, and the region index says which photos are worth a close look.
//
// Folders are compared with their catalogues, and indexes are built, on threads of their own;
// poll() takes over what has become ready. A folder whose catalogue another process is writing, or
// that can have none, is searched as well as may be: its photos are described without being kept.
// Everything here belongs to one thread, and nothing of it throws for the state of the disk.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/cancellation.h"
#include "core/inference/localizer.h"
#include "core/search/feature_cache.h"
#include "core/search/photo_search.h"

namespace inkling {

class FolderCatalogues {
 public:
  /// `localizer` was loaded from `modelFile` and outlives this. Throws InputError when the file
  /// cannot be read any more.
  FolderCatalogues(const Localizer& localizer, std::filesystem::path modelFile);
  ~FolderCatalogues();
  FolderCatalogues(const FolderCatalogues&) = delete;
  FolderCatalogues& operator=(const FolderCatalogues&) = delete;

  /// The folders that are open now. Those that stay are compared with the disk again.
  void open(const std::vector<std::filesystem::path>& folders);
  /// Takes over what became ready in the background; true if more photos may be known now.
  bool poll();
  /// Something is under way that poll() will take over.
  bool isBusy() const;

  /// Described, and the file is still the same.
  bool knows(const std::filesystem::path& photo) const;
  /// What is known of a photo; nothing where it is not, or the cache has let it go.
  std::optional<PhotoFeatures> find(const std::filesystem::path& photo);
  /// Describes a photo, and keeps it in its catalogue where it has one. Throws InputError.
  PhotoFeatures describe(const std::filesystem::path& photo);

  /// The `limit` most promising of all known photos, best first.
  std::vector<std::filesystem::path> rank(const SketchQuery& query, std::int64_t limit) const;

  /// What a person should know: a damaged catalogue was set aside, the cache is in trouble. Empty:
  /// nothing new.
  std::string takeNotice();

 private:
  struct Folder;
  Folder* folderOf(const std::filesystem::path& photo) const;
  void compare(Folder& folder);
  void takeOver(Folder& folder);
  void maintain(Folder& folder);
  void learn(Folder& folder);

  const Localizer& localizer_;
  const std::filesystem::path modelFile_;
  const std::string identity_;  ///< of features
  FeatureCache cache_;
  std::optional<PhotoFeatures> described_;  ///< by the describer, on its way to who asked
  ModelDescriber describer_;
  std::vector<std::unique_ptr<Folder>> folders_;
  std::string notice_;
};

}  // namespace inkling
