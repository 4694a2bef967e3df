// A made-up world to train in: photos of red squares and blue bars, drawings of both, a tiny
// transformer. Every run takes a second or two.
#pragma once

#include <filesystem>

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/geometry/box.h"
#include "core/image/picture_writer.h"
#include "core/nn/model_file.h"
#include "core/training/trainer.h"
#include "tests/nn/tiny_model.h"

namespace inkling {

namespace fs = std::filesystem;

class TrainRunTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    writeTrunk();
    writePhotos();
    writeFileAtomically(folder_ / "train.ndjson", drawings(24));
    writeFileAtomically(folder_ / "held.ndjson", drawings(6));
    writeFileAtomically(folder_ / "config.json", dumpJson(config()));
  }
  void TearDown() override { fs::remove_all(folder_); }

  void writeTrunk() {
    TensorFile file;
    for (const auto& [name, tensor] : tinyTrunkWeights(tinyConfig()).state)
      file.tensors[name.substr(10)] = tensor;
    writeSafetensors(folder_ / "weights" / "dinov2_vits14_saliency.fp16.safetensors", file);
  }

  void writePhotos() {
    Json coco = {{"images", Json::array()}, {"annotations", Json::array()}};
    coco["categories"] = {{{"id", 1}, {"name", "square"}, {"sketch", "square"}},
                          {{"id", 2}, {"name", "bar"}, {"sketch", "bar"}}};
    for (int i = 0; i < 6; ++i) {
      Image photo({80, 60}, {200, 200, 200});
      const bool square = i % 2 == 0;
      const Box box = square ? Box{10.0 + i, 10, 24, 24} : Box{8.0 + i, 30, 50, 8};
      for (int y = 0; y < static_cast<int>(box.height); ++y) {
        for (int x = 0; x < static_cast<int>(box.width); ++x) {
          photo.set(static_cast<int>(box.x) + x, static_cast<int>(box.y) + y,
                    square ? Rgb{220, 30, 30} : Rgb{30, 30, 220});
        }
      }
      const std::string name = "photo" + std::to_string(i) + ".png";
      writePicture(folder_ / "photos" / name, photo);
      // With these numbers each member of the matching head is taught both words.
      const int id = i + 15;
      coco["images"].push_back({{"id", id}, {"file_name", name}, {"width", 80}, {"height", 60}});
      coco["annotations"].push_back({{"id", id},
                                     {"image_id", id},
                                     {"category_id", square ? 1 : 2},
                                     {"iscrowd", 0},
                                     {"bbox", {box.x, box.y, box.width, box.height}},
                                     {"area", box.area()}});
    }
    writeFileAtomically(folder_ / "boxes.json", dumpJson(coco));
  }

  static std::string drawings(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) {
      const bool square = i % 2 == 0;
      const int w = 100 + i, h = square ? 100 : 15;
      const Json drawing = {{{0, w, w, 0, 0}, {0, 0, h, h, 0}}};
      text += dumpJson({{"word", square ? "square" : "bar"},
                        {"key_id", std::to_string(i)},
                        {"drawing", drawing}}) +
              "\n";
    }
    return text;
  }

  static Json config() {
    Json model = tinyConfig().toJson();
    model.erase("words");
    return {
        {"seed", 3},
        {"data_root", "."},
        {"data",
         {{"sketches", "train.ndjson"},
          {"held_sketches", "held.ndjson"},
          {"weights", "weights"},
          {"scenes",
           {{{"annotations", "boxes.json"}, {"photos", "photos"}, {"held_share", 0.3}}}}}},
        {"model", model},
        {"stages",
         {{"sketch",
           {{"steps", 6}, {"batch", 8}, {"checkpoint_every", 3}, {"log_every", 2}, {"warmup", 2}}},
          {"matching", {{"steps", 6}, {"checkpoint_every", 3}, {"log_every", 2}, {"warmup", 2}}},
          {"fusion", {{"steps", 4}, {"batch", 8}, {"warmup", 2}}},
          {"index", {{"steps", 6}, {"checkpoint_every", 3}, {"log_every", 2}, {"warmup", 2}}},
          {"guided",
           {{"steps", 6},
            {"checkpoint_every", 3},
            {"log_every", 2},
            {"warmup", 2},
            {"queries", 8}}}}}};
  }

  // Trains into folder_/name; stops when progress has been told `stopAfter` times (0: never).
  std::string run(const std::string& name, bool resume = false, int stopAfter = 0) {
    TrainRequest request;
    request.config = folder_ / "config.json";
    request.out = folder_ / name;
    request.resume = resume;
    request.device = device_;
    request.precision = precision_;
    const CancellationToken token;
    int told = 0;
    train(
        request,
        [&](const ProgressUpdate&) {
          if (++told == stopAfter) token.cancel();
        },
        token);
    return readFile(request.out / "model.safetensors");
  }

  at::Device device_{at::kCPU};  // of the runs
  at::ScalarType precision_ = at::kFloat;
  fs::path folder_ = fs::temp_directory_path() / ("inkling-train-" + std::to_string(::getpid()));
};

}  // namespace inkling
