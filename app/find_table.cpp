#include "app/find_table.h"

#include <iterator>

#include <fmt/format.h>

#include "app/console.h"

namespace inkling {

std::string toTableText(const FindReport& report) {
  std::string text;
  const auto out = std::back_inserter(text);
  const std::size_t without = report.withoutMatch;
  for (const FoundPhoto& photo : report.photos) {
    if (photo.boxes.empty()) continue;
    if (text.empty()) {
      fmt::format_to(out, "{:>5}  {:>5}  {:<27}  {}\n", "score", "boxes",
                     "best box (x y width height)", "photo");
    }
    const Box& box = photo.boxes.front().box;
    const std::string place =
        fmt::format("{:6.0f} {:6.0f} {:6.0f} {:6.0f}", box.x, box.y, box.width, box.height);
    // Photos stand last: their names may be long, and wide in some scripts.
    fmt::format_to(out, "{:5.2f}  {:5}  {:<27}  {}\n", photo.score, photo.boxes.size(), place,
                   printable(photo.path.native()));
  }
  if (without > 0) {
    if (text.empty()) {
      fmt::format_to(out, "no match in {} (threshold {:.2f})\n", counted(without, "photo"),
                     report.threshold);
    } else {
      fmt::format_to(out, "{} without a match (threshold {:.2f})\n", counted(without, "photo"),
                     report.threshold);
    }
  }
  for (const SearchedIndex& index : report.indexes) {
    if (index.looked < index.photos) {
      fmt::format_to(out, "looked closely at the best {} of {} indexed\n", index.looked,
                     counted(static_cast<std::size_t>(index.photos), "photo"));
    }
  }
  if (!report.failed.empty()) {
    fmt::format_to(out, "{} could not be used\n", counted(report.failed.size(), "input"));
  }
  return text;
}

}  // namespace inkling
