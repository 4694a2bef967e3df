// Running the real program, as a person or a script would.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace inkling {

struct ProgramResult {
  int status = -1;  ///< exit status; -1 when a signal ended it (or it hung and was killed)
  int signal = 0;
  std::string out, err;
};

/// What the program finds in its environment beside that of the test; an empty value removes.
using Environment = std::map<std::string, std::string>;

/// A program that is running; the destructor kills it if need be.
class RunningProgram {
 public:
  /// `launcher`: what starts the program in place of the shell ("/usr/bin/mpirun", "-n", "4").
  RunningProgram(const std::vector<std::string>& arguments, const Environment& environment = {},
                 const std::vector<std::string>& launcher = {});
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  void sendSignal(int number) const;
  pid_t pid() const { return pid_; }
  /// Waits until stderr holds `text`; false after a minute.
  bool waitForStderr(const std::string& text) const;
  /// Waits for the end, two minutes at most.
  ProgramResult wait();

 private:
  pid_t pid_ = -1;
  std::filesystem::path out_, err_;
};

/// Runs `inkling ARGUMENTS` to its end. Without an INKLING_MODEL in `environment`, the model is
/// tinyModelFile(). Caches and catalogues go into folders of the test.
ProgramResult inklingProgram(const std::vector<std::string>& arguments,
                             const Environment& environment = {});

}  // namespace inkling
