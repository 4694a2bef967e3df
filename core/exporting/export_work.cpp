#include "core/exporting/export_work.h"

#include <utility>

#include "core/base/file.h"
#include "core/search/catalogue_place.h"

namespace inkling {

ExportWork::ExportWork(ExportPlan plan, const std::vector<std::filesystem::path>& photos)
    : plan_(std::move(plan)),
      photos_(photos),
      folder_(plan_.photos ? plan_.folder : canonicalFolder(plan_.folder)),
      format_(makeExportFormat(plan_.format, plan_.setup, plan_.out)),
      names_(photos, format_->longestSuffix()) {}

void ExportWork::write(const std::vector<ExportFile>& files) const {
  for (const ExportFile& file : files) writeFileAtomically(plan_.out / file.path, file.content);
}

void ExportWork::run(const ExportTools& tools, const PipelineThreads& threads,
                     const NextPhoto& next, const CancellationToken& token,
                     const std::function<void(const ExportRecord&)>& deliver) const {
  const PhotoExporter exporter(tools, plan_.setup, *format_, names_, folder_, plan_.shard);
  runExportPipeline(exporter, photos_, threads, next, token,
                    [&](const PhotoExporter::Result& result) {
                      write(result.files);
                      deliver(result.record);
                    });
}

}  // namespace inkling
