// Describing the photos of a catalogue that wait for it, one after another.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "core/base/cancellation.h"
#include "core/base/progress.h"
#include "core/search/catalogue.h"
#include "core/search/shard.h"

namespace inkling {

/// What is said of one photo.
struct DescribedPhoto {
  int width = 0, height = 0;  ///< as shown, pixels
  int orientation = 1;        ///< EXIF 1..8
  std::string features;       ///< any bytes; the catalogue only keeps them
};

/// Looks at photos; the model behind it is no concern of the catalogue.
class PhotoDescriber {
 public:
  virtual ~PhotoDescriber() = default;

  /// Model and settings in a few characters, such as a hash of the model file: photos that were
  /// described with another identity are described again.
  virtual std::string identity() const = 0;

  /// `content` is the hash of the file as it was a moment ago. Throws InputError if this photo
  /// cannot be described, or is not what it was any more; Cancelled to stop, leaving it waiting.
  virtual DescribedPhoto describe(const std::filesystem::path& photo,
                                  const ContentHash& content) = 0;

  /// A hint: this photo will be asked for soon, and may be read meanwhile. What was read ahead may
  /// have changed since; describe() is told the content that counts.
  virtual void readAhead(const std::filesystem::path& photo) { static_cast<void>(photo); }
  /// How many photos after the one in hand are worth that hint.
  virtual int ahead() const { return 1; }
};

struct IndexResult {
  std::int64_t described = 0;  ///< by the describer
  std::int64_t copied = 0;     ///< same content as a photo described before
  std::int64_t failed = 0;     ///< the catalogue says why
  std::int64_t left = 0;       ///< not chosen: they still wait
  bool finished = true;        ///< false: paused; call again to go on
};

/// Whether a waiting photo is to be described, by its content (none: the file cannot be read) and
/// its path below the folder.
using PhotoChoice =
    std::function<bool(const std::optional<ContentHash>& content, const std::filesystem::path&)>;

/// The photos of one part of an archive; empty for the whole.
PhotoChoice photosOf(const Shard& shard);

struct IndexOptions {
  bool retryFailed = false;  ///< failed photos also wait again
  /// Empty: all. Photos that are not chosen are left waiting, unless a copy is described already;
  /// their hash is kept, so that each is read once only.
  PhotoChoice choice = {};
};

/// Describes all waiting photos and commits each at once, so that ending the process at any moment
/// loses the photo in hand at most. No content is described twice with the same identity: copies of
/// a photo share its description. Cancelling `token` pauses after the photo in hand; the next call
/// goes on where this one stopped; `progress`, called before each photo, may cancel, too. Photos
/// that vanish meanwhile are left to updateCatalogue().
///
/// A photo fails when it cannot be read, the describer throws an Error or memory runs out; it is
/// tried again once it has changed. UsageError, ModelError, OutputError and DamagedDatabase stop
/// the whole run, since they would hit all photos alike. Progress counts waiting photos.
IndexResult describePhotos(Catalogue& catalogue, PhotoDescriber& describer,
                           const CancellationToken& token = {},
                           const ProgressCallback& progress = {}, const IndexOptions& options = {});

/// Describes one photo out of turn, `path` below the catalogue's folder, if it waits for that.
/// False when it does not (unknown, described or failed before, gone). Errors as above: what
/// concerns this photo alone is kept in the catalogue.
bool describePhoto(Catalogue& catalogue, PhotoDescriber& describer,
                   const std::filesystem::path& path);

/// Lets photos that were described with another identity wait, as describePhotos() does at first.
void queueOutdated(Catalogue& catalogue, PhotoDescriber& describer, bool retryFailed = false);

}  // namespace inkling
