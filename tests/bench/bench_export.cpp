// How near an export comes to the speed of the network that looks at photos (describe), which does
// nearly all of the work; and that its memory does not grow:
//   INKLING_SOURCE_DIR=. build/bench/bench_export
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/export_job.h"
#include "core/image/picture_writer.h"
#include "core/image/resize.h"
#include "core/search/model_describer.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

fs::path sourceFile(const std::string& path) {
  const char* root = std::getenv("INKLING_SOURCE_DIR");
  return fs::path(root != nullptr ? root : ".") / path;
}

const fs::path kModel = sourceFile("resources/models/inkling-s.safetensors");

class Scratch {
 public:
  Scratch() { fs::create_directories(photos()); }
  ~Scratch() { fs::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  fs::path photos() const { return folder_ / "photos"; }
  fs::path out() const { return folder_ / "out"; }
  fs::path cacheFile() const { return folder_ / "features.sqlite"; }

 private:
  const fs::path folder_ =
      fs::temp_directory_path() / ("inkling-bench-export-" + std::to_string(::getpid()));
};

std::vector<Image> samplePhotos(std::int64_t width) {
  std::vector<Image> images;
  for (const fs::path& photo : listFiles(sourceFile("resources/samples/photos"), {".jpg"})) {
    const Image image = readPhoto(photo);
    const auto height = width * image.height / std::max(1, image.width);
    images.push_back(resize(image, {static_cast<int>(width), static_cast<int>(height)}));
  }
  return images;
}

// All that an export needs, looking for a dog.
struct Looking {
  Localizer localizer = Localizer::load(kModel, {1});
  std::vector<SketchQuery> queries = {localizer.understand(std::vector<WeightedSketch>{
      {readSketch(sourceFile("resources/samples/sketches/dog.json"))}})};

  void exportAll(const Scratch& scratch, const std::string& format, FeatureCache* cache) const {
    ExportPlan plan;
    plan.folder = scratch.photos();
    plan.out = scratch.out();
    plan.format = format;
    plan.setup.categories = {{"dog", {"dog.json"}, {}}};
    plan.setup.threshold = localizer.threshold();
    ExportStart start;
    start.threads = PipelineThreads::forCores(0);
    fs::remove_all(plan.out);
    ExportJob job(plan, start);
    job.run({localizer, queries, featuresIdentity(kModel), cache});
  }
};

// What it is compared with: photos that lie decoded in memory, looked at on as many threads.
void describeAlone(benchmark::State& state) {
  const Looking looking;
  const std::vector<Image> photos = samplePhotos(state.range(0));
  const auto threads = static_cast<std::size_t>(PipelineThreads::forCores(0).lookers);
  for ([[maybe_unused]] auto _ : state) {
    std::vector<std::jthread> workers;
    for (std::size_t first = 0; first < threads; ++first) {
      workers.emplace_back([&, first] {
        for (std::size_t i = first; i < photos.size(); i += threads)
          benchmark::DoNotOptimize(looking.localizer.describe(photos[i]));
      });
    }
  }
  state.SetItemsProcessed(state.iterations() * std::ssize(photos));
}

void exportWhole(benchmark::State& state, const std::string& format) {
  const Looking looking;
  const Scratch scratch;
  const std::vector<Image> photos = samplePhotos(state.range(0));
  for (std::size_t i = 0; i < photos.size(); ++i)
    writeFileAtomically(scratch.photos() / (std::to_string(i) + ".jpg"), encodeJpeg(photos[i]));
  for ([[maybe_unused]] auto _ : state) looking.exportAll(scratch, format, nullptr);
  state.SetItemsProcessed(state.iterations() * std::ssize(photos));
}

double residentMb() {
  std::ifstream file("/proc/self/statm");
  double all = 0, resident = 0;
  file >> all >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

// Many names of one photo whose features are cached, so that it does not take hours.
void memoryOverManyPhotos(benchmark::State& state) {
  const Looking looking;
  const Scratch scratch;
  const std::string bytes = encodeJpeg(samplePhotos(640).front());
  for (std::int64_t i = 0; i < state.range(0); ++i)
    std::ofstream(scratch.photos() / (std::to_string(i) + ".jpg")) << bytes;
  FeatureCache cache = FeatureCache::open(scratch.cacheFile(), std::uint64_t{1} << 30);
  for ([[maybe_unused]] auto _ : state) looking.exportAll(scratch, "coco", &cache);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["resident_MB"] = residentMb();
}

void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgName("width")->Arg(640)->Arg(4000);
  bench->Iterations(3)->Unit(benchmark::kMillisecond)->UseRealTime();
}

BENCHMARK(describeAlone)->Apply(shapes);
BENCHMARK_CAPTURE(exportWhole, csv, "csv")->Apply(shapes);
BENCHMARK_CAPTURE(exportWhole, pictures, "pictures")->Apply(shapes);
BENCHMARK(memoryOverManyPhotos)->Arg(100)->Arg(1000)->Arg(10000)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace inkling

BENCHMARK_MAIN();
