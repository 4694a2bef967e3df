#include "ui/window/file_commands.h"

#include <QFileDialog>
#include <QInputDialog>
#include <QLocale>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/image/photo_reader.h"
#include "core/search/feature_cache.h"
#include "core/sketch/rasterise.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"
#include "ui/paths/paths.h"

namespace inkling {
namespace {

constexpr double kGiB = 1 << 30, kMostGiB = 10'000;

QString patterns(const std::vector<std::string>& extensions) {
  QStringList all;
  for (const std::string& extension : extensions)
    all << QStringLiteral("*") + QString::fromStdString(extension);
  return all.join(QLatin1Char(' '));
}

// The drawing as a card for the corner of an exported picture.
Image cardOf(const Sketch& sketch) {
  constexpr int kSide = 240;
  const InkRaster page = renderPage(sketch, kSide, 4.0F);
  Image card({page.width, page.height});
  for (std::size_t i = 0; i < page.ink.size(); ++i) {
    const auto grey = static_cast<std::uint8_t>(255 - page.ink[i]);
    std::fill_n(card.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i), 3, grey);
  }
  return card;
}

}  // namespace

FileCommands::FileCommands(QWidget& window, SketchStackPanel& stackPanel, SketchStack& stack,
                           SketchLibrary& library, JobsPanel& jobs, SearchController& search)
    : QObject(&window),
      window_(window),
      stackPanel_(stackPanel),
      stack_(stack),
      library_(library),
      jobs_(jobs),
      search_(search) {
  connectExporter();
}

// Drawings --------------------------------------------------------------------------------------

void FileCommands::importSketch(const std::filesystem::path& file) {
  try {
    const Sketch sketch = readSketch(file);
    stackPanel_.take(sketch, shownName(file.stem()));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

void FileCommands::askImportSketch() {
  const QString file = QFileDialog::getOpenFileName(
      &window_, tr("Import a drawing"), lastFolder_,
      tr("Drawings (%1)").arg(patterns(sketchExtensions()) + QStringLiteral(" *.ndjson.gz")));
  if (file.isEmpty()) return;
  lastFolder_ = QFileInfo(file).path();
  importSketch(toPath(file));
}

void FileCommands::saveSketch(const std::filesystem::path& file) {
  try {
    const int row = stackPanel_.currentRow();
    Sketch sketch = stack_.document(row).sketch();
    sketch.name = stack_.name(row).toStdString();
    validate(sketch);
    writeSketch(file, sketch);
    Q_EMIT done(tr("Saved as %1").arg(shownName(file)));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

void FileCommands::askSaveSketch() {
  QString file = QFileDialog::getSaveFileName(
      &window_, tr("Save the drawing"), lastFolder_,
      tr("Inkling drawing (*.json);;SVG (*.svg);;PNG (*.png);;QuickDraw (*.ndjson)"));
  if (file.isEmpty()) return;
  lastFolder_ = QFileInfo(file).path();
  if (QFileInfo(file).suffix().isEmpty()) file += QStringLiteral(".json");
  saveSketch(toPath(file));
}

void FileCommands::keepInLibrary(const QString& name) {
  try {
    library_.save(stack_.document(stackPanel_.currentRow()).sketch(), name);
    Q_EMIT done(tr("“%1” is in the library now").arg(name));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

void FileCommands::askKeepInLibrary() {
  bool yes = false;
  const int row = stackPanel_.currentRow();
  const QString name =
      QInputDialog::getText(&window_, tr("Keep in the library"), tr("Name of the drawing:"),
                            QLineEdit::Normal, stack_.name(row), &yes);
  if (yes && !name.trimmed().isEmpty()) keepInLibrary(name.trimmed());
}

// The cache -------------------------------------------------------------------------------------

void FileCommands::setCacheLimit(double gibibytes) {
  try {
    FeatureCache::chooseLimit(FeatureCache::defaultFile(),
                              static_cast<std::uint64_t>(gibibytes * kGiB));
    search_.takeCacheLimit();
    Q_EMIT done(tr("What is known of photos takes %1 GB of the disk at most")
                    .arg(QLocale().toString(gibibytes, 'f', 1)));
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

void FileCommands::askCacheLimit() {
  const std::filesystem::path file = FeatureCache::defaultFile();
  std::error_code code;
  const auto used = std::filesystem::file_size(file, code);
  bool yes = false;
  const double chosen = QInputDialog::getDouble(
      &window_, tr("Disk space for known photos"),
      tr("Photos that were looked at once are kept in mind, so that they are searched at once the "
         "next time. This takes %1 GB of the disk now.\n\nGB at most (0 keeps nothing):")
          .arg(QLocale().toString(code ? 0.0 : static_cast<double>(used) / kGiB, 'f', 1)),
      static_cast<double>(FeatureCache::chosenLimit(file)) / kGiB, 0, kMostGiB, 1, &yes);
  if (yes) setCacheLimit(chosen);
}

// Exports ---------------------------------------------------------------------------------------

void FileCommands::connectExporter() {
  connect(&exporter_, &Exporter::progressed, this,
          [this](std::size_t done, std::size_t total, const QString& photo, double share) {
            if (!job_) return;
            job_->setProgress(done, total);
            job_->setInHand(photo, share);
          });
  connect(&exporter_, &Exporter::photoFailed, this,
          [this](const QString& photo, const QString& reason) {
            if (job_) job_->addFailure(photo, reason);
          });
  connect(&exporter_, &Exporter::finished, this,
          [this](std::size_t written, bool cancelled, const QString& reason) {
            if (!reason.isEmpty()) {
              if (job_) job_->finish(Job::State::kFailed, reason);
              Q_EMIT failed(reason);
              return;
            }
            const QString text = tr("%n photo(s) exported", nullptr, static_cast<int>(written));
            if (job_) job_->finish(cancelled ? Job::State::kCancelled : Job::State::kDone, text);
            Q_EMIT done(text);
          });
}

void FileCommands::exportMatches(const std::filesystem::path& target, MatchesFormat format) {
  if (exporter_.isRunning()) {
    Q_EMIT failed(tr("An export is still running. Wait for it, or cancel it among the jobs."));
    return;
  }
  ExportRequest request;
  request.report = search_.report();
  request.target = target;
  request.format = format;
  if (request.report.photos.empty()) {
    Q_EMIT failed(
        tr("There is nothing to export: no photo has a box from the threshold up. Draw "
           "something, or lower the threshold."));
    return;
  }
  const DrawnQuery query = stack_.query();
  if (format == MatchesFormat::kPictures && !query.empty())
    request.card = cardOf(query.wanted.front().sketch);
  Json names = Json::array();
  for (const int row : query.wantedRows)
    names.push_back(stack_.index(row).data().toString().toStdString());
  request.report.query = {{"sketches", std::move(names)},
                          {"model", search_.facts() ? displayName(search_.facts()->file) : ""}};
  job_ = jobs_.add(tr("Export"));
  job_->setProgress(0, request.report.photos.size());
  connect(job_, &Job::pauseRequested, this, [this](bool pause) {
    exporter_.setPaused(pause);
    if (job_) job_->setPaused(pause);
  });
  connect(job_, &Job::cancelRequested, this, [this] { exporter_.cancel(); });
  exporter_.start(std::move(request));
}

void FileCommands::askExport(MatchesFormat format) {
  QString target;
  if (format == MatchesFormat::kPictures) {
    target =
        QFileDialog::getExistingDirectory(&window_, tr("Folder for the pictures"), lastFolder_);
  } else {
    const bool csv = format == MatchesFormat::kCsv;
    const QString suffix = csv ? QStringLiteral(".csv") : QStringLiteral(".json");
    target = QFileDialog::getSaveFileName(&window_, tr("Export matches"), lastFolder_,
                                          csv ? tr("Table (*.csv)") : tr("JSON (*.json)"));
    if (!target.isEmpty() && QFileInfo(target).suffix().isEmpty()) target += suffix;
  }
  if (target.isEmpty()) return;
  lastFolder_ = QFileInfo(target).path();
  exportMatches(toPath(target), format);
}

// What to open ----------------------------------------------------------------------------------

std::filesystem::path FileCommands::askFolder() {
  return toPath(QFileDialog::getExistingDirectory(&window_, tr("Open a folder of photos")));
}

std::vector<std::filesystem::path> FileCommands::askPhotos() {
  std::vector<std::filesystem::path> photos;
  for (const QString& file : QFileDialog::getOpenFileNames(
           &window_, tr("Open photos"), {}, tr("Photos (%1)").arg(patterns(photoExtensions()))))
    photos.push_back(toPath(file));
  return photos;
}

std::filesystem::path FileCommands::askModel() {
  return toPath(QFileDialog::getOpenFileName(&window_, tr("Choose a model"), {},
                                             tr("Models (*.safetensors)")));
}

}  // namespace inkling
