// inkling model, and model files that cannot be used: exit status 3, whatever the command.
#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "core/nn/attention/mechanisms.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;

TEST(ModelCommand, CheckSaysOk) {
  const ProgramResult result = inklingProgram({"model", "check", tinyModelFile()});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("tiny.safetensors: ok"));
  EXPECT_THAT(result.out, HasSubstr("kernels: ok"));
}

TEST(ModelCommand, InfoShowsTheCardForPeopleAndForPrograms) {
  const ProgramResult text = inklingProgram({"model", "info", tinyModelFile()});
  EXPECT_EQ(text.status, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("million parameters"));
  EXPECT_THAT(text.out, HasSubstr("licence: none"));
  const ProgramResult json = inklingProgram({"model", "info", "--format", "json"});
  EXPECT_EQ(parsed(json.out)["name"], "tiny");
  EXPECT_TRUE(parsed(json.out)["config"].is_object());
}

TEST(ModelCommand, ConvertGivesAFileThatWorksTheSame) {
  const std::string out = testFolder() / "again.safetensors";
  ASSERT_EQ(inklingProgram({"model", "convert", tinyModelFile(), out}).status, 0);
  EXPECT_EQ(inklingProgram({"model", "check", out}).status, 0);
  const std::string photo = writePhoto("a.jpg");
  const auto scoreWith = [&](const std::string& model) {
    return parsed(inklingProgram({"find", "--format", "json", "--model", model, "--sketch",
                                  ringSketch(), photo})
                      .out)["photos"];
  };
  EXPECT_EQ(scoreWith(out), scoreWith(tinyModelFile()));
}

TEST(ModelCommand, ConvertPutsFiguresOnTheCard) {
  const std::string out = testFolder() / "measured.safetensors";
  const std::string figures =
      writeTestFile("eval.json", R"({"protocol": "sketch-guided", "all": {"ap50": 0.25}})");
  ASSERT_EQ(inklingProgram({"model", "convert", tinyModelFile(), out, "--figures", figures}).status,
            0);
  const Json card = parsed(inklingProgram({"model", "info", out, "--format", "json"}).out);
  EXPECT_EQ(card["figures"]["all"]["ap50"], 0.25);
  EXPECT_EQ(card["name"], "tiny");
}

TEST(ModelCommand, FiguresThatAreNoneAreNamed) {
  const std::string out = testFolder() / "measured.safetensors";
  const ProgramResult result = inklingProgram(
      {"model", "convert", tinyModelFile(), out, "--figures", writeTestFile("no.json", "[1, 2]")});
  EXPECT_NE(result.status, 0);
  EXPECT_THAT(result.err, HasSubstr("no.json"));
}

TEST(ModelCommand, ConvertToAnUnwritablePlaceIsStatusThree) {
  const std::string file = writeTestFile("file", "x");
  EXPECT_EQ(inklingProgram({"model", "convert", tinyModelFile(), file + "/m.safetensors"}).status,
            3);
}

TEST(ModelCommand, TheTrainedModelWorks) {
  if (realModelFile().empty()) GTEST_SKIP() << "resources/models/inkling-s.safetensors is missing";
  const ProgramResult result =
      inklingProgram({"model", "check"}, {{"INKLING_MODEL", ""}, {"INKLING_THREADS", ""}});
  EXPECT_EQ(result.status, 0) << result.err;
}

// A safetensors file with this header and this many bytes of data.
std::string safetensors(const std::string& header, std::size_t data) {
  std::string size;
  for (std::size_t i = 0, n = header.size(); i < 8; ++i, n >>= 8) size += static_cast<char>(n);
  return size + header + std::string(data, '\0');
}

struct BadModel {
  const char* title;
  std::string (*content)();
};

void PrintTo(const BadModel& model, std::ostream* out) { *out << model.title; }

std::string cutInHalf() {
  const std::string whole = readFile(tinyModelFile());
  return whole.substr(0, whole.size() / 2);
}
std::string cutInTheHeader() { return readFile(tinyModelFile()).substr(0, 100); }
std::string empty() { return ""; }
std::string noise() { return std::string(4096, '\xA7'); }
std::string overlap() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
                         "b": {"dtype": "F32", "shape": [4], "data_offsets": [8, 24]}})",
                     24);
}
std::string beyondTheFile() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [1000], "data_offsets": [0, 4000]}})", 16);
}
std::string wrongSize() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [8], "data_offsets": [0, 16]}})", 16);
}
std::string negative() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [-4], "data_offsets": [0, 16]}})", 16);
}
std::string hugeShape() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [4611686018427387904, 4],
                         "data_offsets": [0, 0]}})",
                     0);
}
std::string notOurs() {
  return safetensors(R"({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}})", 16);
}
std::string lyingConfig() {
  const std::string card = R"({\"format\": 1, \"config\": {\"guidance\": {\"dim\": 1000000000}}})";
  return safetensors("{\"__metadata__\": {\"inkling\": \"" + card + "\"}}", 0);
}

class UnusableModel : public testing::TestWithParam<BadModel> {};

TEST_P(UnusableModel, IsStatusThreeAndNamed) {
  const std::string model = writeTestFile("bad.safetensors", GetParam().content());
  const std::string photo = writePhoto("a.jpg");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"model", "check", model},
        std::vector<std::string>{"model", "info", model},
        std::vector<std::string>{"model", "convert", model, testFolder() / "out.safetensors"},
        std::vector<std::string>{"find", "--sketch", ringSketch(), photo, "--model", model}}) {
    const ProgramResult result = inklingProgram(arguments);
    EXPECT_EQ(result.status, 3) << result.err;
    EXPECT_THAT(result.err, HasSubstr("bad.safetensors"));
    EXPECT_TRUE(result.out.empty()) << result.out;
    expectGoodManners(result);
  }
  EXPECT_FALSE(std::filesystem::exists(testFolder() / "out.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(
    All, UnusableModel,
    testing::Values(BadModel{"cut in half", cutInHalf},
                    BadModel{"cut in the header", cutInTheHeader}, BadModel{"zero bytes", empty},
                    BadModel{"noise", noise}, BadModel{"overlapping tensors", overlap},
                    BadModel{"a tensor beyond the file", beyondTheFile},
                    BadModel{"a range that does not fit the shape", wrongSize},
                    BadModel{"a negative shape", negative}, BadModel{"an absurd shape", hugeShape},
                    BadModel{"tensors of something else", notOurs},
                    BadModel{"a configuration that fits nothing", lyingConfig}));

TEST(MissingModel, IsStatusThreeAndNamed) {
  const ProgramResult result = inklingProgram(
      {"find", "--sketch", ringSketch(), writePhoto("a.jpg"), "--model", "/nowhere/m.safetensors"});
  EXPECT_EQ(result.status, 3);
  EXPECT_THAT(result.err, HasSubstr("/nowhere/m.safetensors"));
}

TEST(ModelBench, TellsTheCostOfEveryMechanism) {
  const std::string out = testFolder() / "cost.json";
  const ProgramResult result =
      inklingProgram({"model", "bench", "--attention", "all", "--tokens", "16,64", "--seconds", "0",
                      "--dim", "16", "--heads", "2", "--format", "json", "--out", out, "--quiet"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = parsed(readFile(out));
  EXPECT_FALSE(json["device"].get<std::string>().empty());
  std::vector<std::string> names;
  for (const Json& each : json["mechanisms"]) {
    names.push_back(each["mechanism"]);
    EXPECT_TRUE(each["exponent"].is_number());
    ASSERT_EQ(each["runs"].size(), 2U);
    EXPECT_EQ(each["runs"][1]["tokens"], 64);
    for (const char* figure : {"milliseconds", "megabytes", "gmacs"})
      EXPECT_GT(each["runs"][0][figure].get<double>(), 0) << figure;
    EXPECT_THAT(result.out, HasSubstr(names.back()));
  }
  EXPECT_EQ(names, attentionMechanisms());
  EXPECT_GT(readPhoto(testFolder() / "cost.png").width, 500) << "the plot";
}

TEST(ModelBench, OneSizeHasNoExponent) {
  const std::string plot = testFolder() / "one.png";
  const ProgramResult result =
      inklingProgram({"model", "bench", "--attention", "additive,deformable", "--tokens", "16",
                      "--seconds", "0", "--plot", plot, "--format", "json"});
  ASSERT_EQ(result.status, 0) << result.err;
  const Json json = parsed(result.out);
  EXPECT_EQ(json["mechanisms"].size(), 2U);
  EXPECT_TRUE(json["mechanisms"][0]["exponent"].is_null());
  EXPECT_TRUE(std::filesystem::exists(plot));
}

TEST(ModelBench, WhatMakesNoSenseIsAUsageError) {
  const std::vector<std::string> bench{"model", "bench", "--seconds", "0", "--tokens", "16"};
  for (const std::vector<std::string>& more : std::vector<std::vector<std::string>>{
           {},
           {"--attention", "telepathy"},
           {"--attention", "additive", "--tokens", "0"},
           {"--attention", "additive", "--tokens", "many"},
           {"--attention", "additive", "--heads", "3"},
           {"--attention", "additive", "--plot", testFolder() / "plot.svg"}}) {
    std::vector<std::string> arguments = bench;
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProgramResult result = inklingProgram(arguments);
    EXPECT_EQ(result.status, 2) << (more.empty() ? "" : more.back());
    expectGoodManners(result);
  }
}

}  // namespace
}  // namespace inkling
