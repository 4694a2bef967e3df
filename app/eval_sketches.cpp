#include "app/eval_sketches.h"

#include <algorithm>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file_walk.h"
#include "core/base/path.h"
#include "core/sketch/reader.h"

namespace inkling {
namespace fs = std::filesystem;
namespace {

bool isQuickDraw(const fs::path& file) {
  const std::string extension = lowerExtension(file);
  return extension == ".ndjson" || (extension == ".gz" && lowerExtension(file.stem()) == ".ndjson");
}

// "cat.ndjson.gz" -> "cat"
std::string wordOf(const fs::path& file) {
  const fs::path plain = lowerExtension(file) == ".gz" ? file.stem() : file;
  return plain.stem().native();
}

class Reader {
 public:
  explicit Reader(const std::set<std::string>& words) : words_(words) {}

  // `word` stands in for drawings that do not name their own.
  void addQuickDraw(const fs::path& file, const std::string& word) {
    for (QuickDrawEntry& entry : readQuickDraw(file)) {
      const std::string& own = entry.word.empty() ? word : entry.word;
      if (words_.contains(own) && isUsable(entry.sketch)) add(own, std::move(entry.sketch));
    }
  }

  void addFolder(const fs::path& folder) {
    for (const fs::path& entry : sortedEntries(folder)) {
      std::error_code ignored;
      if (fs::is_directory(entry, ignored)) {
        addWordFolder(entry);
      } else if (isQuickDraw(entry)) {
        if (words_.contains(wordOf(entry))) tryTo([&] { addQuickDraw(entry, wordOf(entry)); });
      } else if (isSketchFile(entry) && words_.contains(wordOf(entry))) {
        tryTo([&] { add(wordOf(entry), readSketch(entry)); });
      }
    }
  }

  EvalSketches take() { return std::move(result_); }

 private:
  static bool isSketchFile(const fs::path& file) {
    const auto& known = sketchExtensions();
    return hasExtension(file, known);
  }

  static std::vector<fs::path> sortedEntries(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> entries;
    for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator();
         it.increment(error)) {
      if (it->path().filename().native().front() != '.') entries.push_back(it->path());
    }
    if (error) {
      fail<InputError>("{}: cannot list the folder ({})", displayName(folder), error.message());
    }
    std::sort(entries.begin(), entries.end(), [](const fs::path& a, const fs::path& b) {
      return naturalLess(a.native(), b.native());
    });
    return entries;
  }

  void addWordFolder(const fs::path& folder) {
    const std::string word = folder.filename().native();
    if (!words_.contains(word)) return;
    tryTo([&] {
      for (const fs::path& file : listFiles(folder, sketchExtensions())) {
        tryTo([&] { add(word, readSketch(file)); });
      }
    });
  }

  template <typename Work>
  void tryTo(Work&& work) {
    try {
      work();
    } catch (const InputError& error) {
      result_.errors.emplace_back(error.what());
    }
  }

  void add(const std::string& word, Sketch sketch) {
    result_.words.push_back(word);
    result_.sketches.push_back(std::move(sketch));
  }

  const std::set<std::string>& words_;
  EvalSketches result_;
};

}  // namespace

EvalSketches readEvalSketches(const fs::path& source, const std::set<std::string>& words) {
  Reader reader(words);
  std::error_code error;
  if (fs::is_directory(source, error)) {
    reader.addFolder(source);
  } else {
    if (fs::exists(source, error) && !isQuickDraw(source)) {
      fail<InputError>("{}: not a folder, nor an .ndjson or .ndjson.gz file", displayName(source));
    }
    reader.addQuickDraw(source, wordOf(source));
  }
  EvalSketches sketches = reader.take();
  if (sketches.sketches.empty()) {
    fail<InputError>("{}: no usable drawing of any category of the annotations",
                     displayName(source));
  }
  return sketches;
}

}  // namespace inkling
