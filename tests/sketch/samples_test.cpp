// The sketches that come with the program.
#include <set>

#include "core/base/json.h"
#include "core/sketch/reader.h"
#include "tests/sketch/sketch_samples.h"

namespace inkling {
namespace {

TEST(SampleSketches, AreAllReadableAndCredited) {
  const auto folder = sourceDir() / "resources/samples/sketches";
  const Json credits = readJson(folder / "CREDITS.json");
  EXPECT_GE(credits["sketches"].size(), 12u);
  for (const Json& entry : credits["sketches"]) {
    const auto word = entry.at("word").get<std::string>();
    EXPECT_EQ(entry.at("file"), word + ".json");
    EXPECT_FALSE(entry.at("key_id").get<std::string>().empty());
    const Sketch sketch = readSketch(folder / (word + ".json"));
    EXPECT_TRUE(isUsable(sketch)) << word;
  }
  const auto files = listFiles(folder, {".json"});
  EXPECT_EQ(files.size(), credits["sketches"].size() + 1) << "every sketch has its credit";
}

// With the sketches above, a drawing for each of QuickDraw's 345 words.
TEST(SampleSketches, HaveOneUsableDrawingForEveryQuickDrawWord) {
  const auto samples = sourceDir() / "resources/samples";
  std::set<std::string> words;
  for (const auto& file : listFiles(samples / "sketches", {".json"})) {
    if (file.filename() != "CREDITS.json") words.insert(file.stem().string());
  }
  const auto list = samples / "quickdraw_words.ndjson.gz";
  EXPECT_LT(std::filesystem::file_size(list), 150'000u) << "a clone stays small";
  for (const QuickDrawEntry& entry : readQuickDraw(list)) {
    EXPECT_TRUE(words.insert(entry.word).second) << entry.word << " is there twice";
    EXPECT_TRUE(isUsable(entry.sketch)) << entry.word;
    EXPECT_FALSE(entry.keyId.empty()) << entry.word << " needs its source";
  }
  EXPECT_EQ(words.size(), 345u);
}

}  // namespace
}  // namespace inkling
