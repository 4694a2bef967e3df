#include "app/output_file.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"

namespace inkling {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void failUnwritable(const fs::path& path, int code) {
  fail<OutputError>("{}: cannot be written ({})", displayName(path),
                    std::generic_category().message(code));
}

}  // namespace

OutputFile::OutputFile(const fs::path& path) : path_(path) {
  if (path.empty() || !path.has_filename()) {
    fail<OutputError>("{}: not the name of a file", displayName(path));
  }
  std::error_code error;
  const fs::file_status status = fs::status(path_, error);
  if (fs::is_directory(status)) {
    fail<OutputError>("{}: is a folder, not a file", displayName(path));
  }
  if (fs::exists(status)) {
    if (::access(path_.c_str(), W_OK) != 0) failUnwritable(path_, errno);
    stream_ = !fs::is_regular_file(status);
    // Renaming over a link would replace the link.
    if (!stream_) path_ = fs::canonical(path_, error);
    if (error) failUnwritable(path, error.value());
  }
  if (!stream_) requireWritableFolder(path_.has_parent_path() ? path_.parent_path() : ".");
}

void OutputFile::write(std::string_view content) const {
  if (!stream_) {
    writeFileAtomically(path_, content);
    return;
  }
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path_.c_str(), "wb"),
                                                       &std::fclose);
  if (!file) failUnwritable(path_, errno);
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  if (!written || std::fflush(file.get()) != 0) failUnwritable(path_, errno);
}

void requireWritableFile(const fs::path& path) {
  const OutputFile file(path);
  std::error_code ignored;
  const fs::file_status status = fs::status(file.path(), ignored);
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    fail<OutputError>("{}: not a regular file", displayName(path));
  }
}

}  // namespace inkling
