#include "core/search/region_index.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/search/region_index_exact.h"
#include "core/search/region_index_ivf.h"
#include "core/search/region_index_open.h"

namespace inkling {

using region_file::IndexFile;

namespace {

// What `work` says of damage in the file, with the file's name.
template <typename Work>
auto named(const std::filesystem::path& file, const Work& work) {
  try {
    return work();
  } catch (const InputError& error) {
    fail<InputError>("{}: {}", displayName(file), error.what());
  }
}

}  // namespace

std::unique_ptr<const RegionSearcher> searcherOf(const IndexFile& file) {
  const region_file::FileHeader& header = file.header();
  const region_file::Layout& layout = file.layout();
  const auto photos = file.part<std::int64_t>(layout.photos);
  if (header.code == region_file::Code::exact) {
    return std::make_unique<ExactSearcher>(static_cast<int>(header.dimension),
                                           file.part<float>(layout.values), photos,
                                           file.part<std::uint64_t>(layout.first));
  }
  const InvertedFileModel model{header.code,
                                static_cast<int>(header.dimension),
                                static_cast<int>(header.width),
                                static_cast<int>(header.codeBytes),
                                file.part<float>(layout.centroids),
                                file.part<float>(layout.table)};
  const InvertedFileContent content{
      file.part<std::uint32_t>(layout.lists), file.part<std::uint8_t>(layout.codes),
      file.part<std::uint32_t>(layout.rows), file.part<std::uint16_t>(layout.regions), photos};
  return std::make_unique<InvertedFileSearcher>(model, content,
                                                static_cast<int>(header.listsVisited));
}

RegionIndex::~RegionIndex() = default;
RegionIndex::RegionIndex(RegionIndex&&) noexcept = default;
RegionIndex& RegionIndex::operator=(RegionIndex&&) noexcept = default;
RegionIndex::RegionIndex() = default;

RegionIndex RegionIndex::open(const std::filesystem::path& file) {
  RegionIndex index;
  index.file_ = std::make_unique<IndexFile>(file);
  index.path_ = file;
  index.info_ = index.file_->info();
  named(file, [&] { index.searcher_ = searcherOf(*index.file_); });
  return index;
}

std::vector<std::vector<RegionHit>> RegionIndex::search(std::span<const float> queries, int k,
                                                        const PhotoFilter& filter) const {
  return named(path_, [&] { return searchRegions(*searcher_, queries, k, filter); });
}

std::vector<PhotoHit> RegionIndex::rankPhotos(std::span<const float> queries, int limit,
                                              const PhotoFilter& filter) const {
  return named(path_, [&] { return inkling::rankPhotos(*searcher_, queries, limit, filter); });
}

struct RegionTail::Vectors {
  ExactSearcher searcher() const { return {dimension, values, photos, first}; }

  int dimension;
  std::vector<float> values;
  std::vector<std::int64_t> photos;
  std::vector<std::uint64_t> first{0};
};

RegionTail::RegionTail(int dimension) : vectors_(std::make_unique<Vectors>()) {
  if (dimension < 1) fail<UsageError>("vectors of {} values make no sense", dimension);
  vectors_->dimension = dimension;
}
RegionTail::~RegionTail() = default;
RegionTail::RegionTail(RegionTail&&) noexcept = default;
RegionTail& RegionTail::operator=(RegionTail&&) noexcept = default;

void RegionTail::add(const RegionVectors& photo) {
  checkRegionVectors(photo, vectors_->dimension);
  vectors_->values.insert(vectors_->values.end(), photo.values.begin(), photo.values.end());
  vectors_->photos.push_back(photo.photo);
  vectors_->first.push_back(static_cast<std::uint64_t>(vectors()));
}

void RegionTail::clear() {
  vectors_->values.clear();
  vectors_->photos.clear();
  vectors_->first = {0};
}

std::int64_t RegionTail::photos() const { return std::ssize(vectors_->photos); }
std::int64_t RegionTail::vectors() const {
  return std::ssize(vectors_->values) / vectors_->dimension;
}

std::vector<std::vector<RegionHit>> RegionTail::search(std::span<const float> queries, int k,
                                                       const PhotoFilter& filter) const {
  return searchRegions(vectors_->searcher(), queries, k, filter);
}

std::vector<PhotoHit> RegionTail::rankPhotos(std::span<const float> queries, int limit,
                                             const PhotoFilter& filter) const {
  return inkling::rankPhotos(vectors_->searcher(), queries, limit, filter);
}

}  // namespace inkling
