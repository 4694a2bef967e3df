// The search behind `inkling find`: photos looked at one by one, and indexed folders.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/options.h"
#include "app/photo_queue.h"
#include "app/sketch_arguments.h"
#include "core/exporting/find_report.h"
#include "core/exporting/match_pictures.h"
#include "core/search/photo_search.h"

namespace inkling {

class FindSearch {
 public:
  /// Results and failed photos go to `report`, whose threshold is set here if it is not given.
  /// Pictures of the matches are written to `overlay` unless it is empty. Throws ModelError, and
  /// InputError for sketches that say nothing.
  FindSearch(const SharedOptions& shared, const QuerySketches& sketches,
             std::optional<double> threshold, const std::string& overlay, FindReport& report);

  /// Whether the model can search indexed folders.
  bool canUseIndexes() const { return localizer_.hasIndex(); }

  /// Looks at every photo. Throws OutputError when an overlay cannot be written; the report holds
  /// what was done.
  void lookAt(const std::vector<std::filesystem::path>& files, const CancellationToken& interrupt);

  /// How the catalogue of a folder is searched.
  struct Indexed {
    std::filesystem::path catalogue;
    std::filesystem::path shown;  ///< how the person calls its folder; empty: by its own name
    std::vector<std::filesystem::path> below;  ///< parts of the folder, relative; none: all of it
    std::optional<std::int64_t> closest;  ///< photos to look at closely; none: as many as it takes
  };
  /// Searches a catalogue as it is. Photos that it failed on are failed here, too. Throws
  /// InputError when it cannot be used.
  void lookInto(const Indexed& indexed, const CancellationToken& interrupt);

  /// Searches the catalogue of a folder, and returns which of `files` it does not know as they are
  /// now: these are to be looked at.
  std::vector<std::filesystem::path> lookInto(const Indexed& indexed,
                                              const std::vector<std::filesystem::path>& files,
                                              const CancellationToken& interrupt);

 private:
  using PathFilter = std::function<bool(const std::filesystem::path&)>;
  void look(const DecodedPhoto& photo);
  const RegionSetup& setup();
  void search(const Catalogue& catalogue, const Indexed& indexed, const PathFilter& counts,
              const CancellationToken& interrupt);
  /// `image` may be null: it is read where a picture is wanted.
  void keep(const std::filesystem::path& path, const PhotoFeatures& features,
            const Detections& found, const Image* image);
  void addFailed(const std::filesystem::path& path, const std::string& error);
  void attempt(const std::filesystem::path& path, const std::function<void()>& work);

  const SharedOptions& shared_;
  FindReport& report_;
  Localizer localizer_;
  SketchQuery query_;
  std::optional<RegionSetup> setup_;  ///< made when an index is searched
  std::optional<MatchPictures> pictures_;
};

}  // namespace inkling
