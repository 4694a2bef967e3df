// The window: drawing on the left, photos in the middle, the chosen photo large on the right, jobs
// below. It puts the parts together and remembers its state; what they do together is in
// SearchController (drawing and finding), PhotoSources (folders) and FileCommands (files).
//
//   MainWindow window(options);
//   window.show();
#pragma once

#include <QLabel>
#include <QLockFile>
#include <QMainWindow>
#include <QSplitter>
#include <QStackedWidget>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "ui/canvas/autosave.h"
#include "ui/export/export_controller.h"
#include "ui/jobs/exporter.h"
#include "ui/stack/library_panel.h"
#include "ui/window/canvas_panel.h"
#include "ui/window/file_commands.h"
#include "ui/window/message_bar.h"
#include "ui/window/search_controller.h"
#include "ui/window/settings.h"
#include "ui/window/welcome_page.h"
#include "ui/window/window_actions.h"

namespace inkling {

struct WindowOptions {
  QString version;
  std::filesystem::path resources;  ///< holds samples/
  std::filesystem::path model;      ///< empty: none was found, modelProblem says why
  std::string modelProblem;
  LocalizerOptions localizer;
  PhotoPaths sources;    ///< to open; empty: those of the last time, or the welcome page
  QString settingsFile;  ///< see WindowSettings
  std::filesystem::path dataFolder;  ///< autosave and saved drawings
};

class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  explicit MainWindow(const WindowOptions& options);
  ~MainWindow() override;

  // The parts, for tests and for the session player.
  WindowActions& actions() { return *actions_; }
  SketchStack& stack() { return stack_; }
  SketchStackPanel& stackPanel() { return *stackPanel_; }
  SketchLibrary& library() { return library_; }
  LibraryPanel& libraryPanel() { return *libraryPanel_; }
  SketchCanvas& canvas() { return *canvasPanel_->canvas(); }
  PhotoModel& model() { return model_; }
  GalleryPanel& gallery() { return *gallery_; }
  ViewerPanel& viewer() { return *viewer_; }
  JobsPanel& jobs() { return *jobs_; }
  MessageBar& messages() { return *messages_; }
  WelcomePage& welcome() { return *welcome_; }
  SearchController& search() { return *search_; }
  FileCommands& files() { return *files_; }
  ExportController& exports() { return *exports_; }

  /// Folders and photos in place of those that are open.
  void openSources(const PhotoPaths& sources);
  void openSamples();
  /// A drawing of the library, looked for in the bundled photos.
  void trySample(const QString& name);
  void showLibrary(bool shown);
  /// Asks how the detections in the open photos are to be exported, and does so.
  void openExport();
  /// As close(), without questions.
  void closeUnasked();
  void applyThemeNamed(const QString& name);
  void applyLanguageNamed(const QString& name);

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void buildLayout();
  void buildMenus();
  /// Runs `work` when the action is triggered.
  template <typename Work>
  void on(Act act, Work&& work) {
    connect((*actions_)[act], &QAction::triggered, this, std::forward<Work>(work));
  }
  void connectActions();
  void connectDrawing();
  void connectSketchActions();
  void connectViewActions();
  void connectParts();
  void connectMessages();
  void watchScreens();
  void restoreState();
  void saveState();
  void startWork();

  void sourcesListed(ListedPhotos& photos);
  void currentSketchChanged(int row);
  void setTracing(bool on);
  void refreshActions();
  void refreshStatus();
  void keepOnScreen();
  bool agreesToLose();
  bool agreesToStopExport();
  void warn(const QString& text);

  WindowOptions options_;
  WindowSettings settings_;
  SketchStack stack_;
  SketchLibrary library_;
  PhotoModel model_;
  std::filesystem::path drawingsFile_;  ///< of this window alone
  QLockFile drawingsLock_;
  Autosave autosave_;

  WindowActions* actions_;
  MessageBar* messages_;
  CanvasPanel* canvasPanel_;
  SketchStackPanel* stackPanel_;
  LibraryPanel* libraryPanel_;
  QStackedWidget* drawings_;  ///< the stack, or the library
  GalleryPanel* gallery_;
  WelcomePage* welcome_;
  ViewerPanel* viewer_;
  JobsPanel* jobs_;
  QSplitter *columns_, *rows_, *left_;
  QLabel *statusJob_, *statusModel_;
  PhotoSources* sources_;
  SearchController* search_;
  FileCommands* files_ = nullptr;
  ExportController* exports_;
  bool closingUnasked_ = false;
  bool thresholdChosen_ = false;  ///< by a person, or remembered
};

}  // namespace inkling
