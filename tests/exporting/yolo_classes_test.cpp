// classes.txt of YOLO: class numbers are lines of it, and it may be there before the export.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/exporting/export_format.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class YoloClasses : public testing::Test {
 protected:
  void has(const std::string& content) { writeFileAtomically(file(), content); }
  std::string classes() { return readFile(file()); }
  std::filesystem::path file() { return folder_.path() / "classes.txt"; }

  std::unique_ptr<ExportFormat> yolo(const std::vector<std::string>& names) {
    ExportSetup setup;
    for (const std::string& name : names) setup.categories.push_back({name, {}, {}});
    return makeExportFormat("yolo", setup, folder_.path());
  }
  // The class numbers of the categories, from the label file of a photo that has a box of each.
  std::vector<int> numbers(const ExportFormat& format, std::size_t categories) {
    ExportedPhoto photo{"a.jpg", {9, 9}, {}};
    for (std::size_t i = 0; i < categories; ++i) photo.boxes.push_back({i, {{0, 0, 9, 9}, 0.5}});
    std::vector<int> result;
    const std::string rows = format.filesOf(photo, "a", {}).at(0).content;
    for (std::size_t at = 0; at < rows.size(); at = rows.find('\n', at) + 1)
      result.push_back(std::stoi(rows.substr(at)));
    return result;
  }

 private:
  TestFolder folder_;
};

TEST_F(YoloClasses, AreWrittenInTheOrderOfTheSetup) {
  const auto format = yolo({"chair", "table"});
  EXPECT_FALSE(std::filesystem::exists(file())) << "nothing is written before the job starts";
  format->prepare();
  EXPECT_EQ(classes(), "chair\ntable\n");
  EXPECT_EQ(numbers(*format, 2), (std::vector{0, 1}));
}

TEST_F(YoloClasses, OfAFileThatIsThereKeepTheirNumbers) {
  has("person\ntable\nchair\n");
  const auto format = yolo({"chair", "table"});
  format->prepare();
  EXPECT_EQ(numbers(*format, 2), (std::vector{2, 1}));
  EXPECT_EQ(classes(), "person\ntable\nchair\n");
}

TEST_F(YoloClasses, ThatAreMissingComeAtTheEnd) {
  has("person\ntable\n");
  const auto format = yolo({"lamp", "table", "chair"});
  format->prepare();
  EXPECT_EQ(numbers(*format, 3), (std::vector{2, 1, 3}));
  EXPECT_EQ(classes(), "person\ntable\nlamp\nchair\n");
}

TEST_F(YoloClasses, AResumedJobFindsItsOwnFileAndChangesNothing) {
  has("person\n");
  yolo({"lamp", "chair"})->prepare();
  const auto resumed = yolo({"lamp", "chair"});
  resumed->prepare();
  resumed->prepare();
  EXPECT_EQ(numbers(*resumed, 2), (std::vector{1, 2}));
  EXPECT_EQ(classes(), "person\nlamp\nchair\n");
}

TEST_F(YoloClasses, FilesOfEveryEditorAreRead) {
  struct Case {
    std::string before, after;
    std::vector<int> numbers;  // of "chair" and "table"
  };
  const std::vector<Case> cases = {
      {"person\nchair", "person\nchair\ntable\n", {1, 2}},              // no line end
      {"person\r\nchair\r\n", "person\r\nchair\r\ntable\r\n", {1, 2}},  // Windows
      {"person\r\nchair", "person\r\nchair\r\ntable\r\n", {1, 2}},      // both
      {"person\nchair\n\n \n", "person\nchair\ntable\n", {1, 2}},       // blank lines
      {"person\n\nchair\n", "person\n\nchair\ntable\n", {2, 3}},        // a number kept free
      {" chair \ntable\t\n", " chair \ntable\t\n", {0, 1}},             // blanks around
      {"\xEF\xBB\xBF"
       "chair\n",
       "\xEF\xBB\xBF"
       "chair\ntable\n",
       {0, 1}},  // byte order mark
      {"\xEF\xBB\xBF",
       "\xEF\xBB\xBF"
       "chair\ntable\n",
       {0, 1}},
      {"chair\nchair\n", "chair\nchair\ntable\n", {0, 2}},  // the first one counts
      {"Chair\n", "Chair\nchair\ntable\n", {1, 2}},         // another class
      {"", "chair\ntable\n", {0, 1}},
      {"\n\n", "chair\ntable\n", {0, 1}}};
  for (const Case& c : cases) {
    has(c.before);
    const auto format = yolo({"chair", "table"});
    format->prepare();
    EXPECT_EQ(classes(), c.after) << testing::PrintToString(c.before);
    EXPECT_EQ(numbers(*format, 2), c.numbers) << testing::PrintToString(c.before);
    const auto again = yolo({"chair", "table"});
    EXPECT_EQ(numbers(*again, 2), c.numbers) << testing::PrintToString(c.before);
  }
}

TEST_F(YoloClasses, AFileThatIsNoTextIsRefusedAndNamed) {
  for (const std::string& content : {std::string("chair\n\xFF\xFE"), std::string("a\0b", 3)}) {
    has(content);
    try {
      yolo({"chair"});
      FAIL();
    } catch (const InputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("classes.txt: is not a list of class names"));
    }
    EXPECT_EQ(classes(), content);
  }
}

TEST_F(YoloClasses, NamesThatDoNotFitIntoALineAreRefused) {
  EXPECT_THROW(yolo({"arm\nchair"}), UsageError);
  EXPECT_THROW(yolo({"arm\rchair"}), UsageError);
  EXPECT_THROW(yolo({"  "}), UsageError);
  EXPECT_THROW(yolo({"chair", "chair "}), UsageError) << "one line in the file";
}

}  // namespace
}  // namespace inkling
