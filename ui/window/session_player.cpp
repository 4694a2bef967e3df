#include "ui/window/session_player.h"

#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QFile>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScreen>
#include <cstdio>
#include <cstdlib>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"

namespace inkling {
namespace {

constexpr int kBetween = 30;        // ms between two commands
constexpr int kPatience = 120'000;  // ms that something is waited for

void sendMouse(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButton button) {
  const bool down = type == QEvent::MouseButtonPress;
  const bool moves = type == QEvent::MouseMove;
  const Qt::MouseButtons held = down || (moves && button != Qt::NoButton) ? button : Qt::NoButton;
  QMouseEvent event(type, at, widget.mapToGlobal(at), moves ? Qt::NoButton : button, held,
                    Qt::NoModifier);
  QApplication::sendEvent(&widget, &event);
}

// What keys go to. Without a window manager no window is the active one, but each knows its focus.
QWidget& keyReceiver(QWidget& window) {
  QWidget* top = QApplication::activeModalWidget();
  if (top == nullptr) top = &window;
  return top->focusWidget() != nullptr ? *top->focusWidget() : *top;
}

std::vector<QPointF> pointsOf(const QString& text) {
  std::vector<QPointF> points;
  for (const QString& pair : text.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
    const QStringList xy = pair.split(QLatin1Char(','));
    if (xy.size() == 2) points.emplace_back(xy[0].toDouble(), xy[1].toDouble());
  }
  return points;
}

}  // namespace

SessionPlayer::SessionPlayer(MainWindow& window, const std::filesystem::path& script)
    : QObject(&window), window_(window) {
  const QString text = QString::fromStdString(readFile(script));
  for (const QString& line : text.split(QLatin1Char('\n'))) {
    const QString command = line.section(QLatin1Char('#'), 0, 0).trimmed();
    if (!command.isEmpty()) lines_ << command;
  }
  timer_.setInterval(kBetween);
  connect(&timer_, &QTimer::timeout, this, &SessionPlayer::next);
}

void SessionPlayer::start() { timer_.start(); }

void SessionPlayer::next() {
  if (at_ >= lines_.size()) return timer_.stop();
  const QString command = lines_[at_].section(QLatin1Char(' '), 0, 0);
  const QString rest = lines_[at_].section(QLatin1Char(' '), 1).trimmed();
  waited_ += kBetween;
  const qsizetype here = at_++;
  if (command != QLatin1String("wait")) waited_ = 0;
  try {
    if (play(command, rest) == Step::kDone) {
      waited_ = 0;
      return;
    }
  } catch (const Error& error) {
    give(QString::fromStdString(error.what()));
  }
  at_ = here;
  if (waited_ > kPatience) give(tr("waited too long for “%1”").arg(lines_[here]));
}

void SessionPlayer::give(const QString& reason) {
  std::fprintf(stderr, "inkling: session: %s\n", qPrintable(reason));
  std::_Exit(1);
}

SessionPlayer::Step SessionPlayer::play(const QString& command, const QString& rest) {
  const QStringList words = rest.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  const auto number = [&](int index) { return index < words.size() ? words[index].toDouble() : 0; };
  if (command == QLatin1String("wait")) return wait(rest);
  if (command == QLatin1String("size")) {
    window_.setGeometry(0, 0, static_cast<int>(number(0)), static_cast<int>(number(1)));
  } else if (command == QLatin1String("action")) {
    auto* action = window_.findChild<QAction*>(rest);
    if (action == nullptr || !action->isEnabled()) give(tr("no action “%1” now").arg(rest));
    // By way of the event loop: a dialog that opened inside this timer's own call would stop it.
    QTimer::singleShot(0, action, &QAction::trigger);
  } else if (command == QLatin1String("draw")) {
    draw(rest);
  } else if (command == QLatin1String("stroke")) {
    stroke(pointsOf(rest));
  } else if (command == QLatin1String("hover-stroke")) {
    hoverStroke(static_cast<int>(number(0)));
  } else if (command == QLatin1String("hover-photo")) {
    hoverPhoto(number(0), number(1));
  } else if (command == QLatin1String("select")) {
    const QModelIndex index = window_.model().index(static_cast<int>(number(0)));
    if (!index.isValid()) give(tr("no photo in row %1").arg(rest));
    window_.gallery().selectPhoto(window_.model().photoAt(index));
  } else if (command == QLatin1String("type")) {
    for (const QChar letter : rest) {
      for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, 0, Qt::NoModifier, QString(letter));
        QApplication::sendEvent(&keyReceiver(window_), &event);
      }
    }
  } else if (command == QLatin1String("key")) {
    pressKeys(rest);
  } else if (command == QLatin1String("threshold")) {
    window_.gallery().setThreshold(number(0));
  } else if (command == QLatin1String("choose")) {
    choose(rest.section(QLatin1Char(':'), 0, 0), rest.section(QLatin1Char(':'), 1).trimmed());
  } else if (command == QLatin1String("shot")) {
    shot(rest);
  } else if (command == QLatin1String("close")) {
    if (auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget())) dialog->reject();
  } else if (command == QLatin1String("quit")) {
    window_.closeUnasked();
    QCoreApplication::quit();
  } else {
    give(tr("unknown command “%1”").arg(command));
  }
  return Step::kDone;
}

SessionPlayer::Step SessionPlayer::wait(const QString& what) {
  bool over = false;
  if (what == QLatin1String("idle")) {
    // Not in the moment before the folder is listed or the model is loaded.
    over = waited_ > 600 && window_.search().facts() && window_.search().isIdle() &&
           window_.model().photoCount() > 0;
  } else if (what == QLatin1String("photo")) {
    over = window_.viewer().view()->hasPhoto();
  } else if (what == QLatin1String("attention")) {
    over = window_.viewer().view()->overlay().has_value();
  } else {
    over = waited_ >= what.toLongLong();
  }
  return over ? Step::kDone : Step::kAgain;
}

void SessionPlayer::draw(const QString& name) {
  SketchLibrary& library = window_.library();
  for (int row = 0; row < library.count(); ++row) {
    if (library.name(row) != name) continue;
    for (const Stroke& line : fittedStrokes(library.sketch(row))) {
      std::vector<QPointF> points;
      for (std::size_t i = 0; i < line.size(); ++i) points.emplace_back(line.x[i], line.y[i]);
      stroke(points);
    }
    return;
  }
  give(tr("no drawing “%1” in the library").arg(name));
}

void SessionPlayer::stroke(const std::vector<QPointF>& page) {
  if (page.empty()) return;
  SketchCanvas& canvas = window_.canvas();
  sendMouse(canvas, QEvent::MouseButtonPress, canvas.fromPage(page.front()), Qt::LeftButton);
  for (const QPointF& point : page)
    sendMouse(canvas, QEvent::MouseMove, canvas.fromPage(point), Qt::LeftButton);
  sendMouse(canvas, QEvent::MouseButtonRelease, canvas.fromPage(page.back()), Qt::LeftButton);
}

void SessionPlayer::hoverStroke(int number) {
  SketchCanvas& canvas = window_.canvas();
  const auto& strokes = canvas.document().sketch().strokes;
  if (number < 0 || number >= static_cast<int>(strokes.size()))
    give(tr("no stroke %1").arg(number));
  const Stroke& line = strokes[static_cast<std::size_t>(number)];
  const std::size_t middle = line.size() / 2;
  sendMouse(canvas, QEvent::MouseMove, canvas.fromPage({line.x[middle], line.y[middle]}),
            Qt::NoButton);
}

void SessionPlayer::hoverPhoto(double x, double y) {
  QEvent leave(QEvent::Leave);
  QApplication::sendEvent(&window_.canvas(), &leave);
  PhotoView& view = *window_.viewer().view();
  const QSize full = view.photo().full;
  sendMouse(view, QEvent::MouseMove,
            view.geometry().toWidget().map(QPointF(x * full.width(), y * full.height())),
            Qt::NoButton);
}

void SessionPlayer::choose(const QString& name, const QString& entry) {
  for (QComboBox* combo : window_.findChildren<QComboBox*>()) {
    const int index = combo->findText(entry);
    if (combo->accessibleName() != name || !combo->isVisible() || index < 0) continue;
    combo->setCurrentIndex(index);
    return;
  }
  give(tr("nothing called “%1” has an entry “%2”").arg(name, entry));
}

void SessionPlayer::pressKeys(const QString& keys) {
  const QKeySequence sequence(keys, QKeySequence::PortableText);
  if (sequence.isEmpty()) give(tr("no key “%1”").arg(keys));
  for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
    QKeyEvent event(type, sequence[0].key(), sequence[0].keyboardModifiers());
    QApplication::sendEvent(&keyReceiver(window_), &event);
  }
}

void SessionPlayer::shot(const QString& file) {
  QApplication::processEvents();
  // The screen shows dialogs and menus, too; without a window system it shows noise around windows.
  const bool offscreen = QGuiApplication::platformName() == QLatin1String("offscreen");
  const QPixmap picture =
      offscreen ? window_.grab()
                : QGuiApplication::primaryScreen()->grabWindow(0).copy(window_.geometry());
  if (!picture.save(file, "PNG")) give(tr("%1 cannot be written").arg(file));
}

}  // namespace inkling
