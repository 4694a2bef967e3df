#include "core/search/sqlite.h"

#include <new>

#include <sqlite3.h>

#include "core/base/path.h"

namespace inkling {
namespace {

constexpr int kBusyMilliseconds = 10'000;

}  // namespace

Database::Database(const std::filesystem::path& file, Mode mode)
    : file_(std::filesystem::absolute(file)), mode_(mode) {
  // An absolute path: ":memory:" and "file:..." are names like any other then.
  const int flags =
      mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code =
      sqlite3_open_v2(file_.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, /*zVfs=*/nullptr);
  try {
    check(code);
    sqlite3_extended_result_codes(handle_, 1);
    check(sqlite3_busy_timeout(handle_, kBusyMilliseconds));
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::check(int code) const {
  if (code != SQLITE_OK) failWith(code);
}

void Database::failWith(int code) const {
  const std::string name = displayName(file_);
  const char* reason = handle_ != nullptr ? sqlite3_errmsg(handle_) : sqlite3_errstr(code);
  switch (code & 0xFF) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      fail<DamagedDatabase>("{}: the catalogue is damaged ({})", name, reason);
    case SQLITE_FULL:
      fail<OutputError>("{}: cannot be written (the disk is full)", name);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      fail<OutputError>("{}: is kept busy by another program", name);
    case SQLITE_READONLY:
      fail<OutputError>("{}: cannot be written ({})", name, reason);
    case SQLITE_NOMEM:
      throw std::bad_alloc();
    default:
      break;
  }
  if (mode_ == Mode::read) fail<InputError>("{}: cannot be read ({})", name, reason);
  fail<OutputError>("{}: cannot be written ({})", name, reason);
}

void Database::run(const char* sql) {
  check(sqlite3_exec(handle_, sql, /*callback=*/nullptr, /*arg=*/nullptr, /*errmsg=*/nullptr));
}

std::int64_t Database::integer(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.integer(0) : 0;
}

std::string Database::text(const char* sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.bytes(0) : std::string();
}

std::int64_t Database::lastRowId() const { return sqlite3_last_insert_rowid(handle_); }

std::int64_t Database::changedRows() const { return sqlite3_changes64(handle_); }

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  database_.check(sqlite3_prepare_v3(database.handle_, sql.data(), static_cast<int>(sql.size()),
                                     SQLITE_PREPARE_PERSISTENT, &handle_, /*pzTail=*/nullptr));
}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int parameter, std::int64_t value) {
  database_.check(sqlite3_bind_int64(handle_, parameter, value));
  return *this;
}

Statement& Statement::bindNull(int parameter) {
  database_.check(sqlite3_bind_null(handle_, parameter));
  return *this;
}

Statement& Statement::bindText(int parameter, std::string_view value) {
  database_.check(sqlite3_bind_text64(handle_, parameter, value.data(), value.size(),
                                      SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bindBlob(int parameter, std::string_view value) {
  // A null pointer would be NULL instead of the empty blob.
  const char* data = value.empty() ? "" : value.data();
  database_.check(sqlite3_bind_blob64(handle_, parameter, data, value.size(), SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_);
    return false;
  }
  // The message belongs to the connection and would be lost with reset().
  try {
    database_.failWith(code);
  } catch (...) {
    sqlite3_reset(handle_);
    throw;
  }
}

void Statement::run() {
  while (step()) {
  }
}

void Statement::reset() { sqlite3_reset(handle_); }

bool Statement::isNull(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

std::string Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return data == nullptr ? std::string()
                         : std::string(static_cast<const char*>(data), static_cast<size_t>(size));
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back by itself, as it does when the disk is full.
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace inkling
