#include "core/base/file.h"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/base/json.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

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
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder_)) ++count;
  EXPECT_EQ(count, 2U);
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
