// Dividing an archive between machines that know nothing of one another.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/search/content_hash.h"

namespace inkling {

/// Part `number` of `of`. Which part a photo belongs to depends on its content alone: wherever it
/// lies, whatever it is called and whoever asks. Copies of a photo go to the same part.
struct Shard {
  int number = 1, of = 1;

  /// "2/8". Throws UsageError.
  static Shard parse(std::string_view text);
  std::string text() const;

  bool isWhole() const { return of == 1; }
  bool has(const ContentHash& content) const;
  /// Of a file that cannot be read and so has no content: by its name.
  bool hasUnreadable(const std::filesystem::path& name) const;

  friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace inkling
