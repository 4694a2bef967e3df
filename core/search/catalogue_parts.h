// Joining the catalogues that several machines have made of one folder, each of its part:
//
//   CatalogueParts parts({"part1.sqlite", "part2.sqlite"}, identity);
//   updateCatalogue(catalogue);
//   describePhotos(catalogue, parts, token, progress, {.choice = parts.choice()});
//
// Photos are recognised by their content alone, wherever they lie and whatever they are called. So
// the parts may have been made of copies of the folder, and everything that holds for
// describePhotos() holds here: it can be ended at any moment and run again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/search/photo_indexer.h"

namespace inkling {

/// Knows of photos what some catalogues say of them, failures included.
class CatalogueParts : public PhotoDescriber {
 public:
  /// `identity` is that of the describer whose words count: see PhotoDescriber. Reads every page of
  /// every file, which are not changed. Throws UsageError for no files, InputError naming the file:
  /// missing, damaged, of another version, no catalogue, or all its photos described by another
  /// model.
  CatalogueParts(const std::vector<std::filesystem::path>& files, std::string identity);
  ~CatalogueParts() override;

  /// The folder that all parts were made of; none when they differ.
  std::optional<std::filesystem::path> folder() const;

  /// Photos that a part knows; and those that cannot be read, which fail here as anywhere.
  PhotoChoice choice() const;

  std::string identity() const override { return identity_; }
  /// Throws InputError also for a photo that failed in its part, or that no part knows.
  DescribedPhoto describe(const std::filesystem::path& photo, const ContentHash& content) override;

 private:
  class Part;
  // What is kept in memory of each photo: 40 bytes.
  struct Known {
    ContentHash content;
    int state = 0;  // a copy that could be described comes before one that failed
    std::size_t part = 0;
    std::int64_t id = 0;
    bool operator<(const Known& other) const;
  };
  const Known* find(const ContentHash& content) const;

  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Known> known_;  // sorted
  const std::string identity_;
};

}  // namespace inkling
