// The file of a region index: hard inputs, cancelled, failed and killed builds.
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include <sys/resource.h>
#include <sys/wait.h>

#include "tests/search/region_index_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class RegionIndexFileTest : public RegionIndexTest {
 protected:
  void write(const std::string& bytes) const {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
  }
  std::string openingError() const {
    return messageOf<InputError>([&] { RegionIndex::open(file_); });
  }
  /// Of an index of either kind.
  std::vector<std::string> goodFiles() {
    std::vector<std::string> files;
    Collection collection(500);
    for (const auto& with : {options(), approximate(collection)}) {
      build(collection, with);
      files.push_back(readFile(file_));
    }
    return files;
  }
  std::vector<fs::path> filesInFolder() const {
    std::vector<fs::path> names;
    for (const auto& entry : fs::directory_iterator(folder_))
      names.push_back(entry.path().filename());
    return names;
  }
};

TEST_F(RegionIndexFileTest, MissingAndForeignFilesAreNamed) {
  EXPECT_THAT(openingError(), AllOf(HasSubstr("regions.index"), HasSubstr("cannot be opened")));
  for (const std::string content : {"", "SQLite format 3", "InkRegn\n"}) {
    write(content);
    EXPECT_THAT(openingError(), AllOf(HasSubstr("regions.index"), HasSubstr("not a region index")));
  }
  write(std::string(10'000, 'x'));
  EXPECT_THAT(openingError(), HasSubstr("not a region index"));
  fs::remove(file_);
  fs::create_directory(file_);
  EXPECT_THAT(openingError(), HasSubstr("folder"));
}

TEST_F(RegionIndexFileTest, NewerVersionIsTold) {
  for (std::string bytes : goodFiles()) {
    bytes[8] = 2;
    write(bytes);
    EXPECT_THAT(openingError(), AllOf(HasSubstr("regions.index"), HasSubstr("newer version")));
  }
}

TEST_F(RegionIndexFileTest, CutAnywhereIsTold) {
  Random random(5);
  for (const std::string& bytes : goodFiles()) {
    for (int i = 0; i < 300; ++i) {
      write(bytes.substr(0, i < 100 ? static_cast<std::size_t>(i)
                                    : random.below(static_cast<std::uint32_t>(bytes.size()))));
      ASSERT_THAT(openingError(), HasSubstr("regions.index"));
    }
    write(bytes + "x");
    EXPECT_THAT(openingError(), HasSubstr("damaged"));
  }
}

// A changed byte is noticed when the file is opened, or it is one of a vector or of no meaning, and
// the index still answers or says that it is damaged.
TEST_F(RegionIndexFileTest, ChangedBytesNeverCrash) {
  Random random(6);
  Collection collection(500);
  const std::vector<float> queries = collection.queries(2);
  for (const std::string& bytes : goodFiles()) {
    int noticed = 0;
    constexpr int kTries = 600;
    for (int i = 0; i < kTries; ++i) {
      std::string changed = bytes;
      const auto at = i < 88 ? static_cast<std::uint32_t>(i)
                             : random.below(static_cast<std::uint32_t>(bytes.size()));
      changed[at] = static_cast<char>(changed[at] ^ static_cast<char>(1 + random.below(255)));
      write(changed);
      try {
        const RegionIndex index = RegionIndex::open(file_);
        ASSERT_GE(i, 88) << "byte " << i << " of the header";
        index.rankPhotos(queries, 10);
        index.search(queries, 3000);
      } catch (const InputError& error) {
        ASSERT_THAT(error.what(), HasSubstr("regions.index: "));
        ++noticed;
      }
    }
    EXPECT_GT(noticed, 88);
  }
}

TEST_F(RegionIndexFileTest, SenselessOptionsAndVectorsAreRefused) {
  Collection collection(500);
  const auto error = [&](const RegionIndexOptions& with, const RegionSource& source) {
    return messageOf<UsageError>([&] { buildRegionIndex(file_, source, with); });
  };
  RegionIndexOptions with = options();
  with.dimension = 0;
  EXPECT_THAT(error(with, collection.source()), HasSubstr("0 values"));
  with = options();
  with.recallTop = 0;
  EXPECT_THAT(error(with, collection.source()), HasSubstr("0 photos"));
  with = options();
  with.exactLimit = 10;
  EXPECT_THAT(error(with, collection.source()), HasSubstr("without sample queries"));
  with.sampleQueries.assign(kDimension + 1, 0);
  EXPECT_THAT(error(with, collection.source()), HasSubstr("21 values"));
  const auto photos = [](std::vector<RegionVectors> list) {
    return [list](const auto& take) { std::ranges::for_each(list, take); };
  };
  const std::vector<float> one(kDimension, 1);
  EXPECT_THAT(error(options(), photos({{4, one}, {4, one}})), HasSubstr("ascend"));
  EXPECT_THAT(error(options(), photos({{4, {1, 2, 3}}})), HasSubstr("photo 4: 3 values"));
  EXPECT_THAT(error(options(), photos({{4, std::vector<float>(kDimension, INFINITY)}})),
              HasSubstr("not finite"));
  EXPECT_TRUE(filesInFolder().empty());
}

TEST_F(RegionIndexFileTest, PhotosThatChangeBetweenTheWalksAreNoticed) {
  Collection collection(500);
  int walks = 0;
  const RegionSource source = [&](const auto& take) {
    ++walks;
    for (const RegionVectors& photo : collection.photos()) {
      if (walks == 1 || photo.photo != 100) take(photo);
    }
  };
  EXPECT_THAT(
      messageOf<InputError>([&] { buildRegionIndex(file_, source, approximate(collection)); }),
      HasSubstr("changed while"));
  EXPECT_TRUE(filesInFolder().empty());
}

TEST_F(RegionIndexFileTest, CancelledBuildLeavesTheOldFile) {
  Collection collection(600);
  build(collection, options());
  const std::string old = readFile(file_);
  for (const auto& with : {options(), approximate(collection)}) {
    std::vector<std::string> stages;
    for (int stop = 0;; ++stop) {  // at every place that tells progress
      const CancellationToken token;
      int updates = 0;
      const auto progress = [&](const ProgressUpdate& update) {
        if (stages.empty() || stages.back() != update.stage) stages.push_back(update.stage);
        if (updates++ == stop) token.cancel();
      };
      RegionIndexOptions other = with;
      other.revision = 43;
      try {
        buildRegionIndex(file_, collection.source(), other, token, progress);
        EXPECT_LE(updates, stop);
        break;
      } catch (const Cancelled&) {
        EXPECT_TRUE(readFile(file_) == old) << "after " << stages.back();
        EXPECT_EQ(filesInFolder().size(), 1U);
      }
    }
    EXPECT_THAT(stages, testing::Contains("reading regions"));
    EXPECT_EQ(RegionIndex::open(file_).info().revision, 43);
    write(old);
  }
}

TEST_F(RegionIndexFileTest, KilledBuildLeavesTheOldFileAndTheNextOneWorks) {
  using Clock = std::chrono::steady_clock;
  Collection collection(2000);
  const RegionIndexOptions with = approximate(collection);
  const auto start = Clock::now();
  build(collection, with);
  const auto usual = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
  const std::string finished = readFile(file_);
  build(collection, options());
  const std::string old = readFile(file_);
  Random random(8);
  int early = 0;
  for (int i = 0; i < 20; ++i) {
    write(old);
    const pid_t child = ::fork();
    if (child == 0) {
      // In a thread of its own, as the OpenMP threads of this one did not come along.
      std::thread([&] { buildRegionIndex(file_, collection.source(), with); }).join();
      std::_Exit(0);
    }
    std::this_thread::sleep_for(usual * random.uniform(0, 1.2));
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const std::string now = readFile(file_);
    if (now == old) ++early;
    ASSERT_TRUE(now == old || now == finished);
  }
  EXPECT_GT(early, 0);
  build(collection, with);
  EXPECT_TRUE(readFile(file_) == finished);
  EXPECT_EQ(filesInFolder().size(), 1U);
}

TEST_F(RegionIndexFileTest, OnlyOneBuildsAtATime) {
  Collection collection(50);
  std::string second;
  buildRegionIndex(
      file_,
      [&](const auto& take) {
        second = messageOf<OutputError>(
            [&] { buildRegionIndex(file_, collection.source(), options()); });
        collection.source()(take);
      },
      options());
  EXPECT_THAT(second, AllOf(HasSubstr("regions.index"), HasSubstr("another process")));
  EXPECT_EQ(RegionIndex::open(file_).info().photos, 50);
}

TEST_F(RegionIndexFileTest, FullDiskIsTold) {
  Collection collection(3000);
  build(Collection(20), options());
  const std::string old = readFile(file_);
  // No file may grow beyond 100 kB: the nearest to a full disk that needs no root.
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{100'000, 100'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const std::string message =
        messageOf<OutputError>([&] { buildRegionIndex(file_, collection.source(), options()); });
    std::_Exit(
        message.find("regions.index: cannot be written (File too large)") != std::string::npos ? 0
                                                                                               : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(readFile(file_) == old);
  EXPECT_EQ(filesInFolder().size(), 1U);
  EXPECT_THAT(messageOf<OutputError>([&] {
                buildRegionIndex("/proc/none/regions.index", collection.source(), options());
              }),
              HasSubstr("/proc/none"));
}

}  // namespace
}  // namespace inkling
