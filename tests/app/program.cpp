#include "tests/app/program.h"

#include <chrono>
#include <cstdlib>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "tests/app/fixtures.h"

namespace inkling {
namespace {

using Clock = std::chrono::steady_clock;

std::string programFile() {
  const char* folder = std::getenv("INKLING_BINARY_DIR");
  return std::string(folder != nullptr ? folder : "build") + "/inkling";
}

// Runs in the child; only what is safe after fork().
[[noreturn]] void become(const std::vector<std::string>& arguments, const Environment& environment,
                         const char* out, const char* err) {
  for (const auto& [name, value] : environment) {
    value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  ::dup2(::open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
  ::dup2(::open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  ::_exit(127);
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& arguments,
                               const Environment& environment,
                               const std::vector<std::string>& launcher) {
  static int number = 0;
  const std::string name = testFolder() / ("program-" + std::to_string(++number));
  out_ = name + ".out";
  err_ = name + ".err";
  std::vector<std::string> all = launcher;
  all.push_back(programFile());
  all.insert(all.end(), arguments.begin(), arguments.end());
  Environment complete = {{"INKLING_MODEL", tinyModelFile()},
                          {"INKLING_THREADS", "1"},
                          {"INKLING_DEVICE", ""},
                          {"XDG_CACHE_HOME", testFolder() / "cache"},
                          {"XDG_DATA_HOME", testFolder() / "data"}};
  for (const auto& [key, value] : environment) complete[key] = value;
  pid_ = ::fork();
  if (pid_ == 0) become(all, complete, out_.c_str(), err_.c_str());
}

RunningProgram::~RunningProgram() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void RunningProgram::sendSignal(int number) const { ::kill(pid_, number); }

bool RunningProgram::waitForStderr(const std::string& text) const {
  const auto end = Clock::now() + std::chrono::minutes(1);
  while (Clock::now() < end) {
    if (std::filesystem::exists(err_) && readFile(err_).find(text) != std::string::npos) {
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

ProgramResult RunningProgram::wait() {
  const auto end = Clock::now() + std::chrono::minutes(2);
  int status = 0;
  while (::waitpid(pid_, &status, WNOHANG) == 0) {
    if (Clock::now() > end) {
      ADD_FAILURE() << "the program hangs";
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  pid_ = -1;
  ProgramResult result;
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.out = readFile(out_);
  result.err = readFile(err_);
  return result;
}

ProgramResult inklingProgram(const std::vector<std::string>& arguments,
                             const Environment& environment) {
  return RunningProgram(arguments, environment).wait();
}

}  // namespace inkling
