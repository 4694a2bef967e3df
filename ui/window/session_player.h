// Plays a session from a text file in the real window: draws, clicks, types, waits, and takes
// pictures of the screen. For screenshots and for tests of the whole program.
//
//   inkling --play session.txt photos/
//
// One command a line; '#' begins a comment. Names are object names of actions (window_actions.cpp)
// or accessible names of widgets.
//   size W H                    the window's size
//   action NAME                 as if chosen in a menu
//   draw NAME                   draws the library's sketch of this name on the canvas, stroke by
//   stroke stroke X,Y X,Y ...          a stroke by mouse events, in units of the page (0 .. 1000)
//   hover-stroke N              the pointer rests on stroke N of the drawing
//   hover-photo X Y             the pointer rests on this place of the photo, 0 .. 1 of both sides
//   select N                    chooses the photo in row N of the gallery
//   type TEXT                   into the widget that has the focus
//   key KEYS                    presses keys: "Down", "Ctrl+L"
//   choose NAME: ENTRY          an entry of a drop-down list, both as they are shown
//   threshold T                 as if the slider were moved, 0 .. 1
//   wait idle|attention|photo|MS
//   shot FILE                   the whole screen as a PNG file
//   close                       the dialog that is open
//   quit
// A command that cannot be done ends the program with status 1 and a line on stderr.
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>
#include <filesystem>

#include "ui/window/main_window.h"

namespace inkling {

class SessionPlayer : public QObject {
  Q_OBJECT

 public:
  SessionPlayer(MainWindow& window, const std::filesystem::path& script);

  void start();

 private:
  enum class Step { kDone, kAgain };
  void next();
  Step play(const QString& command, const QString& rest);
  Step wait(const QString& what);
  void draw(const QString& name);
  void stroke(const std::vector<QPointF>& page);
  void hoverStroke(int number);
  void hoverPhoto(double x, double y);
  void choose(const QString& name, const QString& entry);
  void pressKeys(const QString& keys);
  void shot(const QString& file);
  void give(const QString& reason);

  MainWindow& window_;
  QStringList lines_;
  qsizetype at_ = 0;
  QTimer timer_;
  qint64 waited_ = 0;
};

}  // namespace inkling
