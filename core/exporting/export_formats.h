// The formats one by one; makeExportFormat chooses. Internal to core/exporting. They take setups
// whose category names are valid UTF-8, not empty and all different.
#pragma once

#include <filesystem>
#include <memory>

#include "core/exporting/export_format.h"
#include "core/exporting/export_setup.h"

namespace inkling {

std::unique_ptr<ExportFormat> makeCocoExport(const ExportSetup& setup);
/// Reads classes.txt in `out` if it is there.
std::unique_ptr<ExportFormat> makeYoloExport(const ExportSetup& setup,
                                             const std::filesystem::path& out);
std::unique_ptr<ExportFormat> makeVocExport(const ExportSetup& setup);
std::unique_ptr<ExportFormat> makeCsvExport(const ExportSetup& setup);
std::unique_ptr<ExportFormat> makePictureExport(const ExportSetup& setup);
std::unique_ptr<ExportFormat> makeCropExport(const ExportSetup& setup);

}  // namespace inkling
