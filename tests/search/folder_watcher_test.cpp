#include "core/search/folder_watcher.h"

#include <condition_variable>
#include <mutex>

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class WatcherTest : public CatalogueTest {
 protected:
  std::function<void()> counting() {
    return [this] {
      const std::lock_guard lock(mutex_);
      ++reports_;
      changed_.notify_all();
    };
  }
  // Whether there have been so many reports, at the latest in ten seconds.
  bool waitFor(int reports) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return reports_ >= reports; });
  }
  int reports() {
    const std::lock_guard lock(mutex_);
    return reports_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int reports_ = 0;
  WatchOptions options_{.quiet = 100ms, .longest = 2000ms};
};

TEST_F(WatcherTest, ReportsChangesAtAnyDepthOnce) {
  fs::create_directories(photos_ / "sub");
  const FolderWatcher watcher(photos_, counting(), options_);
  ASSERT_TRUE(waitFor(1)) << "ready";
  if (!watcher.isTold()) GTEST_SKIP() << "inotify is not to be had here";
  for (int i = 0; i < 20; ++i) write(std::to_string(i) + ".jpg", "x");
  ASSERT_TRUE(waitFor(2));
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(reports(), 2) << "many changes at once are one report";
  write("sub/a.jpg", "x");
  ASSERT_TRUE(waitFor(3));
  write("new/er/b.jpg", "x");
  ASSERT_TRUE(waitFor(4));
  std::this_thread::sleep_for(300ms);
  const int before = reports();
  write("new/er/c.jpg", "x");
  ASSERT_TRUE(waitFor(before + 1)) << "new folders are watched";
  fs::remove(photos_ / "sub" / "a.jpg");
  ASSERT_TRUE(waitFor(before + 2));
  move("new", "old");
  ASSERT_TRUE(waitFor(before + 3));
}

TEST_F(WatcherTest, SaysNothingOfHiddenFiles) {
  const FolderWatcher watcher(photos_, counting(), options_);
  ASSERT_TRUE(waitFor(1));
  write(".inkling/catalogue.sqlite", "x");
  write(".hidden.jpg", "x");
  std::this_thread::sleep_for(300ms);
  EXPECT_EQ(reports(), 1);
}

TEST_F(WatcherTest, ABusyFolderIsReportedNowAndThen) {
  options_ = {.quiet = 1000ms, .longest = 300ms};
  const FolderWatcher watcher(photos_, counting(), options_);
  ASSERT_TRUE(waitFor(1));
  if (!watcher.isTold()) GTEST_SKIP() << "inotify is not to be had here";
  for (int i = 0; i < 40; ++i) {
    write("a.jpg", std::to_string(i));
    std::this_thread::sleep_for(25ms);
  }
  EXPECT_GE(reports(), 2);
}

TEST_F(WatcherTest, LooksNowAndThenWhereThereAreTooManyFolders) {
  for (int i = 0; i < 10; ++i) fs::create_directories(photos_ / std::to_string(i));
  options_.maxFolders = 5;
  options_.scanEvery = 30ms;
  const FolderWatcher watcher(photos_, counting(), options_);
  EXPECT_TRUE(waitFor(4));
  EXPECT_FALSE(watcher.isTold());
}

TEST_F(WatcherTest, SurvivesTheFolder) {
  options_.scanEvery = 30ms;
  const FolderWatcher watcher(photos_, counting(), options_);
  ASSERT_TRUE(waitFor(1));
  fs::remove_all(photos_);
  ASSERT_TRUE(waitFor(3));
  fs::create_directories(photos_);
  std::this_thread::sleep_for(300ms);
  const int before = reports();
  write("a.jpg", "x");
  ASSERT_TRUE(waitFor(before + 1));
}

TEST_F(WatcherTest, LinksInCirclesEnd) {
  fs::create_directory_symlink(photos_, photos_ / "loop");
  const FolderWatcher watcher(photos_, counting(), options_);
  EXPECT_TRUE(waitFor(1));
}

}  // namespace
}  // namespace inkling
