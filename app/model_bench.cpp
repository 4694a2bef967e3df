#include "app/model_bench.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/ranges.h>

#include "app/console.h"
#include "app/exit_status.h"
#include "app/output_file.h"
#include "app/terminal_progress.h"
#include "core/base/json.h"
#include "core/image/picture_writer.h"
#include "core/image/plot.h"
#include "core/inference/attention_cost.h"
#include "core/nn/attention/mechanisms.h"

namespace inkling {
namespace {

constexpr const char* kAll = "all";

std::vector<std::string> chosen(const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), kAll) != names.end()) return attentionMechanisms();
  std::vector<std::string> unique;
  for (const std::string& name : names) {
    if (std::find(unique.begin(), unique.end(), name) == unique.end()) unique.push_back(name);
  }
  return unique;
}

struct Bench {
  CostSettings settings;
  std::vector<MechanismCost> mechanisms;
};

// "Intel(R) Xeon(R) ..., 2 threads".
std::string deviceText() {
  const int threads = computingThreads();
  std::string name = "CPU";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    name = line.substr(colon + 2);
    break;
  }
  return fmt::format("{}, {} thread{}", name, threads, threads == 1 ? "" : "s");
}

Json jsonOf(const Bench& bench) {
  Json mechanisms = Json::array();
  for (const MechanismCost& each : bench.mechanisms) {
    Json runs = Json::array();
    for (const CostRun& run : each.runs) {
      runs.push_back({{"tokens", run.tokens},
                      {"milliseconds", run.milliseconds},
                      {"megabytes", run.megabytes},
                      {"gmacs", run.gmacs}});
    }
    Json json = {{"mechanism", each.mechanism},
                 {"theoretical_exponent", each.theoretical},
                 {"runs", std::move(runs)}};
    json["exponent"] = std::isfinite(each.exponent) ? Json(each.exponent) : Json();
    mechanisms.push_back(std::move(json));
  }
  return {{"device", deviceText()},
          {"dim", bench.settings.dim},
          {"heads", bench.settings.heads},
          {"mechanisms", std::move(mechanisms)}};
}

std::string textOf(const Bench& bench) {
  std::string text = fmt::format("{}; width {}, {} heads\n\n", deviceText(), bench.settings.dim,
                                 bench.settings.heads);
  text += fmt::format("{:<20}{:>8}{:>12}{:>12}{:>12}\n", "mechanism", "tokens", "ms", "MB", "GMAC");
  for (const MechanismCost& each : bench.mechanisms) {
    for (const CostRun& run : each.runs) {
      text += fmt::format("{:<20}{:>8}{:>12.3f}{:>12.2f}{:>12.4f}\n", each.mechanism, run.tokens,
                          run.milliseconds, run.megabytes, run.gmacs);
    }
  }
  text += fmt::format("\n{:<20}{:>22}{:>14}\n", "time ~ tokens^", "measured", "in theory");
  for (const MechanismCost& each : bench.mechanisms) {
    const std::string measured =
        std::isfinite(each.exponent) ? fmt::format("{:.2f}", each.exponent) : "-";
    text += fmt::format("{:<20}{:>22}{:>14.2f}\n", each.mechanism, measured, each.theoretical);
  }
  return text;
}

Image pictureOf(const Bench& bench) {
  std::vector<Series> series;
  for (const MechanismCost& each : bench.mechanisms) {
    Series line;
    line.name = std::isfinite(each.exponent) ? fmt::format("{} {:.2f} ({:.2f})", each.mechanism,
                                                           each.exponent, each.theoretical)
                                             : each.mechanism;
    for (const CostRun& run : each.runs) {
      line.x.push_back(static_cast<double>(run.tokens));
      line.y.push_back(run.milliseconds);
    }
    series.push_back(std::move(line));
  }
  return linePlot("Time of one layer: exponent measured (in theory)", "tokens", "milliseconds",
                  series, {1100, 700}, true, true);
}

}  // namespace

CLI::App* declareModelBench(CLI::App& model, ModelBenchOptions& options) {
  CLI::App* bench =
      model.add_subcommand("bench", "Measure attention mechanisms against the number of tokens");
  bench
      ->add_option("--attention", options.attention,
                   fmt::format("Mechanisms, or all: {}", fmt::join(attentionMechanisms(), ", ")))
      ->type_name("NAMES")
      ->delimiter(',')
      ->required();
  bench->add_option("--tokens", options.tokens, "Numbers of tokens")
      ->type_name("N,N,...")
      ->delimiter(',')
      ->check(CLI::Range(1, 1 << 20));
  bench->add_option("--dim", options.dim, "Width of a token")->check(CLI::Range(1, 8192));
  bench->add_option("--heads", options.heads, "Heads")->check(CLI::Range(1, 1024));
  bench->add_option("--seconds", options.seconds, "Each measurement is repeated for so long")
      ->check(CLI::Range(0.0, 3600.0));
  bench->add_option("--format", options.format, "text or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  bench->add_option("--out", options.out, "Write the figures to a file, in this format")
      ->type_name("FILE");
  bench
      ->add_option("--plot", options.plot,
                   "Draw time against tokens, a PNG file (default: beside --out)")
      ->type_name("FILE.png");
  addRunOptions(*bench, options.shared);
  return bench;
}

int benchModel(ModelBenchOptions options, const CancellationToken& interrupt) {
  if (options.plot.empty() && !options.out.empty())
    options.plot = std::filesystem::path(options.out).replace_extension(".png");
  if (!options.plot.empty() && lowerExtension(options.plot) != ".png")
    fail<UsageError>("{}: the plot is written as .png", displayName(options.plot));
  if (!options.out.empty() && options.plot == options.out)
    fail<UsageError>("{}: --out and --plot are the same file", displayName(options.out));
  sayCpuAlone(options.shared);
  Bench bench;
  bench.settings = {options.dim, options.heads, options.tokens, options.seconds,
                    options.shared.threads};
  const std::vector<std::string> mechanisms = chosen(options.attention);
  std::optional<OutputFile> out, plot;
  if (!options.out.empty()) out.emplace(options.out);
  if (!options.plot.empty()) plot.emplace(options.plot);
  TerminalProgress progress(options.shared.quiet);
  bench.mechanisms = measureAttention(mechanisms, bench.settings, interrupt, progress.callback());
  const std::string result =
      options.format == "json" ? dumpJson(jsonOf(bench), 1) + "\n" : textOf(bench);
  if (out) out->write(result);
  if (plot) plot->write(encodePng(pictureOf(bench)));
  printResult(out ? textOf(bench) : result);
  return kDone;
}

}  // namespace inkling
