// Labels as Darknet and Ultralytics read them (https://docs.ultralytics.com/datasets/detect/): a
// text file for each photo, one row a box, numbers as fractions of the photo; class numbers are
// lines of classes.txt, from 0.
#include <algorithm>
#include <iterator>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_formats.h"
#include "core/exporting/export_names.h"

namespace inkling {
namespace {

constexpr const char* kSuffix = ".txt";
constexpr const char* kClasses = "classes.txt";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::uint64_t kLongestClassesFile = 16 << 20;
constexpr double kLeast = 1e-6;  // the last decimal: no box vanishes

// Names are compared without the blanks around them, which editors leave.
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos
             ? std::string_view{}
             : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string readClasses(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error) && !error) return {};
  std::string text = readFile(file, kLongestClassesFile);
  if (text.find('\0') != std::string::npos || toValidUtf8(text) != text)
    fail<InputError>("{}: is not a list of class names in UTF-8", displayName(file));
  return text;
}

// The text of classes.txt with the classes that it lacks added, and the number of each category.
struct Classes {
  std::string text;
  std::vector<std::size_t> numbers;
};

Classes withMissing(const std::string& text, const ExportSetup& setup) {
  std::unordered_map<std::string, std::size_t> known;
  std::string_view rest = text;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  std::size_t lines = 0;
  // Empty lines count, except at the end: they hold the number of a class that has gone.
  rest = rest.substr(0, rest.find_last_not_of(" \t\r\n") + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    known.emplace(trimmed(rest.substr(0, end)), lines++);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }

  Classes classes;
  std::string added;
  const char* lineEnd = text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
  for (const ExportCategory& category : setup.categories) {
    const auto [place, isNew] = known.emplace(trimmed(category.name), lines);
    if (isNew) {
      ++lines;
      added += std::string(trimmed(category.name)) + lineEnd;
    }
    classes.numbers.push_back(place->second);
  }
  if (added.empty()) {
    classes.text = text;
  } else {
    classes.text = text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
    if (!classes.text.empty() && classes.text != kByteOrderMark) classes.text += lineEnd;
    classes.text += added;
  }
  return classes;
}

void requireClassNames(const ExportSetup& setup) {
  std::unordered_map<std::string_view, std::size_t> names;
  for (const ExportCategory& category : setup.categories) {
    const std::string_view name = trimmed(category.name);
    if (name.find_first_of("\r\n") != std::string_view::npos)
      fail<UsageError>("the class name \"{}\" holds a line break; classes.txt has a line for each",
                       name);
    if (name.empty() || name.find('\0') != std::string_view::npos)
      fail<UsageError>("the class name \"{}\" cannot stand in classes.txt", category.name);
    if (!names.emplace(name, 0).second)
      fail<UsageError>("two classes are called \"{}\" in classes.txt", name);
  }
}

double fraction(double value, int side) { return std::clamp(value / side, 0.0, 1.0); }

class YoloExport : public ExportFormat {
 public:
  YoloExport(const ExportSetup& setup, std::filesystem::path out)
      : setup_(setup), out_(std::move(out)) {
    requireClassNames(setup_);
    classes_ = withMissing(readClasses(out_ / kClasses), setup_);
  }

  std::string name() const override { return "yolo"; }
  std::size_t longestSuffix() const override { return std::string_view(kSuffix).size(); }
  std::vector<std::filesystem::path> plannedFiles(
      const std::filesystem::path& name) const override {
    return {withSuffix(name, kSuffix)};
  }
  std::vector<std::filesystem::path> wholeFiles() const override { return {kClasses}; }

  void prepare() const override {
    if (readClasses(out_ / kClasses) != classes_.text)
      writeFileAtomically(out_ / kClasses, classes_.text);
  }

  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path& name,
                                  const ExportPictures&) const override {
    requireCategories(photo, setup_);
    std::string rows;
    for (const ExportedBox& exported : photo.boxes) {
      const Box& box = exported.found.box;
      fmt::format_to(std::back_inserter(rows), "{} {:.6f} {:.6f} {:.6f} {:.6f}",
                     classes_.numbers[exported.category],
                     fraction(box.x + box.width / 2, photo.size.width),
                     fraction(box.y + box.height / 2, photo.size.height),
                     std::max(kLeast, fraction(box.width, photo.size.width)),
                     std::max(kLeast, fraction(box.height, photo.size.height)));
      if (setup_.yoloScores)
        fmt::format_to(std::back_inserter(rows), " {:.6f}", exported.found.score);
      rows += '\n';
    }
    return {{withSuffix(name, kSuffix), std::move(rows)}};
  }

 private:
  ExportSetup setup_;
  std::filesystem::path out_;
  Classes classes_;
};

}  // namespace

std::unique_ptr<ExportFormat> makeYoloExport(const ExportSetup& setup,
                                             const std::filesystem::path& out) {
  return std::make_unique<YoloExport>(setup, out);
}

}  // namespace inkling
