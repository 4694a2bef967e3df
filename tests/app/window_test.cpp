// The window of the real program, on no screen at all: sessions are played in it (`--play`, see
// ui/window/session_player.h), it is killed, and it is started among broken files.
#include <chrono>
#include <fstream>
#include <thread>

#include <signal.h>

#include "core/base/file.h"
#include "core/image/photo_reader.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

constexpr const char* kTwoStrokes = "stroke 200,200 500,800 800,200\nstroke 200,500 800,500\n";

class Window : public testing::Test {
 protected:
  Window() {
    for (const char* name : {"config", "data", "runtime"}) {
      fs::create_directories(testFolder() / name);
      environment_[std::string("XDG_") + (name[0] == 'r'   ? "RUNTIME_DIR"
                                          : name[0] == 'c' ? "CONFIG_HOME"
                                                           : "DATA_HOME")] = testFolder() / name;
    }
    fs::permissions(testFolder() / "runtime", fs::perms::owner_all);
    environment_["QT_QPA_PLATFORM"] = "offscreen";
    environment_["DISPLAY"] = environment_["WAYLAND_DISPLAY"] = "";
  }

  fs::path place(const std::string& name) const { return testFolder() / name; }
  fs::path settingsFile() const { return place("config/inkling/inkling.ini"); }
  fs::path drawingsFile() const { return place("data/inkling/drawings.json"); }

  /// The command line that plays `script`; "@name" in it is a file of the test's folder.
  std::vector<std::string> playing(std::string script, const std::vector<std::string>& sources) {
    for (std::size_t at = 0; (at = script.find('@')) != std::string::npos;)
      script.replace(at, 1, testFolder().string() + "/");
    std::vector<std::string> arguments = {
        "--play", writeTestFile("session-" + std::to_string(++sessions_), script)};
    arguments.insert(arguments.end(), sources.begin(), sources.end());
    return arguments;
  }

  ProgramResult play(const std::string& script, const std::vector<std::string>& sources = {}) {
    return inklingProgram(playing(script, sources), environment_);
  }

  /// A folder of many links to one photo, which takes a while to search.
  std::string manyPhotos() {
    const std::string photo = writePhoto("photo.jpg", 1, {900, 700});
    fs::create_directories(place("many"));
    for (int i = 0; i < 4000; ++i)
      fs::create_symlink(photo, place("many") / (std::to_string(i) + ".jpg"));
    return place("many");
  }

  static void expectDone(const ProgramResult& result) {
    EXPECT_EQ(result.status, 0) << "signal " << result.signal << ": " << result.err;
    expectGoodManners(result);
  }

  Environment environment_;

 private:
  int sessions_ = 0;
};

/// A session has come to the `shot` of this file. False after a minute.
bool appears(const fs::path& file) {
  for (const auto end = Clock::now() + std::chrono::minutes(1); Clock::now() < end;) {
    if (fs::exists(file)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ADD_FAILURE() << file << " does not appear";
  return false;
}

/// The number of strokes of the first kept drawing.
std::size_t strokesKept(const fs::path& drawings) {
  if (!fs::exists(drawings)) return 0;
  const Json json = parsed(readFile(drawings));
  return json["sketches"].empty() ? 0 : json["sketches"][0]["drawing"]["strokes"].size();
}

/// How many pixels differ clearly.
int differingPixels(const Image& a, const Image& b) {
  EXPECT_EQ(a.size(), b.size());
  if (a.size() != b.size()) return a.width * a.height;
  int count = 0;
  for (std::size_t i = 0; i + 2 < a.rgb.size(); i += 3)
    count += std::abs(a.rgb[i] - b.rgb[i]) + std::abs(a.rgb[i + 1] - b.rgb[i + 1]) > 60;
  return count;
}

// Where the window cannot be opened -------------------------------------------------------------

void expectOneLine(const ProgramResult& result, const std::string& about) {
  expectGoodManners(result);
  EXPECT_THAT(result.err, HasSubstr(about));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_TRUE(result.out.empty()) << result.out;
}

TEST_F(Window, WithoutADisplaySaysSoAndEndsWithThree) {
  environment_["QT_QPA_PLATFORM"] = "";
  const ProgramResult result = inklingProgram({}, environment_);
  EXPECT_EQ(result.status, 3);
  expectOneLine(result, "no display");
}

TEST_F(Window, WithADisplayThatDoesNotAnswerSaysSoAndEndsWithThree) {
  environment_["QT_QPA_PLATFORM"] = "";
  environment_["DISPLAY"] = ":987";
  const ProgramResult result = inklingProgram({}, environment_);
  EXPECT_EQ(result.status, 3);
  expectOneLine(result, ":987");
}

TEST_F(Window, AWordThatIsNeitherSubcommandNorFileIsNamed) {
  const ProgramResult result = inklingProgram({"nonsense"}, environment_);
  EXPECT_EQ(result.status, 2);
  expectOneLine(result, "nonsense");
}

// With INKLING_MODEL set as well, the option must not be dropped in silence.
TEST_F(Window, AnOptionOfTheWindowBeforeASubcommandIsNamed) {
  for (const std::string variable : {"", "another.safetensors"}) {
    environment_["INKLING_MODEL"] = variable;
    const ProgramResult result = inklingProgram(
        {"--model", "a.safetensors", "find", "--sketch", "a.json", "b.jpg"}, environment_);
    EXPECT_EQ(result.status, 2);
    expectOneLine(result, "--model");
  }
}

TEST_F(Window, ACommandThatCannotBePlayedEndsTheSession) {
  const ProgramResult result = play("wait 100\nfrobnicate\nquit\n");
  EXPECT_EQ(result.status, 1);
  expectOneLine(result, "frobnicate");
}

// What outlives the program ---------------------------------------------------------------------

TEST_F(Window, ADrawingOutlivesAKill) {
  RunningProgram program(
      playing("size 1000 700\nwait 300\nshot @empty.png\n" + std::string(kTwoStrokes) +
                  "wait 2600\nshot @drawn.png\nshot @done.png\nwait 60000\n",
              {}),
      environment_);
  ASSERT_TRUE(appears(place("done.png")));
  program.sendSignal(SIGKILL);
  EXPECT_EQ(program.wait().signal, SIGKILL);
  EXPECT_EQ(strokesKept(drawingsFile()), 2U);

  expectDone(play("size 1000 700\nwait 500\nshot @again.png\nquit\n"));
  const Image empty = readPhoto(place("empty.png")), drawn = readPhoto(place("drawn.png")),
              again = readPhoto(place("again.png"));
  const int ink = differingPixels(empty, drawn);
  EXPECT_GT(ink, 500);
  EXPECT_LT(differingPixels(drawn, again), ink / 4) << "the next window shows the drawing";
  EXPECT_EQ(strokesKept(drawingsFile()), 2U);
}

TEST_F(Window, AKillWhileSearchingLeavesNothingBroken) {
  const std::string photos = manyPhotos();
  for (int round = 1; round <= 3; ++round) {
    const std::string mark = "searching-" + std::to_string(round) + ".png";
    RunningProgram program(playing(kTwoStrokes + ("wait " + std::to_string(400 * round)) +
                                       "\nshot @" + mark + "\nwait 60000\n",
                                   {photos}),
                           environment_);
    ASSERT_TRUE(appears(place(mark)));
    program.sendSignal(SIGKILL);
    EXPECT_EQ(program.wait().signal, SIGKILL);
  }
  expectDone(play("wait 500\nquit\n", {photos}));
  EXPECT_FALSE(fs::exists(drawingsFile().string() + ".broken"));
}

class PoliteSignal : public Window, public testing::WithParamInterface<int> {};

TEST_P(PoliteSignal, ClosesAtOnceAndSavesWhatWasDrawnAMomentBefore) {
  RunningProgram program(
      playing("wait 300\n" + std::string(kTwoStrokes) + "shot @drawn.png\nwait 60000\n", {}),
      environment_);
  ASSERT_TRUE(appears(place("drawn.png")));
  if (fs::exists(drawingsFile())) GTEST_SKIP() << "saved before: this machine is too busy to tell";
  const auto start = Clock::now();
  program.sendSignal(GetParam());
  expectDone(program.wait());
  EXPECT_LT(Clock::now() - start, std::chrono::seconds(10));
  EXPECT_EQ(strokesKept(drawingsFile()), 2U);
  EXPECT_TRUE(fs::exists(settingsFile()));
}

TEST_P(PoliteSignal, ClosesADialogAndASearchInItsWay) {
  RunningProgram program(
      playing(std::string(kTwoStrokes) + "wait 500\naction shortcuts\nwait 200\nshot @dialog.png\n"
                                         "wait 60000\n",
              {manyPhotos()}),
      environment_);
  ASSERT_TRUE(appears(place("dialog.png")));
  program.sendSignal(GetParam());
  expectDone(program.wait());
  EXPECT_EQ(strokesKept(drawingsFile()), 2U);
}

INSTANTIATE_TEST_SUITE_P(Signals, PoliteSignal, testing::Values(SIGINT, SIGTERM, SIGHUP));

// Among broken files ----------------------------------------------------------------------------

// A file in place of the folder: not even root can write below it.
TEST_F(Window, WorksWhereSettingsCannotBeSaved) {
  environment_["XDG_CONFIG_HOME"] = writeTestFile("in the way", "");
  expectDone(play("wait 200\n" + std::string(kTwoStrokes) + "wait 200\nquit\n"));
  EXPECT_EQ(strokesKept(drawingsFile()), 2U);
}

// Off until the window stops listening to its autosave before its message bar is gone.
TEST_F(Window, WorksWhereDrawingsCannotBeSaved) {
  environment_["XDG_DATA_HOME"] = writeTestFile("in the way", "");
  expectDone(play("wait 200\n" + std::string(kTwoStrokes) + "wait 2300\nquit\n"));
}

TEST_F(Window, WorksWithABrokenSettingsFile) {
  const std::vector<std::string> contents = {
      std::string("\0\xff\xfe[[[=\n=;\"@ByteArray(", 23), "[General]\nlanguage\\",
      "[General]\ngeometry=@ByteArray(no geometry)\ncolumns=7\nrows=@Invalid()\nleft=@Size(0 0)\n"
      "language=../../klingon\ntheme=mud\nshortcuts=5\nsources=/nowhere, "
      "\nrecent_folders=@Rect(1)\n"
      "gallery=@Variant(\\0\\0\\0\\b\\xff\\xff\\xff)\nviewer=nan\ncanvas=1e999\n"};
  fs::create_directories(settingsFile().parent_path());
  for (const std::string& content : contents) {
    std::ofstream(settingsFile(), std::ios::binary) << content;
    expectDone(play("wait 300\n" + std::string(kTwoStrokes) + "wait 300\nquit\n"));
  }
}

TEST_F(Window, KeepsBrokenDrawingsAside) {
  fs::create_directories(drawingsFile().parent_path());
  const fs::path aside = drawingsFile().string() + ".broken";
  for (
      const std::string content :
      {"{\"inkling_stack\": 1, \"sketches\": [{\"dra", "",
       R"({"inkling_stack": 1, "sketches": [{"drawing": {"inkling_sketch": 1, "strokes": 5}}]})"}) {
    std::ofstream(drawingsFile()) << content;
    expectDone(play("wait 300\n" + std::string(kTwoStrokes) + "wait 100\nquit\n"));
    ASSERT_TRUE(fs::exists(aside)) << content;
    EXPECT_EQ(readFile(aside), content);
    EXPECT_EQ(strokesKept(drawingsFile()), 2U) << "drawing goes on";
    fs::remove(aside);
  }
}

TEST_F(Window, OpensWithoutAModel) {
  for (const std::string& model :
       {writeTestFile("broken.safetensors", "no model"), place("missing.safetensors").string()}) {
    environment_["INKLING_MODEL"] = model;
    expectDone(play("wait 300\n" + std::string(kTwoStrokes) + "wait 800\nquit\n",
                    {writePhoto("photo.jpg")}));
  }
}

TEST_F(Window, SearchesAFolderWithABrokenPhoto) {
  fs::create_directories(place("photos"));
  writePhoto("photos/good.jpg");
  writeTestFile("photos/cut.jpg", jpegBytes(2).substr(0, 900));
  writeTestFile("photos/empty.jpg", "");
  writeTestFile("photos/giant.png", pngOfClaimedSize({1'000'000, 1'000'000}));
  std::string script = std::string(kTwoStrokes) + "wait idle\n";
  for (const char* row : {"0", "1", "2", "3"})
    script += std::string("select ") + row + "\nwait 400\n";
  expectDone(play(script + "quit\n", {place("photos")}));
}

TEST_F(Window, SurvivesThatItsFolderIsDeletedWhileItIsSearched) {
  const std::string photos = manyPhotos();
  RunningProgram program(
      playing(std::string(kTwoStrokes) + "wait 700\nshot @searching.png\nwait 3000\nquit\n",
              {photos}),
      environment_);
  ASSERT_TRUE(appears(place("searching.png")));
  fs::remove_all(photos);
  expectDone(program.wait());
}

// As a whole ------------------------------------------------------------------------------------

TEST_F(Window, FindsTheBundledAirplane) {
  if (realModelFile().empty()) GTEST_SKIP() << "without the model file";
  environment_["INKLING_MODEL"] = realModelFile();
  environment_["INKLING_THREADS"] = "";
  // A copy, beside which a catalogue can be made.
  const fs::path photos = place("photos");
  fs::create_directories(photos);
  for (const auto& photo : fs::directory_iterator(sourceFile("resources/samples/photos"))) {
    if (photo.is_regular_file()) fs::copy_file(photo.path(), photos / photo.path().filename());
  }
  expectDone(play("size 1200 800\nwait 300\nshot @before.png\nquit\n"));
  expectDone(
      play("size 1200 800\ndraw airplane\nwait idle\nselect 0\nwait photo\nwait 500\n"
           "shot @found.png\nquit\n",
           {photos}));
  const Image before = readPhoto(place("before.png")), found = readPhoto(place("found.png"));
  EXPECT_GE(found.width, 800) << "as much of the window as the screen shows";
  for (const Image& shot : {before, found})
    EXPECT_GT(differingPixels(shot, Image(shot.size(), shot.at(0, 0))), 5000) << "a blank picture";
  EXPECT_GT(differingPixels(before, found), 100'000) << "photos fill the window";
}

}  // namespace
}  // namespace inkling
