// The two-stage search as a person meets it, on catalogues of any size: a drawing against 1,000 to
// 1,000,000 photos. Each entry's regions are those of a real photo with noise of a tenth of their
// deviation; up to --cached photos have files and features of real size, so that stage two can look
// at them.
//
//   build/bench/bench_search --samples PHOTOS --sketches DRAWINGS.json... --photos 1000 10000
//                            [--cached 10000] [--scratch /tmp/bench-search] [--keep]
//
// Prints a table: time to build the region index, sizes on the disk, stage one (index, records,
// estimate), the first answer and the whole search with 50 photos looked at closely, memory.
#include <chrono>
#include <cstdio>
#include <fstream>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file_stamp.h"
#include "core/base/path.h"
#include "core/base/random.h"
#include "core/image/photo_reader.h"
#include "core/inference/feature_codec.h"
#include "core/search/photo_search.h"
#include "core/sketch/reader.h"

namespace inkling::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Arguments {
  std::string samples, scratch = "/tmp/inkling-bench-search";
  std::string model = "resources/models/inkling-s.safetensors";
  std::vector<std::string> sketches;
  std::vector<std::int64_t> photos = {1000, 10'000};
  std::int64_t cached = 10'000;
  int sampleLimit = 200;
  bool keep = false;
};

double seconds(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

// "VmRSS" and the like of this process, MB.
double memoryMb(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::stod(line.substr(field.size() + 1)) / 1024;
  }
  return 0;
}

struct Sample {
  PhotoRegions regions;
  std::string features;
  Size size;
};

class SearchBench {
 public:
  explicit SearchBench(const Arguments& arguments)
      : arguments_(arguments),
        localizer_(Localizer::load(arguments.model)),
        identity_(regionSetup(localizer_, arguments.model).identity),
        featuresIdentity_(featuresIdentity(arguments.model)) {}

  void run() {
    readSamples();
    fmt::print("{:>9} {:>9} {:>9} {:>9} {:>11} {:>11} {:>11} {:>9}\n", "photos", "build s",
               "disk MB", "index", "stage 1 ms", "first ms", "query ms", "RSS MB");
    for (const std::int64_t count : arguments_.photos) measure(count);
  }

 private:
  void readSamples() {
    auto files = listFiles(arguments_.samples, photoExtensions());
    files.resize(std::min(files.size(), static_cast<std::size_t>(arguments_.sampleLimit)));
    for (const fs::path& file : files) {
      std::fprintf(stderr, "\rphoto %zu of %zu", samples_.size() + 1, files.size());
      const PhotoFeatures features = localizer_.describe(readPhoto(file));
      samples_.push_back(
          {localizer_.regions(features), encodeFeatures(features), features.photo()});
    }
    std::fprintf(stderr, "\n");
    if (samples_.empty()) fail<InputError>("{}: no photos", arguments_.samples);
    for (const std::string& file : arguments_.sketches) {
      const std::vector<WeightedSketch> wanted = {{readSketch(file), 1}};
      queries_.push_back(localizer_.understand(wanted));
    }
  }

  void measure(std::int64_t count) {
    const fs::path folder = fs::path(arguments_.scratch) / std::to_string(count);
    fs::remove_all(folder);
    fs::create_directories(folder / "photos");
    const fs::path file = folder / "catalogue.sqlite", cacheFile = folder / "features.sqlite";
    const bool cached = count <= arguments_.cached;
    FeatureCache cache = FeatureCache::open(cacheFile, cached ? ~std::uint64_t{0} >> 1 : 0);
    fill(count, file, folder / "photos", cached ? &cache : nullptr);

    const Catalogue catalogue = Catalogue::forReading(file);
    PhotoSearch search(catalogue, localizer_, arguments_.model, &cache);
    auto begin = Clock::now();
    search.refresh();
    const double build = seconds(begin);
    std::vector<double> stageOne, first, whole;
    for (int round = 0; round < 3; ++round) {
      for (const SketchQuery& query : queries_) {
        begin = Clock::now();
        search.rank(query, SearchOptions().most);
        stageOne.push_back(1000 * seconds(begin));
        if (!cached) continue;
        begin = Clock::now();
        double firstAnswer = 0;
        SearchOptions options;
        options.most = options.closest;
        search.find(query, options, {}, [&](const LookedPhoto& photo) {
          if (!photo.error.empty()) fail<InputError>("{}", photo.error);
          if (firstAnswer == 0) firstAnswer = 1000 * seconds(begin);
        });
        first.push_back(firstAnswer);
        whole.push_back(1000 * seconds(begin));
      }
    }
    std::uint64_t disk = fs::file_size(file);
    const auto& index = search.library().index();
    if (index) disk += index->info().bytes;
    fmt::print("{:9} {:9.1f} {:9.0f} {:>9} {:11.1f} {:11.1f} {:11.1f} {:9.0f}\n", count, build,
               static_cast<double>(disk) / 1e6, index ? index->info().method : "memory",
               median(stageOne), median(first), median(whole), memoryMb("VmRSS"));
    std::fflush(stdout);
    if (!arguments_.keep) fs::remove_all(folder);
  }

  // Writes the entries by hand: describing a million photos takes days.
  void fill(std::int64_t count, const fs::path& file, const fs::path& photos, FeatureCache* cache) {
    Catalogue catalogue = Catalogue::forIndexing(file, photos);
    Database& database = catalogue.database();
    Statement photo(database,
                    "INSERT INTO photos(path, bytes, modified_ns, hash, width, height, state,"
                    " described_with, revision) VALUES(?, ?, ?, ?, ?, ?, 1, ?, ?)");
    Statement features(database, "INSERT INTO features VALUES(?, ?)");
    Random random(7);
    CatalogueWriter writer(catalogue, 10'000);
    for (std::int64_t i = 0; i < count; ++i) {
      if (i % 1000 == 0) std::fprintf(stderr, "\rentry %lld", static_cast<long long>(i));
      const std::int64_t revision = writer.begin();
      const Sample& sample = samples_[random.below(static_cast<std::uint32_t>(samples_.size()))];
      const std::string name = fmt::format("{:07}.jpg", i);
      const ContentHash hash = hashBytes(name);
      FileStamp stamp{static_cast<std::int64_t>(name.size()), 1};
      if (cache != nullptr) {
        std::ofstream(photos / name) << name;
        stamp = *stampOf(photos / name);
        cache->put(hash, featuresIdentity_, sample.features);
      }
      photo.bindBlob(1, name).bind(2, stamp.bytes).bind(3, stamp.modifiedNs);
      photo.bindBlob(4, hash.bytes()).bind(5, sample.size.width).bind(6, sample.size.height);
      photo.bindText(7, identity_).bind(8, revision).run();
      features.bind(1, database.lastRowId()).bindBlob(2, encodeRegions(noisy(sample, random)));
      features.run();
      writer.end();
    }
    writer.commit();
    std::fprintf(stderr, "\n");
  }

  PhotoRegions noisy(const Sample& sample, Random& random) const {
    PhotoRegions regions = sample.regions;
    double square = 0;
    for (const float value : regions.vectors) square += value * value;
    const double deviation =
        0.1 * std::sqrt(square / std::max<double>(1, static_cast<double>(regions.vectors.size())));
    for (float& value : regions.vectors) value += static_cast<float>(deviation * random.normal());
    return regions;
  }

  const Arguments& arguments_;
  Localizer localizer_;
  const std::string identity_, featuresIdentity_;
  std::vector<Sample> samples_;
  std::vector<SketchQuery> queries_;
};

}  // namespace
}  // namespace inkling::bench

int main(int count, char** values) {
  inkling::bench::Arguments arguments;
  CLI::App app("The two-stage search on catalogues of any size");
  app.add_option("--samples", arguments.samples, "Folder of real photos")->required();
  app.add_option("--sketches", arguments.sketches, "Drawings to search with")->required();
  app.add_option("--photos", arguments.photos, "Sizes of the catalogues")->capture_default_str();
  app.add_option("--cached", arguments.cached, "Largest catalogue with features on the disk")
      ->capture_default_str();
  app.add_option("--sample-limit", arguments.sampleLimit, "Photos to take entries from")
      ->capture_default_str();
  app.add_option("--scratch", arguments.scratch, "Folder to work in")->capture_default_str();
  app.add_option("--model", arguments.model, "Model file")->capture_default_str();
  app.add_flag("--keep", arguments.keep, "Leave the catalogues there");
  CLI11_PARSE(app, count, values);
  try {
    inkling::bench::SearchBench(arguments).run();
  } catch (const inkling::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
