// The `inkling` program: parses the command line and hands over to a subcommand.
#include <iostream>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/window.h"

namespace inkling {
namespace {

constexpr const char* kFooter =
    "\nExit status: 0 all done; 1 done, but some inputs failed; 2 the command line is wrong;\n"
    "3 it could not start (no model, no display, unwritable output); 130 interrupted.\n"
    "A sketch is a .json, .svg, .png or .jpg file (a photo of a drawing on paper, too), or a "
    "drawing\n"
    "of an .ndjson file: FILE.ndjson#7.\n";

int runProgram(int argc, char** argv) {
  CLI::App app("Draw it, find it, see why: finds in photos what a sketch shows", "inkling");
  app.set_version_flag("--version", "inkling " INKLING_VERSION);
  app.footer(kFooter);
  app.require_subcommand(0, 1);
  WindowArguments window;
  declareWindow(app, window);

  std::vector<std::unique_ptr<Command>> commands;
  commands.push_back(makeFindCommand());
  commands.push_back(makeIndexCommand());
  commands.push_back(makeExportCommand());
  commands.push_back(makeAttentionCommand());
  commands.push_back(makeEvalCommand());
  commands.push_back(makeTrainCommand());
  commands.push_back(makeModelCommand());
  commands.push_back(makeSketchCommand());
  std::vector<std::pair<CLI::App*, Command*>> declared;
  for (const auto& command : commands) declared.emplace_back(command->declare(app), command.get());

  try {
    std::vector<std::string> arguments =
        normalisedArguments(std::vector<std::string>(argv + 1, argv + argc));
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 wants them
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, std::cout, std::cerr) == 0 ? kDone : kUsage;
  }
  for (const auto& [parsed, command] : declared) {
    if (!parsed->parsed()) continue;
    requireNoWindowOptions(app, *parsed);
    return command->run(cancelOnInterrupt());
  }
  return openWindow(argc, argv, window);
}

}  // namespace
}  // namespace inkling

int main(int argc, char** argv) {
  return inkling::guardedRun([&] { return inkling::runProgram(argc, argv); });
}
