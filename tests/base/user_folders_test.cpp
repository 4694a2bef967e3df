// Where things of the person lie, and what tells that a file has changed.
#include "core/base/user_folders.h"

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/file_stamp.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// Sets a variable of the environment until the end of the scope; nullptr: unset.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const char* value) const {
    value != nullptr ? ::setenv(name_, value, 1) : ::unsetenv(name_);
  }
  const char* name_;
  std::optional<std::string> before_;
};

TEST(UserFolders, AreWhereTheEnvironmentSays) {
  const Variable data("XDG_DATA_HOME", "/srv/data"), cache("XDG_CACHE_HOME", "/srv/cache");
  EXPECT_EQ(userDataFolder(), "/srv/data/inkling");
  EXPECT_EQ(userCacheFolder(), "/srv/cache/inkling");
}

TEST(UserFolders, AreInTheHomeFolderOtherwise) {
  const Variable home("HOME", "/home/ada");
  const Variable data("XDG_DATA_HOME", "relative/is/ignored"), cache("XDG_CACHE_HOME", nullptr);
  EXPECT_EQ(userDataFolder(), "/home/ada/.local/share/inkling");
  EXPECT_EQ(userCacheFolder(), "/home/ada/.cache/inkling");
}

TEST(FileStamp, TellsAFileFromWhatItWas) {
  const fs::path file = fs::temp_directory_path() / ("inkling-stamp-" + std::to_string(::getpid()));
  EXPECT_EQ(stampOf(file), std::nullopt);
  const std::int64_t before = nowNs();
  writeFileAtomically(file, "abc");
  const std::optional<FileStamp> stamp = stampOf(file);
  ASSERT_TRUE(stamp);
  EXPECT_EQ(stamp->bytes, 3);
  // The clock of files ticks every few milliseconds.
  EXPECT_NEAR(static_cast<double>(stamp->modifiedNs - before), 0, 60e9);
  EXPECT_EQ(stampOf(file), stamp);
  fs::last_write_time(file, fs::last_write_time(file) + std::chrono::nanoseconds(1000));
  EXPECT_NE(stampOf(file), stamp);
  fs::remove(file);
}

}  // namespace
}  // namespace inkling
