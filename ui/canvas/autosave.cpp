#include "ui/canvas/autosave.h"

#include "core/base/error.h"
#include "core/base/file.h"

namespace inkling {

namespace fs = std::filesystem;

Autosave::Autosave(fs::path file, AutosaveContent content, QObject* parent)
    : QObject(parent), file_(std::move(file)), content_(std::move(content)) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDelay);
  connect(&timer_, &QTimer::timeout, this, &Autosave::flush);
}

Autosave::~Autosave() { flush(); }

void Autosave::noteChange() {
  unsaved_ = true;
  // Not restarted: somebody who never pauses is saved, too.
  if (!timer_.isActive()) timer_.start();
}

bool Autosave::restore() {
  std::error_code code;
  if (!fs::exists(file_, code)) return false;
  try {
    const bool something = content_.read(readFile(file_));
    timer_.stop();
    unsaved_ = false;
    return something;
  } catch (const Error& error) {
    fs::path aside = file_;
    aside += ".broken";
    fs::rename(file_, aside, code);
    Q_EMIT failed(QString::fromStdString(error.what()));
    return false;
  }
}

bool Autosave::flush() {
  timer_.stop();
  if (!unsaved_) return true;
  try {
    std::error_code code;
    fs::create_directories(file_.parent_path(), code);
    writeFileAtomically(file_, content_.write());
    unsaved_ = false;
    Q_EMIT saved();
    return true;
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
    return false;
  }
}

}  // namespace inkling
