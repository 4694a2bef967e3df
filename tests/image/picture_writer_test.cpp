#include "core/image/picture_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/image/photo_reader.h"
#include "photo_fixtures.h"

namespace inkling {
namespace {

TEST(PictureWriter, PngRoundTripsExactly) {
  for (const Size size : {Size{1, 1}, {3, 5}, {32, 24}, {101, 67}}) {
    EXPECT_EQ(decodePhoto(encodePng(quadrants(size)), "round trip"), quadrants(size));
  }
}

TEST(PictureWriter, JpegIsClose) {
  EXPECT_TRUE(looksLike(decodePhoto(encodeJpeg(quadrants({64, 32})), "round trip"),
                        quadrants({64, 32}), 8));
  EXPECT_LT(encodeJpeg(quadrants(), 20).size(), encodeJpeg(quadrants(), 100).size());
  EXPECT_THROW(encodeJpeg(quadrants(), 0), UsageError);
  EXPECT_THROW(encodeJpeg(quadrants(), 101), UsageError);
}

TEST(PictureWriter, TheExtensionChoosesTheFormat) {
  const TemporaryFolder folder;
  writePicture(folder / "new/folder/a.PNG", quadrants());
  EXPECT_THAT(readFile(folder / "new/folder/a.PNG"), testing::StartsWith("\x89PNG"));
  for (const char* name : {"b.jpg", "c.jpeg"}) {
    writePicture(folder / name, quadrants());
    EXPECT_THAT(readFile(folder / name), testing::StartsWith("\xFF\xD8\xFF"));
  }
  EXPECT_THROW(writePicture(folder / "d.docx", quadrants()), UsageError);
  EXPECT_THROW(writePicture(folder / "no-extension", quadrants()), UsageError);
}

TEST(PictureWriter, WhatCannotBeWrittenIsNamed) {
  const TemporaryFolder folder;
  writeFileAtomically(folder / "file", "in the way");
  try {
    writePicture(folder / "file/picture.png", quadrants());
    FAIL() << "written below a file";
  } catch (const OutputError& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("file"));
  }
  EXPECT_THROW(encodePng(Image()), UsageError);
  Image lying({4, 4});
  lying.width = 400;
  EXPECT_THROW(encodePng(lying), UsageError) << "fewer bytes than its size says";
}

}  // namespace
}  // namespace inkling
