// What the files of each format look like, by examples.
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/exporting/export_format.h"
#include "export_fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ExportSetup chairAndTable() {
  ExportSetup setup;
  setup.categories = {{"chair", {"chair.json"}, {}}, {"table", {"t1.svg", "t2.svg"}, {"desk.svg"}}};
  setup.model = "inkling-s.safetensors";
  setup.modelHash = "0123abcd";
  setup.threshold = 0.3;
  setup.folder = "holiday";
  return setup;
}

// A chair and two tables, and a photo without a match.
std::vector<ExportedPhoto> twoPhotos() {
  return {{"sub/room.jpg",
           {200, 100},
           {{0, {{10, 20, 100, 50}, 0.9}},
            {1, {{0, 0, 200, 100}, 0.75}},
            {1, {{150.25, 0.5, 49.75, 10}, 0.5}}}},
          {"empty.png", {30, 40}, {}}};
}

class ExportFormats : public testing::Test {
 protected:
  std::string written(const std::string& file) { return readFile(out() / file); }
  const fs::path& out() { return folder_.path(); }
  void exportAs(const std::string& name, const ExportSetup& setup) {
    exportAll(*makeExportFormat(name, setup, out()), twoPhotos(), out());
  }

 private:
  TestFolder folder_;
};

TEST_F(ExportFormats, CocoIsOneFileOfInstancesWithScores) {
  exportAs("coco", chairAndTable());
  EXPECT_THAT(filesBelow(out()), ElementsAre("annotations.json"));
  const Json json = parseJson(written("annotations.json"), "annotations.json");
  EXPECT_EQ(json["categories"], Json::parse(R"([
      {"id": 1, "name": "chair", "supercategory": "none"},
      {"id": 2, "name": "table", "supercategory": "none"}])"));
  EXPECT_EQ(json["images"], Json::parse(R"([
      {"id": 1, "file_name": "sub/room.jpg", "width": 200, "height": 100},
      {"id": 2, "file_name": "empty.png", "width": 30, "height": 40}])"));
  EXPECT_EQ(json["annotations"], Json::parse(R"([
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 20, 100, 50], "area": 5000,
       "iscrowd": 0, "segmentation": [], "score": 0.9},
      {"id": 2, "image_id": 1, "category_id": 2, "bbox": [0, 0, 200, 100], "area": 20000,
       "iscrowd": 0, "segmentation": [], "score": 0.75},
      {"id": 3, "image_id": 1, "category_id": 2, "bbox": [150.25, 0.5, 49.75, 10], "area": 497.5,
       "iscrowd": 0, "segmentation": [], "score": 0.5}])"));
  EXPECT_EQ(json["info"]["query"], Json::parse(R"([
      {"category": "chair", "sketches": ["chair.json"], "not": []},
      {"category": "table", "sketches": ["t1.svg", "t2.svg"], "not": ["desk.svg"]}])"));
  EXPECT_EQ(json["info"]["model"], "inkling-s.safetensors");
  EXPECT_EQ(json["info"]["model_hash"], "0123abcd");
  EXPECT_EQ(json["info"]["threshold"], 0.3);
  EXPECT_EQ(json["info"]["coordinate_frame"], kCoordinateFrame);
}

TEST_F(ExportFormats, CocoOfNoPhotoAtAllIsStillWhole) {
  makeExportFormat("coco", chairAndTable(), out())->writeWhole(walkOver({}), out());
  const Json json = parseJson(written("annotations.json"), "annotations.json");
  EXPECT_THAT(json["images"], IsEmpty());
  EXPECT_THAT(json["annotations"], IsEmpty());
}

TEST_F(ExportFormats, YoloIsALabelFileForEachPhoto) {
  exportAs("yolo", chairAndTable());
  EXPECT_THAT(filesBelow(out()), ElementsAre("classes.txt", "empty.txt", "sub/room.txt"));
  EXPECT_EQ(written("classes.txt"), "chair\ntable\n");
  EXPECT_EQ(written("sub/room.txt"),
            "0 0.300000 0.450000 0.500000 0.500000\n"
            "1 0.500000 0.500000 1.000000 1.000000\n"
            "1 0.875625 0.055000 0.248750 0.100000\n");
  EXPECT_EQ(written("empty.txt"), "") << "a photo without a match is a photo without objects";
}

TEST_F(ExportFormats, YoloHasScoresWhenAsked) {
  ExportSetup setup = chairAndTable();
  setup.yoloScores = true;
  exportAs("yolo", setup);
  EXPECT_THAT(written("sub/room.txt"),
              testing::StartsWith("0 0.300000 0.450000 0.500000 0.500000 0.900000\n"));
}

TEST_F(ExportFormats, VocIsAnXmlFileForEachPhoto) {
  ExportSetup setup = chairAndTable();
  setup.categories[1].name = "<table> & \"chairs\"";
  setup.folder = "R&D";
  exportAs("voc", setup);
  EXPECT_THAT(filesBelow(out()), ElementsAre("empty.xml", "sub/room.xml"));
  const std::string xml = written("sub/room.xml");
  EXPECT_THAT(xml, testing::StartsWith("<annotation>\n"
                                       "  <folder>R&amp;D</folder>\n"
                                       "  <filename>sub/room.jpg</filename>\n"
                                       "  <source>\n"
                                       "    <database>Inkling</database>\n"));
  EXPECT_THAT(xml, HasSubstr(std::string(kCoordinateFrame)));
  EXPECT_THAT(xml, HasSubstr("    <width>200</width>\n"
                             "    <height>100</height>\n"
                             "    <depth>3</depth>\n"));
  EXPECT_THAT(xml, HasSubstr("  <object>\n"
                             "    <name>chair</name>\n"
                             "    <pose>Unspecified</pose>\n"
                             "    <truncated>0</truncated>\n"
                             "    <difficult>0</difficult>\n"
                             "    <score>0.9</score>\n"
                             "    <bndbox>\n"
                             "      <xmin>11</xmin>\n"
                             "      <ymin>21</ymin>\n"
                             "      <xmax>110</xmax>\n"
                             "      <ymax>70</ymax>\n"
                             "    </bndbox>\n"
                             "  </object>\n"))
      << "pixels from 1, the last one included";
  EXPECT_THAT(xml, HasSubstr("<name>&lt;table&gt; &amp; \"chairs\"</name>"));
  EXPECT_THAT(written("empty.xml"), testing::Not(HasSubstr("<object>")));
}

TEST_F(ExportFormats, VocBoxesThinnerThanAPixelKeepOne) {
  const auto voc = makeExportFormat("voc", chairAndTable(), out());
  const ExportedPhoto photo{
      "a.jpg", {100, 50}, {{0, {{99.99, 49.99, 0.01, 0.01}, 0.5}}, {0, {{0, 0, 0.01, 50}, 0.4}}}};
  const std::string xml = voc->filesOf(photo, "a", {}).at(0).content;
  EXPECT_THAT(xml, HasSubstr("<xmin>100</xmin>\n      <ymin>50</ymin>\n      <xmax>100</xmax>\n"
                             "      <ymax>50</ymax>"));
  EXPECT_THAT(xml, HasSubstr("<xmin>1</xmin>\n      <ymin>1</ymin>\n      <xmax>1</xmax>\n"
                             "      <ymax>50</ymax>"));
}

TEST_F(ExportFormats, VocBoxesAreThePixelsTheyCoverHalf) {
  const auto voc = makeExportFormat("voc", chairAndTable(), out());
  const auto edges = [&](double x, double width) {
    const ExportedPhoto photo{"a.jpg", {100, 50}, {{0, {{x, 0, width, 9}, 0.5}}}};
    const std::string xml = voc->filesOf(photo, "a", {}).at(0).content;
    return std::pair{std::stoi(xml.substr(xml.find("<xmin>") + 6)),
                     std::stoi(xml.substr(xml.find("<xmax>") + 6))};
  };
  EXPECT_EQ(edges(10, 20), (std::pair{11, 30}));
  EXPECT_EQ(edges(10.4, 19.2), (std::pair{11, 30}));
  EXPECT_EQ(edges(10.6, 18.8), (std::pair{12, 29}));
  EXPECT_EQ(edges(5.76, 0.01), (std::pair{6, 6})) << "thinner than a pixel: the one it is in";
  EXPECT_EQ(edges(5.6, 0.8), (std::pair{7, 7})) << "no pixel by half: the one of its middle";
}

TEST_F(ExportFormats, CsvHasARowForEachBox) {
  ExportSetup setup = chairAndTable();
  setup.categories[0].name = "a \"chair\", red";
  exportAs("csv", setup);
  EXPECT_THAT(filesBelow(out()), ElementsAre("detections.csv"));
  EXPECT_EQ(written("detections.csv"),
            "photo,category,score,x,y,width,height,photo_width,photo_height\r\n"
            "sub/room.jpg,\"a \"\"chair\"\", red\",0.9,10,20,100,50,200,100\r\n"
            "sub/room.jpg,table,0.75,0,0,200,100,200,100\r\n"
            "sub/room.jpg,table,0.5,150.25,0.5,49.75,10,200,100\r\n");
}

TEST_F(ExportFormats, FailuresAreAListOfTheirOwn) {
  writeFailures(out(),
                {{"sub/a.jpg", "sub/a.jpg: is truncated, or \"damaged\""}, {"b.jpg", "why"}});
  EXPECT_EQ(written("failures.csv"),
            "photo,reason\r\n"
            "sub/a.jpg,\"sub/a.jpg: is truncated, or \"\"damaged\"\"\"\r\n"
            "b.jpg,why\r\n");
  writeFailures(out(), {});
  EXPECT_EQ(written("failures.csv"), "photo,reason\r\n");
}

TEST_F(ExportFormats, SayBeforehandWhatTheyWillWrite) {
  ExportSetup setup = threeCategories();
  setup.overlay = true;
  for (const std::string name : {"coco", "yolo", "voc", "csv"}) {
    TestFolder folder;
    const auto format = makeExportFormat(name, setup, folder.path());
    exportAll(*format, twoPhotos(), folder.path());
    std::vector<std::string> planned;
    for (const fs::path& file : format->wholeFiles()) planned.push_back(file.native());
    for (const char* photo : {"empty", "sub/room"}) {
      for (const fs::path& file : format->plannedFiles(photo)) planned.push_back(file.native());
    }
    EXPECT_THAT(filesBelow(folder.path()), testing::UnorderedElementsAreArray(planned)) << name;
    const ExportedPhoto room = twoPhotos()[0];
    EXPECT_EQ(format->writtenFiles(room, "sub/room"), format->plannedFiles("sub/room"));
    EXPECT_EQ(format->name(), name);
    EXPECT_FALSE(format->needsPicture());
  }
}

TEST_F(ExportFormats, TheSameRecordsGiveTheSameBytes) {
  Random random(5);
  const auto photos = hardPhotos(3, random);
  for (const std::string name : {"coco", "yolo", "voc", "csv"}) {
    TestFolder a, b;
    exportAll(*makeExportFormat(name, threeCategories(), a.path()), photos, a.path());
    exportAll(*makeExportFormat(name, threeCategories(), b.path()), photos, b.path());
    ASSERT_EQ(filesBelow(a.path()), filesBelow(b.path()));
    for (const std::string& file : filesBelow(a.path()))
      ASSERT_EQ(readFile(a.path() / file), readFile(b.path() / file)) << name << " " << file;
  }
}

TEST_F(ExportFormats, AFormatThatFailsHalfWayLeavesTheOldFile) {
  exportAs("coco", chairAndTable());
  const std::string before = written("annotations.json");
  const auto coco = makeExportFormat("coco", chairAndTable(), out());
  const ExportRecords breaks = [](const std::function<void(const ExportedPhoto&)>& take) {
    take(twoPhotos()[0]);
    throw InputError("journal: damaged");
  };
  EXPECT_THROW(coco->writeWhole(breaks, out()), InputError);
  EXPECT_EQ(written("annotations.json"), before);
  EXPECT_THAT(filesBelow(out()), ElementsAre("annotations.json"));
}

TEST_F(ExportFormats, RefuseWhatTheyCannotWrite) {
  const ExportSetup setup = chairAndTable();
  EXPECT_THROW(makeExportFormat("xlsx", setup, out()), UsageError);
  EXPECT_THROW(makeExportFormat("coco", {}, out()), UsageError) << "no category";
  ExportSetup twice = setup;
  twice.categories[1].name = "chair";
  ExportSetup nameless = setup;
  nameless.categories[1].name = "";
  const ExportedPhoto other{"a.jpg", {9, 9}, {{2, {{0, 0, 5, 5}, 0.5}}}};
  for (const std::string& name : exportFormatNames()) {
    EXPECT_THROW(makeExportFormat(name, twice, out()), UsageError) << name;
    EXPECT_THROW(makeExportFormat(name, nameless, out()), UsageError) << name;
    EXPECT_THROW(makeExportFormat(name, setup, out())->filesOf(other, "a", {}), InputError)
        << name << ": there is no third category";
  }
}

TEST_F(ExportFormats, AFolderThatCannotBeWrittenIsNamed) {
  std::ofstream(out() / "file") << "x";
  for (const std::string name : {"coco", "csv"}) {
    try {
      makeExportFormat(name, chairAndTable(), out())->writeWhole(walkOver({}), out() / "file");
      FAIL();
    } catch (const OutputError& error) {
      EXPECT_THAT(error.what(), HasSubstr("file"));
    }
  }
}

}  // namespace
}  // namespace inkling
