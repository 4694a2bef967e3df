#include "tests/app/fixtures.h"

#include <cstdlib>

#include <unistd.h>

#include "core/base/file.h"
#include "core/image/picture_writer.h"
#include "tests/image/photo_fixtures.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace fs = std::filesystem;
namespace {

// All folders of this run, removed at its end.
const fs::path& runFolder() {
  struct Folder {
    fs::path path = fs::temp_directory_path() / ("inkling-app-test-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() {
      std::error_code ignored;
      fs::remove_all(path, ignored);
    }
  };
  static const Folder folder;
  return folder.path;
}

}  // namespace

fs::path testFolder() {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  const fs::path folder = runFolder() / (std::string(test->test_suite_name()) + "." + test->name());
  fs::create_directories(folder);
  return folder;
}

std::string tinyModelFile(const std::string& attention) {
  static std::map<std::string, std::string> made;
  std::string& file = made[attention];
  if (!file.empty()) return file;
  file = runFolder() /
         (attention == "multi-head" ? "tiny.safetensors" : "tiny-" + attention + ".safetensors");
  ModelConfig config = tinyConfig();
  config.guidance.attention = attention;
  TinyModel tiny(config);
  const Json card = {{"name", "tiny"}, {"licence", "none"}};
  writeSafetensors(file, packModel(tiny.config, tiny.weights, tiny.network, card, false));
  return file;
}

fs::path sourceFile(const std::string& path) {
  const char* root = std::getenv("INKLING_SOURCE_DIR");
  return fs::path(root != nullptr ? root : ".") / path;
}

std::string realModelFile() {
  const fs::path file = sourceFile("resources/models/inkling-s.safetensors");
  return fs::exists(file) ? file.string() : "";
}

std::string writeTestFile(const std::string& name, const std::string& content) {
  const fs::path path = testFolder() / name;
  writeFileAtomically(path, content);
  return path;
}

std::string ringSketch(const std::string& name) {
  return writeTestFile(name, R"({"inkling_sketch": 1, "width": 100, "height": 100, "strokes": [
        {"x": [50, 75, 85, 75, 50, 25, 15, 25, 50], "y": [15, 25, 50, 75, 85, 75, 50, 25, 15]},
        {"x": [20, 80], "y": [92, 92]}]})");
}

std::string jpegBytes(int seed, Size size) {
  Image image(size, {200, 205, 210});
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if ((x / (10 + seed % 7) + y / (13 + seed % 5)) % 3 == 0) {
        image.set(x, y, {static_cast<std::uint8_t>(seed * 37 % 200), 80, 60});
      }
    }
  }
  return encodeJpeg(image);
}

std::string writePhoto(const std::string& name, int seed, Size size) {
  return writeTestFile(name, jpegBytes(seed, size));
}

std::string pngOfClaimedSize(Size size) {
  std::string png = makePng({1, 1}, 8, 2, {std::string(3, '\x7f')});
  const std::string header = bigEndian(static_cast<std::uint32_t>(size.width), 4) +
                             bigEndian(static_cast<std::uint32_t>(size.height), 4) + "\x08\x02" +
                             std::string(3, '\0');
  const std::string chunk = pngChunk("IHDR", header);
  return png.replace(8, chunk.size(), chunk);
}

std::map<std::string, std::string> filesBelow(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file())
      files[entry.path().lexically_relative(folder)] = readFile(entry.path());
  }
  return files;
}

Json parsed(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(json.is_discarded()) << "not JSON: " << text;
  return json;
}

void expectGoodManners(const ProgramResult& result) {
  EXPECT_EQ(result.signal, 0) << result.err;
  EXPECT_THAT(result.status, testing::AnyOf(0, 1, 2, 3, 130)) << result.err;
  for (const char* word :
       {"terminate called", "what():", "Exception raised", "frame #", "core dumped"}) {
    EXPECT_THAT(result.err, testing::Not(testing::HasSubstr(word)));
  }
  if (result.status != 0) {
    EXPECT_FALSE(result.err.empty()) << "a failure has to say why";
  }
}

}  // namespace inkling
