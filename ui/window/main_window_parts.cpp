// How the parts of the window hear of each other, and what is said of problems; see main_window.h.
#include <QMenuBar>
#include <QStatusBar>

#include "ui/paths/paths.h"
#include "ui/window/main_window.h"

namespace inkling {

void MainWindow::connectParts() {
  connect(stackPanel_, &SketchStackPanel::currentRowChanged, this,
          &MainWindow::currentSketchChanged);
  connect(&stack_, &SketchStack::edited, &autosave_, &Autosave::noteChange);
  connect(&stack_, &SketchStack::edited, this, &MainWindow::refreshActions);
  connect(stackPanel_, &SketchStackPanel::libraryRequested, this, [this] { showLibrary(true); });
  connect(stackPanel_, &SketchStackPanel::saveRequested, files_, &FileCommands::askKeepInLibrary);
  connect(libraryPanel_, &LibraryPanel::closeRequested, this, [this] { showLibrary(false); });
  connect(libraryPanel_, &LibraryPanel::chosen, this,
          [this](const Sketch& sketch, const QString& name) {
            stackPanel_->take(sketch, name);
            showLibrary(false);
          });
  connect(sources_, &PhotoSources::listed, this, &MainWindow::sourcesListed);
  connect(sources_, &PhotoSources::counted, this,
          [this](std::size_t photos) { gallery_->setListing(photos); });
  connect(gallery_, &GalleryPanel::sourcesDropped, this, &MainWindow::openSources);
  connect(gallery_, &GalleryPanel::openRequested, (*actions_)[Act::kOpenFolder], &QAction::trigger);
  connect(gallery_, &GalleryPanel::recentChosen, this,
          [this](const QString& folder) { openSources({toPath(folder)}); });
  connect(gallery_, &GalleryPanel::clearRecentRequested, this, [this] {
    settings_.clearRecentFolders();
    gallery_->setRecentFolders({});
  });
  connect(gallery_, &GalleryPanel::thresholdChanged, this, [this] { thresholdChosen_ = true; });
  connect(gallery_, &GalleryPanel::photoOpened, viewer_->view(),
          [this] { viewer_->view()->setFocus(); });
  connect(welcome_, &WelcomePage::sampleChosen, this, &MainWindow::trySample);
  connect(welcome_, &WelcomePage::samplesRequested, this, &MainWindow::openSamples);
  connect(welcome_, &WelcomePage::folderRequested, (*actions_)[Act::kOpenFolder],
          &QAction::trigger);
  connect(viewer_, &ViewerPanel::photoShown, this, &MainWindow::refreshActions);
  connect(viewer_, &ViewerPanel::attentionWanted, this, &MainWindow::refreshActions);
  connect(jobs_, &JobsPanel::changed, this, &MainWindow::refreshStatus);
  connect(&model_, &PhotoModel::countsChanged, this, &MainWindow::refreshActions);
  connect(menuBar(), &QMenuBar::hovered, this, &MainWindow::refreshActions);
  connect(actions_, &WindowActions::shortcutsChanged, this,
          [this] { settings_.setValue("shortcuts", actions_->shortcuts()); });
}

void MainWindow::connectMessages() {
  const auto tell = [this](const QString& text) { warn(text); };
  connect(&canvas(), &SketchCanvas::refused, this, tell);
  connect(stackPanel_, &SketchStackPanel::refused, this, tell);
  connect(libraryPanel_, &LibraryPanel::failed, this, tell);
  connect(viewer_, &ViewerPanel::failed, this, tell);
  connect(search_, &SearchController::failed, this, tell);
  connect(files_, &FileCommands::failed, this, tell);
  connect(sources_, &PhotoSources::failed, this, tell);
  connect(exports_, &ExportController::failed, this, tell);
  connect(exports_, &ExportController::done, this,
          [this](const QString& text) { statusBar()->showMessage(text, 8000); });
  // Where it is paused and cancelled.
  connect(exports_, &ExportController::begun, this, [this] {
    jobs_->show();
    refreshActions();
  });
  connect(exports_, &ExportController::stateChanged, this,
          [this] { settings_.setValue("export", exports_->state()); });
  connect(files_, &FileCommands::done, this,
          [this](const QString& text) { statusBar()->showMessage(text, 8000); });
  connect(viewer_, &ViewerPanel::pictureCopied, this,
          [this] { statusBar()->showMessage(tr("The picture is on the clipboard"), 5000); });
  connect(viewer_, &ViewerPanel::pictureSaved, this, [this](const std::filesystem::path& file) {
    statusBar()->showMessage(tr("Saved as %1").arg(shownName(file)), 8000);
  });
  connect(sources_, &PhotoSources::gone, this, [this](const QString& folder) {
    messages_->tell(MessageBar::Kind::kWarning,
                    tr("The folder %1 is gone. Its photos cannot be read until it is back; what "
                       "was found is kept.")
                        .arg(folder),
                    tr("Open another folder…"),
                    [this] { (*actions_)[Act::kOpenFolder]->trigger(); });
  });
  connect(&autosave_, &Autosave::failed, this, [this](const QString& reason) {
    warn(tr("The drawings cannot be kept safe: %1. Save them by hand (File, Save the drawing).")
             .arg(reason));
  });
  connect(search_, &SearchController::modelLoaded, this, [this](const ModelFacts& facts) {
    if (!thresholdChosen_) {
      const QSignalBlocker quiet(gallery_);  // nobody has chosen this one
      gallery_->setThreshold(facts.threshold);
      viewer_->setThreshold(facts.threshold);
    }
    refreshStatus();
  });
  connect(search_, &SearchController::modelFailed, this, [this](const QString& reason) {
    messages_->tell(MessageBar::Kind::kWarning,
                    tr("The model cannot be loaded, so nothing can be found: %1. Drawing and "
                       "looking at photos work.")
                        .arg(reason),
                    tr("Choose a model…"), [this] { (*actions_)[Act::kChooseModel]->trigger(); });
    refreshStatus();
  });
  connect(search_, &SearchController::pausedChanged, this,
          [this](bool paused) { (*actions_)[Act::kPauseSearch]->setChecked(paused); });
  if (!settings_.isWritable()) messages_->tell(MessageBar::Kind::kInfo, settings_.reason());
}

void MainWindow::warn(const QString& text) { messages_->tell(MessageBar::Kind::kWarning, text); }

void MainWindow::currentSketchChanged(int row) {
  if (row < 0 || row >= stack_.count()) return;
  canvas().setDocument(stack_.document(row));
  refreshActions();
}

void MainWindow::showLibrary(bool shown) {
  drawings_->setCurrentWidget(shown ? static_cast<QWidget*>(libraryPanel_) : stackPanel_);
  if (shown) libraryPanel_->searchField()->setFocus();
  refreshActions();
}

void MainWindow::openExport() {
  const auto& facts = search_->facts();
  exports_->open({exportSources(sources_->sources()), exportDrawings(stack_),
                  facts ? facts->file : std::filesystem::path(), gallery_->threshold(),
                  options_.localizer.device});
}

void MainWindow::setTracing(bool on) {
  constexpr double kLargest = 1024;  // pixels: more are not seen under a drawing
  const LoadedPhoto& photo = viewer_->view()->photo();
  canvas().setTracing(on && !photo.isNull() ? photo.levelFor(kLargest) : QImage());
  refreshActions();
}

void MainWindow::refreshStatus() {
  statusJob_->setText(jobs_->summary());
  const auto& facts = search_->facts();
  statusModel_->setText(facts ? shownName(facts->file.stem()) : tr("no model"));
  statusModel_->setToolTip(facts ? tr("The model that finds; its card is in Help, About")
                                 : tr("Choose a model in the File menu"));
}

}  // namespace inkling
