#include "core/base/file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {
namespace {

constexpr std::size_t kBuffered = 1 << 16;

std::string reason() { return std::generic_category().message(errno); }

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

// Opens a regular file for reading and tells its size.
int openForReading(const std::filesystem::path& path, std::uint64_t& size) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail<InputError>("{}: cannot be opened ({})", displayName(path), reason());
  struct stat info {};
  if (::fstat(fd, &info) != 0 || S_ISDIR(info.st_mode)) {
    ::close(fd);
    fail<InputError>("{}: is a folder, not a file", displayName(path));
  }
  size = static_cast<std::uint64_t>(info.st_size);
  return fd;
}

void writeAll(int fd, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail<OutputError>("{}: cannot be written ({})", displayName(path), reason());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

// umask can be read only by setting it, which other threads must not see: done once.
mode_t usersMask() {
  static const mode_t mask = [] {
    const mode_t current = ::umask(0);
    ::umask(current);
    return current;
  }();
  return mask;
}

std::string inflate(const std::string& packed, const std::filesystem::path& path,
                    std::uint64_t maxBytes) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK)
    fail<InputError>("{}: zlib failed to start", displayName(path));
  const std::unique_ptr<z_stream, int (*)(z_stream*)> guard(&stream, &inflateEnd);
  std::string out;
  std::array<char, 1 << 16> chunk{};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  int status = Z_OK;
  while (status != Z_STREAM_END) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = chunk.size();
    status = ::inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END)
      fail<InputError>("{}: broken or truncated gzip data", displayName(path));
    out.append(chunk.data(), chunk.size() - stream.avail_out);
    if (out.size() > maxBytes)
      fail<InputError>("{}: inflates to more than {} bytes", displayName(path), maxBytes);
    // gzip allows several members one after another.
    if (status == Z_STREAM_END && stream.avail_in > 0 && inflateReset(&stream) == Z_OK)
      status = Z_OK;
  }
  return out;
}

}  // namespace

std::string readFile(const std::filesystem::path& path, std::uint64_t maxBytes) {
  std::uint64_t size = 0;
  const Descriptor file(openForReading(path, size));
  if (size > maxBytes)
    fail<InputError>("{}: {} bytes is too large (limit {})", displayName(path), size, maxBytes);
  std::string content;
  content.reserve(size);
  std::array<char, 1 << 16> chunk{};
  for (;;) {
    const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail<InputError>("{}: cannot be read ({})", displayName(path), reason());
    if (got == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() > maxBytes)
      fail<InputError>("{}: too large (limit {} bytes)", displayName(path), maxBytes);
  }
}

std::string readMaybeGzip(const std::filesystem::path& path, std::uint64_t maxBytes) {
  std::string content = readFile(path, maxBytes);
  const bool packed = content.size() >= 2 && content[0] == '\x1f' && content[1] == '\x8b';
  return packed ? inflate(content, path, maxBytes) : content;
}

void writeFileAtomically(const std::filesystem::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  fs::create_directories(folder, error);
  if (error)
    fail<OutputError>("{}: cannot create the folder ({})", displayName(folder), error.message());
  // A short name of our own: the target's may already be as long as the file system allows.
  temporary_ = (folder / ".inkling-XXXXXX").native();
  fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (fd_ < 0) fail<OutputError>("{}: cannot be written ({})", displayName(path_), reason());
  // mkstemp makes the file private; a result should have the permissions that the user's umask
  // gives.
  ::fchmod(fd_, 0666 & ~usersMask());
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::string_view content) {
  if (fd_ < 0) fail<OutputError>("{}: is closed already", displayName(path_));
  if (buffer_.size() + content.size() > kBuffered) flush();
  if (content.size() > kBuffered) {
    writeAll(fd_, content, path_);
  } else {
    buffer_ += content;
  }
}

void AtomicFile::flush() {
  writeAll(fd_, buffer_, path_);
  buffer_.clear();
}

void AtomicFile::commit() {
  if (fd_ < 0) fail<OutputError>("{}: is closed already", displayName(path_));
  flush();
  if (::fsync(fd_) != 0)
    fail<OutputError>("{}: cannot be written ({})", displayName(path_), reason());
  const bool closed = ::close(std::exchange(fd_, -1)) == 0;
  if (!closed || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const std::string why = reason();
    ::unlink(temporary_.c_str());
    fail<OutputError>("{}: cannot be written ({})", displayName(path_), why);
  }
}

void requireWritableFolder(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    fail<OutputError>("{}: cannot create the folder ({})", displayName(folder), error.message());
  std::string probe = (folder / ".inkling-XXXXXX").native();
  const Descriptor file(::mkostemp(probe.data(), O_CLOEXEC));
  if (file.get() < 0)
    fail<OutputError>("{}: the folder is not writable ({})", displayName(folder), reason());
  ::unlink(probe.c_str());
}

MappedFile::MappedFile(const std::filesystem::path& path) {
  std::uint64_t size = 0;
  const Descriptor file(openForReading(path, size));
  size_ = size;
  if (size == 0) return;
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (address == MAP_FAILED)
    fail<InputError>("{}: cannot be mapped into memory ({})", displayName(path), reason());
  data_ = static_cast<const std::byte*>(address);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace inkling
