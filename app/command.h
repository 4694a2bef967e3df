// What a subcommand is to the main program.
#pragma once

#include <memory>
#include <vector>

#include "core/base/cancellation.h"

namespace CLI {
class App;
}

namespace inkling {

class Command {
 public:
  virtual ~Command() = default;
  /// Adds the subcommand with its options to `root` and returns it. `this` has to stay where it is.
  virtual CLI::App* declare(CLI::App& root) = 0;
  /// Does the work after parsing. Returns an ExitStatus or throws an Error.
  virtual int run(const CancellationToken& interrupt) = 0;
};

std::unique_ptr<Command> makeFindCommand();
std::unique_ptr<Command> makeIndexCommand();
std::unique_ptr<Command> makeExportCommand();
std::unique_ptr<Command> makeAttentionCommand();
std::unique_ptr<Command> makeEvalCommand();
std::unique_ptr<Command> makeTrainCommand();
std::unique_ptr<Command> makeModelCommand();
std::unique_ptr<Command> makeSketchCommand();

}  // namespace inkling
