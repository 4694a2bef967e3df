// One open folder and its catalogue. Internal to ui/search, part of FolderCatalogues.
//
// Three things happen on threads of their own, at most one of each kind at a time: reading which
// photos the catalogue knows (learning), comparing the catalogue with the disk, which alone needs
// the right to write, and building the region index. poll() takes over what has become ready.
// Meanwhile the catalogue as it is serves for reading, through a connection of the search thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/base/cancellation.h"
#include "core/search/photo_search.h"

namespace inkling {

/// What the folders have to know of the model.
struct KnowingModel {
  const Localizer& localizer;
  RegionSetup setup;
};

class OpenFolder {
 public:
  /// `path` as the window calls it. Begins to learn and to compare. `model` outlives this.
  OpenFolder(std::filesystem::path path, const KnowingModel& model);
  /// Cancels what is under way and waits for it.
  ~OpenFolder();
  OpenFolder(const OpenFolder&) = delete;
  OpenFolder& operator=(const OpenFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  bool holds(const std::filesystem::path& photo) const {
    return photo.native().starts_with(prefix_);
  }

  /// With the disk, once more.
  void compare();
  /// Takes over what became ready; `describer` says which descriptions are out of date. True if
  /// more photos may be known, or ranked, now.
  bool poll(PhotoDescriber& describer);
  /// When to poll again; nothing is to be expected: nullopt.
  std::optional<std::chrono::milliseconds> nextPoll() const;

  /// Not yet said which photos are known, for the first time.
  bool isFirstLearning() const { return !learned_; }

  // Of photos that the folder holds.
  bool knows(const std::filesystem::path& photo) const { return known_.contains(below(photo)); }
  /// The content of a known photo; nothing where the file has changed since. Throws InputError.
  std::optional<ContentHash> contentOf(const std::filesystem::path& photo) const;
  /// Another content may be behind the name now.
  void forget(const std::filesystem::path& photo);
  /// The catalogue can be written at the moment.
  bool canKeep() const { return catalogue_.has_value(); }
  /// Describes a photo that waits in the catalogue, and keeps it there. Does nothing where it does
  /// not wait, or canKeep() is false. Throws as describePhoto().
  void describe(const std::filesystem::path& photo, PhotoDescriber& describer);

  struct Candidate {
    std::filesystem::path photo;
    double estimate = 0;
  };
  /// The most promising known photos, best first. Nothing (and isRanked() is false) where that
  /// cannot be said yet, or at all. `quit` cancels.
  std::vector<Candidate> rank(const SketchQuery& query, std::int64_t limit,
                              const CancellationToken& quit);
  bool isRanked() const { return ranked_; }

  /// What a person should know, each thing once; empty: nothing new.
  std::string takeNotice() { return std::exchange(notice_, {}); }
  void notify(const std::string& text);

 private:
  struct Compared {
    std::optional<Catalogue> catalogue;  ///< the right to write
    bool held = false;                   ///< by another process
    std::string notice;
  };
  struct Learned {
    std::optional<Catalogue> catalogue;  ///< for reading
    std::unordered_set<std::string> known;
  };
  static Compared openForIndexing(const std::filesystem::path& folder);
  static Compared compareWithDisk(std::optional<Catalogue> catalogue,
                                  const std::filesystem::path& folder,
                                  const CancellationToken& token);
  static Learned learnFrom(const std::filesystem::path& folder, const std::string& identity,
                           const CancellationToken& token);
  static bool buildIndex(const std::filesystem::path& file, const RegionSetup& setup,
                         const CancellationToken& token);

  std::string below(const std::filesystem::path& photo) const {
    return photo.native().substr(prefix_.size());
  }
  void learn();
  void maintain();
  void takeCompared(PhotoDescriber& describer);
  void takeLearned();

  const std::filesystem::path path_;
  const std::string prefix_;  ///< of the paths of its photos
  const KnowingModel& model_;
  std::optional<Catalogue> catalogue_;  ///< the right to write, while it is not being compared
  std::optional<Catalogue> reader_;
  std::unique_ptr<PhotoSearch> search_;    ///< of reader_
  std::unordered_set<std::string> known_;  ///< photos that are described, below the folder
  std::vector<std::string> since_;         ///< those that were described while learning
  bool compareAgain_ = false, learnAgain_ = false, maintainNext_ = false, maintained_ = false;
  bool learned_ = false, ranked_ = false;
  std::int64_t sinceMaintained_ = 0;
  std::optional<std::chrono::steady_clock::time_point> retry_;  ///< another process indexes
  std::string notice_;
  std::set<std::string> told_;

  CancellationToken token_;
  // Their ends are waited for before anything above goes.
  std::future<Compared> comparing_;
  std::future<Learned> learning_;
  std::future<bool> maintaining_;
};

}  // namespace inkling
