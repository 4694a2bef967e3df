#include <fstream>

#include "core/base/file.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

using testing::HasSubstr;

const std::string kLine = R"({"word":"cat","key_id":"6617657799344128","drawing":[[[0,9],[0,9]]]})";

std::string problem(const std::filesystem::path& path) {
  return messageOf([&] { readSketch(path); });
}

TEST(QuickDraw, ReadsAFilePlainOrPacked) {
  for (const char* name : {"three.ndjson", "three.ndjson.gz"}) {
    const auto entries = readQuickDraw(dataDir() / name);
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(entries[0].word, "cat");
    EXPECT_EQ(entries[1].word, "fish");
    EXPECT_EQ(entries[2].sketch.name, "star");
    EXPECT_EQ(entries[0].sketch.width, 256);
    EXPECT_TRUE(hasInk(entries[0].sketch));
  }
}

TEST(QuickDraw, ReadsRawDrawingsWithTimes) {
  const auto entry = quickDrawFromJson(
      R"({"drawing":[[[10.5,700,11],[3,4,5],[0,16,1500000000000]]],"key_id":17})", "raw");
  ASSERT_EQ(entry.sketch.strokes.size(), 1u);
  EXPECT_EQ(entry.sketch.strokes[0].t.size(), 3u);
  EXPECT_EQ(entry.sketch.width, 700);
  EXPECT_EQ(entry.keyId, "17");
  EXPECT_EQ(entry.sketch.name, "raw");
}

TEST(QuickDraw, PicksByIndexAndByKey) {
  const auto file = dataDir() / "three.ndjson";
  const auto entries = readQuickDraw(file);
  const auto same = [&](const std::string& fragment, std::size_t index) {
    const Sketch sketch = readSketch(file.string() + fragment);
    EXPECT_EQ(sketch.strokes[0].x, entries[index].sketch.strokes[0].x) << fragment;
    EXPECT_EQ(sketch.name, file.string() + fragment);
  };
  same("", 0);
  same("#0", 0);
  same("#2", 2);
  same("#" + entries[1].keyId, 1);
  const auto packed = readSketch((dataDir() / "three.ndjson.gz#1"));
  EXPECT_EQ(packed.strokes[0].x, entries[1].sketch.strokes[0].x);
}

TEST(QuickDraw, AFileWhoseNameHoldsAHashIsTakenFirst) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "odd#1.ndjson", kLine + "\n");
  EXPECT_NO_THROW(readSketch(folder / "odd#1.ndjson"));
  EXPECT_NO_THROW(readSketch(folder / "odd#1.ndjson#0"));
  writeFileAtomically(folder / "a.ndjson#1", "");
  EXPECT_THAT(problem(folder / "a.ndjson#1"), HasSubstr("a sketch is a .json"));
}

TEST(QuickDraw, EmptyLinesDoNotCount) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "a.ndjson", "\n" + kLine + "\r\n\n  \n" + kLine);
  EXPECT_EQ(readQuickDraw(folder / "a.ndjson").size(), 2u);
  EXPECT_NO_THROW(readSketch(folder / "a.ndjson#1"));
}

TEST(QuickDraw, NamesWhatIsNotThere) {
  const std::string file = (dataDir() / "three.ndjson").string();
  EXPECT_EQ(problem(file + "#3"), file + ": has no drawing 3 (there are 3, counted from 0)");
  EXPECT_EQ(problem(file + "#999999999"),
            file + ": has no drawing 999999999 (there are 3, counted from 0)");
  EXPECT_THAT(problem(file + "#1234567890123456"), HasSubstr("no drawing with the key id"));
  EXPECT_THAT(problem(file + "#-1"), HasSubstr("no drawing with the key id -1"));
  EXPECT_THAT(problem("/nowhere/a.ndjson#2"), HasSubstr("/nowhere/a.ndjson: cannot be opened"));
}

TEST(QuickDraw, NamesTheLineThatIsBroken) {
  const TemporaryFolder folder;
  const auto file = folder / "a.ndjson";
  const auto withLine = [&](const std::string& line) {
    writeFileAtomically(file, kLine + "\n\n" + line + "\n");
    return messageOf([&] { readQuickDraw(file); });
  };
  for (const char* bad :
       {"{", "[]", "3", "{\"drawing\": 3}", "{\"drawing\": [3]}", "{\"drawing\": [[[1,2]]]}",
        "{\"drawing\": [[[1,2],[1]]]}", "{\"drawing\": [[[1,2],[1,2],[1]]]}",
        "{\"drawing\": [[[1,\"2\"],[1,2]]]}", "{\"drawing\": [[[1,null],[1,2]]]}",
        "{\"drawing\": [[[1,NaN],[1,2]]]}", "{\"drawing\": [[[1,1e999],[1,2]]]}",
        "{\"drawing\": [[[1,1e300],[1,2]]]}", "{\"word\": 3, \"drawing\": []}",
        "{\"word\": \"cat\"}"}) {
    EXPECT_THAT(withLine(bad), HasSubstr("a.ndjson, line 3")) << bad;
  }
}

TEST(QuickDraw, BrokenFilesAreErrors) {
  const TemporaryFolder folder;
  const auto file = folder / "a.ndjson.gz";
  std::string packed = readFile(dataDir() / "three.ndjson.gz");
  for (std::size_t length = 0; length < packed.size(); length += 7) {
    writeFileAtomically(file, packed.substr(0, length));
    EXPECT_THROW(readQuickDraw(file), InputError) << length;
  }
  writeFileAtomically(folder / "empty.ndjson", "\n\n");
  EXPECT_THAT(problem(folder / "empty.ndjson"), HasSubstr("holds no drawing"));
  EXPECT_THAT(messageOf([&] { readQuickDraw(folder / "empty.ndjson"); }),
              HasSubstr("holds no drawing"));
}

TEST(QuickDraw, WritesWhatIsLeftAfterErasing) {
  const Sketch sketch =
      sketchOf({strokeOf({0, 100}, {50, 50}), strokeOf({50, 50}, {0, 100}, true)}, 250, 250);
  EXPECT_EQ(quickDrawFromJson(toQuickDraw(sketch, "line"), "x").sketch.strokes.size(), 2u);
}

}  // namespace
}  // namespace inkling
