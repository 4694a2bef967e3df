#include "core/base/file_walk.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

bool isHidden(const fs::path& path) { return path.filename().native().front() == '.'; }

void failToList(const fs::path& folder, const std::error_code& error) {
  fail<InputError>("{}: cannot list the folder ({})", displayName(folder), error.message());
}

}  // namespace

void visitFiles(const fs::path& folder, const std::vector<std::string>& extensions,
                const CancellationToken& token, const std::function<void(const fs::path&)>& visit) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::exists(status)) fail<InputError>("{}: no such file or folder", displayName(folder));
  if (!fs::is_directory(status)) return visit(folder);

  auto it = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied,
                                             error);
  if (error) failToList(folder, error);
  for (; it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (error) failToList(folder, error);
    if (token.cancelled()) return;
    std::error_code ignored;
    if (it->is_directory(ignored)) {
      if (isHidden(it->path())) it.disable_recursion_pending();
    } else if (!isHidden(it->path()) && hasExtension(it->path(), extensions) &&
               it->is_regular_file(ignored)) {
      visit(it->path());
    }
  }
}

bool hasExtension(const fs::path& file, const std::vector<std::string>& extensions) {
  return std::find(extensions.begin(), extensions.end(), lowerExtension(file)) != extensions.end();
}

void sortNaturally(std::vector<fs::path>& files) {
  std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
    return naturalLess(a.native(), b.native());
  });
}

}  // namespace inkling
