#include "ui/window/application.h"

#include <QApplication>
#include <QSocketNotifier>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <sys/socket.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/user_folders.h"
#include "ui/window/main_window.h"
#include "ui/window/session_player.h"

namespace inkling {
namespace {

constexpr int kNotStarted = 3;

bool isSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && value[0] != '\0';
}

// Qt aborts the program when no window system answers; the documented end is a line and status 3.
void endInsteadOfAbort(QtMsgType type, const QMessageLogContext&, const QString& text) {
  if (type == QtFatalMsg) {
    const char* variable = isSet("QT_QPA_PLATFORM") ? "QT_QPA_PLATFORM"
                           : isSet("DISPLAY")       ? "DISPLAY"
                                                    : "WAYLAND_DISPLAY";
    const char* value = std::getenv(variable);
    std::fprintf(stderr,
                 "inkling: the window cannot be opened: there is no display that answers (%s is "
                 "\"%s\"). The command line works without one, see inkling --help.\n",
                 variable, value != nullptr ? value : "");
    std::_Exit(kNotStarted);
  }
  // What Qt has to say otherwise is for developers.
  if (isSet("INKLING_QT_MESSAGES")) std::fprintf(stderr, "%s\n", qPrintable(text));
}

void requireDisplay() {
  if (isSet("DISPLAY") || isSet("WAYLAND_DISPLAY") || isSet("QT_QPA_PLATFORM")) return;
  fail<Error>(
      "the window cannot be opened: there is no display (neither DISPLAY nor WAYLAND_DISPLAY is "
      "set). The command line works without one, see inkling --help");
}

// Ctrl-C and a polite kill close the window as a person would, so that all is saved. A signal
// handler may do nothing but write into a pipe.
int signalPipe[2] = {-1, -1};

void closeOnSignal(int) {
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(signalPipe[1], &byte, 1);
}

void listenToSignals(MainWindow& window) {
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, signalPipe) != 0) return;
  auto* notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, &window);
  QObject::connect(notifier, &QSocketNotifier::activated, &window, [&window, notifier] {
    notifier->setEnabled(false);
    window.closeUnasked();
    QCoreApplication::quit();
  });
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) std::signal(signal, closeOnSignal);
}

}  // namespace

int runApplication(int argc, char** argv, const ApplicationOptions& options) {
  requireDisplay();
  qInstallMessageHandler(endInsteadOfAbort);
  QApplication application(argc, argv);
  QCoreApplication::setApplicationName(QStringLiteral("inkling"));
  QCoreApplication::setApplicationVersion(QString::fromStdString(options.version));
  QGuiApplication::setApplicationDisplayName(QStringLiteral("Inkling"));
  QGuiApplication::setDesktopFileName(QStringLiteral("inkling"));

  WindowOptions window;
  window.version = QString::fromStdString(options.version);
  window.resources = options.resources;
  window.model = options.model;
  window.modelProblem = options.modelProblem;
  window.localizer = options.localizer;
  window.sources = options.sources;
  window.settingsFile = WindowSettings::defaultFile();
  window.dataFolder = userDataFolder();
  MainWindow main(window);
  listenToSignals(main);
  main.show();
  std::unique_ptr<SessionPlayer> player;
  if (!options.session.empty()) {
    player = std::make_unique<SessionPlayer>(main, options.session);
    player->start();
  }
  return QApplication::exec();
}

}  // namespace inkling
