#include "core/exporting/job_folder.h"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Kind = ExportRecord::Kind;

class JobFolderTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(out_); }
  void TearDown() override { fs::remove_all(out_); }

  static ExportRecord done(std::size_t number, double score = 0.5) {
    ExportRecord record;
    record.number = number;
    record.photo.path = std::to_string(number) + ".jpg";
    record.photo.size = {640, 480};
    record.photo.boxes = {{0, {{1, 2, 30, 40}, score}}};
    return record;
  }
  static ExportRecord failed(std::size_t number, const std::string& error) {
    ExportRecord record;
    record.number = number;
    record.kind = Kind::failed;
    record.error = error;
    return record;
  }
  void begin(JobFolder& job) const {
    job.begin({{"format", "csv"}}, {"0.jpg", "1.jpg", "sub/\xff.jpg", "3.jpg"});
  }
  static std::vector<std::size_t> walked(const JobFolder& job) {
    std::vector<std::size_t> numbers;
    job.walk([&](const ExportRecord& record) { numbers.push_back(record.number); });
    return numbers;
  }
  fs::path journal() const { return out_ / ".inkling-export/records"; }

  const fs::path out_ =
      fs::temp_directory_path() / ("inkling-job-folder-" + std::to_string(::getpid()));
};

TEST_F(JobFolderTest, RemembersWhatWasDoneAndWithWhat) {
  {
    JobFolder job(out_);
    EXPECT_EQ(job.state(), JobState::none);
    begin(job);
    job.add(done(3));
    job.add(failed(1, "1.jpg: no photo\nat all \xc3\xa4"));
  }
  JobFolder job(out_);
  EXPECT_EQ(job.state(), JobState::unfinished);
  EXPECT_EQ(job.settings()["format"], "csv");
  EXPECT_EQ(job.photos()[2], fs::path("sub/\xff.jpg")) << "any bytes";
  EXPECT_THAT(job.pending(), ElementsAre(0, 2));
  EXPECT_EQ(job.count(Kind::done), 1);
  std::vector<ExportRecord> records;
  job.walk([&](const ExportRecord& record) { records.push_back(record); });
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].error, "1.jpg: no photo\nat all \xc3\xa4") << "in the order of the photos";
  EXPECT_EQ(records[1].photo, done(3).photo);
}

// Whatever a dying process has left of its last line, the lines before it count.
TEST_F(JobFolderTest, ATornLineIsAsIfItHadNotBeenWritten) {
  {
    JobFolder job(out_);
    begin(job);
    job.add(done(0));
    job.add(done(1));
  }
  const std::string whole = readFile(journal());
  const std::size_t first = whole.find('\n') + 1;
  for (std::size_t size = first; size < whole.size(); ++size) {
    std::ofstream(journal(), std::ios::binary) << whole.substr(0, size);
    JobFolder job(out_);
    EXPECT_THAT(walked(job), ElementsAre(0)) << size;
    EXPECT_EQ(fs::file_size(journal()), first);
    job.add(done(1));
    EXPECT_EQ(readFile(journal()), whole);
  }
}

TEST_F(JobFolderTest, ADamagedLineEndsWhatCanBeTrusted) {
  {
    JobFolder job(out_);
    begin(job);
    for (std::size_t i = 0; i < 4; ++i) job.add(done(i));
  }
  std::string text = readFile(journal());
  text[text.find("2.jpg")] = '7';
  std::ofstream(journal(), std::ios::binary) << text;
  EXPECT_THAT(walked(JobFolder(out_)), ElementsAre(0, 1));
}

TEST_F(JobFolderTest, EndsWithTheSameBytesInWhateverOrderItWasDone) {
  std::vector<std::string> journals;
  for (const std::vector<std::size_t>& order :
       {std::vector<std::size_t>{0, 1, 2, 3}, std::vector<std::size_t>{3, 1, 1, 0, 2}}) {
    fs::remove_all(out_);
    JobFolder job(out_);
    begin(job);
    for (const std::size_t number : order) job.add(done(number));
    EXPECT_TRUE(job.pending().empty());
    job.finish({{"photos", 4}});
    EXPECT_EQ(job.state(), JobState::finished);
    EXPECT_THAT(walked(job), ElementsAre(0, 1, 2, 3)) << "can be read as before";
    journals.push_back(readFile(journal()));
  }
  EXPECT_EQ(journals[0], journals[1]);
  EXPECT_EQ(readFile(out_ / ".inkling-export/lock"), "") << "no trace of who has worked";
}

TEST_F(JobFolderTest, TheFirstRecordOfAPhotoCounts) {
  JobFolder job(out_);
  begin(job);
  job.add(done(0, 0.25));
  job.add(done(0, 0.75));
  job.walk(
      [](const ExportRecord& record) { EXPECT_EQ(record.photo.boxes.front().found.score, 0.25); });
}

TEST_F(JobFolderTest, OneProcessAtATime) {
  const JobFolder first(out_);
  try {
    const JobFolder second(out_);
    FAIL();
  } catch (const OutputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is already exporting into this folder"));
    EXPECT_THAT(error.what(), HasSubstr(std::to_string(::getpid())));
  }
}

TEST_F(JobFolderTest, AJobThatDoesNotBeginLeavesNothingBehind) {
  { const JobFolder job(out_); }
  EXPECT_FALSE(fs::exists(out_));
  fs::create_directories(out_);
  { const JobFolder job(out_); }
  EXPECT_TRUE(fs::is_directory(out_)) << "it was there before";
  EXPECT_TRUE(fs::is_empty(out_));
  {
    JobFolder job(out_);
    begin(job);
  }
  EXPECT_TRUE(fs::exists(journal()));
}

TEST_F(JobFolderTest, OnlyAFinishedOneIsReadByOthers) {
  EXPECT_THROW(JobFolder::forReading(out_), InputError);
  JobFolder job(out_);
  begin(job);
  EXPECT_THROW(JobFolder::forReading(out_), InputError);
  EXPECT_EQ(JobFolder::forFollowing(out_)->photos().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) job.add(done(i));
  job.finish({});
  EXPECT_THAT(walked(*JobFolder::forReading(out_)), ElementsAre(0, 1, 2, 3));
}

TEST_F(JobFolderTest, RecordsThatMakeNoSenseAreRefused) {
  for (const char* text :
       {"", "x", "1", "1 ", "1 ?", "1 +", "1 +{}", "1 -", "1 -7", "-1 =", "1+{}"})
    EXPECT_THROW(decodeRecord(text, "here"), InputError) << text;
  EXPECT_EQ(decodeRecord("12 =", "here").number, 12U);
}

}  // namespace
}  // namespace inkling
