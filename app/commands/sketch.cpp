// inkling sketch: looking at drawings and changing their format.
#include <CLI/CLI.hpp>

#include "app/command.h"
#include "app/exit_status.h"
#include "app/output_file.h"
#include "core/base/path.h"
#include "core/image/picture_writer.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"

namespace inkling {
namespace {

constexpr int kPageSide = 512;
constexpr int kModelSide = 64;  // of RasterOptions, which is what the sketch encoder sees

// `ink` is 0 paper .. 1 ink.
Image pictureOf(int width, int height, const auto& ink, double full) {
  Image image(Size{width, height});
  for (std::size_t i = 0; i < ink.size(); ++i) {
    const double dark = std::clamp(static_cast<double>(ink[i]) / full, 0.0, 1.0);
    const auto grey = static_cast<std::uint8_t>(std::lround(255 * (1 - dark)));
    std::fill_n(image.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, grey);
  }
  return image;
}

// Without smoothing: the pixels of the model stay visible.
Image enlarged(const Image& image, int side) {
  Image large(Size{side, side});
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      large.set(x, y, image.at(x * image.width / side, y * image.height / side));
    }
  }
  return large;
}

class SketchCommand : public Command {
 public:
  CLI::App* declare(CLI::App& root) override {
    CLI::App* app = root.add_subcommand("sketch", "Render or convert a drawing");
    app->require_subcommand(1);
    render_ = app->add_subcommand("render", "Draw a sketch as a PNG picture");
    addFiles(*render_, "PNG file to write");
    render_
        ->add_option("--size", size_, "Longer side in pixels (default: 512, or 64 for the model)")
        ->type_name("N")
        ->check(CLI::Range(1, 4096));
    render_->add_flag("--as-model-sees", asModelSees_,
                      "Cropped to its ink, as the sketch encoder gets it");
    convert_ = app->add_subcommand("convert", "Write a sketch in another format");
    addFiles(*convert_, "File to write: .json, .svg, .ndjson or .png");
    return app;
  }

  int run(const CancellationToken&) override {
    if (render_->parsed() && lowerExtension(out_) != ".png") {
      fail<UsageError>("{}: sketch render writes .png files", displayName(out_));
    }
    requireWritableFile(out_);
    Sketch sketch = readSketch(in_);
    if (render_->parsed()) {
      writePicture(out_, asModelSees_ ? modelView(sketch) : page(sketch));
    } else {
      // A QuickDraw line is written with the name as its word.
      sketch.name = std::filesystem::path(sketch.name).stem().string();
      writeSketch(out_, sketch);
    }
    return kDone;
  }

 private:
  void addFiles(CLI::App& app, const char* outHelp) {
    app.add_option("in", in_, "The sketch")->type_name("IN")->required();
    app.add_option("out", out_, outHelp)->type_name("OUT")->required();
  }

  Image page(const Sketch& sketch) const {
    const InkRaster raster = size_ > 0 ? renderPage(sketch, size_, 4.0F * size_ / kPageSide)
                                       : renderPage(sketch, kPageSide);
    return pictureOf(raster.width, raster.height, raster.ink, 255);
  }

  Image modelView(const Sketch& sketch) const {
    RasterOptions options;
    options.size = kModelSide;
    const Image seen = pictureOf(kModelSide, kModelSide, rasterise(sketch, options), 1);
    return size_ > 0 && size_ != kModelSide ? enlarged(seen, size_) : seen;
  }

  CLI::App* render_ = nullptr;
  CLI::App* convert_ = nullptr;
  std::string in_, out_;
  int size_ = 0;
  bool asModelSees_ = false;
};

}  // namespace

std::unique_ptr<Command> makeSketchCommand() { return std::make_unique<SketchCommand>(); }

}  // namespace inkling
