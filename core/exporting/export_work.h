// The part of an export that any process can do: photos in, files and records out.
//
//   const ExportWork work(plan, photos);
//   work.run(tools, threads, next, token, [&](const ExportRecord& record) { keep(record); });
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "core/exporting/export_pipeline.h"
#include "core/exporting/export_plan.h"

namespace inkling {

class ExportWork {
 public:
  /// `photos`: JobFolder::photos() of the job, which outlive the work. Throws UsageError for a plan
  /// that makes no sense, InputError for a folder that is not there.
  ExportWork(ExportPlan plan, const std::vector<std::filesystem::path>& photos);

  /// Looks at the photos that `next` gives and writes their files; `deliver` gets their records, on
  /// the calling thread, each when its files are on the disk. Throws OutputError when they cannot
  /// be written, and what `deliver` throws.
  void run(const ExportTools& tools, const PipelineThreads& threads, const NextPhoto& next,
           const CancellationToken& token,
           const std::function<void(const ExportRecord&)>& deliver) const;

  const ExportPlan& plan() const { return plan_; }
  const ExportFormat& format() const { return *format_; }
  /// Of ExportNames.
  std::filesystem::path nameOf(const std::filesystem::path& photo) const {
    return names_.nameOf(photo);
  }
  /// Writes files of a photo.
  void write(const std::vector<ExportFile>& files) const;

 private:
  const ExportPlan plan_;
  const std::vector<std::filesystem::path>& photos_;
  const std::filesystem::path folder_;
  const std::unique_ptr<ExportFormat> format_;
  const ExportNames names_;
};

}  // namespace inkling
