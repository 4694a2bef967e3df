#include "core/search/catalogue_parts.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

Catalogue checked(const fs::path& file) {
  Catalogue part = Catalogue::forReading(file);
  const std::string verdict = part.check();
  if (verdict != "ok")
    fail<DamagedDatabase>("{}: the catalogue is damaged ({})", displayName(file), verdict);
  return part;
}

// The message names the file where it lay then; copies of it have names of their own.
std::string renamed(std::string error, const fs::path& then, const fs::path& now) {
  const std::string before = displayName(then);
  if (const std::size_t place = error.find(before); place != std::string::npos)
    error.replace(place, before.size(), displayName(now));
  return error;
}

}  // namespace

class CatalogueParts::Part {
 public:
  explicit Part(const fs::path& file) : catalogue_(checked(file)) {}

  const fs::path& folder() const { return catalogue_.folder(); }

  // Photos that were described with `identity`, or failed to be.
  void list(const std::string& identity, std::size_t number, std::vector<Known>& known) const {
    Statement rows(catalogue_.database(),
                   "SELECT described_with = ?, hash, id, state FROM photos WHERE state <> 0");
    rows.bindText(1, identity);
    bool any = false, right = false;
    while (rows.step()) {
      any = true;
      if (rows.integer(0) == 0) continue;
      right = true;
      if (rows.isNull(1)) continue;
      known.push_back({ContentHash::fromBytes(rows.bytes(1)), static_cast<int>(rows.integer(3)),
                       number, rows.integer(2)});
    }
    // Otherwise it would be passed over without a word.
    if (any && !right)
      fail<InputError>("{}: was made with another model", displayName(catalogue_.file()));
  }

  // Throws InputError with the reason when the photo failed there.
  DescribedPhoto describe(std::int64_t id, const fs::path& photo) const {
    const std::optional<PhotoEntry> entry = catalogue_.photo(id);
    if (entry && entry->state == PhotoState::failed)
      throw InputError(renamed(entry->error, folder() / entry->path, photo));
    std::optional<std::string> features = catalogue_.features(id);
    if (!entry || !features)
      fail<DamagedDatabase>("{}: the catalogue is damaged (photo {} has no description)",
                            displayName(catalogue_.file()), id);
    return {entry->width, entry->height, entry->orientation, std::move(*features)};
  }

 private:
  Catalogue catalogue_;
  // Somebody may still be indexing into it.
  Catalogue::Snapshot snapshot_{catalogue_};
};

CatalogueParts::CatalogueParts(const std::vector<fs::path>& files, std::string identity)
    : identity_(std::move(identity)) {
  if (files.empty()) throw UsageError("name the catalogues of the parts to be merged");
  for (const fs::path& file : files) {
    parts_.push_back(std::make_unique<Part>(file));
    parts_.back()->list(identity_, parts_.size() - 1, known_);
  }
  std::sort(known_.begin(), known_.end());
}

CatalogueParts::~CatalogueParts() = default;

std::optional<fs::path> CatalogueParts::folder() const {
  const fs::path& first = parts_.front()->folder();
  const bool same = std::all_of(parts_.begin(), parts_.end(),
                                [&](const auto& part) { return part->folder() == first; });
  return same ? std::optional(first) : std::nullopt;
}

const CatalogueParts::Known* CatalogueParts::find(const ContentHash& content) const {
  const auto place = std::lower_bound(known_.begin(), known_.end(), Known{content, 0, 0, 0});
  return place != known_.end() && place->content == content ? &*place : nullptr;
}

PhotoChoice CatalogueParts::choice() const {
  return [this](const std::optional<ContentHash>& content, const fs::path&) {
    return !content || find(*content) != nullptr;
  };
}

DescribedPhoto CatalogueParts::describe(const fs::path& photo, const ContentHash& content) {
  const Known* const known = find(content);
  if (known == nullptr) fail<InputError>("{}: is in none of the parts", displayName(photo));
  return parts_[known->part]->describe(known->id, photo);
}

bool CatalogueParts::Known::operator<(const Known& other) const {
  return std::tie(content.high, content.low, state, part, id) <
         std::tie(other.content.high, other.content.low, other.state, other.part, other.id);
}

}  // namespace inkling
