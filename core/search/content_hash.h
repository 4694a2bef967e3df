// Telling the contents of files apart, to recognise a photo that has been moved or copied.
//
// MurmurHash3 (x64, 128 bits) with seed 0, after the public-domain description by Austin Appleby:
// as fast as a disk can read, and among a billion photos two different ones share a hash with a
// chance below 1e-20. It is no protection against files that were made to collide on purpose; who
// does that gets a photo that is shown for another of the same size, no more.
//
//   const ContentHash hash = hashFile("photo.jpg");
//   hash.hex();                                        // "e34bbc7bbc071b6c7a433ca9c49a9347"
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/cancellation.h"

namespace inkling {

struct ContentHash {
  std::uint64_t high = 0, low = 0;

  bool operator==(const ContentHash&) const = default;
  /// 32 lower-case digits.
  std::string hex() const;
  /// 16 bytes, most significant first, and back. fromBytes() of another length is the zero hash.
  std::string bytes() const;
  static ContentHash fromBytes(std::string_view bytes);
  /// hex() back; the zero hash for anything else.
  static ContentHash fromHex(std::string_view digits);
};

/// Hashes bytes that come in pieces; how they are cut makes no difference.
class ContentHasher {
 public:
  explicit ContentHasher(std::uint32_t seed = 0) : h1_(seed), h2_(seed) {}
  void add(std::string_view bytes);
  /// Of all bytes added so far. Call it once, at the end.
  ContentHash finish();

 private:
  void mixBlock(const char* block);

  std::uint64_t h1_, h2_;
  std::uint64_t length_ = 0;
  std::array<char, 16> rest_{};  // the bytes that do not fill a block yet
  std::size_t restSize_ = 0;
};

ContentHash hashBytes(std::string_view bytes, std::uint32_t seed = 0);

/// Of a file's content, read in blocks. Throws InputError naming the file, and Cancelled.
ContentHash hashFile(const std::filesystem::path& path, const CancellationToken& token = {});

}  // namespace inkling
