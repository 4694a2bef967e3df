#include "core/search/shard.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace inkling {
namespace {

TEST(Shard, EveryContentBelongsToExactlyOnePart) {
  for (const int parts : {1, 2, 3, 7, 64}) {
    std::vector<int> sizes(static_cast<std::size_t>(parts));
    for (int i = 0; i < 6400; ++i) {
      const ContentHash content = hashBytes(std::to_string(i));
      int owners = 0;
      for (int number = 1; number <= parts; ++number) {
        if (!Shard{number, parts}.has(content)) continue;
        ++owners;
        ++sizes[static_cast<std::size_t>(number - 1)];
      }
      EXPECT_EQ(owners, 1);
    }
    const auto [least, most] = std::ranges::minmax(sizes);
    EXPECT_GT(least, 6400 / parts / 2) << "parts are about equally large";
    EXPECT_LT(most, 6400 / parts * 2);
  }
}

TEST(Shard, IsWrittenAsItIsRead) {
  EXPECT_EQ(Shard::parse("3/8"), (Shard{3, 8}));
  EXPECT_EQ(Shard::parse("3/8").text(), "3/8");
  EXPECT_TRUE(Shard::parse("1/1").isWhole());
  for (const char* text : {"", "1", "/2", "1/", "0/2", "3/2", "-1/2", "1/2 ", "a/b", "1/2/3",
                           "1/99999999999", "1.5/2"})
    EXPECT_THROW(Shard::parse(text), UsageError) << text;
}

TEST(Shard, AFileWithoutContentBelongsToOnePartByItsName) {
  int owners = 0;
  for (int number = 1; number <= 5; ++number)
    owners += Shard{number, 5}.hasUnreadable("sub/broken.jpg") ? 1 : 0;
  EXPECT_EQ(owners, 1);
}

}  // namespace
}  // namespace inkling
