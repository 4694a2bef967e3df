#include "core/sketch/reader.h"

#include <algorithm>
#include <charconv>
#include <new>
#include <system_error>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/sketch/quickdraw_lines.h"

namespace inkling {
namespace {

// No drawing needs more; guards against swallowing something else by mistake.
constexpr std::uint64_t kLargestFile = std::uint64_t{64} << 20;

struct Argument {
  std::filesystem::path file;
  std::string fragment;  // after '#'
};

bool isQuickDraw(const std::filesystem::path& file) {
  const std::string extension = lowerExtension(file);
  return extension == ".ndjson" || (extension == ".gz" && lowerExtension(file.stem()) == ".ndjson");
}

// `file.ndjson#7`; a '#' anywhere else belongs to the name of the file.
Argument split(const std::filesystem::path& argument) {
  std::error_code ignored;
  if (std::filesystem::exists(argument, ignored)) return {argument, ""};
  const std::string& text = argument.native();
  const std::size_t hash = text.rfind('#');
  if (hash == std::string::npos || hash == 0) return {argument, ""};
  const std::filesystem::path file = text.substr(0, hash);
  if (!isQuickDraw(file)) return {argument, ""};
  return {file, text.substr(hash + 1)};
}

bool isIndex(const std::string& fragment) {
  return !fragment.empty() && fragment.size() <= 9 &&
         std::all_of(fragment.begin(), fragment.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Sketch pickByIndex(const std::string& text, const std::string& name, std::size_t index) {
  QuickDrawLines lines(text);
  std::size_t count = 0;
  for (std::string_view line; lines.next(line); ++count) {
    if (count != index) continue;
    return quickDrawFromJson(line, fmt::format("{}, line {}", name, lines.number())).sketch;
  }
  if (count == 0) fail<InputError>("{}: holds no drawing", name);
  fail<InputError>("{}: has no drawing {} (there are {}, counted from 0)", name, index, count);
}

Sketch pickByKey(const std::string& text, const std::string& name, const std::string& key) {
  QuickDrawLines lines(text);
  for (std::string_view line; lines.next(line);) {
    // Only lines that hold the text at all are worth parsing.
    if (line.find(key) == std::string_view::npos) continue;
    QuickDrawEntry entry =
        quickDrawFromJson(line, fmt::format("{}, line {}", name, lines.number()));
    if (entry.keyId == key) return std::move(entry.sketch);
  }
  fail<InputError>("{}: has no drawing with the key id {}", name, toValidUtf8(key));
}

Sketch pick(const Argument& argument) {
  const std::string text = readMaybeGzip(argument.file);
  const std::string name = displayName(argument.file);
  if (argument.fragment.empty()) return pickByIndex(text, name, 0);
  if (!isIndex(argument.fragment)) return pickByKey(text, name, argument.fragment);
  std::size_t index = 0;
  std::from_chars(argument.fragment.data(), argument.fragment.data() + argument.fragment.size(),
                  index);
  return pickByIndex(text, name, index);
}

Sketch readOne(const Argument& argument) {
  if (isQuickDraw(argument.file)) return pick(argument);
  const std::string extension = lowerExtension(argument.file);
  const std::string name = displayName(argument.file);
  if (extension == ".json") return sketchFromJson(readFile(argument.file, kLargestFile), name);
  if (extension == ".svg") return sketchFromSvg(readFile(argument.file, kLargestFile), name);
  if (extension == ".png") return sketchFromPng(readFile(argument.file, kLargestFile), name);
  if (extension == ".jpg" || extension == ".jpeg")
    return sketchFromJpeg(readFile(argument.file, kLargestFile), name);
  // A folder or a missing file is the more helpful news.
  readFile(argument.file, kLargestFile);
  fail<InputError>("{}: a sketch is a .json, .ndjson, .svg, .png or .jpg file", name);
}

}  // namespace

const std::vector<std::string>& sketchExtensions() {
  static const std::vector<std::string> extensions = {".json", ".ndjson", ".svg",
                                                      ".png",  ".jpg",    ".jpeg"};
  return extensions;
}

Sketch readSketch(const std::filesystem::path& argument) {
  try {
    Sketch sketch = readOne(split(argument));
    // Messages and results name what the user wrote, the picked drawing of a file included.
    sketch.name = displayName(argument);
    validate(sketch);
    return sketch;
  } catch (const std::bad_alloc&) {
    fail<InputError>("{}: too large for the memory", displayName(argument));
  }
}

}  // namespace inkling
