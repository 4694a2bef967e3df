#include "app/eval_report.h"

#include <fmt/format.h>

#include "core/image/plot.h"

namespace inkling {
namespace {

std::string change(double value, double first) {
  return value < 0 || first < 0 ? "" : fmt::format("{:+.3f}", value - first);
}

std::string table(const std::vector<VariantResult>& results) {
  const bool lookalikes = results.front().toldApart.has_value();
  std::string text =
      fmt::format("{:<16}  {:<22}  {:<7}  {:<22}  {:<22}  {}\n", "", "AP50 all", "change", "seen",
                  "unseen", lookalikes ? "ranked above its like" : "presence AUROC");
  const double first = results.front().result.all.figures.ap50;
  for (const VariantResult& each : results) {
    const ProtocolResult& r = each.result;
    const auto cell = [](const GroupResult& group) {
      return figureText(group.figures.ap50, group.ap50);
    };
    const std::string last =
        lookalikes ? figureText(each.toldApart->share.value_or(-1), each.toldApart->interval)
                   : figureText(r.presenceAuroc.value_or(-1), r.presenceInterval);
    std::string row =
        fmt::format("{:<16}  {:<22}  {:<7}  {:<22}  {:<22}  {}", each.variant.name, cell(r.all),
                    &each == results.data() ? "" : change(r.all.figures.ap50, first), cell(r.seen),
                    cell(r.unseen), last);
    if (each.unreadable > 0) row += fmt::format("  ({} drawings not readable)", each.unreadable);
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

Json variantJson(const VariantResult& each) {
  Json json = toJson(each.result);
  if (each.honesty) json["calibration"] = toJson(*each.honesty);
  if (each.toldApart) json["told_apart"] = toJson(*each.toldApart);
  return json;
}

}  // namespace

std::string evalText(const std::string& protocol, const std::vector<VariantResult>& results) {
  const VariantResult& first = results.front();
  if (results.size() == 1)
    return toText(first.result) + (first.honesty ? toText(*first.honesty) : "");
  return fmt::format("protocol {}, seed {}, {} queries; 95 % intervals by resampling photos\n\n",
                     protocol, first.result.seed, first.result.queries) +
         table(results);
}

Json evalJson(const std::string& protocol, const std::vector<VariantResult>& results) {
  Json json = variantJson(results.front());
  json["protocol"] = protocol;
  if (results.size() == 1) return json;
  Json variants = Json::array();
  for (const VariantResult& each : results) {
    Json entry = variantJson(each);
    entry.erase("protocol");
    entry["name"] = each.variant.name;
    entry["sketches_per_query"] = each.variant.sketches;
    entry["fusion"] = nameOf(each.variant.fusion);
    entry["style"] = nameOf(each.variant.style);
    entry["unreadable"] = each.unreadable;
    variants.push_back(std::move(entry));
  }
  json["variants"] = std::move(variants);
  return json;
}

Image reliabilityDiagram(const Honesty& honesty) {
  const auto line = [](const char* name, const Calibration& calibration) {
    Series series{name, {}, {}};
    for (const CalibrationBin& bin : calibration.bins) {
      if (bin.count == 0) continue;
      series.x.push_back(bin.meanScore);
      series.y.push_back(bin.hitRate);
    }
    return series;
  };
  const std::vector<Series> lines{
      {"perfect", {0, 1}, {0, 1}}, line("boxes", honesty.boxes), line("photos", honesty.photos)};
  return linePlot("Reliability of scores", "score", "share that is right", lines, {700, 600});
}

}  // namespace inkling
