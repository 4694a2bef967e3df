#include "app/options.h"

#include <algorithm>
#include <array>
#include <system_error>

#include <CLI/CLI.hpp>

#include "app/console.h"
#include "core/base/path.h"

namespace inkling {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDefaultModel = "inkling-s.safetensors";
constexpr int kMostThreads = 1024, kMostPhotosAtOnce = 256;

// Can only be a sketch: a .png may be a photo.
bool isSketchArgument(const std::string& argument) {
  const fs::path file = argument.substr(0, argument.find(".ndjson#") == std::string::npos
                                               ? std::string::npos
                                               : argument.find(".ndjson#") + 7);
  const fs::path plain = lowerExtension(file) == ".gz" ? file.stem() : file;
  const std::string extension = lowerExtension(plain);
  return extension == ".json" || extension == ".svg" || extension == ".ndjson" ||
         argument.find(".ndjson.gz#") != std::string::npos;
}

}  // namespace

void addRunOptions(CLI::App& command, SharedOptions& options) {
  command.add_option("--threads", options.threads, "Processor threads (default: one per core)")
      ->type_name("N")
      ->envname("INKLING_THREADS")
      ->check(CLI::Range(0, kMostThreads));
  command
      .add_option("--device", options.device,
                  "auto (a CUDA card if one can be used), cpu, cuda or cuda:N")
      ->type_name("DEVICE")
      ->envname("INKLING_DEVICE");
  command.add_flag("-q,--quiet", options.quiet, "No progress on stderr");
}

void addSharedOptions(CLI::App& command, SharedOptions& options) {
  command
      .add_option("--model", options.model, "Model file (default: the one that comes with inkling)")
      ->type_name("FILE")
      ->envname("INKLING_MODEL");
  command
      .add_option("--precision", options.precision,
                  "Numbers of the frozen networks: float32, bfloat16 or float16")
      ->type_name("TYPE")
      ->check(CLI::IsMember({"float32", "bfloat16", "float16"}));
  addRunOptions(command, options);
}

void addBatchOption(CLI::App& command, SharedOptions& options) {
  command
      .add_option("--batch", options.batch,
                  "Photos described at once (default: 1 on the CPU, 8 on a card)")
      ->type_name("N")
      ->check(CLI::Range(1, kMostPhotosAtOnce));
}

void sayCpuAlone(const SharedOptions& options) {
  requireUsable(options.localizer());
  if (options.device.starts_with("cuda"))
    complain(
        fmt::format("--device {}: this runs on the CPU alone, going on there", options.device));
}

std::array<fs::path, 2> resourceFolders() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path root = program.parent_path().parent_path();
  return {root / "resources", root / "share/inkling"};
}

fs::path resourceFolder() {
  std::error_code error;
  const auto folders = resourceFolders();
  return fs::exists(folders[0], error) ? folders[0] : folders[1];
}

fs::path modelFile(const SharedOptions& options) {
  if (!options.model.empty()) return options.model;
  std::error_code error;
  const auto folders = resourceFolders();
  const std::array<fs::path, 2> places = {folders[0] / "models" / kDefaultModel,
                                          folders[1] / "models" / kDefaultModel};
  for (const fs::path& place : places) {
    if (fs::exists(place, error)) return place;
  }
  fail<ModelError>("no model: neither {} nor {} exists; name one with --model or in INKLING_MODEL",
                   displayName(places[0]), displayName(places[1]));
}

Localizer loadLocalizer(const SharedOptions& options) {
  requireUsable(options.localizer());
  Localizer localizer = Localizer::load(modelFile(options), options.localizer());
  if (!localizer.deviceNote().empty()) complain(localizer.deviceNote());
  return localizer;
}

std::vector<std::string> normalisedArguments(const std::vector<std::string>& arguments) {
  std::vector<std::string> result;
  std::string list;    // the option whose list of sketches may go on
  bool value = false;  // the next argument is that option's first value
  bool plain = false;  // after "--" there are no options
  for (const std::string& argument : arguments) {
    if (plain || argument.empty() || argument.front() != '-' || argument == "-") {
      if (!plain && !value && !list.empty()) {
        if (isSketchArgument(argument)) {
          result.push_back(list);
        } else {
          list.clear();
        }
      }
      value = false;
      const bool bracketed = argument.starts_with('[') && argument.ends_with(']');
      result.push_back(bracketed ? "./" + argument : argument);
      continue;
    }
    plain = argument == "--";
    const bool sketches = argument == "--sketch" || argument == "--not";
    list = sketches ? argument : "";
    value = sketches;
    result.push_back(argument);
  }
  return result;
}

}  // namespace inkling
