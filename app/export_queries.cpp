#include "app/export_queries.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/exporting/drawings_key.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

struct NamedSketch {
  std::string name, file;
};

// A file may have '=' in its name.
NamedSketch split(const std::string& argument) {
  std::error_code error;
  const std::size_t equals = argument.find('=');
  if (equals == std::string::npos || equals == 0 || fs::exists(argument, error))
    return {"", argument};
  return {argument.substr(0, equals), argument.substr(equals + 1)};
}

bool isQuickDraw(const std::string& file) { return file.find(".ndjson") != std::string::npos; }

std::string nameOf(const NamedSketch& named, const Sketch& sketch) {
  if (!named.name.empty()) return toValidUtf8(named.name);
  if (isQuickDraw(named.file) && !sketch.name.empty()) return toValidUtf8(sketch.name);
  return displayName(fs::path(named.file).stem());
}

ExportQuery* named(std::vector<ExportQuery>& queries, const std::string& name) {
  const auto found = std::ranges::find_if(
      queries, [&](const ExportQuery& query) { return query.category.name == name; });
  return found == queries.end() ? nullptr : &*found;
}

void addUnwanted(ExportQuery& query, const std::string& file, const WeightedSketch& sketch) {
  query.category.unwanted.push_back(displayName(fs::path(file).filename()));
  query.sketches.unwanted.push_back(sketch);
}

}  // namespace

std::vector<ExportQuery> readExportQueries(const SketchArguments& arguments) {
  SketchArguments plain = arguments;
  std::vector<NamedSketch> wanted, unwanted;
  for (std::string& argument : plain.wanted) argument = wanted.emplace_back(split(argument)).file;
  for (std::string& argument : plain.unwanted)
    argument = unwanted.emplace_back(split(argument)).file;
  const QuerySketches sketches = readSketches(plain);

  std::vector<ExportQuery> queries;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const std::string name = nameOf(wanted[i], sketches.wanted[i].sketch);
    ExportQuery* query = named(queries, name);
    if (query == nullptr) query = &queries.emplace_back(ExportQuery{{name, {}, {}}, {}});
    query->category.sketches.push_back(displayName(fs::path(wanted[i].file).filename()));
    query->sketches.wanted.push_back(sketches.wanted[i]);
  }
  for (std::size_t i = 0; i < unwanted.size(); ++i) {
    if (unwanted[i].name.empty()) {
      for (ExportQuery& query : queries) addUnwanted(query, unwanted[i].file, sketches.unwanted[i]);
      continue;
    }
    ExportQuery* query = named(queries, unwanted[i].name);
    if (query == nullptr)
      fail<UsageError>("--not {}={}: there is no --sketch of that name",
                       toValidUtf8(unwanted[i].name), displayName(unwanted[i].file));
    addUnwanted(*query, unwanted[i].file, sketches.unwanted[i]);
  }
  return queries;
}

Json queryKey(const std::vector<ExportQuery>& queries) {
  Json json = Json::array();
  for (const ExportQuery& query : queries) {
    json.push_back(
        drawingsKey(query.category.name, query.sketches.wanted, query.sketches.unwanted));
  }
  return json;
}

}  // namespace inkling
