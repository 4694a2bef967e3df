// The region index on catalogues of growing size: time and memory of building and searching,
// recall.
//
//   build/bench/bench_region_index standin vectors.bin       # if there are no real vectors yet
//   build/bench/bench_region_index measure vectors.bin [--queries queries.bin]
//       [--photos 1000,10000,100000,1000000] [--regions 16] [--folder /tmp]
//
// vectors.bin and queries.bin are files of real vectors (region_vectors_file.h); a model is fitted
// to them (region_model.h) and gives the catalogues. Without queries.bin, queries are regions of
// the model that are in no catalogue. One million photos take about 1.2 GB under --folder, twice
// that while building, and half an hour on two cores. Each size is built, and searched, in a
// process of its own, so that memory is that of this size alone. The cold search is the first
// after the index file has been dropped from the page cache.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <unordered_set>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <malloc.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/search/region_index_builder.h"
#include "core/search/region_index_recall.h"
#include "tests/bench/region_model.h"

namespace inkling::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kSampleQueries = 64;
constexpr int kCandidates = 200;  // what stage one hands on
constexpr int kTop = 50;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Of the processor, by all threads of this process: what a busy machine does not blur.
double processorSeconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Setup {
  fs::path vectors, queries, folder = "/tmp";
  std::vector<int> photos = {1'000, 10'000, 100'000, 1'000'000};
  int regions = 16;
};

// A line of /proc/self/status, in MB.
double memory(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

// `count` queries, the ones from number `first` on.
std::vector<float> queries(const Setup& setup, const RegionModel& model, int first, int count) {
  const auto width = static_cast<std::size_t>(model.dimension());
  std::vector<float> values;
  if (setup.queries.empty()) {
    for (int i = first; i < first + count; ++i) {
      const auto drawn = model.photo(-1 - i, 1).values;
      values.insert(values.end(), drawn.begin(), drawn.end());
    }
    return values;
  }
  const RegionVectorsFile real = readRegionVectors(setup.queries);
  if (real.dimension != model.dimension()) throw InputError("queries have another dimension");
  for (int i = first; i < first + count; ++i) {
    const std::size_t at = static_cast<std::size_t>(i) % (real.values.size() / width) * width;
    values.insert(values.end(), real.values.begin() + static_cast<std::ptrdiff_t>(at),
                  real.values.begin() + static_cast<std::ptrdiff_t>(at + width));
  }
  return values;
}

// Forgets the highest use of memory so far; gives what is in use now, in MB.
double restartPeak() {
  ::malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";
  return memory("VmRSS");
}

fs::path indexFile(const Setup& setup, int photos) {
  return setup.folder / ("bench-regions-" + std::to_string(photos) + ".index");
}

void build(const Setup& setup, int photos) {
  const RegionModel model(readRegionVectors(setup.vectors));
  RegionIndexOptions options;
  options.dimension = model.dimension();
  options.identity = "bench";
  options.recallTop = kTop;
  options.recallCandidates = kCandidates;
  options.sampleQueries = queries(setup, model, 0, kSampleQueries);
  double generating = 0, generatingCpu = 0;
  const RegionSource source = [&](const auto& take) {
    for (int id = 1; id <= photos; ++id) {
      const double before = seconds(), cpuBefore = processorSeconds();
      const RegionVectors photo = model.photo(id, setup.regions);
      generating += seconds() - before;
      generatingCpu += processorSeconds() - cpuBefore;
      take(photo);
    }
  };
  std::string stage;
  const double before = restartPeak();
  const double start = seconds(), cpuStart = processorSeconds();
  const auto progress = [&](const ProgressUpdate& update) {
    if (update.stage != stage || !update.detail.empty()) {
      std::fprintf(stderr, "%8.1f s  %s %s\n", seconds() - start, update.stage.c_str(),
                   update.detail.c_str());
    }
    stage = update.stage;
  };
  buildRegionIndex(indexFile(setup, photos), source, options, {}, progress);
  std::printf("%.1f %.1f %.0f\n", seconds() - start - generating,
              processorSeconds() - cpuStart - generatingCpu, memory("VmHWM") - before);
}

struct Latency {
  double median = 0, p95 = 0;
  double processor = 0;  ///< mean time of the processor, all threads together
};

Latency latency(const RegionIndex& index, const std::vector<float>& queries, std::size_t together) {
  const auto width = static_cast<std::size_t>(index.info().dimension) * together;
  std::vector<double> times;
  const double cpuStart = processorSeconds();
  for (std::size_t at = 0; at + width <= queries.size(); at += width) {
    const double before = seconds();
    index.rankPhotos(std::span(queries).subspan(at, width), kCandidates);
    times.push_back(1000 * (seconds() - before));
  }
  const double cpu = 1000 * (processorSeconds() - cpuStart) / static_cast<double>(times.size());
  std::ranges::sort(times);
  return {times[times.size() / 2], times[times.size() * 95 / 100], cpu};
}

// Drops the file from the page cache; nobody may have it mapped.
void dropFromCache(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
  ::close(descriptor);
}

double recallOnOtherQueries(const Setup& setup, const RegionModel& model, const RegionIndex& index,
                            const std::vector<float>& asked) {
  ExactAnswers answers(asked, model.dimension(), kTop);
  for (std::int64_t id = 1; id <= index.info().photos; ++id)
    answers.add(id, model.photo(id, setup.regions).values);
  double found = 0, wanted = 0;
  const auto width = static_cast<std::size_t>(model.dimension());
  for (std::size_t q = 0; q < asked.size() / width; ++q) {
    std::unordered_set<std::int64_t> candidates;
    for (const PhotoHit& hit :
         index.rankPhotos(std::span(asked).subspan(q * width, width), kCandidates))
      candidates.insert(hit.photo);
    for (const std::int64_t photo : answers.best(q)) {
      wanted += 1;
      found += candidates.contains(photo) ? 1 : 0;
    }
  }
  return found / wanted;
}

void search(const Setup& setup, int photos) {
  const RegionModel model(readRegionVectors(setup.vectors));
  const fs::path file = indexFile(setup, photos);
  const std::vector<float> asked = queries(setup, model, 1000, 200);
  std::vector<double> cold;
  for (std::size_t i = 0; i < 5; ++i) {
    dropFromCache(file);
    const RegionIndex index = RegionIndex::open(file);
    const double before = seconds();
    const auto width = static_cast<std::size_t>(model.dimension());
    index.rankPhotos(std::span(asked).subspan(i * width, width), kCandidates);
    cold.push_back(1000 * (seconds() - before));
  }
  std::ranges::sort(cold);
  const double before = restartPeak(), mappedBefore = memory("RssFile"), opening = seconds();
  const RegionIndex index = RegionIndex::open(file);
  const double opened = 1000 * (seconds() - opening);
  latency(index, asked, 1);
  const Latency one = latency(index, asked, 1), four = latency(index, asked, 4);
  const double resident = memory("VmRSS") - before, mapped = memory("RssFile") - mappedBefore;
  const std::vector<float> other = queries(setup, model, 5000, 50);
  const double recall = recallOnOtherQueries(setup, model, index, other);
  const RegionIndexInfo& info = index.info();
  std::printf("%s %d %.0f %.1f %.0f %.0f ", info.method.c_str(), info.listsVisited,
              static_cast<double>(info.bytes) / 1e6, opened, resident, mapped);
  for (const Latency& times : {one, four})
    std::printf("%.1f %.1f %.1f ", times.median, times.p95, times.processor);
  std::printf("%.1f %.3f %.3f\n", cold[cold.size() / 2], info.recall, recall);
}

// This program again, as a process of its own; gives the last line that it printed.
std::string inChild(const std::vector<std::string>& arguments) {
  std::string command = "/proc/self/exe";
  int ends[2];
  if (::pipe(ends) != 0) throw OutputError("no pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(ends[1], 1);
    std::vector<char*> pointers{command.data()};
    for (const std::string& argument : arguments)
      pointers.push_back(const_cast<char*>(argument.c_str()));
    pointers.push_back(nullptr);
    ::execv(command.c_str(), pointers.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  std::string output;
  char chunk[4096];
  for (ssize_t got = 0; (got = ::read(ends[0], chunk, sizeof(chunk))) > 0;)
    output.append(chunk, static_cast<std::size_t>(got));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw OutputError("a part of the benchmark failed");
  return output;
}

void measure(const Setup& setup) {
  std::printf("%s\n\n", RegionModel(readRegionVectors(setup.vectors)).summary().c_str());
  // cpu: time of the processor, all threads together; mapped: of the resident memory, pages of
  // files.
  const std::vector<std::pair<const char*, int>> columns = {
      {"photos", 9},      {"build s", 9}, {"cpu s", 9},   {"peak MB", 9},       {"method", 14},
      {"visited", 8},     {"disk MB", 8}, {"open ms", 8}, {"RSS MB", 8},        {"mapped", 8},
      {"1 query ms", 11}, {"p95", 8},     {"cpu", 8},     {"4 queries ms", 13}, {"p95", 8},
      {"cpu", 8},         {"cold ms", 8}, {"recall", 8},  {"others", 8}};
  for (const auto& [name, width] : columns) std::printf("%*s", width, name);
  std::printf("\n");
  for (const int photos : setup.photos) {
    std::vector<std::string> arguments{"",          setup.vectors,
                                       "--photos",  std::to_string(photos),
                                       "--regions", std::to_string(setup.regions),
                                       "--folder",  setup.folder};
    if (!setup.queries.empty()) arguments.insert(arguments.end(), {"--queries", setup.queries});
    std::string row = std::to_string(photos);
    for (const char* part : {"build", "search"}) {
      arguments[0] = part;
      row += " " + inChild(arguments);
    }
    std::istringstream values(row);
    for (const auto& [name, width] : columns) {
      std::string value;
      values >> value;
      std::printf("%*s", width, value.c_str());
    }
    std::printf("\n");
    std::fflush(stdout);
    fs::remove(indexFile(setup, photos));
  }
}

// Something like real vectors: things of a few hundred kinds with different spreads and lengths, a
// spectrum that falls off, and photos with more than one of a kind.
void writeStandIn(const fs::path& file, int photos, int dimension) {
  Random random(99);
  const auto draw = [&](double scale) {
    std::vector<float> vector;
    for (int i = 0; i < dimension; ++i)
      vector.push_back(static_cast<float>(scale * random.normal() / std::sqrt(1 + 0.05 * i)));
    return vector;
  };
  std::vector<std::vector<float>> kinds;
  for (int kind = 0; kind < 400; ++kind) kinds.push_back(draw(1));
  RegionVectorsFile content;
  content.dimension = dimension;
  for (int photo = 0; photo < photos; ++photo) {
    content.counts.push_back(4 + random.below(29));
    const std::vector<float> light = draw(0.25);
    std::size_t kind = 0;
    for (std::uint32_t region = 0; region < content.counts.back(); ++region) {
      if (region == 0 || !random.chance(0.3))
        kind = static_cast<std::size_t>(400 * std::pow(random.uniform(), 2));
      const double length = std::exp(0.3 * random.normal());
      const std::vector<float> own = draw(0.6);
      for (std::size_t j = 0; j < own.size(); ++j)
        content.values.push_back(static_cast<float>(length * (kinds[kind][j] + own[j] + light[j])));
    }
  }
  writeRegionVectors(file, content);
}

int run(int argc, char** argv) {
  Setup setup;
  int standInPhotos = 5000, dimension = 128;
  CLI::App app("Measures the region index");
  app.require_subcommand(1);
  CLI::App* standIn = app.add_subcommand("standin", "writes a file in place of real vectors");
  standIn->add_option("FILE", setup.vectors)->required();
  standIn->add_option("--count", standInPhotos);
  standIn->add_option("--dimension", dimension);
  for (const char* name : {"measure", "build", "search"}) {
    CLI::App* part = app.add_subcommand(name, "");
    part->add_option("FILE", setup.vectors)->required();
    part->add_option("--queries", setup.queries);
    part->add_option("--photos", setup.photos)->delimiter(',');
    part->add_option("--regions", setup.regions);
    part->add_option("--folder", setup.folder);
  }
  CLI11_PARSE(app, argc, argv);
  if (standIn->parsed()) writeStandIn(setup.vectors, standInPhotos, dimension);
  if (app.got_subcommand("measure")) measure(setup);
  if (app.got_subcommand("build")) build(setup, setup.photos.at(0));
  if (app.got_subcommand("search")) search(setup, setup.photos.at(0));
  return 0;
}

}  // namespace
}  // namespace inkling::bench

int main(int argc, char** argv) {
  try {
    return inkling::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
