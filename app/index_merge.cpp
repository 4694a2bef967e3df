#include "app/index_merge.h"

#include <filesystem>
#include <optional>
#include <system_error>

#include <CLI/CLI.hpp>

#include "app/console.h"
#include "app/exit_status.h"
#include "app/folder_indexing.h"
#include "app/terminal_progress.h"
#include "core/base/path.h"
#include "core/search/catalogue_parts.h"
#include "core/search/catalogue_place.h"
#include "core/search/photo_search.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

fs::path folderOf(const IndexMergeOptions& options, const CatalogueParts& parts) {
  if (!options.folder.empty()) return options.folder;
  if (const std::optional<fs::path> folder = parts.folder()) return *folder;
  throw UsageError("the parts are of different folders: name the one that is meant with --folder");
}

// What is read must not be what is written.
void requireApart(const IndexMergeOptions& options, const fs::path& folder) {
  const fs::path out =
      options.catalogue.empty() ? cataloguePlace(folder) : fs::path(options.catalogue);
  for (const std::string& part : options.parts) {
    std::error_code ignored;
    if (fs::equivalent(part, out, ignored))
      fail<UsageError>("{}: is both a part and the catalogue of the whole", displayName(part));
  }
}

}  // namespace

CLI::App* declareIndexMerge(CLI::App& index, IndexMergeOptions& options) {
  CLI::App* merge =
      index.add_subcommand("merge", "Join the catalogues that several --shard runs have made");
  merge->add_option("parts", options.parts, "Catalogues of the parts")
      ->type_name("FILE")
      ->required();
  merge
      ->add_option("--catalogue", options.catalogue,
                   "Catalogue of the whole, made if missing (default: that of --folder)")
      ->type_name("FILE");
  merge->add_option("--folder", options.folder, "Folder of the photos (default: that of the parts)")
      ->type_name("FOLDER");
  addSharedOptions(*merge, options.shared);
  return merge;
}

int mergeCatalogues(const IndexMergeOptions& options, const CancellationToken& interrupt) {
  if (options.catalogue.empty() && options.folder.empty())
    throw UsageError("name the --catalogue of the whole, or the --folder whose catalogue it is");
  const Localizer localizer = loadLocalizer(options.shared);
  const RegionSetup setup = regionSetup(localizer, modelFile(options.shared));
  // Before anything is written.
  CatalogueParts parts({options.parts.begin(), options.parts.end()}, setup.identity);
  const fs::path given = folderOf(options, parts);
  requireApart(options, given);
  FolderIndexing folder(given, options.catalogue, options.shared.quiet);
  TerminalProgress progress(options.shared.quiet);
  const bool finished =
      folder.update(interrupt, progress.callback()) &&
      folder.describe(parts, interrupt, progress.callback(), {false, parts.choice()}) &&
      folder.buildIndex(setup, false, interrupt, progress.callback());
  folder.tellFailures();
  printResult(folder.summary("taken over", "in none of the parts"));
  if (!finished) throw Cancelled();
  if (folder.left() > 0) complain("run \"inkling index\" to describe the photos that are missing");
  return folder.hasFailed() || folder.left() > 0 ? kSomeFailed : kDone;
}

}  // namespace inkling
