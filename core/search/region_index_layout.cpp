#include "core/search/region_index_layout.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include <zlib.h>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling::region_file {
namespace {

static_assert(sizeof(FileHeader) == 88 && std::is_trivially_copyable_v<FileHeader>);

constexpr std::uint64_t kMost = std::uint64_t{1} << 40;  // vectors, photos

FileHeader readHeader(std::span<const std::byte> bytes) {
  FileHeader header;
  if (bytes.size() < sizeof(FileHeader) ||
      std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    throw InputError("is not a region index");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.byteOrder != FileHeader{}.byteOrder)
    throw InputError("was made on a computer with another byte order");
  if (header.version > kVersion)
    fail<InputError>("was made by a newer version of Inkling (format {}, this one reads {})",
                     header.version, kVersion);
  if (header.version < 1) throw InputError("is damaged (format 0)");
  return header;
}

bool plausible(const FileHeader& h) {
  if (h.dimension < 1 || h.dimension > 4096 || h.vectors > kMost || h.photos > kMost) return false;
  switch (h.code) {
    case Code::exact:
      return h.lists == 0 && h.codeBytes == 0 && h.codeTable == 0;
    case Code::productQuantizer:
    case Code::scalarQuantizer:
      return h.lists >= 1 && h.lists <= 1 << 24 && h.listsVisited >= 1 &&
             h.listsVisited <= h.lists && h.width >= h.dimension && h.width <= h.dimension + 64 &&
             h.codeBytes >= 1 && h.codeBytes <= h.width &&
             h.codeTable == (h.code == Code::productQuantizer ? 256 * h.width : 2 * h.width);
  }
  return false;
}

// Of `header` followed by the index part.
std::uint32_t checksum(FileHeader header, std::span<const std::byte> indexPart) {
  header.checksum = 0;
  uLong crc = crc32_z(0, reinterpret_cast<const Bytef*>(&header), sizeof(header));
  crc = crc32_z(crc, reinterpret_cast<const Bytef*>(indexPart.data()), indexPart.size());
  return static_cast<std::uint32_t>(crc);
}

template <typename T>
bool ascending(std::span<const T> values, bool strictly) {
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (strictly ? values[i] <= values[i - 1] : values[i] < values[i - 1]) return false;
  }
  return true;
}

}  // namespace

Layout layoutOf(const FileHeader& header) {
  if (!plausible(header)) throw InputError("is damaged (its header contradicts itself)");
  std::uint64_t at = kBodyStart;
  const auto next = [&at](std::uint64_t size) {
    const Part part{at, size};
    at = (at + size + 63) / 64 * 64;
    return part;
  };
  const bool exact = header.code == Code::exact;
  Layout layout;
  if (exact) {
    layout.values = next(header.vectors * header.dimension * sizeof(float));
  } else {
    layout.codes = next(header.vectors * header.codeBytes);
    layout.rows = next(header.vectors * sizeof(std::uint32_t));
    layout.regions = next(header.vectors * sizeof(std::uint16_t));
  }
  layout.indexBegin = at;
  layout.identity = next(header.identityBytes);
  layout.photos = next(header.photos * sizeof(std::int64_t));
  if (exact) {
    layout.first = next((header.photos + 1) * sizeof(std::uint64_t));
  } else {
    layout.centroids = next(std::uint64_t{header.lists} * header.width * sizeof(float));
    layout.table = next(std::uint64_t{header.codeTable} * sizeof(float));
    layout.lists = next(std::uint64_t{header.lists} * sizeof(std::uint32_t));
  }
  layout.end = at;
  return layout;
}

IndexFile::IndexFile(const std::filesystem::path& path) : file_(path) {
  try {
    header_ = readHeader(file_.bytes());
    layout_ = layoutOf(header_);
    if (file_.bytes().size() != layout_.end)
      fail<InputError>("is damaged ({} bytes where {} belong: was it cut short?)",
                       file_.bytes().size(), layout_.end);
    if (header_.checksum != checksum(header_, file_.bytes().subspan(layout_.indexBegin)))
      throw InputError("is damaged (its checksum is wrong)");
    checkIndexPart();
  } catch (const InputError& error) {
    fail<InputError>("{}: {}", displayName(path), error.what());
  }
}

// What a file with a right checksum says wrong was written so; still it must not crash a search.
void IndexFile::checkIndexPart() const {
  bool sound = ascending(part<std::int64_t>(layout_.photos), true) && std::isfinite(header_.recall);
  if (header_.code == Code::exact) {
    const auto first = part<std::uint64_t>(layout_.first);
    sound =
        sound && ascending(first, false) && first.front() == 0 && first.back() == header_.vectors;
  } else {
    const auto sizes = part<std::uint32_t>(layout_.lists);
    sound =
        sound && std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}) == header_.vectors;
    for (const Part& floats : {layout_.centroids, layout_.table}) {
      sound = sound && std::ranges::all_of(part<float>(floats),
                                           [](float value) { return std::isfinite(value); });
    }
  }
  if (!sound) throw InputError("is damaged (its tables contradict each other)");
}

RegionIndexInfo IndexFile::info() const {
  RegionIndexInfo info;
  info.exact = header_.code == Code::exact;
  info.method = info.exact ? "exact"
                           : fmt::format("IVF{},{}{}", header_.lists,
                                         header_.code == Code::productQuantizer ? "PQ" : "SQ",
                                         header_.codeBytes);
  info.vectors = static_cast<std::int64_t>(header_.vectors);
  info.photos = static_cast<std::int64_t>(header_.photos);
  info.dimension = static_cast<int>(header_.dimension);
  const auto identity = part<char>(layout_.identity);
  info.identity.assign(identity.begin(), identity.end());
  info.revision = header_.revision;
  info.recall = header_.recall;
  info.targetReached = header_.targetReached != 0;
  info.listsVisited = static_cast<int>(header_.listsVisited);
  info.bytes = layout_.end;
  return info;
}

void seal(OpenFile& file, FileHeader header, const IndexPart& content) {
  const Layout layout = layoutOf(header);
  std::vector<std::byte> bytes(layout.end - layout.indexBegin);
  const auto put = [&](const Part& part, const auto& values) {
    const auto raw = std::as_bytes(std::span(values));
    if (raw.size() != part.size) throw UsageError("the parts of a region index do not fit it");
    if (!raw.empty())
      std::memcpy(bytes.data() + (part.begin - layout.indexBegin), raw.data(), raw.size());
  };
  put(layout.identity, content.identity);
  put(layout.photos, content.photos);
  put(layout.first, content.first);
  put(layout.centroids, content.centroids);
  put(layout.table, content.table);
  put(layout.lists, content.lists);
  file.writeAt(layout.indexBegin, bytes);
  file.resize(layout.end);
  header.checksum = checksum(header, bytes);
  file.writeAt(0, std::as_bytes(std::span(&header, 1)));
}

}  // namespace inkling::region_file
