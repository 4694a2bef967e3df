#include "core/search/content_hash.h"

#include "tests/search/fixtures.h"

namespace inkling {
namespace {

TEST(ContentHash, AgreesWithPublishedValues) {
  EXPECT_EQ(hashBytes("").hex(), "00000000000000000000000000000000");
  EXPECT_EQ(hashBytes("hello").hex(), "cbd8a7b341bd9b025b1e906a48ae1d19");
  EXPECT_EQ(hashBytes("The quick brown fox jumps over the lazy dog").hex(),
            "e34bbc7bbc071b6c7a433ca9c49a9347");
}

// The check by which the hash's author tells implementations: the keys {}, {0}, {0, 1}, ... with
// the seeds 256, 255, ..., and the hash of all those hashes begins with 0x6384BA69.
TEST(ContentHash, PassesTheAuthorsVerification) {
  const auto littleEndian = [](const ContentHash& hash) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(hash.high >> 8 * i);
    for (int i = 0; i < 8; ++i) bytes += static_cast<char>(hash.low >> 8 * i);
    return bytes;
  };
  std::string key, all;
  for (int i = 0; i < 256; ++i) {
    all += littleEndian(hashBytes(key, static_cast<std::uint32_t>(256 - i)));
    key += static_cast<char>(i);
  }
  EXPECT_EQ(hashBytes(all).high & 0xFFFFFFFF, 0x6384BA69U);
}

TEST(ContentHash, CutsMakeNoDifference) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes += static_cast<char>(i * 31 + i / 7);
  const ContentHash whole = hashBytes(bytes);
  for (const std::size_t piece : {1U, 3U, 15U, 16U, 17U, 100U, 999U}) {
    ContentHasher hasher;
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      hasher.add(std::string_view(bytes).substr(at, piece));
    EXPECT_EQ(hasher.finish(), whole) << piece;
  }
}

TEST(ContentHash, GoesThroughBytes) {
  const ContentHash hash = hashBytes("hello");
  EXPECT_EQ(hash.bytes().substr(0, 2), "\xcb\xd8");
  EXPECT_EQ(ContentHash::fromBytes(hash.bytes()), hash);
  EXPECT_EQ(ContentHash::fromBytes("short"), ContentHash());
}

using FileHash = CatalogueTest;

TEST_F(FileHash, IsThatOfTheContent) {
  const std::string content(3'000'001, 'x');
  EXPECT_EQ(hashFile(write("large.jpg", content)), hashBytes(content));
  EXPECT_EQ(hashFile(write("empty.jpg", "")), hashBytes(""));
  EXPECT_THAT(messageOf<InputError>([&] { hashFile(photos_ / "absent.jpg"); }),
              testing::HasSubstr("absent.jpg: cannot be opened"));
  EXPECT_THROW(hashFile(photos_), InputError);
  const CancellationToken token;
  token.cancel();
  EXPECT_THROW(hashFile(photos_ / "large.jpg", token), Cancelled);
}

TEST(ContentHash, DigitsAreReadBack) {
  const ContentHash hash = hashBytes("a photo");
  EXPECT_EQ(ContentHash::fromHex(hash.hex()), hash);
  for (const char* wrong : {"", "12", "e34bbc7bbc071b6c7a433ca9c49a934g"})
    EXPECT_EQ(ContentHash::fromHex(wrong), ContentHash()) << wrong;
}

}  // namespace
}  // namespace inkling
