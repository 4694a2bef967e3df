// An application that watches how long its window's thread is busy with one event.
//
//   WatchedApplication application(argc, argv);
//   application.watch().start();
//   ...                                     // events
//   QVERIFY2(application.watch().worst() < 16, ...);
//
// Only what the thread itself did or waited for counts: the time of its processor clock, or, when
// it gave the processor away by itself (a lock, a file), the time that passed. Being pushed aside
// by another process of a busy machine is nobody's fault and does not count.
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QMetaEnum>
#include <ctime>

#include <sys/resource.h>

namespace inkling {

class EventWatch {
 public:
  void start() {
    worst_ = 0;
    where_.clear();
    events_ = 0;
  }
  /// Milliseconds of the slowest event since start().
  double worst() const { return worst_; }
  /// What it was: "MouseMove of inkling::SketchCanvas".
  QString where() const { return where_; }
  int events() const { return events_; }

  template <typename F>
  bool measured(QObject* receiver, QEvent* event, F&& handle) {
    if (inside_) return handle();
    inside_ = true;
    const QString name = describe(receiver, event);
    const double processor = processorTime();
    const long waits = voluntaryWaits();
    QElapsedTimer clock;
    clock.start();
    const bool result = handle();
    const double passed = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    const double worked = processorTime() - processor;
    inside_ = false;
    ++events_;
    const double blocked = voluntaryWaits() > waits ? passed : worked;
    if (blocked > worst_) {
      worst_ = blocked;
      where_ = name;
    }
    return result;
  }

 private:
  static double processorTime() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
  }
  static long voluntaryWaits() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_nvcsw;
  }
  static QString describe(QObject* receiver, QEvent* event) {
    const char* kind = QMetaEnum::fromType<QEvent::Type>().valueToKey(event->type());
    return QStringLiteral("%1 of %2 %3")
        .arg(QLatin1String(kind != nullptr ? kind : "an event"),
             QLatin1String(receiver->metaObject()->className()), receiver->objectName());
  }

  double worst_ = 0;
  QString where_;
  int events_ = 0;
  bool inside_ = false;
};

class WatchedApplication : public QApplication {
 public:
  using QApplication::QApplication;

  EventWatch& watch() { return watch_; }

  bool notify(QObject* receiver, QEvent* event) override {
    return watch_.measured(receiver, event, [&] { return QApplication::notify(receiver, event); });
  }

 private:
  EventWatch watch_;
};

}  // namespace inkling
