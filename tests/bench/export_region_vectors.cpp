// Real vectors for bench_region_index: the regions of the photos of a catalogue, and what a drawing
// of each word would ask for.
//
//   build/bench/export_region_vectors catalogue.sqlite vectors.bin queries.bin [--model FILE]
#include <cstdio>

#include <CLI/CLI.hpp>

#include "core/base/error.h"
#include "core/search/photo_search.h"
#include "tests/bench/region_vectors_file.h"

namespace inkling::bench {
namespace {

void exportVectors(const std::string& catalogueFile, const std::string& vectorsFile,
                   const std::string& queriesFile, const std::string& model) {
  const Localizer localizer = Localizer::load(model);
  const RegionSetup setup = regionSetup(localizer, model);
  const auto width = static_cast<std::size_t>(setup.dimension);
  const Catalogue catalogue = Catalogue::forReading(catalogueFile);
  Catalogue::FeatureReader reader(catalogue);
  RegionVectorsFile vectors{setup.dimension, {}, {}};
  catalogue.forEachPhoto([&](const PhotoEntry& photo) {
    const auto record = reader.read(photo.id);
    if (!record || photo.describedWith != setup.identity) return;
    const std::vector<float> rows = setup.vectors(*record, photo.path.native());
    vectors.counts.push_back(static_cast<std::uint32_t>(rows.size() / width));
    vectors.values.insert(vectors.values.end(), rows.begin(), rows.end());
  });
  if (vectors.counts.empty())
    fail<InputError>("{}: holds no photo that this model has described", catalogueFile);
  writeRegionVectors(vectorsFile, vectors);
  RegionVectorsFile queries{setup.dimension, {}, setup.sampleQueries};
  queries.counts.assign(queries.values.size() / width, 1);
  writeRegionVectors(queriesFile, queries);
  std::printf("%zu photos, %zu queries of %d numbers\n", vectors.counts.size(),
              queries.counts.size(), setup.dimension);
}

}  // namespace
}  // namespace inkling::bench

int main(int count, char** values) {
  std::string catalogue, vectors, queries;
  std::string model = "resources/models/inkling-s.safetensors";
  CLI::App app("Real vectors for bench_region_index");
  app.add_option("catalogue", catalogue, "Of a folder that was indexed")->required();
  app.add_option("vectors", vectors, "File for the vectors of its photos")->required();
  app.add_option("queries", queries, "File for the vectors of drawings")->required();
  app.add_option("--model", model, "That the folder was indexed with")->capture_default_str();
  CLI11_PARSE(app, count, values);
  try {
    inkling::bench::exportVectors(catalogue, vectors, queries, model);
  } catch (const inkling::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
