// What the File menu does with files: drawings in and out, matches out. The commands that ask for a
// name have a twin that is told it.
#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>
#include <filesystem>

#include "ui/jobs/exporter.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/stack/sketch_library.h"
#include "ui/stack/sketch_stack_panel.h"
#include "ui/window/search_controller.h"

namespace inkling {

class FileCommands : public QObject {
  Q_OBJECT

 public:
  /// All outlive the commands; `window` is the parent of dialogs.
  FileCommands(QWidget& window, SketchStackPanel& stackPanel, SketchStack& stack,
               SketchLibrary& library, JobsPanel& jobs, SearchController& search);

  /// The first drawing of the file becomes the current one (or a new one, if that is not blank).
  void importSketch(const std::filesystem::path& file);
  void askImportSketch();
  /// In the format of the extension.
  void saveSketch(const std::filesystem::path& file);
  void askSaveSketch();
  void keepInLibrary(const QString& name);
  void askKeepInLibrary();

  /// Of all photos with boxes from the threshold up. Told about by a job.
  void exportMatches(const std::filesystem::path& target, MatchesFormat format);
  void askExport(MatchesFormat format);

  /// How much of the disk what is known of photos may take, in GiB; 0 keeps nothing.
  void setCacheLimit(double gibibytes);
  void askCacheLimit();

  std::filesystem::path askFolder();
  std::vector<std::filesystem::path> askPhotos();
  std::filesystem::path askModel();

 Q_SIGNALS:
  void done(const QString& message);
  void failed(const QString& reason);

 private:
  void connectExporter();

  QWidget& window_;
  SketchStackPanel& stackPanel_;
  SketchStack& stack_;
  SketchLibrary& library_;
  JobsPanel& jobs_;
  SearchController& search_;
  Exporter exporter_;
  QPointer<Job> job_;
  QString lastFolder_;
};

}  // namespace inkling
