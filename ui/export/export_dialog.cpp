#include "ui/export/export_dialog.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <utility>

#include "ui/export/export_texts.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

namespace inkling {
namespace {

constexpr int kIcon = 18;

}  // namespace

ExportDialog::ExportDialog(const std::vector<ExportSource>& sources, const ExportOrder& order,
                           const PhotoModel& model, QWidget* parent)
    : QDialog(parent),
      model_(model),
      form_(new ExportForm(sources, order, this)),
      pane_(new PreviewPane(this)),
      icon_(new QLabel(this)),
      message_(new QLabel(this)),
      buttons_(new QDialogButtonBox(this)),
      start_(buttons_->addButton(tr("Export"), QDialogButtonBox::AcceptRole)) {
  anew_ = buttons_->addButton(tr("Start anew"), QDialogButtonBox::ActionRole);
  setWindowTitle(tr("Export detections"));
  buttons_->addButton(tr("Cancel"), QDialogButtonBox::RejectRole)->setAutoDefault(false);
  anew_->setAutoDefault(false);
  start_->setDefault(true);
  layOut();
  pause_.setSingleShot(true);
  pause_.setInterval(kPause);
  connect(&pause_, &QTimer::timeout, this, &ExportDialog::ask);
  examples_.setSingleShot(true);
  examples_.setInterval(kExampleEvery);
  connect(&examples_, &QTimer::timeout, this, &ExportDialog::lookForExample);
  connect(&model_, &PhotoModel::countsChanged, this, [this] {
    if (!hasExample_ && !examples_.isActive()) examples_.start();
  });
  connect(form_, &ExportForm::changed, this, &ExportDialog::formChanged);
  connect(&maker_, &PreviewMaker::made, this, &ExportDialog::take);
  connect(start_, &QPushButton::clicked, this, [this] { start(false); });
  connect(anew_, &QPushButton::clicked, this, [this] { start(true); });
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  showPlace();
  formChanged();
}

void ExportDialog::layOut() {
  message_->setWordWrap(true);
  message_->setTextFormat(Qt::PlainText);
  message_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  message_->setFocusPolicy(Qt::NoFocus);
  message_->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  // Room for two lines, so that nothing moves when there is something to say.
  message_->setMinimumHeight(2 * message_->fontMetrics().lineSpacing());
  icon_->setFixedSize(kIcon, kIcon);
  auto* columns = new QHBoxLayout;
  columns->setSpacing(18);
  columns->addWidget(form_, 0, Qt::AlignTop);
  columns->addWidget(pane_, 1);
  auto* said = new QHBoxLayout;
  said->addWidget(icon_, 0, Qt::AlignTop);
  said->addWidget(message_, 1);
  auto* column = new QVBoxLayout(this);
  column->addLayout(columns, 1);
  column->addLayout(said);
  column->addWidget(buttons_);
}

QVariantMap ExportDialog::state() const {
  QVariantMap state = form_->state();
  state[QStringLiteral("size")] = size();
  return state;
}

void ExportDialog::restore(const QVariantMap& state) {
  form_->restore(state);
  const QSize size = state.value(QStringLiteral("size")).toSize();
  if (size.isValid()) resize(size);
}

void ExportDialog::formChanged() {
  settled_ = false;
  refusal_.clear();
  pane_->showWaiting();
  showPlace();
  pause_.start();
}

void ExportDialog::ask() {
  if (!form_->isFilledIn()) return;
  const ExportOrder order = form_->order();
  maker_.make({order, foundExamples(model_, order.source, order.threshold),
               std::exchange(placeChanged_, false)});
}

// The search goes on while the dialog is open.
void ExportDialog::lookForExample() {
  if (hasExample_ || !settled_ || starting_ || pause_.isActive()) return;
  const ExportOrder order = form_->order();
  if (!foundExamples(model_, order.source, order.threshold).empty()) ask();
}

void ExportDialog::take(const ExportPreview& preview) {
  pane_->show(preview);
  hasExample_ = !preview.sample.empty();
  const bool problem = !preview.problem.empty();
  if (!problem && preview.step != ExportPreview::Step::kPlace) return;
  problem_ = problem;
  place_ = preview.place;
  if (problem) place_.problem = preview.problem;
  settled_ = !pause_.isActive();
  showPlace();
}

// What is in the out folder, and what the buttons do to it.
void ExportDialog::showPlace() {
  const bool replaces = place_.state != JobState::none || place_.overwrittenCount > 0;
  QString action = tr("Export");
  if (settled_ && place_.canResume())
    action = tr("Resume");
  else if (settled_ && place_.state == JobState::unfinished)
    action = tr("Start anew");
  else if (settled_ && place_.state == JobState::finished)
    action = tr("Replace");
  else if (settled_ && place_.overwrittenCount > 0)
    action = tr("Overwrite");
  start_->setText(action);
  start_->setEnabled(settled_ && !problem_ && !starting_);
  // What removes files is not done by the Enter key alone.
  start_->setDefault(settled_ && (!replaces || place_.canResume()));
  start_->setAutoDefault(start_->isDefault());
  anew_->setVisible(settled_ && place_.canResume());
  anew_->setEnabled(start_->isEnabled());
  form_->setEnabled(!starting_);
  if (starting_) return tell(tr("The export is being prepared…"), false);
  if (!refusal_.isEmpty()) return tell(refusal_, true);
  if (!form_->isFilledIn()) return tell(tr("Name a category and a folder for the files."), false);
  tell(settled_ ? ExportTexts::place(place_) : QString(), !place_.problem.empty());
}

void ExportDialog::tell(const QString& text, bool isProblem) {
  QPalette colours = palette();
  if (isProblem) colours.setColor(QPalette::WindowText, warningColour());
  message_->setPalette(colours);
  message_->setText(text);
  message_->setAccessibleName(text);
  const QIcon icon = themedIcon(isProblem ? QStringLiteral("warning") : QStringLiteral("info"));
  icon_->setPixmap(text.isEmpty() ? QPixmap()
                                  : icon.pixmap(QSize(kIcon, kIcon), devicePixelRatioF()));
}

void ExportDialog::start(bool anew) {
  if (!settled_ || starting_) return;
  // Nobody else may be in the out folder when the export begins.
  maker_.stop();
  const bool resume = place_.canResume() && !anew;
  const bool force = !resume && (place_.state != JobState::none || place_.overwrittenCount > 0);
  setStarting(true);
  Q_EMIT startRequested(form_->order(), resume, force);
}

void ExportDialog::setStarting(bool starting) {
  starting_ = starting;
  showPlace();
}

void ExportDialog::refuse(const QString& reason) {
  starting_ = false;
  placeChanged_ = true;
  settled_ = false;
  refusal_ = reason;
  showPlace();
  pause_.start();
}

void ExportDialog::changeEvent(QEvent* event) {
  if (event->type() == QEvent::PaletteChange && anew_ != nullptr) showPlace();
  QDialog::changeEvent(event);
}

}  // namespace inkling
