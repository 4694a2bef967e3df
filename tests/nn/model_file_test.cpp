#include "core/nn/model_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/nn/tiny_model.h"

namespace inkling {
namespace {

using testing::HasSubstr;

class ModelFileTest : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static std::string errorOf(const std::filesystem::path& file) {
    try {
      readModel(file);
    } catch (const ModelError& error) {
      return error.what();
    }
    return "no error";
  }
  std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("inkling-model-" + std::to_string(::getpid()));
  std::filesystem::path file_ = folder_ / "tiny.safetensors";
};

TEST_F(ModelFileTest, AModelComesBackAsItWas) {
  const at::NoGradGuard noGrad;
  TinyModel model;
  writeSafetensors(
      file_, packModel(model.config, model.weights, model.network, {{"licence", "Apache-2.0"}}));
  const Model back = readModel(file_);
  EXPECT_EQ(back.config.toJson(), model.config.toJson());
  EXPECT_EQ(back.card.at("licence"), "Apache-2.0");
  const PhotoBatch photo = model.photo(1);
  const QueryTensors query = model.query(2);
  const auto a = model.network.locate(photo, query, 12, false),
             b = back.network->locate(photo, query, 12, false);
  // Stored in half precision.
  EXPECT_TRUE(at::allclose(a.logits, b.logits, 2e-2, 2e-2));
}

TEST_F(ModelFileTest, EqualModelsAreEqualFiles) {
  TinyModel model;
  EXPECT_EQ(encodeSafetensors(packModel(model.config, model.weights, model.network, {})),
            encodeSafetensors(packModel(model.config, model.weights, model.network, {})));
}

TEST_F(ModelFileTest, BrokenFilesAreNamedWithTheReason) {
  TinyModel model;
  const TensorFile packed = packModel(model.config, model.weights, model.network, {});
  const auto expect = [&](const TensorFile& broken, const char* reason) {
    writeSafetensors(file_, broken);
    EXPECT_THAT(errorOf(file_), testing::AllOf(HasSubstr("tiny.safetensors"), HasSubstr(reason)));
  };
  TensorFile bare = packed;
  bare.metadata.clear();
  expect(bare, "not an Inkling model");
  TensorFile newer = packed;
  newer.metadata["inkling"] = R"({"format": 2, "config": {}})";
  expect(newer, "newer version");
  TensorFile garbled = packed;
  garbled.metadata["inkling"] = "{";
  expect(garbled, "not valid JSON");
  TensorFile missing = packed;
  missing.tensors.erase("decoder.embedding.weight");
  expect(missing, "decoder.embedding.weight");
  TensorFile misshapen = packed;
  misshapen.tensors["decoder.embedding.weight"] = at::zeros({3});
  expect(misshapen, "decoder.embedding.weight");
  const std::string whole = encodeSafetensors(packed);
  writeFileAtomically(file_, whole.substr(0, whole.size() / 2));
  EXPECT_THAT(errorOf(file_), HasSubstr("tiny.safetensors"));
}

TEST_F(ModelFileTest, ConfigurationsThatContradictThemselvesAreRefused) {
  Json json = tinyConfig().toJson();
  json["trunk"]["vit_blocks"] = {0, 7};
  EXPECT_THROW(ModelConfig::fromJson(json, "test"), UsageError);
  json = tinyConfig().toJson();
  json["guidance"]["heads"] = 3;
  EXPECT_THROW(ModelConfig::fromJson(json, "test"), UsageError);
  json = tinyConfig().toJson();
  json["guidance"]["typo"] = 3;
  EXPECT_THROW(ModelConfig::fromJson(json, "test"), InputError);
  json = tinyConfig().toJson();
  json["trunk"]["proposals"] = "many";
  EXPECT_THROW(ModelConfig::fromJson(json, "test"), InputError);
}

TEST(Quantization, ErrsByAtMostHalfAStepOfEachRow) {
  const Tensor weight =
      at::randn({6, 50}) * at::pow(10.0, at::arange(-3, 3)).unsqueeze(1).to(at::kFloat);
  const auto [values, scale] = quantizeRows(weight);
  const Tensor error = (dequantizeRows(values, scale) - weight).abs();
  EXPECT_TRUE((error <= scale.unsqueeze(1) * 0.5001).all().item<bool>());
}

}  // namespace
}  // namespace inkling
