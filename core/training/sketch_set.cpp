#include "core/training/sketch_set.h"

#include <algorithm>
#include <set>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/sketch/reader.h"

namespace inkling {

std::int64_t SketchSet::wordIndex(const std::string& word) const {
  const auto found = std::lower_bound(words.begin(), words.end(), word);
  return found != words.end() && *found == word ? found - words.begin() : -1;
}

SketchSet readSketchSet(const std::filesystem::path& file, const std::vector<std::string>& words) {
  std::vector<QuickDrawEntry> entries = readQuickDraw(file);
  SketchSet set;
  std::set<std::string> known(words.begin(), words.end());
  if (words.empty()) {
    for (const QuickDrawEntry& entry : entries) known.insert(entry.word);
  }
  set.words.assign(known.begin(), known.end());
  set.byWord.resize(set.words.size());
  for (QuickDrawEntry& entry : entries) {
    const std::int64_t label = set.wordIndex(entry.word);
    if (label < 0 || !isUsable(entry.sketch)) continue;
    set.byWord[static_cast<std::size_t>(label)].push_back(set.sketches.size());
    set.labels.push_back(label);
    set.sketches.push_back(std::move(entry.sketch));
  }
  if (set.sketches.empty())
    fail<InputError>("{}: no drawing that could be used", displayName(file));
  return set;
}

}  // namespace inkling
