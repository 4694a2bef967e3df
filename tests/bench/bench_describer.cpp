// How fast folders are indexed with the model that ships, and what reading ahead and the cache
// bring:
//   INKLING_SOURCE_DIR=. build/bench/bench_describer
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/path.h"
#include "core/image/picture_writer.h"
#include "core/image/resize.h"
#include "core/search/catalogue_update.h"
#include "core/search/model_describer.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

fs::path sourceFile(const std::string& path) {
  const char* root = std::getenv("INKLING_SOURCE_DIR");
  return fs::path(root != nullptr ? root : ".") / path;
}

// The bundled photos in a folder of their own, as large as those of a camera (`width` pixels wide).
class Photos {
 public:
  explicit Photos(std::int64_t width) {
    for (const fs::path& photo : listFiles(sourceFile("resources/samples/photos"), {".jpg"})) {
      const Image image = readPhoto(photo);
      const int height =
          static_cast<int>(width * image.size().height / std::max(1, image.size().width));
      writeFileAtomically(folder_ / "photos" / photo.filename(),
                          encodeJpeg(resize(image, {static_cast<int>(width), height})));
      ++count_;
    }
  }
  ~Photos() { fs::remove_all(folder_); }
  Photos(const Photos&) = delete;
  Photos& operator=(const Photos&) = delete;

  std::int64_t count() const { return count_; }
  fs::path cacheFile() const { return folder_ / "features.sqlite"; }

  // Into a catalogue that is new each time.
  void index(PhotoDescriber& describer) {
    const fs::path file = folder_ / (std::to_string(++catalogues_) + ".sqlite");
    Catalogue catalogue = Catalogue::forIndexing(file, folder_ / "photos");
    updateCatalogue(catalogue);
    describePhotos(catalogue, describer);
  }

 private:
  const fs::path folder_ =
      fs::temp_directory_path() / ("inkling-bench-describer-" + std::to_string(::getpid()));
  std::int64_t count_ = 0;
  int catalogues_ = 0;
};

// Passes on everything but the hints.
class WithoutHints : public PhotoDescriber {
 public:
  explicit WithoutHints(PhotoDescriber& describer) : describer_(describer) {}
  std::string identity() const override { return describer_.identity(); }
  DescribedPhoto describe(const fs::path& photo, const ContentHash& content) override {
    return describer_.describe(photo, content);
  }

 private:
  PhotoDescriber& describer_;
};

const fs::path kModel = sourceFile("resources/models/inkling-s.safetensors");

RecordMaker noRecord() {
  return {"none", [](const PhotoFeatures&) { return std::string(); }};
}

void tell(benchmark::State& state, const Photos& photos) {
  state.SetItemsProcessed(state.iterations() * photos.count());
}

// Pixels across, threads of the network: with one of two cores left, there is somebody to read.
void shapes(benchmark::internal::Benchmark* bench) {
  bench->ArgNames({"width", "threads"})->ArgsProduct({{640, 4000}, {1, 2}});
  bench->Iterations(1)->Unit(benchmark::kMillisecond)->UseRealTime();
}

void oneByOne(benchmark::State& state) {
  const Localizer localizer = Localizer::load(kModel, {static_cast<int>(state.range(1))});
  Photos photos(state.range(0));
  ModelDescriber describer(localizer, kModel, noRecord());
  WithoutHints plain(describer);
  for ([[maybe_unused]] auto _ : state) photos.index(plain);
  tell(state, photos);
}
BENCHMARK(oneByOne)->Apply(shapes);

void readingAhead(benchmark::State& state) {
  const Localizer localizer = Localizer::load(kModel, {static_cast<int>(state.range(1))});
  Photos photos(state.range(0));
  ModelDescriber describer(localizer, kModel, noRecord());
  for ([[maybe_unused]] auto _ : state) photos.index(describer);
  tell(state, photos);
}
BENCHMARK(readingAhead)->Apply(shapes);

void knownFromCache(benchmark::State& state) {
  const Localizer localizer = Localizer::load(kModel, {static_cast<int>(state.range(1))});
  Photos photos(state.range(0));
  FeatureCache cache = FeatureCache::open(photos.cacheFile(), std::uint64_t{1} << 30);
  ModelDescriber describer(localizer, kModel, noRecord(), &cache);
  photos.index(describer);
  for ([[maybe_unused]] auto _ : state) photos.index(describer);
  tell(state, photos);
}
BENCHMARK(knownFromCache)->Apply(shapes);

}  // namespace
}  // namespace inkling

BENCHMARK_MAIN();
