// A cache of features in a folder of its own.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/search/feature_cache.h"

namespace inkling {

class CacheTest : public testing::Test {
 protected:
  static constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  static constexpr std::size_t kBlob = 300'000;

  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override {
    std::filesystem::permissions(folder_, std::filesystem::perms::owner_all);
    std::filesystem::remove_all(folder_);
  }

  FeatureCache opened(std::uint64_t limit = 64 * kMiB) { return FeatureCache::open(file_, limit); }

  static ContentHash photo(int number) { return hashBytes("photo " + std::to_string(number)); }
  /// Bytes that are those of this photo alone.
  static std::string features(int number, std::size_t size = kBlob) {
    std::string bytes = "features of " + std::to_string(number) + " ";
    while (bytes.size() < size) bytes += bytes;
    bytes.resize(size);
    return bytes;
  }
  static bool put(FeatureCache& cache, int number) {
    return cache.put(photo(number), "model", features(number));
  }
  /// There, and as it was put.
  static bool has(FeatureCache& cache, int number) {
    const auto bytes = cache.get(photo(number), "model");
    if (!bytes) return false;
    EXPECT_EQ(*bytes, features(number));
    return true;
  }
  /// How many of the first `count` photos are there.
  static int present(FeatureCache& cache, int count) {
    int there = 0;
    for (int i = 0; i < count; ++i) there += has(cache, i) ? 1 : 0;
    return there;
  }

  /// Runs `work` in a process of its own, which ends with what it returns.
  template <typename Work>
  static pid_t inProcess(Work&& work) {
    const pid_t child = ::fork();
    if (child == 0) std::_Exit(work());  // the parent's clean-up is not ours
    return child;
  }
  static int statusOf(pid_t child) {
    int status = -1;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("inkling-cache-" + std::to_string(::getpid()) + "-" +
                                   testing::UnitTest::GetInstance()->current_test_info()->name());
  std::filesystem::path file_ = folder_ / "features.sqlite";
};

}  // namespace inkling
