// Every format is read back by a program of its own (read_back.py, which knows Inkling's files only
// from the definitions of the formats) and compared with the records that were written.
#include <algorithm>
#include <cstdlib>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/exporting/export_format.h"
#include "core/exporting/export_names.h"
#include "core/image/picture_writer.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct ReadBox {
  std::string category;
  Box box;
  double score = 0;
};

struct ReadPhoto {
  std::string file, photo;
  Size size;
  std::vector<ReadBox> boxes;
};

bool havePython() { return std::system("command -v python3 >/dev/null 2>&1") == 0; }

std::vector<ReadPhoto> readBack(const std::string& format, const fs::path& out) {
  const fs::path script = fs::path(INKLING_TEST_FOLDER) / "read_back.py";
  const TestFolder folder;
  const fs::path result = folder.path() / "result.json", log = folder.path() / "log";
  const std::string command = "python3 '" + script.native() + "' " + format + " '" + out.native() +
                              "' '" + result.native() + "' 2>'" + log.native() + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << readFile(log);
  std::vector<ReadPhoto> photos;
  if (testing::Test::HasFailure()) return photos;
  for (const Json& entry : readJson(result)) {
    ReadPhoto photo{entry["file"], entry["photo"], {entry["width"], entry["height"]}, {}};
    for (const Json& box : entry["boxes"])
      photo.boxes.push_back({box[0], {box[1], box[2], box[3], box[4]}, box[5]});
    photos.push_back(std::move(photo));
  }
  return photos;
}

std::map<std::string, ReadPhoto> byFile(const std::vector<ReadPhoto>& photos) {
  std::map<std::string, ReadPhoto> result;
  for (const ReadPhoto& photo : photos) result.emplace(photo.file, photo);
  EXPECT_EQ(result.size(), photos.size()) << "a file stands for two photos";
  return result;
}

// How far a format may be from a record.
struct Tolerance {
  double x = 0, y = 0;
};

void expectBoxes(const std::vector<ReadBox>& read, const ExportedPhoto& photo,
                 const ExportSetup& setup, Tolerance tolerance, bool scores = true) {
  ASSERT_EQ(read.size(), photo.boxes.size()) << photo.path;
  for (std::size_t i = 0; i < read.size(); ++i) {
    const Box& box = photo.boxes[i].found.box;
    ASSERT_EQ(read[i].category, setup.categories[photo.boxes[i].category].name);
    ASSERT_NEAR(read[i].box.x, box.x, tolerance.x) << photo.path << " box " << i;
    ASSERT_NEAR(read[i].box.y, box.y, tolerance.y) << photo.path << " box " << i;
    ASSERT_NEAR(read[i].box.right(), box.right(), tolerance.x + 1e-9) << photo.path << " " << i;
    ASSERT_NEAR(read[i].box.bottom(), box.bottom(), tolerance.y + 1e-9) << photo.path << " " << i;
    if (scores) {
      ASSERT_EQ(read[i].score, photo.boxes[i].found.score);
    }
  }
}

// Photos of hard names with random boxes, of several seeds.
class RoundTrip : public testing::TestWithParam<std::uint64_t> {
 protected:
  void SetUp() override {
    if (!havePython()) GTEST_SKIP() << "python3 is not there to read the files back";
    Random random(GetParam());
    photos_ = hardPhotos(setup_.categories.size(), random);
    random.shuffle(photos_);
  }

  std::vector<ReadPhoto> exported(const std::string& name) {
    const auto format = makeExportFormat(name, setup_, out());
    exportAll(*format, photos_, out());
    return readBack(name, out());
  }
  fs::path nameOf(const ExportedPhoto& photo, const ExportFormat& format) {
    std::vector<fs::path> paths;
    for (const ExportedPhoto& other : photos_) paths.push_back(other.path);
    return ExportNames(paths, format.longestSuffix()).nameOf(photo.path);
  }
  const fs::path& out() { return folder_.path(); }

  ExportSetup setup_ = threeCategories();
  std::vector<ExportedPhoto> photos_;

 private:
  TestFolder folder_;
};

TEST_P(RoundTrip, Coco) {
  setup_.categories[0].name = "line\nbreak \x01";
  const auto read = exported("coco");
  ASSERT_EQ(read.size(), photos_.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    EXPECT_EQ(read[i].file, hexadecimal(photos_[i].path.native()));
    EXPECT_EQ(read[i].photo, displayName(photos_[i].path));
    EXPECT_EQ(read[i].size, photos_[i].size);
    expectBoxes(read[i].boxes, photos_[i], setup_, {});
  }
}

TEST_P(RoundTrip, Csv) {
  setup_.categories[0].name = "line\nbreak, \"quoted\"";
  // Row by row: two names that differ only in bytes that are no text are the same text.
  const auto rows = exported("csv");
  std::size_t at = 0;
  for (const ExportedPhoto& photo : photos_) {
    for (const ExportedBox& box : photo.boxes) {
      ASSERT_LT(at, rows.size());
      ASSERT_EQ(rows[at].photo, displayName(photo.path));
      ASSERT_EQ(rows[at].size, photo.size);
      expectBoxes(rows[at++].boxes, {photo.path, photo.size, {box}}, setup_, {});
    }
  }
  EXPECT_EQ(at, rows.size());
}

// What XML 1.0 can hold of a name.
std::string asXml(std::string text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') {
      result += "\xEF\xBF\xBD";
    } else {
      result += c;
    }
  }
  const std::size_t none = result.find("\xEF\xBF\xBF");
  return none == std::string::npos ? result : result.replace(none, 3, "\xEF\xBF\xBD");
}

TEST_P(RoundTrip, Voc) {
  setup_.categories[0].name = "line\nbreak";
  const auto read = byFile(exported("voc"));
  ASSERT_EQ(read.size(), photos_.size());
  const auto format = makeExportFormat("voc", setup_, out());
  for (const ExportedPhoto& photo : photos_) {
    const auto found = read.find(hexadecimal(withSuffix(nameOf(photo, *format), ".xml").native()));
    ASSERT_NE(found, read.end()) << photo.path;
    EXPECT_EQ(found->second.photo, asXml(displayName(photo.path)));
    EXPECT_EQ(found->second.size, photo.size);
    // Whole pixels; a box thinner than one gets the one it is in.
    expectBoxes(found->second.boxes, photo, setup_, {1, 1});
    for (std::size_t i = 0; i < photo.boxes.size(); ++i) {
      const Box& box = photo.boxes[i].found.box;
      if (box.width >= 1) {
        EXPECT_NEAR(found->second.boxes[i].box.x, box.x, 0.5);
      }
    }
  }
}

TEST_P(RoundTrip, Yolo) {
  writeFileAtomically(out() / "classes.txt", "person\r\n" + setup_.categories[2].name + "\r\n\r\n");
  setup_.yoloScores = GetParam() % 2 == 0;
  const auto read = byFile(exported("yolo"));
  ASSERT_EQ(read.size(), photos_.size());
  const auto format = makeExportFormat("yolo", setup_, out());
  for (const ExportedPhoto& photo : photos_) {
    const auto found = read.find(hexadecimal(withSuffix(nameOf(photo, *format), ".txt").native()));
    ASSERT_NE(found, read.end()) << photo.path;
    std::vector<ReadBox> boxes = found->second.boxes;
    for (ReadBox& read_box : boxes) {
      Box& box = read_box.box;
      box = {box.x * photo.size.width, box.y * photo.size.height, box.width * photo.size.width,
             box.height * photo.size.height};
    }
    // Half of the last decimal of the centre and of half the side; twice for the least side.
    const Tolerance tolerance{1.5e-6 * photo.size.width, 1.5e-6 * photo.size.height};
    expectBoxes(boxes, photo, setup_, tolerance, setup_.yoloScores);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RoundTrip, testing::Values(1, 2, 3, 4));

TEST(RoundTripOfPictures, AnotherProgramReadsTheJpegsAndTheirSizes) {
  if (!havePython()) GTEST_SKIP() << "python3 is not there to read the files back";
  Random random(9);
  const ExportSetup setup = threeCategories();
  for (const std::string name : {"pictures", "crops"}) {
    const TestFolder folder;
    const auto format = makeExportFormat(name, setup, folder.path());
    std::map<std::string, Size> expected;
    const ExportNames names(hardNames(), format->longestSuffix());
    for (const fs::path& path : hardNames()) {
      const Size size{1 + static_cast<int>(random.below(90)),
                      1 + static_cast<int>(random.below(90))};
      const ExportedPhoto photo = randomPhoto(path, size, random.below(5), 3, random);
      const Image picture(size, {200, 210, 220});
      const auto files = format->filesOf(photo, names.nameOf(path), {&picture, {}});
      ASSERT_EQ(files.size(), name == "crops" ? photo.boxes.size() : photo.boxes.empty() ? 0 : 1);
      const auto written = format->writtenFiles(photo, names.nameOf(path));
      ASSERT_EQ(written.size(), files.size());
      for (std::size_t i = 0; i < files.size(); ++i) {
        ASSERT_EQ(written[i], files[i].path);
        const Box& box = photo.boxes[i].found.box;
        // The pixels from the one that holds the left edge to the one that holds the right edge.
        const Size crop{static_cast<int>(std::ceil(box.right()) - std::floor(box.x)),
                        static_cast<int>(std::ceil(box.bottom()) - std::floor(box.y))};
        const bool isNew =
            expected.emplace(hexadecimal(files[i].path.native()), name == "crops" ? crop : size)
                .second;
        ASSERT_TRUE(isNew) << files[i].path;
        writeFileAtomically(folder.path() / files[i].path, files[i].content);
      }
    }
    const auto read = byFile(readBack(name, folder.path()));
    ASSERT_EQ(read.size(), expected.size());
    for (const auto& [file, size] : expected) {
      ASSERT_TRUE(read.contains(file));
      EXPECT_EQ(read.at(file).size, size);
    }
  }
}

}  // namespace
}  // namespace inkling
