#include "ui/window/main_window.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QMessageBox>
#include <QMimeData>
#include <QScreen>
#include <QStatusBar>
#include <QVBoxLayout>
#include <algorithm>

#include <fmt/format.h>

#include "core/base/path.h"
#include "ui/paths/paths.h"
#include "ui/theme/theme.h"
#include "ui/window/language.h"

namespace inkling {

namespace fs = std::filesystem;

namespace {

// Drawings whose things are in the bundled photos, and are found.
QStringList samples() {
  return {QStringLiteral("airplane"),  QStringLiteral("bicycle"),      QStringLiteral("bus"),
          QStringLiteral("car"),       QStringLiteral("flower"),       QStringLiteral("laptop"),
          QStringLiteral("stop sign"), QStringLiteral("traffic light")};
}

constexpr int kColumn = 330;  // width of the drawing side, pixels

QString lockOf(const fs::path& file) { return toQString(file) + QStringLiteral(".lock"); }

// Each window that is open at the same time keeps its drawings in a file of its own; the lock of a
// window that was killed does not count.
fs::path freeDrawings(const fs::path& folder) {
  constexpr int kMostWindows = 9;
  std::error_code code;
  fs::create_directories(folder, code);
  for (int number = 1; number <= kMostWindows; ++number) {
    const fs::path file =
        folder / (number == 1 ? "drawings.json" : fmt::format("drawings-{}.json", number));
    QLockFile lock(lockOf(file));
    lock.setStaleLockTime(0);
    if (lock.tryLock() || lock.error() != QLockFile::LockFailedError) return file;
  }
  return folder / "drawings.json";
}

std::vector<fs::path> libraryOf(const fs::path& resources) {
  return {resources / "samples/sketches", resources / "samples/quickdraw_words.ndjson.gz"};
}

}  // namespace

MainWindow::MainWindow(const WindowOptions& options)
    : options_(options),
      settings_(options.settingsFile),
      library_(libraryOf(options.resources), options.dataFolder / "sketches"),
      drawingsFile_(freeDrawings(options.dataFolder)),
      drawingsLock_(lockOf(drawingsFile_)),
      autosave_(drawingsFile_, {.write = [this] { return stack_.toJson(); },
                                .read =
                                    [this](const std::string& text) {
                                      return stack_.fromJson(text, displayName(drawingsFile_));
                                    }}) {
  drawingsLock_.setStaleLockTime(0);
  drawingsLock_.tryLock();
  setWindowTitle(QStringLiteral("Inkling"));
  setWindowIcon(QIcon(QStringLiteral(":/icons/inkling.svg")));
  setAcceptDrops(true);
  actions_ = new WindowActions(this);
  buildLayout();
  sources_ = new PhotoSources(this);
  search_ = new SearchController(
      {stack_, *stackPanel_, canvas(), model_, *gallery_, *viewer_, *jobs_}, this);
  exports_ = new ExportController(*this, *jobs_, model_);
  files_ = new FileCommands(*this, *stackPanel_, stack_, library_, *jobs_, *search_);
  buildMenus();
  connectActions();
  connectParts();
  connectMessages();
  watchScreens();
  restoreState();
  startWork();
}

// The panels look at members of the window until they go.
MainWindow::~MainWindow() {
  // The drawings were saved on closing; whoever would hear of a failure goes now.
  autosave_.disconnect(this);
  delete exports_;
  delete files_;
  delete search_;
  delete sources_;
  delete takeCentralWidget();
}

void MainWindow::buildLayout() {
  messages_ = new MessageBar;
  canvasPanel_ = new CanvasPanel(stack_.document(0), *actions_);
  stackPanel_ = new SketchStackPanel(stack_);
  libraryPanel_ = new LibraryPanel(library_);
  drawings_ = new QStackedWidget;
  drawings_->addWidget(stackPanel_);
  drawings_->addWidget(libraryPanel_);
  left_ = new QSplitter(Qt::Vertical);
  left_->addWidget(canvasPanel_);
  left_->addWidget(drawings_);
  // The paper is as high as it is wide; what is left goes to the list below.
  left_->setStretchFactor(0, 0);
  left_->setStretchFactor(1, 1);
  left_->setSizes({kColumn + 80, kColumn});
  gallery_ = new GalleryPanel(model_);
  welcome_ = new WelcomePage(library_, samples());
  gallery_->setEmptyPage(welcome_);
  gallery_->addTool((*actions_)[Act::kExportDetections]);
  viewer_ = new ViewerPanel;
  jobs_ = new JobsPanel;

  columns_ = new QSplitter(Qt::Horizontal);
  for (QWidget* part : {static_cast<QWidget*>(left_), static_cast<QWidget*>(gallery_),
                        static_cast<QWidget*>(viewer_)})
    columns_->addWidget(part);
  columns_->setStretchFactor(1, 3);
  columns_->setStretchFactor(2, 4);
  columns_->setSizes({kColumn, 480, 560});
  rows_ = new QSplitter(Qt::Vertical);
  rows_->addWidget(columns_);
  rows_->addWidget(jobs_);
  rows_->setStretchFactor(0, 1);
  rows_->setSizes({700, 150});
  for (QSplitter* splitter : {left_, columns_, rows_}) splitter->setChildrenCollapsible(false);
  jobs_->hide();

  auto* central = new QWidget;
  auto* column = new QVBoxLayout(central);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(messages_);
  column->addWidget(rows_, 1);
  setCentralWidget(central);

  statusJob_ = new QLabel;
  statusModel_ = new QLabel;
  statusBar()->addPermanentWidget(statusJob_);
  statusBar()->addPermanentWidget(statusModel_);
  resize(1380, 860);
}

void MainWindow::startWork() {
  if (options_.model.empty()) {
    warn(QString::fromStdString(options_.modelProblem));
  } else {
    search_->loadModel(options_.model, options_.localizer);
  }
  if (!options_.sources.empty()) {
    openSources(options_.sources);
  } else {
    PhotoPaths last;
    for (const QString& source : settings_.value("sources").toStringList()) {
      std::error_code code;
      if (fs::exists(toPath(source), code)) last.push_back(toPath(source));
    }
    if (!last.empty()) openSources(last);
  }
  autosave_.restore();
  refreshActions();
  refreshStatus();
}

// Photos ----------------------------------------------------------------------------------------

void MainWindow::openSources(const PhotoPaths& sources) {
  QStringList names;
  for (const fs::path& source : sources) {
    names << toQString(source);
    std::error_code code;
    if (fs::is_directory(source, code))
      settings_.addRecentFolder(toQString(fs::absolute(source, code).lexically_normal()));
  }
  settings_.setValue("sources", names);
  gallery_->setRecentFolders(settings_.recentFolders());
  gallery_->setListing(0);
  sources_->open(sources);
  gallery_->setSourceName(sources_->name());
  setWindowTitle(tr("%1 – Inkling").arg(sources_->name()));
}

void MainWindow::openSamples() { openSources({options_.resources / "samples/photos"}); }

void MainWindow::trySample(const QString& name) {
  for (int row = 0; row < library_.count(); ++row) {
    if (library_.name(row) != name) continue;
    try {
      stackPanel_->take(library_.sketch(row), name);
      openSamples();
    } catch (const Error& error) {
      warn(QString::fromStdString(error.what()));
    }
    return;
  }
}

void MainWindow::sourcesListed(ListedPhotos& photos) {
  const bool complete = photos.complete;
  const bool empty = photos.paths.empty();
  search_->setPhotos(photos);
  if (complete) gallery_->setListing({});
  // Somebody who opens a single photo wants to see it.
  if (complete && model_.photoCount() == 1 && !gallery_->currentPhoto()) gallery_->selectPhoto(0);
  if (complete && empty) statusBar()->showMessage(tr("There is no photo in this folder"), 8000);
}

// State -----------------------------------------------------------------------------------------

void MainWindow::restoreState() {
  applyThemeNamed(settings_.value("theme", QStringLiteral("system")).toString());
  applyLanguageNamed(settings_.value("language").toString());
  actions_->restoreShortcuts(settings_.value("shortcuts").toMap());
  restoreGeometry(settings_.value("geometry").toByteArray());
  for (const auto& [key, splitter] :
       {std::pair{"columns", columns_}, {"rows", rows_}, {"left", left_}}) {
    const QByteArray state = settings_.value(key).toByteArray();
    if (!state.isEmpty()) splitter->restoreState(state);
  }
  thresholdChosen_ = settings_.value("threshold_chosen", false).toBool();
  gallery_->setOrder(PhotoModel::Order::kScore);
  gallery_->restore(settings_.value("gallery").toMap());
  viewer_->restore(settings_.value("viewer").toMap());
  viewer_->setThreshold(gallery_->threshold());
  canvasPanel_->restore(settings_.value("canvas").toMap());
  exports_->restore(settings_.value("export").toMap());
  gallery_->setRecentFolders(settings_.recentFolders());
  jobs_->setVisible(settings_.value("jobs_shown", false).toBool());
  keepOnScreen();
}

void MainWindow::saveState() {
  settings_.setValue("geometry", saveGeometry());
  settings_.setValue("columns", columns_->saveState());
  settings_.setValue("rows", rows_->saveState());
  settings_.setValue("left", left_->saveState());
  settings_.setValue("gallery", gallery_->state());
  settings_.setValue("viewer", viewer_->state());
  settings_.setValue("canvas", canvasPanel_->state());
  settings_.setValue("threshold_chosen", thresholdChosen_);
  settings_.setValue("shortcuts", actions_->shortcuts());
  settings_.setValue("jobs_shown", jobs_->isVisibleTo(this));
  settings_.save();
}

void MainWindow::closeEvent(QCloseEvent* event) {
  saveState();
  const bool stops = closingUnasked_ || !exports_->isRunning() || agreesToStopExport();
  event->setAccepted(stops && (autosave_.flush() || closingUnasked_ || agreesToLose()));
  if (event->isAccepted()) exports_->cancel();
}

// Closing by a signal: there may be nobody to ask.
void MainWindow::closeUnasked() {
  closingUnasked_ = true;
  close();
}

bool MainWindow::agreesToStopExport() {
  QMessageBox question(QMessageBox::Question, QStringLiteral("Inkling"),
                       tr("An export is running. Stop it, and close?"), QMessageBox::NoButton,
                       this);
  question.setInformativeText(
      tr("What it has written is kept. Export into the same folder again to go on with it."));
  const auto* stop = question.addButton(tr("Stop and close"), QMessageBox::AcceptRole);
  question.setDefaultButton(question.addButton(tr("Go back"), QMessageBox::RejectRole));
  question.exec();
  return question.clickedButton() == stop;
}

bool MainWindow::agreesToLose() {
  if (stack_.query().empty()) return true;
  QMessageBox question(QMessageBox::Warning, QStringLiteral("Inkling"),
                       tr("The drawings cannot be kept until the next start. Close all the same?"),
                       QMessageBox::NoButton, this);
  question.setInformativeText(messages_->text());
  const auto* lose = question.addButton(tr("Close and lose them"), QMessageBox::DestructiveRole);
  question.setDefaultButton(question.addButton(tr("Go back"), QMessageBox::RejectRole));
  question.exec();
  return question.clickedButton() == lose;
}

void MainWindow::watchScreens() {
  // A monitor that is unplugged must not take the window with it.
  connect(qApp, &QGuiApplication::screenRemoved, this, &MainWindow::keepOnScreen,
          Qt::QueuedConnection);
  for (const QScreen* screen : QGuiApplication::screens())
    connect(screen, &QScreen::availableGeometryChanged, this, &MainWindow::keepOnScreen);
}

void MainWindow::keepOnScreen() {
  if (isMaximized() || isFullScreen()) return;
  QList<QRect> screens;
  for (const QScreen* screen : QGuiApplication::screens()) screens << screen->availableGeometry();
  const QRect frame = frameGeometry();
  const QRect wanted = visibleFrame(frame, screens);
  if (wanted == frame) return;
  resize(wanted.size());
  move(wanted.topLeft());
}

void MainWindow::applyThemeNamed(const QString& name) {
  const Theme theme = themeFromName(name);
  applyTheme(theme);
  settings_.setValue("theme", nameOf(theme));
  refreshActions();
}

void MainWindow::applyLanguageNamed(const QString& name) {
  applyLanguage(name);
  settings_.setValue("language", name);
  refreshActions();
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange && files_ != nullptr) {
    actions_->retranslate();
    buildMenus();
    refreshStatus();
  }
  QMainWindow::changeEvent(event);
}

// Drops beside the canvas and the gallery -------------------------------------------------------

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const PhotoPaths sources = localPaths(event->mimeData()->urls());
  if (sources.empty()) return;
  event->acceptProposedAction();
  openSources(sources);
}

}  // namespace inkling
