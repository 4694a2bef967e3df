#include "app/folder_indexing.h"

#include <limits>
#include <utility>

#include "app/console.h"
#include "core/base/path.h"
#include "core/search/catalogue_place.h"
#include "core/search/catalogue_update.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr int kPage = 1000;

std::string duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

}  // namespace

FolderIndexing::FolderIndexing(const fs::path& folder, const fs::path& file, bool quiet)
    : given_(folder), file_(file), folder_(canonicalFolder(folder)) {
  reopen();
  if (quiet) return;
  const std::string place = displayName(catalogue_->file());
  if (file_.empty() && !isBelow(catalogue_->file(), folder_)) {
    complain(fmt::format("{}: cannot hold its catalogue, which is {} therefore",
                         displayName(given_), place));
  } else {
    complain(fmt::format("{}: the catalogue is {}", displayName(given_), place));
  }
}

void FolderIndexing::reopen(CatalogueCheck check) {
  catalogue_.reset();  // gives its lock back
  const fs::path place = file_.empty() ? cataloguePlace(folder_) : file_;
  catalogue_.emplace(Catalogue::forIndexing(place, folder_, check));
  toldUpTo_ = 0;
  if (const auto& aside = catalogue_->setAside()) {
    complain(fmt::format("{}: the catalogue was damaged; it is kept as {}, and a new one is made",
                         displayName(given_), displayName(*aside)));
  }
}

void FolderIndexing::repair() {
  if (std::exchange(repaired_, true)) throw;
  reopen(CatalogueCheck::whole);
}

bool FolderIndexing::isGone() const {
  std::error_code ignored;
  return !catalogue_ || !fs::exists(catalogue_->file(), ignored);
}

bool FolderIndexing::update(const CancellationToken& token, const ProgressCallback& progress) {
  if (!begun_) begun_ = Clock::now();
  const CatalogueChanges changes = updateCatalogue(*catalogue_, token, progress);
  news_ = news_ || changes.any();
  return changes.finished;
}

bool FolderIndexing::describe(PhotoDescriber& describer, const CancellationToken& token,
                              const ProgressCallback& progress, const IndexOptions& options) {
  return describe([&](Catalogue& catalogue) {
    return describePhotos(catalogue, describer, token, progress, options);
  });
}

bool FolderIndexing::describe(const std::function<IndexResult(Catalogue&)>& describing) {
  if (!begun_) begun_ = Clock::now();
  const IndexResult result = describing(*catalogue_);
  described_ += result.described + result.copied;
  left_ = result.left;
  news_ = news_ || result.described + result.copied + result.failed > 0;
  return result.finished;
}

bool FolderIndexing::buildIndex(const RegionSetup& setup, bool whenDue,
                                const CancellationToken& token, const ProgressCallback& progress) {
  try {
    RegionLibrary library(*catalogue_, setup);
    library.refresh(token, progress);
    if (!whenDue) library.build(token, progress);
    return true;
  } catch (const Cancelled&) {
    return false;
  }
}

void FolderIndexing::tellFailures() {
  if (!catalogue_) return;
  const std::int64_t now = catalogue_->revision();
  std::int64_t revision = toldUpTo_, id = std::numeric_limits<std::int64_t>::max();
  if (revision == now) return;
  for (auto page = catalogue_->changedSince(revision, id, kPage); !page.empty();
       page = catalogue_->changedSince(revision, id, kPage)) {
    for (const PhotoEntry& photo : page) {
      if (photo.gone || photo.state != PhotoState::failed) continue;
      const std::string name = displayName(catalogue_->folder() / photo.path);
      const bool named = photo.error.find(name) != std::string::npos;
      complain(named ? photo.error : fmt::format("{}: {}", name, photo.error));
    }
    revision = page.back().revision;
    id = page.back().id;
  }
  toldUpTo_ = now;
}

std::string FolderIndexing::summary(std::string_view done, std::string_view elsewhere) {
  const CatalogueCounts counts = catalogue_->counts();
  const double seconds = begun_ ? std::chrono::duration<double>(Clock::now() - *begun_).count() : 0;
  std::string line = fmt::format("{}: {}, {} {}, {} failed, {} gone", displayName(given_),
                                 counted(static_cast<std::size_t>(counts.photos()), "photo"),
                                 described_, done, counts.failed, counts.gone);
  if (left_ > 0) line += fmt::format(", {} {}", left_, elsewhere);
  if (counts.waiting > left_) line += fmt::format(", {} waiting", counts.waiting - left_);
  line += ", " + duration(seconds) + "\n";
  described_ = 0;
  news_ = false;
  begun_.reset();
  return line;
}

}  // namespace inkling
