// The catalogues of the open folders, for the search thread: what was described in an earlier
// session, by `inkling index`, or at another place is not described again, what is described now is
// kept, and the region index says which photos are worth a close look.
//
// Folders are compared with their catalogues, and indexes are built, on threads of their own;
// poll() takes over what has become ready. A folder whose catalogue another process is writing, or
// that can have none, is searched as well as may be: its photos are described without being kept.
// Everything here belongs to one thread, and nothing of it throws for the state of the disk.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/inference/localizer.h"
#include "core/search/feature_cache.h"
#include "ui/search/open_folder.h"

namespace inkling {

class FolderCatalogues {
 public:
  /// `localizer` was loaded from `modelFile`, has an index, and outlives this; `quit` cuts rank()
  /// short. Throws InputError when the file cannot be read any more.
  FolderCatalogues(const Localizer& localizer, std::filesystem::path modelFile,
                   CancellationToken quit);
  ~FolderCatalogues();
  FolderCatalogues(const FolderCatalogues&) = delete;
  FolderCatalogues& operator=(const FolderCatalogues&) = delete;

  /// The folders that are open now. Those that stay are compared with the disk again.
  void open(const std::vector<std::filesystem::path>& folders);
  /// A person has chosen another limit for the cache.
  void reopenCache();
  /// Takes over what became ready in the background; true if more photos may be known now.
  bool poll();
  /// When to poll again; nullopt: nothing is under way.
  std::optional<std::chrono::milliseconds> nextPoll() const;

  /// Of a folder it is not known yet which photos are known: a moment, or seconds with millions.
  bool isLearning() const;

  /// Described, and the file was still the same when the folder was compared with the disk.
  bool knows(const std::filesystem::path& photo) const;
  /// What is known of a photo; nothing where it is not, the file has changed, or the cache has let
  /// it go.
  std::optional<PhotoFeatures> find(const std::filesystem::path& photo);
  /// The file may be another now.
  void forget(const std::filesystem::path& photo);
  /// Describes a photo, and keeps it in its catalogue where it has one. Throws InputError.
  PhotoFeatures describe(const std::filesystem::path& photo);
  /// The photo has a catalogue that can be written at the moment.
  bool canKeep(const std::filesystem::path& photo) const;
  /// Enters a photo that was described while that could not be.
  void keep(const std::filesystem::path& photo);

  /// The `limit` most promising of all known photos, best first. Photos for which isRanked() is
  /// false have not been weighed.
  std::vector<std::filesystem::path> rank(const SketchQuery& query, std::int64_t limit);
  bool isRanked(const std::filesystem::path& photo) const;

  /// What a person should know: a damaged catalogue was set aside, the cache is in trouble. Empty:
  /// nothing new.
  std::string takeNotice();

 private:
  std::optional<PhotoFeatures> inCache(const ContentHash& content,
                                       const std::filesystem::path& photo);
  OpenFolder* folderOf(const std::filesystem::path& photo) const;

  const KnowingModel model_;
  const CancellationToken quit_;
  FeatureCache cache_;
  std::optional<PhotoFeatures> described_;  ///< by the describer, on its way to who asked
  ModelDescriber describer_;
  std::vector<std::unique_ptr<OpenFolder>> folders_;
};

}  // namespace inkling
