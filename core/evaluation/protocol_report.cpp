// The result of the protocol for programs and for people.
#include <iterator>

#include <fmt/format.h>

#include "core/evaluation/protocol.h"

namespace inkling {
namespace {

Json orNull(double figure) { return figure < 0 ? Json(nullptr) : Json(figure); }

Json orNull(const std::optional<Interval>& interval) {
  return interval ? Json::array({interval->low, interval->high}) : Json(nullptr);
}

Json groupJson(const GroupResult& group) {
  const CocoFigures& f = group.figures;
  return {{"ap", orNull(f.ap)},
          {"ap50", orNull(f.ap50)},
          {"ap75", orNull(f.ap75)},
          {"ap_small", orNull(f.apSmall)},
          {"ap_medium", orNull(f.apMedium)},
          {"ap_large", orNull(f.apLarge)},
          {"ar1", orNull(f.ar1)},
          {"ar10", orNull(f.ar10)},
          {"ar100", orNull(f.ar100)},
          {"queries", group.queries}};
}

Json intervalJson(const GroupResult& group) {
  return {{"ap", orNull(group.ap)}, {"ap50", orNull(group.ap50)}, {"ap75", orNull(group.ap75)}};
}

}  // namespace

std::string figureText(double figure, const std::optional<Interval>& interval) {
  if (figure < 0) return "-";
  if (!interval) return fmt::format("{:.3f}", figure);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", figure, interval->low, interval->high);
}

Json toJson(const ProtocolResult& result) {
  return {{"protocol", result.protocol},
          {"seed", result.seed},
          {"queries", result.queries},
          {"all", groupJson(result.all)},
          {"seen", groupJson(result.seen)},
          {"unseen", groupJson(result.unseen)},
          {"presence_auroc", result.presenceAuroc ? Json(*result.presenceAuroc) : Json(nullptr)},
          {"ci95",
           {{"all", intervalJson(result.all)},
            {"seen", intervalJson(result.seen)},
            {"unseen", intervalJson(result.unseen)},
            {"presence_auroc", orNull(result.presenceInterval)}}}};
}

Json toJson(const ToldApart& result) {
  return {{"pairs", result.pairs},
          {"share", result.share ? Json(*result.share) : Json(nullptr)},
          {"ci95", orNull(result.interval)}};
}

std::string toText(const ProtocolResult& result) {
  std::string text;
  const auto out = std::back_inserter(text);
  const auto row = [&](const char* name, const auto& cellOf) {
    fmt::format_to(out, "{:<10}", name);
    for (const GroupResult* group : {&result.all, &result.seen, &result.unseen}) {
      fmt::format_to(out, "  {:<22}", cellOf(*group));
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  const auto plain = [&](const char* name, double CocoFigures::*figure) {
    row(name, [&](const GroupResult& group) { return figureText(group.figures.*figure, {}); });
  };
  fmt::format_to(out, "protocol {}, seed {}; 95 % intervals by resampling photos\n\n",
                 result.protocol, result.seed);
  fmt::format_to(out, "{:<10}  {:<22}  {:<22}  {}\n", "", "all", "seen", "unseen");
  row("queries", [](const GroupResult& group) { return fmt::format("{}", group.queries); });
  row("AP", [](const GroupResult& group) { return figureText(group.figures.ap, group.ap); });
  row("AP50", [](const GroupResult& group) { return figureText(group.figures.ap50, group.ap50); });
  row("AP75", [](const GroupResult& group) { return figureText(group.figures.ap75, group.ap75); });
  plain("AP small", &CocoFigures::apSmall);
  plain("AP medium", &CocoFigures::apMedium);
  plain("AP large", &CocoFigures::apLarge);
  plain("AR 1", &CocoFigures::ar1);
  plain("AR 10", &CocoFigures::ar10);
  plain("AR 100", &CocoFigures::ar100);
  plain("AR small", &CocoFigures::arSmall);
  plain("AR medium", &CocoFigures::arMedium);
  plain("AR large", &CocoFigures::arLarge);
  fmt::format_to(out, "\npresence AUROC  {}  ({} queries with the object, {} without)\n",
                 figureText(result.presenceAuroc.value_or(-1), result.presenceInterval),
                 result.queries, result.absentQueries);
  return text;
}

}  // namespace inkling
