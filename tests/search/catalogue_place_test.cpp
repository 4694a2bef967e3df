#include "core/search/catalogue_place.h"

#include <cstdlib>

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

class CataloguePlace : public CatalogueTest {
 protected:
  void SetUp() override {
    CatalogueTest::SetUp();
    ::setenv("XDG_DATA_HOME", (top_ / "data").c_str(), /*overwrite=*/1);
  }
  void TearDown() override {
    ::unsetenv("XDG_DATA_HOME");
    CatalogueTest::TearDown();
  }
};

TEST_F(CataloguePlace, IsBesideThePhotosWhereThatCanBeWritten) {
  EXPECT_FALSE(existingCatalogue(photos_));
  EXPECT_FALSE(fs::exists(photos_ / ".inkling")) << "asking creates nothing";
  const fs::path file = cataloguePlace(photos_);
  EXPECT_EQ(file, fs::canonical(photos_) / ".inkling" / "catalogue.sqlite");
  { Catalogue::forIndexing(file, photos_); }
  EXPECT_EQ(existingCatalogue(photos_), file);
}

TEST_F(CataloguePlace, IsInTheDataFolderOtherwise) {
  // As root no folder is read-only, so a file stands in the way.
  write(".inkling", "in the way");
  const fs::path file = cataloguePlace(photos_);
  EXPECT_EQ(file.parent_path(), top_ / "data" / "inkling" / "catalogues");
  EXPECT_THAT(file.filename().native(), testing::MatchesRegex("photos-[0-9a-f]{16}\\.sqlite"));
  EXPECT_FALSE(existingCatalogue(photos_));
  { Catalogue::forIndexing(file, photos_); }
  EXPECT_EQ(existingCatalogue(photos_), file);
  EXPECT_EQ(existingCatalogue(photos_ / "." / ".."), std::nullopt);
  // Another folder of the same name has another file.
  fs::create_directories(top_ / "b" / "photos");
  write(top_ / "b" / "photos" / ".inkling", "in the way");
  EXPECT_NE(cataloguePlace(top_ / "b" / "photos"), file);
}

TEST_F(CataloguePlace, AFolderInThePlaceOfTheFileIsNoPlace) {
  fs::create_directories(photos_ / ".inkling" / "catalogue.sqlite");
  EXPECT_EQ(cataloguePlace(photos_).parent_path(), top_ / "data" / "inkling" / "catalogues");
}

TEST_F(CataloguePlace, NamesWhatIsInTheWay) {
  EXPECT_THROW(cataloguePlace(photos_ / "absent"), InputError);
  EXPECT_THROW(cataloguePlace(write("file", "")), InputError);
  write(".inkling", "in the way");
  write(top_ / "data", "in the way too");
  EXPECT_THROW(cataloguePlace(photos_), OutputError);
}

TEST_F(CataloguePlace, AnyNameWillDo) {
  const fs::path folder = top_ / "a'b \xFF?" / std::string(200, 'n');
  fs::create_directories(folder);
  const fs::path file = cataloguePlace(folder);
  {
    const Catalogue catalogue = Catalogue::forIndexing(file, folder);
    EXPECT_EQ(catalogue.folder(), fs::canonical(folder));
  }
  EXPECT_EQ(Catalogue::forReading(file).folder(), fs::canonical(folder));
  // Too deep for SQLite: a shorter one is found.
  fs::path deep = folder;
  for (int i = 0; i < 3; ++i) deep /= std::string(150, 'd');
  fs::create_directories(deep);
  Catalogue::forIndexing(cataloguePlace(deep), deep);
}

TEST_F(CataloguePlace, SettingAsideCountsUp) {
  for (const std::string name : {"c.sqlite.broken-1", "c.sqlite.broken-2"}) {
    std::ofstream(top_ / "c.sqlite") << "x";
    std::ofstream(top_ / "c.sqlite-wal") << "y";
    EXPECT_EQ(setCatalogueAside(top_ / "c.sqlite"), top_ / name);
    EXPECT_EQ(readFile(top_ / name), "x");
    EXPECT_EQ(readFile(top_ / (name + "-wal")), "y");
  }
  EXPECT_THROW(setCatalogueAside(top_ / "c.sqlite"), OutputError);
}

}  // namespace
}  // namespace inkling
