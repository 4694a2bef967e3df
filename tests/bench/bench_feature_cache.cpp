// How fast the cache of photos is with features of the usual size, about 2 MB a photo:
//   build/bench/bench_feature_cache
// The folder is that of TMPDIR; what is read comes from the memory of the system, not from a disk.
#include <cstdint>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "core/base/random.h"
#include "core/search/feature_cache.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlob = 2'000'000;
constexpr std::int64_t kBlobs = 64;

class CacheInFolder {
 public:
  explicit CacheInFolder(std::uint64_t limit)
      : cache_(FeatureCache::open(folder_ / "features.sqlite", limit)) {}
  ~CacheInFolder() { fs::remove_all(folder_); }
  CacheInFolder(const CacheInFolder&) = delete;
  CacheInFolder& operator=(const CacheInFolder&) = delete;

  bool put(std::int64_t photo) { return cache_.put(hashOf(photo), "model", blob_); }
  bool get(std::int64_t photo) { return cache_.get(hashOf(photo), "model").has_value(); }

 private:
  static ContentHash hashOf(std::int64_t photo) {
    const auto number = static_cast<std::uint64_t>(photo);
    return {mixSeed(1, number), mixSeed(2, number)};
  }
  static std::string randomBytes() {
    Random random(7);
    std::string bytes(kBlob, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random.next());
    return bytes;
  }

  const fs::path folder_ =
      fs::temp_directory_path() / ("inkling-bench-cache-" + std::to_string(::getpid()));
  const std::string blob_ = randomBytes();
  FeatureCache cache_;
};

void tell(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(kBlob));
}

void putIntoRoom(benchmark::State& state) {
  CacheInFolder cache(std::uint64_t{8} << 30);
  std::int64_t photo = 0;
  for ([[maybe_unused]] auto _ : state) {
    if (!cache.put(photo++)) state.SkipWithError("not kept");
  }
  tell(state);
}
BENCHMARK(putIntoRoom)->Iterations(500)->Unit(benchmark::kMillisecond)->UseRealTime();

void putIntoFullCache(benchmark::State& state) {
  CacheInFolder cache(std::uint64_t{400} << 20);
  std::int64_t photo = 0;
  for (; photo < 200; ++photo) cache.put(photo);
  for ([[maybe_unused]] auto _ : state) {
    if (!cache.put(photo++)) state.SkipWithError("not kept");
  }
  tell(state);
}
BENCHMARK(putIntoFullCache)->Iterations(500)->Unit(benchmark::kMillisecond)->UseRealTime();

void get(benchmark::State& state) {
  CacheInFolder cache(std::uint64_t{1} << 30);
  for (std::int64_t photo = 0; photo < kBlobs; ++photo) cache.put(photo);
  std::int64_t photo = 0;
  for ([[maybe_unused]] auto _ : state) {
    if (!cache.get(photo++ % kBlobs)) state.SkipWithError("not there");
  }
  tell(state);
}
BENCHMARK(get)->Iterations(1000)->Unit(benchmark::kMillisecond)->UseRealTime();

void missing(benchmark::State& state) {
  CacheInFolder cache(std::uint64_t{1} << 30);
  cache.put(0);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(cache.get(1));
}
BENCHMARK(missing)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace inkling

BENCHMARK_MAIN();
