// Photos that cannot be used: each is named with its reason, and never stops the others.
#include <sys/stat.h>

#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct BadPhoto {
  const char* title;
  const char* name;
  std::string (*content)();
};

void PrintTo(const BadPhoto& photo, std::ostream* out) { *out << photo.title; }

std::string truncatedJpeg() {
  const std::string whole = jpegBytes();
  return whole.substr(0, whole.size() / 2);
}
std::string nothing() { return ""; }
std::string text() { return "Dear diary, this is not a photo.\n"; }
std::string bomb() { return pngOfClaimedSize({20000, 20000}); }
std::string brokenPng() { return pngOfClaimedSize({64, 64}); }

ProgramResult find(const std::vector<std::string>& photos) {
  std::vector<std::string> arguments = {"find", "--quiet",  "--format",
                                        "json", "--sketch", ringSketch()};
  arguments.insert(arguments.end(), photos.begin(), photos.end());
  return inklingProgram(arguments);
}

class UnusablePhoto : public testing::TestWithParam<BadPhoto> {};

TEST_P(UnusablePhoto, IsNamedUnderFailedAndGivesStatusOne) {
  const std::string bad = writeTestFile(GetParam().name, GetParam().content());
  const ProgramResult result = find({bad});
  EXPECT_EQ(result.status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().name));
  expectGoodManners(result);
  const Json json = parsed(result.out);
  EXPECT_TRUE(json["photos"].empty());
  ASSERT_EQ(json["failed"].size(), 1U);
  EXPECT_EQ(json["failed"][0]["photo"], bad);
  EXPECT_THAT(json["failed"][0]["error"].get<std::string>(), HasSubstr(GetParam().name));
}

TEST_P(UnusablePhoto, IsAnErrorOfTheAttentionCommandToo) {
  const std::string bad = writeTestFile(GetParam().name, GetParam().content());
  const ProgramResult result =
      inklingProgram({"attention", "--sketch", ringSketch(), bad, "--out", testFolder() / "maps"});
  EXPECT_EQ(result.status, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr(GetParam().name));
  expectGoodManners(result);
}

INSTANTIATE_TEST_SUITE_P(All, UnusablePhoto,
                         testing::Values(BadPhoto{"truncated", "bad.jpg", truncatedJpeg},
                                         BadPhoto{"zero bytes", "bad.jpg", nothing},
                                         BadPhoto{"a text", "bad.jpg", text},
                                         BadPhoto{"20,000 x 20,000 pixels", "bad.png", bomb},
                                         BadPhoto{"rows are missing", "bad.png", brokenPng}));

TEST(HardPhotos, APipeIsNotWaitedFor) {
  const std::string pipe = writeTestFile("pipe.jpg", "");
  fs::remove(pipe);
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const ProgramResult result = find({pipe});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("pipe.jpg"));
  EXPECT_THAT(result.err, HasSubstr("a pipe"));
}

TEST(HardPhotos, OnePixelIsAPhoto) {
  const ProgramResult result = find({writePhoto("dot.jpg", 1, {1, 1}), "--threshold", "0",
                                     "--overlay", testFolder() / "pictures"});
  EXPECT_EQ(result.status, 0) << result.err;
  const Json json = parsed(result.out);
  ASSERT_EQ(json["photos"].size(), 1U);
  EXPECT_EQ(json["photos"][0]["width"], 1);
}

TEST(HardPhotos, OneRowOfPixelsIsAPhoto) {
  EXPECT_EQ(find({writePhoto("row.jpg", 1, {3000, 1}), "--threshold", "0", "--overlay",
                  testFolder() / "pictures"})
                .status,
            0);
}

TEST(HardPhotos, TheGoodOnesOfAMixedFolderAreFound) {
  writePhoto("mixed/good 1.jpg", 1);
  writeTestFile("mixed/broken.jpg", truncatedJpeg());
  writePhoto("mixed/good 2.jpg", 2);
  writeTestFile("mixed/empty.png", "");
  writeTestFile("mixed/notes.txt", text());
  writeTestFile("mixed/.hidden.jpg", text());
  const ProgramResult result = find({testFolder() / "mixed"});
  EXPECT_EQ(result.status, 1) << result.err;
  const Json json = parsed(result.out);
  EXPECT_EQ(json["photos"].size(), 2U);
  EXPECT_EQ(json["failed"].size(), 2U) << "the text and the hidden file are no photos";
  EXPECT_THAT(result.err, HasSubstr("broken.jpg"));
  EXPECT_THAT(result.err, HasSubstr("empty.png"));
}

TEST(HardPhotos, AMissingFolderIsNamedAndTheOthersAreLookedAt) {
  const std::string missing = testFolder() / "nowhere";
  const ProgramResult result = find({missing, writePhoto("a.jpg")});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("nowhere: no such file or folder"));
  const Json json = parsed(result.out);
  EXPECT_EQ(json["photos"].size(), 1U);
  EXPECT_EQ(json["failed"][0]["photo"], missing);
}

TEST(HardPhotos, NothingButAMissingFolderIsStatusOneAndSaysSo) {
  const ProgramResult result = find({testFolder() / "nowhere"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("no photo to look at"));
  EXPECT_TRUE(parsed(result.out)["photos"].empty());
}

TEST(HardPhotos, AFolderWithoutPhotosIsNamed) {
  fs::create_directories(testFolder() / "empty");
  const ProgramResult result = find({testFolder() / "empty"});
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.err, HasSubstr("empty: no photos"));
}

TEST(HardPhotos, AControlCharacterInANameDoesNotReachTheTerminal) {
  const ProgramResult result = inklingProgram(
      {"find", "--sketch", ringSketch(), writeTestFile("a\x1b[2Jb.jpg", ""), "--threshold", "0"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace inkling
