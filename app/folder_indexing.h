// Bringing the catalogue of one folder up to date, told to a person.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/search/catalogue.h"
#include "core/search/photo_indexer.h"
#include "core/search/region_library.h"

namespace inkling {

class FolderIndexing {
 public:
  /// Opens the catalogue, at its usual place or in `file`, and says on stderr where it is (unless
  /// `quiet`), and when a damaged one was set aside. Throws as cataloguePlace() and
  /// Catalogue::forIndexing() do.
  FolderIndexing(const std::filesystem::path& folder, const std::filesystem::path& file,
                 bool quiet);

  const std::filesystem::path& folder() const { return folder_; }

  /// Which photos are there now? False when cancelled. Throws InputError when the folder cannot be
  /// listed or a part of it vanishes meanwhile: try again later.
  bool update(const CancellationToken& token, const ProgressCallback& progress);
  /// Describes what waits for it. False when cancelled.
  bool describe(PhotoDescriber& describer, const CancellationToken& token,
                const ProgressCallback& progress, const IndexOptions& options = {});
  /// The same by whoever describes.
  bool describe(const std::function<IndexResult(Catalogue&)>& describing);

  /// Builds the region index anew if anything has changed, or only where so much has that a search
  /// would have to do it (`whenDue`). False when cancelled. Throws OutputError.
  bool buildIndex(const RegionSetup& setup, bool whenDue, const CancellationToken& token,
                  const ProgressCallback& progress);

  /// Names on stderr the photos that have failed since the last call (at first, all that are
  /// failed).
  void tellFailures();
  /// Whether any photo is failed now.
  bool hasFailed() const { return catalogue_->counts().failed > 0; }

  /// Photos have come, gone or been described since the last summary.
  bool hasNews() const { return news_; }
  /// How many photos the last describe() was not to describe: IndexResult::left.
  std::int64_t left() const { return left_; }
  /// One line of what was done since the last summary, and of what there is. `done`: how photos
  /// came to be described; `elsewhere`: why others were left.
  std::string summary(std::string_view done = "described now",
                      std::string_view elsewhere = "of other parts");

  /// After a DamagedDatabase: looks at the whole catalogue and sets it aside if need be, once;
  /// rethrows the second time.
  void repair();
  /// Whether somebody has removed the catalogue, perhaps with its folder.
  bool isGone() const;
  /// Opens or makes the catalogue again.
  void reopen(CatalogueCheck check = CatalogueCheck::usual);

 private:
  using Clock = std::chrono::steady_clock;

  const std::filesystem::path given_, file_;
  std::filesystem::path folder_;
  std::optional<Catalogue> catalogue_;
  std::int64_t described_ = 0, left_ = 0;
  std::int64_t toldUpTo_ = 0;  ///< revision of the catalogue
  bool news_ = false, repaired_ = false;
  std::optional<Clock::time_point> begun_;  ///< what the next summary is about
};

}  // namespace inkling
