// Annotations of the PASCAL VOC challenges: M. Everingham and J. Winn, "The PASCAL Visual Object
// Classes Challenge 2012 Development Kit". Pixels are counted from 1, xmax and ymax belong to the
// box.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/base/path.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_formats.h"
#include "core/exporting/export_names.h"

namespace inkling {
namespace {

constexpr const char* kSuffix = ".xml";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

// Text as content of an XML 1.0 element. Characters that XML cannot hold become U+FFFD; a carriage
// return has to be escaped, as parsers read it as a line feed otherwise.
std::string xmlText(std::string_view text) {
  const std::string valid = toValidUtf8(text);
  std::string out;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    // U+FFFE and U+FFFF are no characters.
    const std::string_view three = std::string_view(valid).substr(i, 3);
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '\r') {
      out += "&#13;";
    } else if (three == "\xEF\xBF\xBE" || three == "\xEF\xBF\xBF") {
      out += kReplacement;
      i += 2;
    } else if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
      out += kReplacement;
    } else {
      out += c;
    }
  }
  return out;
}

// First and last pixel, from 1, of an edge from `start` to `end` in continuous pixels: those that
// are covered by half or more, and where there is none the one that the middle is in.
std::pair<int, int> pixelsFromOne(double start, double end, int side) {
  const int first = static_cast<int>(std::lround(start)) + 1;
  const int last = static_cast<int>(std::lround(end));
  if (first <= last) return {std::max(first, 1), std::min(last, side)};
  const int middle = std::clamp(static_cast<int>((start + end) / 2) + 1, 1, side);
  return {middle, middle};
}

class VocExport : public ExportFormat {
 public:
  explicit VocExport(ExportSetup setup) : setup_(std::move(setup)) {}

  std::string name() const override { return "voc"; }
  std::size_t longestSuffix() const override { return std::string_view(kSuffix).size(); }
  std::vector<std::filesystem::path> plannedFiles(
      const std::filesystem::path& name) const override {
    return {withSuffix(name, kSuffix)};
  }

  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path& name,
                                  const ExportPictures&) const override {
    requireCategories(photo, setup_);
    std::string xml = fmt::format(
        "<annotation>\n"
        "  <folder>{}</folder>\n"
        "  <filename>{}</filename>\n"
        "  <source>\n"
        "    <database>Inkling</database>\n"
        "    <annotation>{}</annotation>\n"
        "  </source>\n"
        "  <size>\n"
        "    <width>{}</width>\n"
        "    <height>{}</height>\n"
        "    <depth>3</depth>\n"
        "  </size>\n"
        "  <segmented>0</segmented>\n",
        xmlText(setup_.folder), xmlText(photo.path.generic_string()), kCoordinateFrame,
        photo.size.width, photo.size.height);
    for (const ExportedBox& box : photo.boxes) addObject(xml, box, photo.size);
    return {{withSuffix(name, kSuffix), xml + "</annotation>\n"}};
  }

 private:
  void addObject(std::string& xml, const ExportedBox& exported, Size photo) const {
    const Box& box = exported.found.box;
    const auto [xmin, xmax] = pixelsFromOne(box.x, box.right(), photo.width);
    const auto [ymin, ymax] = pixelsFromOne(box.y, box.bottom(), photo.height);
    fmt::format_to(std::back_inserter(xml),
                   "  <object>\n"
                   "    <name>{}</name>\n"
                   "    <pose>Unspecified</pose>\n"
                   "    <truncated>0</truncated>\n"
                   "    <difficult>0</difficult>\n"
                   "    <score>{}</score>\n"
                   "    <bndbox>\n"
                   "      <xmin>{}</xmin>\n"
                   "      <ymin>{}</ymin>\n"
                   "      <xmax>{}</xmax>\n"
                   "      <ymax>{}</ymax>\n"
                   "    </bndbox>\n"
                   "  </object>\n",
                   xmlText(setup_.categories[exported.category].name), exported.found.score, xmin,
                   ymin, xmax, ymax);
  }

  ExportSetup setup_;
};

}  // namespace

std::unique_ptr<ExportFormat> makeVocExport(const ExportSetup& setup) {
  return std::make_unique<VocExport>(setup);
}

}  // namespace inkling
