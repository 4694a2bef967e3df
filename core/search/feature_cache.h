// The features of photos on disk, up to a limit: what is looked at again need not be described
// again, whichever program asks, and wherever the photo has been moved or copied to.
//
//   FeatureCache cache = FeatureCache::openDefault();
//   if (auto bytes = cache.get(hash, identity)) return decodeFeatures(*bytes, name);
//   cache.put(hash, identity, encodeFeatures(features));
//   if (const std::string trouble = cache.takeTrouble(); !trouble.empty()) tell(trouble);
//
// It is one SQLite file that several threads and processes use at the same time. The longest unused
// go first. It is only a cache: nothing here throws for what may happen to a file. When it is
// broken, unwritable, kept busy or the disk is full, get() has nothing, put() gives up, and
// takeTrouble() says why. A broken one is made anew as soon as no other program has it open.
// Killing a process loses what it was putting; a power failure loses the last few as well.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/search/content_hash.h"

namespace inkling {

class FeatureCache {
 public:
  /// Limits below that keep nothing: the file would be larger than what it holds.
  static constexpr std::uint64_t kLeastLimit = std::uint64_t{4} << 20;

  /// Opens or makes the cache in `file`. Its files never take more than `limitBytes` together; 0
  /// keeps nothing and removes a cache that nobody else has open. A cache that was larger gives up
  /// the longest unused entries and shrinks: some of it now, the rest in steps of a quarter of a
  /// second with each put().
  static FeatureCache open(const std::filesystem::path& file, std::uint64_t limitBytes);

  /// The person's cache: defaultFile() with chosenLimit().
  static FeatureCache openDefault();

  /// features.sqlite in the person's cache folder.
  static std::filesystem::path defaultFile();
  /// 20 GiB, but no more than half of what the disk of `file` has to give (the cache's own part
  /// included).
  static std::uint64_t defaultLimit(const std::filesystem::path& file);

  /// The limit that a person has chosen for `file`, else defaultLimit(). Every program that opens
  /// the cache should use it: one with a lower limit would empty it.
  static std::uint64_t chosenLimit(const std::filesystem::path& file);
  /// Remembers a choice, in NAME.limit beside the file. Throws OutputError.
  static void chooseLimit(const std::filesystem::path& file, std::uint64_t limitBytes);

  ~FeatureCache();
  FeatureCache(FeatureCache&&) noexcept;
  FeatureCache& operator=(FeatureCache&&) noexcept;

  /// What was put for the photo with this content by the describer `identity`, and is still there.
  std::optional<std::string> get(const ContentHash& photo, std::string_view identity);

  /// Keeps `bytes`, at the cost of what has been unused for longest. What is there already stays.
  /// False: not kept, because the limit is too small for it (less than five times its size), or
  /// there is trouble.
  bool put(const ContentHash& photo, std::string_view identity, std::string_view bytes);

  /// On the disk, with the file's log.
  std::uint64_t bytes() const;

  /// What went wrong since the last call, in a sentence; empty: nothing that was not told before.
  std::string takeTrouble();

 private:
  class Store;
  explicit FeatureCache(std::unique_ptr<Store> store);
  std::unique_ptr<Store> store_;
};

}  // namespace inkling
