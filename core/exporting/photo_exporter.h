// Looking at one photo for an export, and making its files. Used by the threads of ExportPipeline.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/exporting/export_format.h"
#include "core/exporting/export_names.h"
#include "core/exporting/job_folder.h"
#include "core/image/photo_reader.h"
#include "core/inference/localizer.h"
#include "core/search/feature_cache.h"
#include "core/search/shard.h"

namespace inkling {

/// What photos are looked at with; all outlive the exporter.
struct ExportTools {
  const Localizer& localizer;
  const std::vector<SketchQuery>& queries;  ///< one a category
  std::string featuresIdentity;             ///< featuresIdentity() of the model
  FeatureCache* cache = nullptr;            ///< may be null
};

class PhotoExporter {
 public:
  /// `folder`: which the photos' paths are below. All outlive the exporter.
  PhotoExporter(const ExportTools& tools, const ExportSetup& setup, const ExportFormat& format,
                const ExportNames& names, std::filesystem::path folder, Shard shard);

  /// A photo on its way.
  struct Read {
    std::size_t number = 0;
    std::filesystem::path path;  ///< below the folder
    std::string error;           ///< not empty: it cannot be exported
    bool elsewhere = false;      ///< another shard's
    ContentHash content;
    std::optional<PhotoFeatures> features;  ///< known already
    ReducedPhoto photo;                     ///< else, or where pictures are made
    std::string bytes;  ///< of the file, as long as the picture may be needed and is not decoded
  };
  /// Reads and decodes a photo, as far as it is needed. What is wrong with it is told in the
  /// result.
  Read read(std::size_t number, const std::filesystem::path& path) const;

  /// Describes those together that are not known, a few at a time on a card. Nothing on the
  /// processor, and no error: look() does what is left, and tells what is wrong with a photo.
  void describe(std::span<Read> photos) const;
  /// How many photos describe() should be given.
  int batchSize() const { return tools_.localizer.batchSize(); }

  struct Result {
    ExportRecord record;
    std::vector<ExportFile> files;
  };
  /// Finds in it what is looked for. The answer does not depend on what is in the cache.
  Result look(Read photo) const;

 private:
  std::vector<Detections> locateAll(const PhotoFeatures& features) const;
  void readWhole(Read& photo) const;
  ExportedPhoto locate(const Read& photo, const PhotoFeatures& features) const;
  std::vector<ExportFile> filesOf(Read& photo, const PhotoFeatures& features,
                                  const ExportedPhoto& found) const;
  std::string told(const std::string& error, const std::filesystem::path& path) const;

  const ExportTools tools_;
  const ExportSetup& setup_;
  const ExportFormat& format_;
  const ExportNames& names_;
  const std::filesystem::path folder_;
  const Shard shard_;
};

}  // namespace inkling
