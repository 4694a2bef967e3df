// The command line itself: help, versions, and exit status 2 for everything that makes no sense.
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(CommandLine, TellsItsVersion) {
  const ProgramResult result = inklingProgram({"--version"});
  EXPECT_EQ(result.status, 0);
  EXPECT_THAT(result.out, testing::StartsWith("inkling "));
}

TEST(CommandLine, HelpNamesEverySubcommand) {
  const ProgramResult result = inklingProgram({"--help"});
  EXPECT_EQ(result.status, 0);
  for (const char* name : {"find", "index", "attention", "eval", "train", "model", "sketch"}) {
    EXPECT_THAT(result.out, HasSubstr(std::string("\n  ") + name));
  }
}

TEST(CommandLine, HelpOfASubcommandNamesItsOptions) {
  const ProgramResult result = inklingProgram({"find", "--help"});
  EXPECT_EQ(result.status, 0);
  for (const char* name : {"--sketch", "--not", "--threshold", "--overlay", "INKLING_MODEL"}) {
    EXPECT_THAT(result.out, HasSubstr(name));
  }
}

class WrongCommandLine : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(WrongCommandLine, EndsWithStatusTwoAndAReason) {
  const ProgramResult result = inklingProgram(GetParam());
  EXPECT_EQ(result.status, 2) << result.err;
  EXPECT_THAT(result.out, IsEmpty());
  expectGoodManners(result);
}

INSTANTIATE_TEST_SUITE_P(
    All, WrongCommandLine,
    testing::Values(
        std::vector<std::string>{"finds"}, std::vector<std::string>{"find"},
        std::vector<std::string>{"find", "photo.jpg"},
        std::vector<std::string>{"find", "--sketch", "a.json"},
        std::vector<std::string>{"find", "--sketch"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--frobnicate"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--format", "xml"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--threshold", "2"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--threshold", "nan"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--threshold", "much"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--top", "-3"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--top", "0"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--weight", "1", "--weight",
                                 "1"},
        std::vector<std::string>{"find", "--sketch", "a.json", "b.jpg", "--threads", "-1"},
        std::vector<std::string>{"index"},
        std::vector<std::string>{"index", "a", "--cache-size", "much"},
        std::vector<std::string>{"index", "a", "--cache-size", "-1"},
        std::vector<std::string>{"index", "a", "b", "--catalogue", "c.sqlite"},
        std::vector<std::string>{"attention", "--sketch", "a.json", "b.jpg"},
        std::vector<std::string>{"attention", "--sketch", "a.json", "b.jpg", "--out", "o",
                                 "--layer", "first"},
        std::vector<std::string>{"attention", "--sketch", "a.json", "b.jpg", "--out", "o", "--head",
                                 "1x"},
        std::vector<std::string>{"attention", "--sketch", "a.json", "b.jpg", "--out", "o",
                                 "--colour-map", "mud"},
        std::vector<std::string>{"eval", "--annotations", "a.json"},
        std::vector<std::string>{"eval", "--annotations", "a", "--photos", "b", "--sketches", "c",
                                 "--protocol", "other"},
        std::vector<std::string>{"train", "--config", "c.json"}, std::vector<std::string>{"model"},
        std::vector<std::string>{"model", "melt"},
        std::vector<std::string>{"model", "convert", "a"}, std::vector<std::string>{"sketch"},
        std::vector<std::string>{"sketch", "render", "a.json", "b.jpg"},
        std::vector<std::string>{"sketch", "render", "a.json", "b.png", "--size", "0"}));

TEST(CommandLine, AnUnknownDeviceIsAUsageError) {
  const ProgramResult result = inklingProgram({"model", "check"}, {{"INKLING_DEVICE", "abacus"}});
  EXPECT_EQ(result.status, 2);
  EXPECT_THAT(result.err, HasSubstr("abacus"));
}

TEST(CommandLine, ANonsensicalThreadCountInTheEnvironmentIsAUsageError) {
  EXPECT_EQ(inklingProgram({"model", "check"}, {{"INKLING_THREADS", "many"}}).status, 2);
}

TEST(CommandLine, AskingForCudaSaysThatTheProcessorIsUsedAndGoesOn) {
  const ProgramResult result = inklingProgram({"model", "check", "--device", "cuda:0"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("CPU"));
}

}  // namespace
}  // namespace inkling
