#include "core/base/file.h"

#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/base/json.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

std::size_t filesIn(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

class FileTest : public testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_ = fs::temp_directory_path() / ("inkling-file-" + std::to_string(::getpid()));
};

TEST_F(FileTest, WritesAndReadsAnyNameAndContent) {
  for (const std::string name :
       {"plain", "with space", "caf\xC3\xA9", "\xE7\x8C\xAB", "not\xFFutf8", "deep/er/still"}) {
    const std::string content = name + std::string("\0\n\xFF", 3);
    writeFileAtomically(folder_ / name, content);
    EXPECT_EQ(readFile(folder_ / name), content);
  }
  writeFileAtomically(folder_ / "plain", "shorter");
  EXPECT_EQ(readFile(folder_ / "plain"), "shorter");
}

TEST_F(FileTest, LeavesNoTemporaryFilesBehind) {
  writeFileAtomically(folder_ / "a", "1");
  EXPECT_THROW(writeFileAtomically(folder_ / "a" / "b", "2"), OutputError);
  fs::create_directory(folder_ / "c");
  EXPECT_THROW(writeFileAtomically(folder_ / "c", "over a folder"), OutputError);
  EXPECT_EQ(filesIn(folder_), 2U);
}

TEST_F(FileTest, AnAtomicFileIsWrittenPieceByPieceAndSeenWhole) {
  writeFileAtomically(folder_ / "list", "old");
  AtomicFile file(folder_ / "list");
  std::string expected;
  // Around the size of the buffer, so that pieces are kept, passed on and written directly.
  for (const std::size_t bytes : {0, 1, 65535, 1, 2, 65536, 65537, 200000, 3}) {
    const std::string piece(bytes, static_cast<char>('a' + expected.size() % 26));
    file.write(piece);
    expected += piece;
    EXPECT_EQ(readFile(folder_ / "list"), "old") << "no reader sees a half file";
  }
  file.commit();
  EXPECT_EQ(readFile(folder_ / "list"), expected);
  EXPECT_EQ(filesIn(folder_), 1U);
  EXPECT_THROW(file.write("more"), OutputError);
  EXPECT_THROW(file.commit(), OutputError);
}

TEST_F(FileTest, AnAtomicFileWithoutCommitLeavesTheOldOne) {
  writeFileAtomically(folder_ / "list", "old");
  {
    AtomicFile file(folder_ / "list");
    file.write(std::string(100000, 'x'));
  }
  EXPECT_EQ(readFile(folder_ / "list"), "old");
  EXPECT_EQ(filesIn(folder_), 1U);
  fs::create_directory(folder_ / "taken");
  AtomicFile overFolder(folder_ / "taken");
  overFolder.write("x");
  EXPECT_THROW(overFolder.commit(), OutputError);
  EXPECT_EQ(filesIn(folder_), 2U);
}

TEST_F(FileTest, ThreadsThatWriteAtOnceKeepTheUsersPermissions) {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        writeFileAtomically(folder_ / (std::to_string(t) + "-" + std::to_string(i)), "x");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& entry : fs::directory_iterator(folder_)) {
    EXPECT_EQ(static_cast<mode_t>(entry.status().permissions()), 0666 & ~mask) << entry.path();
  }
  EXPECT_EQ(::umask(mask), mask);
}

TEST_F(FileTest, NamesWhatCannotBeRead) {
  try {
    readFile(folder_ / "absent");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(),
                testing::HasSubstr("absent: cannot be opened (No such file or directory)"));
  }
  EXPECT_THROW(readFile(folder_), InputError);
  writeFileAtomically(folder_ / "ten", "0123456789");
  EXPECT_THROW(readFile(folder_ / "ten", 9), InputError);
}

TEST_F(FileTest, InflatesGzipByItsContentAndRefusesHalfOfIt) {
  const fs::path file = folder_ / "text.gz";
  gzFile out = gzopen(file.c_str(), "wb");
  const std::string text(100000, 'x');
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  EXPECT_EQ(readMaybeGzip(file), text);
  EXPECT_THROW(readMaybeGzip(file, 1000), InputError);
  const std::string packed = readFile(file);
  writeFileAtomically(file, packed.substr(0, packed.size() / 2));
  EXPECT_THROW(readMaybeGzip(file), InputError);
}

TEST_F(FileTest, AMappedFileIsItsContent) {
  writeFileAtomically(folder_ / "m", "hello");
  const MappedFile mapped(folder_ / "m");
  EXPECT_EQ(
      std::string(reinterpret_cast<const char*>(mapped.bytes().data()), mapped.bytes().size()),
      "hello");
  writeFileAtomically(folder_ / "empty", "");
  EXPECT_EQ(MappedFile(folder_ / "empty").bytes().size(), 0U);
}

TEST(JsonBorder, SaysWhereTheTextGoesWrong) {
  try {
    parseJson("{\n \"a\": 1,\n oops}", "some.json");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_THAT(error.what(), testing::StartsWith("some.json: not valid JSON (line 3"));
  }
  EXPECT_THROW(parseJson("[1e999]", "big.json"), InputError);
  EXPECT_EQ(dumpJson(Json("not\xFFutf8")), "\"not\xEF\xBF\xBDutf8\"");
}

}  // namespace
}  // namespace inkling
