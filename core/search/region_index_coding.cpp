#include "core/search/region_index_coding.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr std::size_t kBatch = 16'384;                          // vectors
constexpr std::uint64_t kSortBytes = std::uint64_t{192} << 20;  // in memory at once

}  // namespace

ListWriter::ListWriter(std::span<const float> centroids, const ResidualCode& code, int dimension,
                       int width, const std::filesystem::path& scratchBeside)
    : centroids_(centroids),
      nearest_(centroids, width),
      encoder_(code, width),
      codeBytes_(static_cast<std::size_t>(code.bytes)),
      dimension_(static_cast<std::size_t>(dimension)),
      width_(static_cast<std::size_t>(width)),
      scratch_(scratchBeside),
      appender_(scratch_),
      listSizes_(centroids.size() / width_) {}

// List (u32), row (u32), region (u16), code.
std::size_t ListWriter::recordBytes() const { return 10 + codeBytes_; }

void ListWriter::add(std::uint32_t row, std::span<const float> vectors) {
  for (std::size_t at = 0, region = 0; at < vectors.size(); at += dimension_, ++region) {
    const auto values = vectors.subspan(at, dimension_);
    batch_.insert(batch_.end(), values.begin(), values.end());
    batch_.resize(batch_.size() + width_ - dimension_);
    owners_.push_back({row, static_cast<std::uint16_t>(region)});
    if (owners_.size() == kBatch) codeBatch();
  }
}

void ListWriter::codeBatch() {
  const auto lists = nearest_.of(batch_);
  const auto codes =
      encoder_.encode(residuals(batch_, lists, centroids_, static_cast<int>(width_)));
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto list = static_cast<std::uint32_t>(lists[i]);
    ++listSizes_[list];
    appender_.append(list);
    appender_.append(owners_[i].row);
    appender_.append(owners_[i].region);
    appender_.append(std::as_bytes(std::span(codes).subspan(i * codeBytes_, codeBytes_)));
  }
  vectors_ += lists.size();
  batch_.clear();
  owners_.clear();
}

void ListWriter::finish() {
  codeBatch();
  appender_.flush();
}

void ListWriter::writeBody(OpenFile& file, const region_file::Layout& layout,
                           const CancellationToken& token) {
  // As many lists at a time as fit into memory; each time the scratch file is read once.
  std::uint64_t position = 0;
  for (std::size_t begin = 0; begin < listSizes_.size();) {
    token.check();
    std::uint64_t size = 0;
    std::size_t end = begin;
    while (end < listSizes_.size() &&
           (end == begin || (size + listSizes_[end]) * recordBytes() <= kSortBytes))
      size += listSizes_[end++];
    writeLists(begin, end, position, file, layout);
    position += size;
    begin = end;
  }
}

void ListWriter::writeLists(std::size_t begin, std::size_t end, std::uint64_t firstPosition,
                            OpenFile& file, const region_file::Layout& layout) {
  std::vector<std::size_t> next;
  std::size_t size = 0;
  for (std::size_t list = begin; list < end; ++list) {
    next.push_back(size);
    size += listSizes_[list];
  }
  std::vector<std::byte> codes(size * codeBytes_);
  std::vector<std::uint32_t> rows(size);
  std::vector<std::uint16_t> regions(size);
  std::vector<std::byte> chunk;
  for (std::uint64_t at = 0; at < vectors_; at += kBatch) {
    chunk.resize(std::min<std::uint64_t>(kBatch, vectors_ - at) * recordBytes());
    scratch_.readAt(at * recordBytes(), chunk);
    for (const std::byte* record = chunk.data(); record < chunk.data() + chunk.size();
         record += recordBytes()) {
      std::uint32_t list = 0;
      std::memcpy(&list, record, 4);
      if (list < begin || list >= end) continue;
      const std::size_t to = next[list - begin]++;
      std::memcpy(&rows[to], record + 4, 4);
      std::memcpy(&regions[to], record + 8, 2);
      std::memcpy(&codes[to * codeBytes_], record + 10, codeBytes_);
    }
  }
  file.writeAt(layout.codes.begin + firstPosition * codeBytes_, codes);
  file.writeAt(layout.rows.begin + firstPosition * 4, std::as_bytes(std::span(rows)));
  file.writeAt(layout.regions.begin + firstPosition * 2, std::as_bytes(std::span(regions)));
}

}  // namespace inkling
