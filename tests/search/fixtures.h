// A folder of small stand-ins for photos, and a describer that needs no model.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/search/catalogue.h"
#include "core/search/catalogue_update.h"
#include "core/search/photo_indexer.h"

namespace inkling {

/// Says of a photo what its bytes are, and remembers what it was asked.
class FakeDescriber : public PhotoDescriber {
 public:
  std::string identity() const override { return model; }
  DescribedPhoto describe(const std::filesystem::path& photo, const ContentHash& hash) override {
    EXPECT_EQ(hash, hashFile(photo)) << "of what is described";
    asked.push_back(photo.filename());
    if (before) before(photo);
    const std::string content = readFile(photo);
    if (content.starts_with("broken")) throw InputError(photo.native() + ": is no photo");
    return {static_cast<int>(content.size()), 7, 6, "features of " + content};
  }

  std::string model = "model-1";
  std::vector<std::string> asked;
  std::function<void(const std::filesystem::path&)> before;
};

class CatalogueTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(photos_); }
  void TearDown() override { std::filesystem::remove_all(top_); }

  std::filesystem::path write(const std::filesystem::path& name, const std::string& content) {
    const std::filesystem::path file = photos_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }
  void move(const std::filesystem::path& from, const std::filesystem::path& to) {
    std::filesystem::create_directories((photos_ / to).parent_path());
    std::filesystem::rename(photos_ / from, photos_ / to);
  }
  Catalogue indexing() { return Catalogue::forIndexing(file_, photos_); }

  /// Update and description in one, as an indexer does.
  CatalogueChanges bringUpToDate() {
    Catalogue catalogue = indexing();
    const CatalogueChanges changes = updateCatalogue(catalogue);
    describePhotos(catalogue, describer_);
    return changes;
  }
  /// Path to features of all photos that are described.
  static std::map<std::string, std::string> content(const Catalogue& catalogue) {
    std::map<std::string, std::string> all;
    for (const PhotoEntry& entry : catalogue.photosAfter(0, 1'000'000)) {
      if (const auto features = catalogue.features(entry.id)) all[entry.path.native()] = *features;
    }
    return all;
  }
  std::map<std::string, std::string> content() const {
    return content(Catalogue::forReading(file_));
  }

  std::filesystem::path top_ = std::filesystem::temp_directory_path() /
                               ("inkling-search-" + std::to_string(::getpid()) + "-" +
                                testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path photos_ = top_ / "photos";
  std::filesystem::path file_ = top_ / "catalogue.sqlite";
  FakeDescriber describer_;
};

/// The message of the E that `work` throws; empty if it throws none.
template <typename E, typename Work>
std::string messageOf(Work&& work) {
  try {
    work();
  } catch (const E& error) {
    return error.what();
  }
  return "";
}

}  // namespace inkling
