// Options that several subcommands share, each with its environment variable.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/inference/localizer.h"

namespace CLI {
class App;
}

namespace inkling {

struct SharedOptions {
  std::string model;  ///< --model, INKLING_MODEL; empty: the one that comes with the program
  int threads = 0;    ///< --threads, INKLING_THREADS; 0: the tensor library's choice
  std::string device = "auto";        ///< --device, INKLING_DEVICE: auto, cpu, cuda, cuda:N
  std::string precision = "float32";  ///< --precision: of the trunk
  int batch = 0;                      ///< --batch: photos described at once, 0: as suits the device
  bool quiet = false;                 ///< --quiet: no progress

  LocalizerOptions localizer() const { return {threads, device, precision, batch}; }
};

/// Declares --model, --threads, --device, --precision and --quiet.
void addSharedOptions(CLI::App& command, SharedOptions& options);

/// Declares --batch, for commands that describe many photos.
void addBatchOption(CLI::App& command, SharedOptions& options);

/// Declares --threads, --device and --quiet, for commands that make or name their model themselves.
void addRunOptions(CLI::App& command, SharedOptions& options);

/// For commands that compute on the CPU alone: says so on stderr where --device names a card.
/// Throws UsageError for an unknown device.
void sayCpuAlone(const SharedOptions& options);

/// Samples and models: resources/ beside the program's build folder, else share/inkling of its
/// installation.
std::array<std::filesystem::path, 2> resourceFolders();
std::filesystem::path resourceFolder();  ///< the first of them that is there

/// The file of --model, else resources/models/inkling-s.safetensors beside the source tree of the
/// program, else share/inkling/models/ of its installation. Throws ModelError when there is none.
std::filesystem::path modelFile(const SharedOptions& options);

/// The model on --device; says on stderr why it is not there, if it is not. Throws UsageError,
/// ModelError.
Localizer loadLocalizer(const SharedOptions& options);

/// The arguments as CLI11 should see them:
/// - `--sketch a.json b.svg photos` means two sketches, as the help promises: a file that can only
///   be a sketch (.json, .svg, .ndjson, not .png) belongs to the --sketch or --not before it.
/// - a path like `[2019]` would be read as a list of values; it becomes `./[2019]`.
std::vector<std::string> normalisedArguments(const std::vector<std::string>& arguments);

}  // namespace inkling
