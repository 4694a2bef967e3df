// Exports of the window: opens the dialog, runs what it asks for, and shows it among the jobs,
// where it is paused, cancelled and gone on with. One export at a time.
//
//   ExportController exports(window, jobs, model);
//   exports.open({exportSources(opened), exportDrawings(stack), modelFile, threshold});
#pragma once

#include <QObject>
#include <QPointer>
#include <QVariantMap>
#include <QWidget>

#include "ui/export/export_dialog.h"
#include "ui/export/export_runner.h"
#include "ui/jobs/jobs_panel.h"

namespace inkling {

class ExportController : public QObject {
  Q_OBJECT

 public:
  /// All outlive the controller; `window` is the parent of the dialog.
  ExportController(QWidget& window, JobsPanel& jobs, const PhotoModel& model);
  /// Cancels what runs, and waits for the photos in hand.
  ~ExportController() override;

  /// What is open in the window now.
  struct Opening {
    std::vector<ExportSource> sources;
    ExportDrawings drawings;
    std::filesystem::path model;
    double threshold = 0;
    std::string device = "auto";  ///< LocalizerOptions::device
  };
  /// Shows the dialog, or says by failed() what is missing for an export.
  void open(const Opening& what);
  /// The one that is shown; null: none.
  ExportDialog* dialog() const { return dialog_; }

  bool isRunning() const { return runner_.isRunning(); }
  void cancel() { runner_.cancel(); }
  /// Null before the first export, and when a person has removed it from the list.
  Job* job() const { return job_; }

  /// What was chosen last.
  QVariantMap state() const { return state_; }
  void restore(const QVariantMap& state) { state_ = state; }

 Q_SIGNALS:
  /// An export has begun: the list of jobs shows it.
  void begun();
  void done(const QString& message);
  void failed(const QString& reason);
  void stateChanged();

 private:
  void connectRunner();
  QString missing(const Opening& what) const;
  void start(const ExportOrder& order, bool resume, bool force);
  void goOn(const ExportOrder& order, Job* job);
  void dialogClosed(int result);
  void takeBegun(std::size_t photos, std::size_t done);
  void takeRefusal(const QString& reason);
  void takeEnd(const ExportEnd& end);
  void endJob(Job::State state, const QString& outcome);

  QWidget& window_;
  JobsPanel& jobs_;
  const PhotoModel& model_;
  QPointer<ExportDialog> dialog_;
  QPointer<Job> job_;
  ExportRunner runner_;
  ExportOrder order_;  ///< the newest
  QVariantMap state_;
  bool abandoned_ = false;  ///< the dialog was closed before the export had begun
};

}  // namespace inkling
