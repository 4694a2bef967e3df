// The menus of the window, and what its actions do; see main_window.h.
#include <QActionGroup>
#include <QMenuBar>
#include <QStatusBar>
#include <initializer_list>

#include "core/base/path.h"
#include "ui/theme/theme.h"
#include "ui/window/about_dialog.h"
#include "ui/window/language.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcuts_dialog.h"

namespace inkling {
namespace {

constexpr Act kLine = Act::kCount;  // a separator

void fill(QMenu* menu, const WindowActions& actions, std::initializer_list<Act> acts) {
  for (const Act act : acts) {
    if (act == kLine)
      menu->addSeparator();
    else
      menu->addAction(actions[act]);
  }
}

}  // namespace

void MainWindow::buildMenus() {
  menuBar()->clear();
  // Those of the other language; one of them may be open at the moment.
  for (QMenu* menu : menuBar()->findChildren<QMenu*>(QString(), Qt::FindDirectChildrenOnly))
    menu->deleteLater();
  const WindowActions& actions = *actions_;
  const auto menu = [&](Act first) { return menuBar()->addMenu(actions.menuName(first)); };
  fill(menu(Act::kOpenFolder), actions,
       {Act::kOpenFolder, Act::kOpenPhotos, Act::kOpenSamples, kLine, Act::kImportSketch,
        Act::kSaveSketch, kLine, Act::kExportDetections, Act::kExportTable, Act::kExportJson,
        Act::kExportPictures, kLine, Act::kChooseModel, Act::kCacheLimit, kLine, Act::kQuit});
  fill(menu(Act::kUndo), actions,
       {Act::kUndo, Act::kRedo, kLine, Act::kCopySketch, Act::kPasteSketch, kLine, Act::kClear,
        Act::kMirror, kLine, Act::kShortcuts});
  fill(menu(Act::kPen), actions,
       {Act::kPen, Act::kEraser, Act::kStrokeEraser, Act::kHand, Act::kTrace, Act::kResetCanvas,
        kLine, Act::kNewSketch, Act::kDuplicateSketch, Act::kRemoveSketch, Act::kRestoreSketch,
        Act::kSketchUp, Act::kSketchDown, Act::kSketchOnOff, Act::kSketchNot, kLine,
        Act::kKeepSketch, Act::kLibrary});
  fill(menu(Act::kSortByScore), actions,
       {Act::kSortByScore, Act::kSortByName, Act::kMatchesOnly, kLine, Act::kPauseSearch,
        Act::kCancelSearch});
  QMenu* view = menu(Act::kZoomIn);
  fill(view, actions,
       {Act::kZoomIn, Act::kZoomOut, Act::kZoomFit, Act::kZoomActual, kLine, Act::kBoxes,
        Act::kAttention, Act::kSplit, kLine, Act::kNextBox, Act::kPreviousBox, Act::kNextPhoto,
        Act::kPreviousPhoto, kLine, Act::kCopyPicture, Act::kSavePicture, kLine, Act::kJobs,
        Act::kFullScreen});
  fill(view->addMenu(tr("&Theme")), actions,
       {Act::kThemeSystem, Act::kThemeLight, Act::kThemeDark});
  // Whoever cannot read the language that is set must find this one.
  fill(view->addMenu(tr("&Language / 语言")), actions,
       {Act::kLanguageSystem, Act::kLanguageEnglish, Act::kLanguageChinese});
  fill(menu(Act::kWelcome), actions, {Act::kWelcome, kLine, Act::kAbout});
}

void MainWindow::connectActions() {
  on(Act::kOpenFolder, [this] {
    const auto folder = files_->askFolder();
    if (!folder.empty()) openSources({folder});
  });
  on(Act::kOpenPhotos, [this] {
    const auto photos = files_->askPhotos();
    if (!photos.empty()) openSources(photos);
  });
  on(Act::kOpenSamples, [this] { openSamples(); });
  on(Act::kImportSketch, [this] { files_->askImportSketch(); });
  on(Act::kSaveSketch, [this] { files_->askSaveSketch(); });
  on(Act::kExportDetections, [this] { openExport(); });
  on(Act::kExportTable, [this] { files_->askExport(MatchesFormat::kCsv); });
  on(Act::kExportJson, [this] { files_->askExport(MatchesFormat::kJson); });
  on(Act::kExportPictures, [this] { files_->askExport(MatchesFormat::kPictures); });
  on(Act::kChooseModel, [this] {
    const auto model = files_->askModel();
    if (!model.empty()) search_->loadModel(model, options_.localizer);
  });
  on(Act::kCacheLimit, [this] { files_->askCacheLimit(); });
  on(Act::kQuit, [this] { close(); });
  on(Act::kShortcuts, [this] { ShortcutsDialog(*actions_, this).exec(); });
  // And back to the photos, if any are open.
  on(Act::kWelcome,
     [this] { gallery_->setSourceName(welcome_->isVisible() ? sources_->name() : QString()); });
  on(Act::kAbout, [this] { AboutDialog(options_.version, search_->facts(), this).exec(); });
  connectDrawing();
  connectSketchActions();
  connectViewActions();
}

void MainWindow::connectDrawing() {
  const auto document = [this]() -> SketchDocument& { return canvas().document(); };
  on(Act::kUndo, [document] { document().history()->undo(); });
  on(Act::kRedo, [document] { document().history()->redo(); });
  on(Act::kCopySketch, [this] { canvas().copy(); });
  on(Act::kPasteSketch, [this] { canvas().paste(); });
  on(Act::kClear, [document] { document().clear(); });
  on(Act::kMirror, [document] { document().mirror(); });
  on(Act::kTrace, [this](bool checked) { setTracing(checked); });
}

void MainWindow::connectSketchActions() {
  on(Act::kNewSketch, [this] { stackPanel_->addBlank(); });
  on(Act::kDuplicateSketch, [this] { stackPanel_->duplicateCurrent(); });
  on(Act::kRemoveSketch, [this] { stackPanel_->removeCurrent(); });
  on(Act::kRestoreSketch, [this] { stack_.restoreRemoved(); });
  on(Act::kSketchUp, [this] { stackPanel_->moveCurrent(-1); });
  on(Act::kSketchDown, [this] { stackPanel_->moveCurrent(1); });
  on(Act::kSketchOnOff, [this] {
    const int row = stackPanel_->currentRow();
    stack_.setOn(row, !stack_.isOn(row));
  });
  on(Act::kSketchNot,
     [this](bool checked) { stack_.setWanted(stackPanel_->currentRow(), !checked); });
  on(Act::kKeepSketch, [this] { files_->askKeepInLibrary(); });
  on(Act::kLibrary, [this](bool checked) { showLibrary(checked); });
}

void MainWindow::connectViewActions() {
  const auto then = [this](auto&& work) {
    return [this, work] {
      work();
      refreshActions();
    };
  };
  on(Act::kSortByScore, then([this] { gallery_->setOrder(PhotoModel::Order::kScore); }));
  on(Act::kSortByName, then([this] { gallery_->setOrder(PhotoModel::Order::kName); }));
  on(Act::kMatchesOnly, then([this] { gallery_->setOnlyMatches(!model_.onlyMatches()); }));
  on(Act::kPauseSearch, [this](bool checked) { search_->setPaused(checked); });
  on(Act::kCancelSearch, [this] { search_->cancel(); });
  on(Act::kZoomIn, [this] { viewer_->zoomIn(); });
  on(Act::kZoomOut, [this] { viewer_->zoomOut(); });
  on(Act::kZoomFit, [this] { viewer_->fit(); });
  on(Act::kZoomActual, [this] { viewer_->actualSize(); });
  on(Act::kBoxes, then([this] { viewer_->setBoxesOn(!viewer_->boxesOn()); }));
  on(Act::kAttention, then([this] { viewer_->setAttentionOn(!viewer_->attentionOn()); }));
  on(Act::kSplit, then([this] { viewer_->setSplit(!viewer_->split()); }));
  on(Act::kNextBox, [this] { viewer_->nextDetection(); });
  on(Act::kPreviousBox, [this] { viewer_->previousDetection(); });
  on(Act::kNextPhoto, [this] { gallery_->selectNext(); });
  on(Act::kPreviousPhoto, [this] { gallery_->selectPrevious(); });
  on(Act::kCopyPicture, [this] { viewer_->copyPicture(); });
  on(Act::kSavePicture, [this] { viewer_->savePictureAs(); });
  on(Act::kJobs, [this](bool checked) { jobs_->setVisible(checked); });
  on(Act::kFullScreen, [this](bool checked) { checked ? showFullScreen() : showNormal(); });
  for (const auto& [act, name] : {std::pair{Act::kThemeSystem, "system"},
                                  {Act::kThemeLight, "light"},
                                  {Act::kThemeDark, "dark"}})
    on(act, [this, name = QString::fromLatin1(name)] { applyThemeNamed(name); });
  for (const auto& [act, name] : {std::pair{Act::kLanguageSystem, ""},
                                  {Act::kLanguageEnglish, "en"},
                                  {Act::kLanguageChinese, "zh_CN"}})
    on(act, [this, name = QString::fromLatin1(name)] { applyLanguageNamed(name); });
}

// What can be done now, and what is switched on.
void MainWindow::refreshActions() {
  const auto enable = [this](Act act, bool on) { (*actions_)[act]->setEnabled(on); };
  const auto check = [this](Act act, bool on) { (*actions_)[act]->setChecked(on); };
  const int row = stackPanel_->currentRow();
  const SketchDocument& document = canvas().document();
  enable(Act::kUndo, canvas().document().history()->canUndo());
  enable(Act::kRedo, canvas().document().history()->canRedo());
  for (const Act act : {Act::kClear, Act::kMirror, Act::kCopySketch})
    enable(act, !document.sketch().strokes.empty());
  for (const Act act : {Act::kSaveSketch, Act::kKeepSketch}) enable(act, !document.isBlank());
  enable(Act::kRestoreSketch, stack_.canRestore());
  enable(Act::kSketchUp, row > 0);
  enable(Act::kSketchDown, row + 1 < stack_.count());
  check(Act::kSketchNot, row >= 0 && !stack_.isWanted(row));
  check(Act::kLibrary, drawings_->currentWidget() == libraryPanel_);
  check(Act::kTrace, canvas().hasTracing());
  enable(Act::kTrace, canvas().hasTracing() || viewer_->view()->hasPhoto());
  check(Act::kSortByScore, gallery_->order() == PhotoModel::Order::kScore);
  check(Act::kSortByName, gallery_->order() == PhotoModel::Order::kName);
  check(Act::kMatchesOnly, model_.onlyMatches());
  check(Act::kBoxes, viewer_->boxesOn());
  check(Act::kAttention, viewer_->attentionOn());
  check(Act::kSplit, viewer_->split());
  check(Act::kJobs, jobs_->isVisibleTo(this));
  check(Act::kFullScreen, isFullScreen());
  enable(Act::kExportDetections, model_.photoCount() > 0);
  for (const Act act : {Act::kExportTable, Act::kExportJson, Act::kExportPictures})
    enable(act, model_.matchCount() > 0);
  const QString theme = settings_.value("theme").toString();
  check(Act::kThemeSystem, theme == QLatin1String("system"));
  check(Act::kThemeLight, theme == QLatin1String("light"));
  check(Act::kThemeDark, theme == QLatin1String("dark"));
  const QString language = settings_.value("language").toString();
  check(Act::kLanguageSystem, language.isEmpty());
  check(Act::kLanguageEnglish, language == QLatin1String("en"));
  check(Act::kLanguageChinese, language == QLatin1String("zh_CN"));
}

}  // namespace inkling
