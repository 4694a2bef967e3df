#include "app/window.h"

#include <cstdlib>

#include <CLI/CLI.hpp>

#include "core/base/path.h"
#include "ui/window/application.h"

namespace inkling {

namespace fs = std::filesystem;

void declareWindow(CLI::App& root, WindowArguments& arguments) {
  root.add_option("sources", arguments.sources, "Without a subcommand: opens the window on these")
      ->type_name("FOLDER_OR_PHOTO");
  addSharedOptions(root, arguments.shared);
  root.add_option("--play", arguments.session, "Play a session from a file (ui/window)")->group("");
}

void requireNoWindowOptions(const CLI::App& root, const CLI::App& subcommand) {
  for (const CLI::Option* option : root.get_options()) {
    if (option->count() == 0) continue;
    // Environment variables are for all subcommands and come this way, too.
    const std::string variable = option->get_envname();
    const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
    if (value != nullptr && option->results() == std::vector<std::string>{value}) continue;
    fail<UsageError>("{}: belongs behind the subcommand {}", option->get_name(),
                     subcommand.get_name());
  }
}

int openWindow(int argc, char** argv, const WindowArguments& arguments) {
  ApplicationOptions options;
  options.version = INKLING_VERSION;
  options.resources = resourceFolder();
  options.localizer = arguments.shared.localizer();
  options.session = arguments.session;
  for (const std::string& source : arguments.sources) {
    std::error_code code;
    if (!fs::exists(source, code))
      fail<UsageError>("{}: neither a subcommand nor a folder or photo that is there",
                       displayName(source));
    options.sources.push_back(fs::absolute(source, code));
  }
  requireUsable(options.localizer);
  try {
    options.model = modelFile(arguments.shared);
  } catch (const ModelError& error) {
    options.modelProblem = error.what();  // the window opens and says so
  }
  return runApplication(argc, argv, options);
}

}  // namespace inkling
