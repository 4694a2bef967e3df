// A real indexing process is killed at random points, again and again.
#include <chrono>
#include <csignal>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kPhotos = 60;
constexpr int kKills = 50;

class KillTest : public CatalogueTest {
 protected:
  void SetUp() override {
    CatalogueTest::SetUp();
    for (int i = 0; i < kPhotos; ++i)
      write(std::to_string(i) + ".jpg", (i % 10 == 9 ? "broken " : "photo ") + std::to_string(i));
  }

  // Indexes in a process of its own; every photo taken up is noted in the log first.
  pid_t startIndexer() {
    const pid_t child = ::fork();
    if (child != 0) return child;
    int status = 1;
    try {
      const int log = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
      describer_.before = [&](const fs::path& photo) {
        const std::string line = photo.filename().native() + "\n";
        if (::write(log, line.data(), line.size()) < 0) std::_Exit(2);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      };
      status = bringUpToDate().finished ? 0 : 3;
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    std::_Exit(status);  // the parent's clean-up is not ours
  }
  std::vector<std::string> log() const {
    std::vector<std::string> names;
    std::istringstream lines(fs::exists(log_) ? readFile(log_) : "");
    for (std::string name; std::getline(lines, name);) names.push_back(name);
    return names;
  }
  // Until more than `size` photos have been taken up, or there is nothing left to do.
  void waitForLog(std::size_t size) const {
    for (int i = 0; i < 10'000 && log().size() <= size; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // Names of photos that wait for nothing any more.
  static std::set<std::string> settled(const Catalogue& catalogue) {
    std::set<std::string> names;
    for (const PhotoEntry& entry : catalogue.photosAfter(0, 1000)) {
      if (entry.state != PhotoState::waiting) names.insert(entry.path.native());
    }
    return names;
  }
  // Everything in the catalogue that does not depend on when it was written.
  static std::string everything(const Catalogue& catalogue) {
    std::map<std::string, std::string> photos;
    for (const PhotoEntry& e : catalogue.photosAfter(0, 1000)) {
      photos[e.path.native()] = fmt::format(
          "{} {} {} {}x{} {} {} '{}' {} {}", e.bytes, e.modifiedNs, e.hash ? e.hash->hex() : "-",
          e.width, e.height, e.orientation, static_cast<int>(e.state), e.error, e.describedWith,
          catalogue.features(e.id).value_or("-"));
    }
    std::string text;
    for (const auto& [path, line] : photos) text += path + ": " + line + "\n";
    return text;
  }
  void startAfresh() {
    for (const std::string end : {"", "-wal", "-shm"}) fs::remove(file_.native() + end);
    fs::remove(log_);
  }

  fs::path log_ = top_ / "log";
};

TEST_F(KillTest, LosesAtMostThePhotoInHand) {
  bringUpToDate();
  const std::string uninterrupted = everything(Catalogue::forReading(file_));
  startAfresh();

  std::mt19937 random(20240607);
  int afterStart = 0, whole = 0, extra = 0, killsHere = 0;
  for (int kill = 0; kill < kKills; ++kill) {
    const std::size_t before = log().size();
    const pid_t child = startIndexer();
    // A quarter while the catalogue is made or looked through, the rest while describing.
    const bool early = kill % 4 == 0;
    if (!early) waitForLog(before);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % (early ? 4'000 : 80'000)));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    ++killsHere;

    const Catalogue catalogue = indexing();
    ASSERT_FALSE(catalogue.setAside());
    ASSERT_EQ(catalogue.check(), "ok");
    const std::vector<std::string> taken = log();
    if (taken.size() > before) ++afterStart;
    const std::set<std::string> done = settled(catalogue);
    // All that was taken up is in the catalogue, save the last one of this run.
    for (std::size_t i = before; i + 1 < taken.size(); ++i) ASSERT_TRUE(done.contains(taken[i]));
    ASSERT_LE(taken.size(), done.size() + static_cast<std::size_t>(killsHere));
    if (done.size() < kPhotos) continue;
    ++whole;
    extra += static_cast<int>(taken.size()) - kPhotos;
    ASSERT_EQ(everything(catalogue), uninterrupted);
    startAfresh();
    killsHere = 0;
  }
  int status = -1;
  ASSERT_GT(::waitpid(startIndexer(), &status, 0), 0);
  ASSERT_EQ(status, 0);
  const Catalogue catalogue = Catalogue::forReading(file_);
  EXPECT_EQ(everything(catalogue), uninterrupted);
  EXPECT_LE(log().size(), static_cast<std::size_t>(kPhotos + killsHere));
  EXPECT_GE(afterStart, kKills / 2) << "kills must hit the describing";
  std::printf(
      "%d kills, %d of them while describing; %d catalogues completed; %d photos taken up "
      "a second time\n",
      kKills, afterStart, whole, extra + static_cast<int>(log().size()) - kPhotos);
}

// Looking through the folder is no less safe: moved photos are recognised after any kill.
TEST_F(KillTest, MovedPhotosAreKnownAfterKills) {
  constexpr int kMany = 3000;
  for (int i = 0; i < kMany; ++i) write("old/" + std::to_string(i) + ".jpg", std::to_string(i));
  bringUpToDate();
  const std::size_t asked = describer_.asked.size();
  move("old", "new");
  std::mt19937 random(7);
  for (int kill = 0; kill < 10; ++kill) {
    const pid_t child = ::fork();
    if (child == 0) {
      Catalogue catalogue = indexing();
      updateCatalogue(catalogue);
      std::_Exit(0);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 120'000));
    ::kill(child, SIGKILL);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ASSERT_EQ(indexing().check(), "ok");
    if (kill % 3 == 2) move(kill % 2 == 0 ? "new" : "newer", kill % 2 == 0 ? "newer" : "new");
  }
  bringUpToDate();
  EXPECT_EQ(describer_.asked.size(), asked);
  const Catalogue catalogue = Catalogue::forReading(file_);
  EXPECT_EQ(catalogue.counts().photos(), kMany + kPhotos);
  EXPECT_EQ(catalogue.counts().gone, 0);
}

}  // namespace
}  // namespace inkling
