// What `inkling export` looks for: one category for each name that its drawings have.
#pragma once

#include <string>
#include <vector>

#include "app/sketch_arguments.h"
#include "core/base/json.h"
#include "core/exporting/export_setup.h"
#include "core/inference/localizer.h"

namespace inkling {

struct ExportQuery {
  ExportCategory category;
  QuerySketches sketches;
};

/// A drawing is NAME=FILE, or FILE alone, which is called after the file (a QuickDraw drawing after
/// its word). Drawings of one name are looked for together; a --not without a name counts for all.
/// Categories come in the order in which their first drawings do. Throws as readSketches(), and
/// UsageError for a --not of a category that there is not.
std::vector<ExportQuery> readExportQueries(const SketchArguments& arguments);

/// What a result depends on: of each category its name and the drawings, by their content.
Json queryKey(const std::vector<ExportQuery>& queries);

}  // namespace inkling
