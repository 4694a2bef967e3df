// scripts/bundle: the program for a machine that has nothing but Python's torch package.
#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/wait.h>

#include "core/base/file.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Answer {
  int status = -1;
  std::string text;  // of both streams
};

Answer shell(const std::string& command) {
  Answer answer;
  FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  char buffer[4096];
  while (const std::size_t read = std::fread(buffer, 1, sizeof(buffer), pipe))
    answer.text.append(buffer, read);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) answer.status = WEXITSTATUS(status);
  return answer;
}

std::string inQuotes(const fs::path& path) { return fmt::format("'{}'", path.string()); }

fs::path program() { return fs::path(std::getenv("INKLING_BINARY_DIR")) / "inkling"; }

class Bundle : public testing::Test {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "the stand-ins of a bundle are no libraries for a sanitizer";
#endif
    torch_ = sourceFile(".deps/site");
    if (!fs::exists(torch_ / "torch/version.py"))
      GTEST_SKIP() << "the torch package is not in " << torch_ << " (scripts/setup puts it there)";
  }
  static Answer bundle(const std::string& arguments) {
    return shell(inQuotes(sourceFile("scripts/bundle")) + " " + arguments);
  }
  static fs::path folder() { return testFolder() / "a bundle"; }
  Answer run(const std::string& arguments) const {
    return shell("cd / && PYTHONPATH=" + inQuotes(torch_) + " " + inQuotes(folder() / "run") + " " +
                 arguments);
  }

  fs::path torch_;
};

TEST_F(Bundle, RunsWithTheTorchPackageOfPython) {
  const Answer made = bundle(inQuotes(folder()) + " " + inQuotes(program()));
  ASSERT_EQ(made.status, 0) << made.text;
  EXPECT_THAT(made.text, HasSubstr("in all, unpacked"));
  EXPECT_FALSE(fs::exists(folder() / "lib/libtorch_cpu.so")) << "the machine has it";
  EXPECT_THAT(run("--list").text, HasSubstr("inkling"));
  EXPECT_THAT(run("inkling --version").text, HasSubstr("inkling "));

  const std::string ring = ringSketch(), photo = writePhoto("photo.jpg");
  const Answer found =
      run("inkling find --quiet --format json --no-index --model " + inQuotes(tinyModelFile()) +
          " --sketch " + inQuotes(ring) + " " + inQuotes(photo));
  ASSERT_EQ(found.status, 0) << found.text;
  EXPECT_EQ(parsed(found.text)["photos"].size(), 1U);

  const Answer without = shell("PYTHONPATH= " + inQuotes(folder() / "run") + " inkling --version");
  if (without.status != 0) {  // unless this machine has a torch package for everybody
    EXPECT_EQ(without.status, 3);
    EXPECT_THAT(without.text, HasSubstr("version 2.11 is needed"));
  }
  EXPECT_EQ(run("nonsense").status, 3);
}

TEST_F(Bundle, ReplacesNothingThatIsNoBundle) {
  const std::string file = writeTestFile("a bundle/thesis.txt", "years of work");
  const Answer made = bundle(inQuotes(folder()) + " " + inQuotes(program()));
  EXPECT_EQ(made.status, 3);
  EXPECT_THAT(made.text, HasSubstr("is no bundle"));
  EXPECT_EQ(readFile(file), "years of work");
}

TEST_F(Bundle, SaysWhatItCannotDo) {
  EXPECT_EQ(bundle("").status, 2);
  EXPECT_EQ(bundle("--fast x").status, 2);
  const Answer missing = bundle(inQuotes(folder()) + " nonsense");
  EXPECT_EQ(missing.status, 3);
  EXPECT_THAT(missing.text, HasSubstr("no program nonsense"));
  EXPECT_FALSE(fs::exists(folder()));
}

}  // namespace
}  // namespace inkling
