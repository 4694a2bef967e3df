#include "core/nn/safetensors.h"

#include <cstring>
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class SafetensorsTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write(const std::string& header, const std::string& data) {
    std::string bytes(8, '\0');
    const std::uint64_t size = header.size();
    std::memcpy(bytes.data(), &size, 8);
    const auto file = folder_ / "file.safetensors";
    writeFileAtomically(file, bytes + header + data);
    return file;
  }

  // The message of the ModelError that reading `file` throws.
  static std::string errorOf(const std::filesystem::path& file) {
    try {
      readSafetensors(file);
    } catch (const ModelError& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path folder_ = std::filesystem::temp_directory_path() /
                                  ("inkling-safetensors-" + std::to_string(::getpid()));
};

TEST_F(SafetensorsTest, KeepsEveryTypeShapeAndMetadata) {
  TensorFile file;
  file.tensors["double"] = at::rand({2, 3}, at::kDouble);
  file.tensors["half"] = at::rand({5}).to(at::kHalf);
  file.tensors["bytes"] = at::arange(7).to(at::kByte);
  file.tensors["signed"] = at::arange(-3, 4).to(at::kChar);
  file.tensors["flags"] = at::tensor({1, 0, 1}).to(at::kBool);
  file.tensors["scalar"] = at::scalar_tensor(4.5);
  file.tensors["nothing"] = at::empty({0, 4});
  file.tensors["transposed"] = at::rand({4, 6}).t();
  file.metadata["inkling"] = "{\"name\": \"\xE7\x8C\xAB\"}";
  writeSafetensors(folder_ / "all.safetensors", file);

  const TensorFile back = readSafetensors(folder_ / "all.safetensors");
  EXPECT_EQ(back.metadata, file.metadata);
  ASSERT_EQ(back.tensors.size(), file.tensors.size());
  for (const auto& [name, tensor] : file.tensors) {
    EXPECT_TRUE(at::equal(back.tensors.at(name), tensor)) << name;
    EXPECT_EQ(back.tensors.at(name).scalar_type(), tensor.scalar_type()) << name;
  }
}

TEST_F(SafetensorsTest, EqualContentsGiveEqualBytes) {
  TensorFile a, b;
  a.tensors["x"] = b.tensors["x"] = at::ones({3});
  a.tensors["a"] = b.tensors["a"] = at::zeros({2});
  EXPECT_EQ(encodeSafetensors(a), encodeSafetensors(b));
}

TEST_F(SafetensorsTest, RefusesAHeaderThatLiesAboutItsRanges) {
  const std::string data(16, 'x');
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[0,32]}})", data)),
              HasSubstr("outside the file"));
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,16]}})", data)),
              HasSubstr("its shape needs 12"));
  EXPECT_THAT(
      errorOf(write(
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
          data)),
      HasSubstr("overlap"));
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,16]}})", data)),
              HasSubstr("impossible shape"));
  EXPECT_THAT(
      errorOf(write(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})",
                    data)),
      HasSubstr("impossible shape"));
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F99","shape":[4],"data_offsets":[0,16]}})", data)),
              HasSubstr("unknown dtype"));
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F32","shape":[4],"data_offsets":[-8,8]}})", data)),
              HasSubstr("bad data_offsets"));
  EXPECT_THAT(errorOf(write(R"({"a":{"dtype":"F32","shape":[4]}})", data)),
              HasSubstr("missing or of the wrong type"));
  EXPECT_THAT(errorOf(write("[1, 2]", data)), HasSubstr("not an object"));
  EXPECT_THAT(errorOf(write("{\"a\":", data)), HasSubstr("not valid JSON"));
}

TEST_F(SafetensorsTest, EveryTruncationIsAClearError) {
  TensorFile file;
  file.tensors["weights"] = at::rand({8, 8});
  const std::string whole = encodeSafetensors(file);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const auto path = folder_ / "cut.safetensors";
    writeFileAtomically(path, whole.substr(0, length));
    const std::string message = errorOf(path);
    EXPECT_THAT(message, HasSubstr("cut.safetensors")) << length;
  }
}

TEST_F(SafetensorsTest, RandomDamageNeverDoesMoreThanThrow) {
  TensorFile file;
  file.tensors["a"] = at::rand({4, 4});
  file.tensors["b"] = at::rand({3});
  const std::string whole = encodeSafetensors(file);
  Random random(5);
  for (int round = 0; round < 500; ++round) {
    std::string damaged = whole;
    for (int k = 0; k < 3; ++k)
      damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] =
          static_cast<char>(random.next());
    const auto path = folder_ / "damaged.safetensors";
    writeFileAtomically(path, damaged);
    try {
      readSafetensors(path);
    } catch (const ModelError&) {
    }
  }
}

TEST_F(SafetensorsTest, AMissingFileIsNamed) {
  EXPECT_THAT(errorOf(folder_ / "absent.safetensors"), HasSubstr("absent.safetensors"));
}

}  // namespace
}  // namespace inkling
