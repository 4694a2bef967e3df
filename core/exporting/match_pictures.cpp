#include "core/exporting/match_pictures.h"

#include <fmt/format.h>

#include "core/base/file.h"
#include "core/exporting/name_parts.h"
#include "core/image/overlay.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

// File systems allow 255 bytes; ".attention.jpg" and a number come after it.
constexpr std::size_t kLongestStem = 200;

}  // namespace

MatchPictures::MatchPictures(std::filesystem::path folder, Image card)
    : folder_(std::move(folder)), card_(std::move(card)) {
  requireWritableFolder(folder_);
}

std::string MatchPictures::freeName(const std::filesystem::path& photoFile) {
  const std::string stem = shortenedName(photoFile.stem().native(), kLongestStem);
  std::string name = stem;
  for (int number = 2; !taken_.insert(name).second; ++number) {
    name = fmt::format("{}-{}", stem, number);
  }
  return name;
}

void MatchPictures::writeBoxed(const std::string& name, const Image& photo,
                               std::span<const ScoredBox> boxes) {
  Image boxed = photo;
  drawBoxes(boxed, boxes);
  if (!card_.empty()) drawInset(boxed, card_);
  writePicture(folder_ / (name + ".boxes.jpg"), boxed);
}

void MatchPictures::writeBoxes(const std::filesystem::path& photoFile, const Image& photo,
                               std::span<const ScoredBox> boxes) {
  writeBoxed(freeName(photoFile), photo, boxes);
}

void MatchPictures::write(const std::filesystem::path& photoFile, const Image& photo,
                          std::span<const ScoredBox> boxes, const AttentionMaps& maps) {
  const std::string name = freeName(photoFile);
  writeBoxed(name, photo, boxes);
  Image attention = blendHeatMap(photo, maps.rollout());
  if (!card_.empty()) drawInset(attention, card_);
  writePicture(folder_ / (name + ".attention.jpg"), attention);
}

}  // namespace inkling
