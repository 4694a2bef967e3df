#include "ui/export/export_texts.h"

#include <QLocale>
#include <QStringList>

#include "ui/paths/paths.h"

namespace inkling {
namespace {

QString grouped(std::int64_t count) { return QLocale().toString(static_cast<qlonglong>(count)); }

}  // namespace

QString ExportTexts::format(const std::string& name) {
  if (name == "coco") return tr("COCO (JSON)");
  if (name == "yolo") return tr("YOLO (text files)");
  if (name == "voc") return tr("Pascal VOC (XML files)");
  if (name == "csv") return tr("Table (CSV)");
  if (name == "pictures") return tr("Annotated pictures");
  return tr("Crops");
}

QString ExportTexts::aboutFormat(const std::string& name) {
  if (name == "coco")
    return tr(
        "One file with all photos and all boxes with their scores, which most programs for "
        "training and evaluation read.");
  if (name == "yolo")
    return tr("A text file for each photo, with its boxes as fractions of its width and height.");
  if (name == "voc") return tr("An XML file for each photo, with its boxes in whole pixels.");
  if (name == "csv") return tr("One table with a row for each box, for spreadsheets and scripts.");
  if (name == "pictures")
    return tr("A copy of each photo with a match, with the boxes drawn on it.");
  return tr("Each box cut out of its photo, as a picture of its own.");
}

QString ExportTexts::source(const ExportSource& source) {
  if (source.photos)
    return tr("%Ln single photo(s)", nullptr, static_cast<int>(source.photos->size()));
  return shownName(source.folder.filename());
}

QString ExportTexts::setting(const std::string& key) {
  if (key == "format") return tr("format");
  if (key == "categories") return tr("category");
  if (key == "folder") return tr("photos");
  if (key == "query") return tr("drawings");
  if (key == "model") return tr("model");
  if (key == "threshold") return tr("threshold");
  return tr("options");
}

QString ExportTexts::overwritten(const ExportPlace& place) {
  if (place.overwrittenCount == 0) return {};
  QStringList names;
  for (const auto& file : place.overwritten) names << shownName(file);
  if (place.overwrittenCount > place.overwritten.size()) names << QStringLiteral("…");
  return tr("%Ln file(s) that are there would be overwritten: %1", nullptr,
            static_cast<int>(place.overwrittenCount))
      .arg(names.join(QStringLiteral(", ")));
}

QString ExportTexts::place(const ExportPlace& place) {
  if (!place.problem.empty()) return withoutOptions(place.problem);
  QStringList sentences;
  const auto photos = static_cast<int>(place.photos);
  if (place.canResume()) {
    sentences << tr("An unfinished export with these settings is in this folder: %1 of %Ln photos "
                    "are done. It can be resumed.",
                    nullptr, photos)
                     .arg(grouped(static_cast<std::int64_t>(place.done)));
  } else if (place.state == JobState::unfinished) {
    QStringList keys;
    for (const std::string& key : place.differing) {
      if (!keys.contains(setting(key))) keys << setting(key);
    }
    sentences << tr("An unfinished export with other settings (%1) is in this folder. Starting "
                    "anew removes what it has written.")
                     .arg(keys.join(QStringLiteral(", ")));
  } else if (place.state == JobState::finished) {
    sentences << tr("A finished export (%1, %Ln photos) is in this folder. Replacing it removes "
                    "what it has written.",
                    nullptr, photos)
                     .arg(format(place.format));
  }
  if (const QString files = overwritten(place); !files.isEmpty()) sentences << files;
  return sentences.join(QLatin1Char('\n'));
}

QString ExportTexts::outcome(const ExportEnd& end) {
  const ExportOutcome& outcome = end.outcome;
  QString text = tr("%Ln box(es) in %1 of %2 photos", nullptr, static_cast<int>(outcome.boxes))
                     .arg(grouped(outcome.matched), grouped(outcome.photos));
  if (outcome.failed > 0)
    text += tr("; %Ln photo(s) could not be read, see failures.csv", nullptr,
               static_cast<int>(outcome.failed));
  return text;
}

}  // namespace inkling
