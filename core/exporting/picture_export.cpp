// The formats for the eye, and for training on cut-out objects.
#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_formats.h"
#include "core/exporting/export_names.h"
#include "core/image/overlay.h"
#include "core/image/picture_writer.h"

namespace inkling {
namespace {

// The picture of a photo, and the photo's boxes in its pixels.
struct Picture {
  const Image& image;
  double scaleX = 1, scaleY = 1;

  ScoredBox inPixels(const ScoredBox& found) const {
    const Box& box = found.box;
    return {{box.x * scaleX, box.y * scaleY, box.width * scaleX, box.height * scaleY}, found.score};
  }
};

// Whether the decoder made a picture of `size` from the photo: whole, or at 1/2, 1/4 or 1/8 with
// sides rounded up.
bool isReduction(Size size, Size photo) {
  for (const int by : {1, 2, 4, 8}) {
    if (size == Size{(photo.width + by - 1) / by, (photo.height + by - 1) / by}) return true;
  }
  return false;
}

Picture pictureOf(const ExportedPhoto& photo, const ExportPictures& pictures) {
  if (pictures.photo == nullptr)
    fail<UsageError>("{}: its pixels are needed for a picture", displayName(photo.path));
  const Size size = pictures.photo->size();
  if (!isReduction(size, photo.size)) {
    fail<InputError>("{}: the boxes are of a photo of {} x {} pixels, but it has {} x {}",
                     displayName(photo.path), photo.size.width, photo.size.height, size.width,
                     size.height);
  }
  return {*pictures.photo, static_cast<double>(size.width) / photo.size.width,
          static_cast<double>(size.height) / photo.size.height};
}

class PictureExport : public ExportFormat {
 public:
  explicit PictureExport(const ExportSetup& setup) : setup_(setup) {
    const bool several = setup.categories.size() > 1;
    for (const std::string& name : categoryFileNames(setup))
      attention_.push_back(several ? ".attention-" + name + ".jpg" : ".attention.jpg");
  }

  std::string name() const override { return "pictures"; }
  bool needsPicture() const override { return true; }
  std::size_t longestSuffix() const override {
    std::size_t longest = std::string_view(kBoxes).size();
    if (setup_.overlay) {
      for (const std::string& suffix : attention_) longest = std::max(longest, suffix.size());
    }
    return longest;
  }
  std::vector<std::filesystem::path> plannedFiles(
      const std::filesystem::path& name) const override {
    std::vector<std::filesystem::path> files = {withSuffix(name, kBoxes)};
    if (setup_.overlay) {
      for (const std::string& suffix : attention_) files.push_back(withSuffix(name, suffix));
    }
    return files;
  }

  std::vector<std::filesystem::path> writtenFiles(
      const ExportedPhoto& photo, const std::filesystem::path& name) const override {
    requireCategories(photo, setup_);
    if (photo.boxes.empty()) return {};
    std::vector<std::filesystem::path> files = {withSuffix(name, kBoxes)};
    for (std::size_t category = 0; setup_.overlay && category < attention_.size(); ++category) {
      const bool shown = std::ranges::any_of(
          photo.boxes, [&](const ExportedBox& box) { return box.category == category; });
      if (shown) files.push_back(withSuffix(name, attention_[category]));
    }
    return files;
  }

  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path& name,
                                  const ExportPictures& pictures) const override {
    requireCategories(photo, setup_);
    if (photo.boxes.empty()) return {};
    const Picture picture = pictureOf(photo, pictures);
    const std::vector<BoxGroup> groups = groupsOf(photo, picture);
    Image boxed = picture.image;
    drawBoxGroups(boxed, groups);
    std::vector<ExportFile> files = {{withSuffix(name, kBoxes), encodeJpeg(boxed)}};
    boxed = {};  // large photos: one copy at a time
    if (!setup_.overlay) return files;
    if (!pictures.overlay)
      fail<UsageError>("{}: its attention picture is needed", displayName(photo.path));
    for (std::size_t category = 0; category < groups.size(); ++category) {
      if (groups[category].boxes.empty()) continue;
      files.push_back(
          {withSuffix(name, attention_[category]), encodeJpeg(pictures.overlay(category))});
    }
    return files;
  }

 private:
  static constexpr const char* kBoxes = ".boxes.jpg";

  // One group a category, so that a category has the same colour on all photos.
  std::vector<BoxGroup> groupsOf(const ExportedPhoto& photo, const Picture& picture) const {
    std::vector<BoxGroup> groups;
    for (std::size_t i = 0; i < setup_.categories.size(); ++i)
      groups.push_back({drawableName(setup_.categories[i].name, i), {}});
    for (const ExportedBox& box : photo.boxes)
      groups[box.category].boxes.push_back(picture.inPixels(box.found));
    return groups;
  }

  ExportSetup setup_;
  std::vector<std::string> attention_;  // suffix of each category's attention picture
};

// All pixels that the box touches; at least one.
Image cutOut(const Image& photo, const Box& box) {
  const int left = std::clamp(static_cast<int>(std::floor(box.x)), 0, photo.width - 1);
  const int top = std::clamp(static_cast<int>(std::floor(box.y)), 0, photo.height - 1);
  const int right = std::clamp(static_cast<int>(std::ceil(box.right())), left + 1, photo.width);
  const int bottom = std::clamp(static_cast<int>(std::ceil(box.bottom())), top + 1, photo.height);
  Image crop({right - left, bottom - top});
  const auto row = [](const Image& image, int x, int y) {
    return 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x);
  };
  for (int y = top; y < bottom; ++y) {
    std::copy(photo.rgb.begin() + row(photo, left, y), photo.rgb.begin() + row(photo, right, y),
              crop.rgb.begin() + row(crop, 0, y - top));
  }
  return crop;
}

class CropExport : public ExportFormat {
 public:
  explicit CropExport(const ExportSetup& setup)
      : setup_(setup), folders_(categoryFileNames(setup)) {}

  std::string name() const override { return "crops"; }
  bool needsPicture() const override { return true; }
  std::size_t longestSuffix() const override { return suffix(100'000).size(); }

  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path& name,
                                  const ExportPictures& pictures) const override {
    requireCategories(photo, setup_);
    if (photo.boxes.empty()) return {};
    const Picture picture = pictureOf(photo, pictures);
    const std::vector<std::filesystem::path> paths = writtenFiles(photo, name);
    std::vector<ExportFile> files;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      const Box box = picture.inPixels(photo.boxes[i].found).box;
      files.push_back({paths[i], encodeJpeg(cutOut(picture.image, box))});
    }
    return files;
  }

  // One for each box.
  std::vector<std::filesystem::path> writtenFiles(
      const ExportedPhoto& photo, const std::filesystem::path& name) const override {
    requireCategories(photo, setup_);
    std::vector<std::size_t> count(folders_.size(), 0);
    std::vector<std::filesystem::path> files;
    for (const ExportedBox& box : photo.boxes) {
      files.push_back(std::filesystem::path("crops") / folders_[box.category] /
                      withSuffix(name, suffix(++count[box.category])));
    }
    return files;
  }

 private:
  static std::string suffix(std::size_t number) { return fmt::format(".crop-{:03}.jpg", number); }

  ExportSetup setup_;
  std::vector<std::string> folders_;
};

}  // namespace

std::unique_ptr<ExportFormat> makePictureExport(const ExportSetup& setup) {
  return std::make_unique<PictureExport>(setup);
}

std::unique_ptr<ExportFormat> makeCropExport(const ExportSetup& setup) {
  return std::make_unique<CropExport>(setup);
}

}  // namespace inkling
