// Hard inputs: what is broken is refused by name and reason, and never crashes.
#include "core/image/photo_reader.h"

#include <algorithm>
#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/path.h"
#include "core/base/random.h"
#include "core/image/picture_writer.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string errorOf(const std::string& bytes) {
  try {
    decodePhoto(bytes, "photo");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::string errorOf(const std::filesystem::path& path) {
  try {
    readPhoto(path);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

std::vector<std::pair<std::string, std::string>> smallPhotos() {
  return {{"baseline.jpg", encodeJpeg(quadrants())},
          {"turned.jpg", withExif(encodeJpeg(quadrants()), exifBlock(3))},
          {"progressive.jpg", fixture("progressive.jpg")},
          {"cmyk.jpg", fixture("cmyk.jpg")},
          {"photo.png", encodePng(quadrants())},
          {"lossy.webp", fixture("lossy.webp")},
          {"alpha.webp", fixture("alpha.webp")},
          {"alpha.tif", fixture("alpha.tif")},
          {"plain.tif", fixture("plain.tif")},
          {"photo.bmp", makeBmp()},
          {"photo.ppm", makePpm()}};
}

TEST(BrokenPhotos, ATruncatedPhotoIsNeverShownHalf) {
  for (const auto& [name, bytes] : smallPhotos()) {
    const Image whole = decodePhoto(bytes, name);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
      try {
        EXPECT_EQ(decodePhoto(std::string_view(bytes).substr(0, length), name), whole)
            << name << " cut to " << length << " of " << bytes.size() << " bytes";
      } catch (const InputError& error) {
        EXPECT_THAT(error.what(), StartsWith(name + ": "));
      }
    }
    const std::string half = bytes.substr(0, bytes.size() / 2 + 16);
    EXPECT_THAT(errorOf(half), HasSubstr("truncated")) << name;
  }
}

TEST(BrokenPhotos, ARealPhotoCutAnywhereIsTruncated) {
  const std::string bytes = encodeJpeg(quadrants({640, 480}), 90);
  for (const double part : {0.1, 0.5, 0.9, 0.999}) {
    const auto length = static_cast<std::size_t>(static_cast<double>(bytes.size()) * part);
    EXPECT_THAT(errorOf(bytes.substr(0, length)), HasSubstr("truncated JPEG file"));
    // A download that was interrupted often has its full length, the rest filled with zeros.
    std::string filled = bytes.substr(0, length);
    filled.resize(bytes.size(), '\0');
    EXPECT_THAT(errorOf(filled), testing::MatchesRegex("photo: (truncated|broken) JPEG file"))
        << part;
  }
}

TEST(BrokenPhotos, AThumbnailInsideDoesNotCountAsTheEnd) {
  const std::string thumbnail = encodeJpeg(quadrants({16, 16}));
  const std::string whole = withExif(encodeJpeg(quadrants()), exifBlock(1) + thumbnail);
  EXPECT_EQ(decodePhoto(whole, "photo").size(), kQuadrantsSize);
  EXPECT_THAT(errorOf(whole.substr(0, whole.size() - 2)), HasSubstr("truncated"));
}

TEST(BrokenPhotos, WhatFollowsAPhotoIsIgnored) {
  // Phones append a film after the picture.
  for (const auto& [name, bytes] : smallPhotos()) {
    EXPECT_EQ(decodePhoto(bytes + std::string(5000, 'x'), name), decodePhoto(bytes, name)) << name;
  }
}

TEST(BrokenPhotos, DamagedBytesNeverCrash) {
  Random random(2024);
  for (const auto& [name, bytes] : smallPhotos()) {
    int refused = 0;
    for (int round = 0; round < 250; ++round) {
      std::string damaged = bytes;
      for (std::uint32_t hits = 1 + random.below(4); hits > 0; --hits) {
        damaged[random.below(static_cast<std::uint32_t>(damaged.size()))] =
            static_cast<char>(random.below(256));
      }
      try {
        const Image image = decodePhoto(damaged, name);
        EXPECT_EQ(image.rgb.size(), 3U * static_cast<unsigned>(image.width * image.height));
      } catch (const InputError&) {
        ++refused;
      }
    }
    EXPECT_GT(refused, 0) << name;
  }
}

TEST(BrokenPhotos, NotAPhoto) {
  EXPECT_EQ(errorOf(std::string("Dear diary, today I drew a giraffe.")),
            "photo: not a photo that Inkling can read");
  EXPECT_EQ(errorOf(std::string()), "photo: the file is empty");
  EXPECT_EQ(errorOf(std::string(1, '\xFF')), "photo: not a photo that Inkling can read");
  EXPECT_THAT(errorOf(std::string("\xFF\xD8\xFF\xD9", 4)), HasSubstr("broken JPEG"));
}

TEST(BrokenPhotos, FilesAreNamedInTheMessage) {
  const TemporaryFolder folder;
  EXPECT_THAT(errorOf(folder / "missing.jpg"), HasSubstr("missing.jpg: "));
  std::filesystem::create_directory(folder / "folder.jpg");
  EXPECT_THAT(errorOf(folder / "folder.jpg"), HasSubstr("folder.jpg: is a folder"));
  writeFileAtomically(folder / "empty.jpg", "");
  EXPECT_THAT(errorOf(folder / "empty.jpg"), HasSubstr("empty.jpg: the file is empty"));
  writeFileAtomically(folder / "notes.jpg", "These are my notes");
  EXPECT_THAT(errorOf(folder / "notes.jpg"), HasSubstr("notes.jpg: not a photo"));
}

TEST(HugePhotos, AreRefusedBeforeAnythingIsAllocated) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(errorOf(makePng({20000, 20000}, 8, 2, {"tiny"})),
            "photo: 20000 x 20000 pixels are too large (at most 120 megapixels, 30000 per side)");
  EXPECT_THAT(errorOf(makePng({40000, 10}, 8, 2, {"tiny"})), HasSubstr("too large"));
  EXPECT_THAT(errorOf(makePng({0, 10}, 8, 2, {"tiny"})), HasSubstr("no pixels"));
  EXPECT_THAT(errorOf(makePng({-5, 10}, 8, 2, {"tiny"})), HasSubstr("too large"));

  std::string jpeg = encodeJpeg(quadrants());
  jpeg.replace(jpeg.find(std::string("\xFF\xC0\x00\x11\x08", 5)) + 5, 4, "\xF0\xF0\xF0\xF0");
  EXPECT_THAT(errorOf(jpeg), HasSubstr("61680 x 61680 pixels are too large"));

  std::string bmp = makeBmp();
  bmp.replace(18, 8, "\xFF\xFF\xFF\x7F\x01\x00\x00\x80", 8);
  EXPECT_THAT(errorOf(bmp), HasSubstr("too large"));

  std::string webp = fixture("lossy.webp");
  webp.replace(26, 4, "\xFF\x3F\xFF\x3F");
  EXPECT_THAT(errorOf(webp), HasSubstr("16383 x 16383 pixels are too large"));

  EXPECT_THAT(errorOf(std::string("P6 4294967295 4294967295 255\n")), HasSubstr("too large"));
  EXPECT_THAT(errorOf(std::string("P6 99999999999 4 255\n")), HasSubstr("broken"));

  std::string tiff = fixture("plain.tif");
  const std::string width = littleEndian(256, 2) + littleEndian(3, 2) + littleEndian(1, 4);
  const std::size_t at =
      std::min(tiff.find(width), tiff.find(littleEndian(256, 2) + littleEndian(4, 2)));
  ASSERT_NE(at, std::string::npos);
  tiff.replace(at + 2, 10, littleEndian(4, 2) + littleEndian(1, 4) + littleEndian(0xFFFFFFFF, 4));
  EXPECT_THAT(errorOf(tiff), HasSubstr("too large"));

  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
}

TEST(AnyPath, NamesWithSpacesAccentsChineseAndBrokenUtf8) {
  const TemporaryFolder folder;
  for (const char* name : {"my summer photo.png", "été à la plage.png", "长颈鹿 照片.png",
                           "latin1-\xE9t\xE9.png", "quote'\"$&;.png"}) {
    const std::filesystem::path path = folder / name;
    writePicture(path, quadrants());
    EXPECT_EQ(readPhoto(path), quadrants()) << displayName(path);
    writeFileAtomically(path, "broken");
    EXPECT_THAT(errorOf(path), StartsWith(displayName(path) + ": ")) << "messages are valid UTF-8";
  }
}

TEST(AnyPath, ExtensionsAreInLowerCaseWithTheirDot) {
  EXPECT_THAT(photoExtensions(),
              testing::IsSupersetOf({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"}));
  for (const std::string& extension : photoExtensions()) {
    EXPECT_EQ(lowerExtension("a" + extension), extension);
  }
}

// --- Photos of the world
// --------------------------------------------------------------------------------------------

std::filesystem::path sourceFolder() {
  const char* source = std::getenv("INKLING_SOURCE_DIR");
  return source != nullptr ? source : ".";
}

TEST(RealPhotos, SamplesAreReadAndCredited) {
  const std::filesystem::path folder = sourceFolder() / "resources/samples/photos";
  const Json credits = readJson(folder / "CREDITS.json");
  const auto files = listFiles(folder, photoExtensions());
  EXPECT_EQ(files.size(), credits.size());
  for (const Json& credit : credits) {
    const Image photo = readPhoto(folder / credit.at("file").get<std::string>());
    EXPECT_GE(std::min(photo.width, photo.height), 200);
    EXPECT_FALSE(credit.at("contains").empty());
    EXPECT_THAT(credit.at("source").get<std::string>(),
                HasSubstr(credit.at("flickr_id").get<std::string>()));
  }
}

TEST(RealPhotos, AllOfTheValidationSetAreReadAtTheirSize) {
  const char* given = std::getenv("INKLING_SHARED");
  const std::filesystem::path shared = given != nullptr ? given : sourceFolder() / "../shared";
  const std::filesystem::path coco = shared / "data/coco";
  if (!std::filesystem::exists(coco / "val.json")) GTEST_SKIP() << "no COCO photos at " << coco;
  int read = 0;
  const Json annotations = readJson(coco / "val.json");
  for (const Json& entry : annotations.at("images")) {
    const std::filesystem::path path = coco / "val" / entry.at("file_name").get<std::string>();
    if (!std::filesystem::exists(path)) continue;
    const Image photo = readPhoto(path);
    EXPECT_EQ(photo.width, entry.at("width").get<int>()) << path;
    EXPECT_EQ(photo.height, entry.at("height").get<int>()) << path;
    ++read;
  }
  EXPECT_GT(read, 0);
}

}  // namespace
}  // namespace inkling
