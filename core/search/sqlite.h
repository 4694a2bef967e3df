// A thin face over SQLite: values in and out, errors as those of core/base/error.h, handles that
// close themselves. <sqlite3.h> is included by sqlite.cpp alone.
//
//   Database database(file, Database::Mode::create);
//   Statement insert(database, "INSERT INTO photos(path, bytes) VALUES(?, ?)");
//   Transaction transaction(database);
//   insert.bindBlob(1, path.native()).bind(2, size).run();
//   transaction.commit();
//
//   Statement select(database, "SELECT bytes FROM photos WHERE path = ?");
//   select.bindBlob(1, path.native());
//   while (select.step()) total += select.integer(0);
//
// Errors name the database file and the reason:
//   DamagedDatabase  the file is not a database, or broken
//   OutputError      cannot be written: full disk, no permission, locked by somebody for too long
//   InputError       cannot be opened for reading
// A connection and its statements belong to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace inkling {

/// The file is not an SQLite database, or its pages contradict each other.
class DamagedDatabase : public InputError {
 public:
  using InputError::InputError;
};

class Database {
 public:
  enum class Mode {
    read,   ///< the file must exist; nothing can be changed
    create  ///< for reading and writing, made if missing
  };

  /// Opens the file. Whoever else writes to it is waited for, ten seconds at most, in this and all
  /// later calls.
  Database(const std::filesystem::path& file, Mode mode);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs one or more statements without parameters or results.
  void run(const char* sql);

  /// The first column of the first row of `sql`, which must have one; for PRAGMAs and counts.
  std::int64_t integer(const char* sql);
  std::string text(const char* sql);

  /// Of the last INSERT.
  std::int64_t lastRowId() const;
  /// How many rows the last INSERT, UPDATE or DELETE touched.
  std::int64_t changedRows() const;

  const std::filesystem::path& file() const { return file_; }

 private:
  friend class Statement;
  [[noreturn]] void failWith(int code) const;
  void check(int code) const;

  std::filesystem::path file_;
  Mode mode_;
  sqlite3* handle_ = nullptr;
};

/// A prepared statement, which the Database must outlive. Parameters are counted from 1, columns
/// from 0, as in SQLite.
class Statement {
 public:
  Statement(Database& database, std::string_view sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(int parameter, std::int64_t value);
  Statement& bindNull(int parameter);
  /// The bytes are copied. Text must be UTF-8; everything else is a blob.
  Statement& bindText(int parameter, std::string_view value);
  Statement& bindBlob(int parameter, std::string_view value);

  /// To the next row; false after the last one, and the statement can be bound and stepped anew.
  bool step();
  /// Steps to the end, for statements without results.
  void run();
  /// Gives up the remaining rows.
  void reset();

  bool isNull(int column) const;
  std::int64_t integer(int column) const;
  /// The bytes of a text or a blob.
  std::string bytes(int column) const;

 private:
  Database& database_;
  sqlite3_stmt* handle_ = nullptr;
};

/// Everything between here and commit() happens as a whole or, if the scope is left before, not at
/// all. Takes the right to write at once.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace inkling
