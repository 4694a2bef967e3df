#include "core/search/sqlite.h"

#include <array>
#include <span>

#include "core/search/catalogue_schema.h"
#include "tests/search/fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class SqliteTest : public CatalogueTest {
 protected:
  SqliteTest() { database_.run("CREATE TABLE t(number INTEGER, bytes BLOB)"); }

  Database database_{(std::filesystem::create_directories(top_), file_), Database::Mode::create};
};

TEST_F(SqliteTest, ReturnsWhatWasBound) {
  const std::string bytes("\0not\xFFutf8", 9);
  Statement insert(database_, "INSERT INTO t VALUES(?, ?)");
  insert.bind(1, std::int64_t{1} << 60).bindBlob(2, bytes).run();
  insert.bindNull(1).bindBlob(2, "").run();
  EXPECT_EQ(database_.lastRowId(), 2);
  Statement select(database_, "SELECT * FROM t ORDER BY rowid");
  ASSERT_TRUE(select.step());
  EXPECT_EQ(select.integer(0), std::int64_t{1} << 60);
  EXPECT_EQ(select.bytes(1), bytes);
  ASSERT_TRUE(select.step());
  EXPECT_TRUE(select.isNull(0));
  EXPECT_FALSE(select.isNull(1));
  EXPECT_EQ(select.bytes(1), "");
  EXPECT_FALSE(select.step());
}

TEST_F(SqliteTest, UndoesWhatWasNotCommitted) {
  {
    Transaction transaction(database_);
    database_.run("INSERT INTO t VALUES(1, '')");
  }
  EXPECT_EQ(database_.integer("SELECT count(*) FROM t"), 0);
  Transaction transaction(database_);
  database_.run("INSERT INTO t VALUES(1, '')");
  transaction.commit();
  EXPECT_EQ(database_.integer("SELECT count(*) FROM t"), 1);
}

TEST_F(SqliteTest, AFullDiskIsAnOutputErrorAndLeavesTheRest) {
  database_.run("PRAGMA max_page_count = 20");
  Statement insert(database_, "INSERT INTO t(bytes) VALUES(?)");
  const auto fill = [&] {
    for (int i = 0; i < 100; ++i) {
      Transaction transaction(database_);
      insert.bindBlob(1, std::string(3000, 'x')).run();
      transaction.commit();
    }
  };
  EXPECT_THAT(messageOf<OutputError>(fill), HasSubstr("catalogue.sqlite: cannot be written (the "
                                                      "disk is full)"));
  EXPECT_GT(database_.integer("SELECT count(*) FROM t"), 5);
  EXPECT_EQ(database_.text("PRAGMA quick_check"), "ok");
}

TEST_F(SqliteTest, NamesWhatCannotBeOpened) {
  EXPECT_THAT(messageOf<InputError>([&] { Database(top_ / "absent", Database::Mode::read); }),
              HasSubstr("absent: cannot be read"));
  EXPECT_THAT(messageOf<OutputError>([&] { Database(photos_, Database::Mode::create); }),
              HasSubstr("photos: cannot be written"));
}

TEST_F(SqliteTest, MigratesForwardStepByStep) {
  const std::array<const char*, 2> steps = {"CREATE TABLE a(x); INSERT INTO a VALUES(1)",
                                            "ALTER TABLE a ADD COLUMN y DEFAULT 2"};
  Database database(top_ / "old.sqlite", Database::Mode::create);
  migrate(database, std::span(steps).first(1));
  EXPECT_EQ(database.integer("PRAGMA user_version"), 1);
  migrate(database, steps);
  migrate(database, steps);
  EXPECT_EQ(database.integer("PRAGMA user_version"), 2);
  EXPECT_EQ(database.integer("SELECT x + y FROM a"), 3);

  // A step that fails leaves the version before it.
  const std::array<const char*, 3> broken = {steps[0], steps[1], "CREATE TABLE b(x); NONSENSE"};
  EXPECT_THROW(migrate(database, broken), OutputError);
  EXPECT_EQ(database.integer("PRAGMA user_version"), 2);
  EXPECT_EQ(database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'b'"), 0);
}

}  // namespace
}  // namespace inkling
