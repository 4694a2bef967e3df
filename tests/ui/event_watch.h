// An application that watches how long its window's thread is busy with one event.
//
//   WatchedApplication application(argc, argv);
//   application.watch().start();
//   ...                                     // events
//   QVERIFY2(application.watch().worst() < 16, ...);
//
// Only what the thread itself did or waited for (a lock, a file) counts. The time that it was ready
// while the processors of a busy machine had other things to do is told by the kernel
// (/proc/thread-self/schedstat) and taken off.
#pragma once

#include <QApplication>
#include <QMetaEnum>
#include <algorithm>
#include <ctime>
#include <fstream>

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
  /// What it was, "MouseMove of inkling::SketchCanvas", and where its time went.
  QString where() const { return where_; }
  int events() const { return events_; }

  template <typename F>
  bool measured(QObject* receiver, QEvent* event, F&& handle) {
    if (inside_) return handle();
    inside_ = true;
    const QString name = describe(receiver, event);
    const Usage before = usage();
    const bool result = handle();
    const Usage after = usage();
    inside_ = false;
    ++events_;
    const double passed = after.clock - before.clock;
    const double worked = after.processor - before.processor;
    const double pushedAside = after.ready - before.ready;
    // Without a wait of its own the thread did nothing but work; the two clocks need not be
    // compared.
    const bool waited = after.waits > before.waits;
    const double busy = waited ? std::max(worked, passed - pushedAside) : worked;
    if (busy > worst_) {
      worst_ = busy;
      where_ = QStringLiteral("%1; worked %2 ms of %3 ms, pushed aside %4 ms, waited %5 times")
                   .arg(name)
                   .arg(worked, 0, 'f', 1)
                   .arg(passed, 0, 'f', 1)
                   .arg(pushedAside, 0, 'f', 1)
                   .arg(after.waits - before.waits);
    }
    return result;
  }

 private:
  // Of this thread: milliseconds, and how often it gave the processor away by itself.
  struct Usage {
    double clock = 0, processor = 0, ready = 0;
    long waits = 0;
  };
  static Usage usage() {
    Usage now;
    now.clock = milliseconds(CLOCK_MONOTONIC);
    now.processor = milliseconds(CLOCK_THREAD_CPUTIME_ID);
    double ran = 0, ready = 0;  // nanoseconds
    if (std::ifstream("/proc/thread-self/schedstat") >> ran >> ready) now.ready = ready / 1e6;
    rusage resources{};
    getrusage(RUSAGE_THREAD, &resources);
    now.waits = resources.ru_nvcsw;
    return now;
  }
  static double milliseconds(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
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
