// The sketches that come with the program.
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

}  // namespace
}  // namespace inkling
