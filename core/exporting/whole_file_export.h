// What formats have in common that write one file for all photos. Internal to core/exporting.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/base/file.h"
#include "core/exporting/export_categories.h"
#include "core/exporting/export_format.h"

namespace inkling {

class WholeFileExport : public ExportFormat {
 public:
  WholeFileExport(ExportSetup setup, std::string name, std::string file)
      : setup_(std::move(setup)), name_(std::move(name)), file_(std::move(file)) {}

  std::string name() const override { return name_; }
  std::vector<ExportFile> filesOf(const ExportedPhoto& photo, const std::filesystem::path&,
                                  const ExportPictures&) const override {
    requireCategories(photo, setup_);
    return {};
  }
  std::vector<std::filesystem::path> wholeFiles() const override { return {file_}; }

  void writeWhole(const ExportRecords& records, const std::filesystem::path& out) const override {
    AtomicFile file(out / file_);
    write(records, file);
    file.commit();
  }

 protected:
  virtual void write(const ExportRecords& records, AtomicFile& file) const = 0;

  const ExportSetup setup_;

 private:
  const std::string name_, file_;
};

}  // namespace inkling
