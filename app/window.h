// `inkling [FOLDER]`: the window.
#pragma once

#include <string>
#include <vector>

#include "app/options.h"

namespace inkling {

struct WindowArguments {
  SharedOptions shared;
  std::vector<std::string> sources;  ///< folders and photos to open
  std::string session;               ///< --play
};

/// Declares what the program takes without a subcommand.
void declareWindow(CLI::App& root, WindowArguments& arguments);

/// Throws UsageError when something that only the window takes stands before `subcommand`, where it
/// would not be heard.
void requireNoWindowOptions(const CLI::App& root, const CLI::App& subcommand);

/// Shows the window until it is closed. Throws UsageError for a source that is not there, Error
/// without a display.
int openWindow(int argc, char** argv, const WindowArguments& arguments);

}  // namespace inkling
