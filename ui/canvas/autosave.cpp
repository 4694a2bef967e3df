#include "ui/canvas/autosave.h"

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/path.h"
#include "core/sketch/reader.h"
#include "core/sketch/writer.h"

namespace inkling {

namespace fs = std::filesystem;

Autosave::Autosave(SketchDocument& document, fs::path file, QObject* parent)
    : QObject(parent), document_(document), file_(std::move(file)) {
  timer_.setSingleShot(true);
  timer_.setInterval(kDelay);
  connect(&timer_, &QTimer::timeout, this, &Autosave::flush);
  connect(&document_, &SketchDocument::changed, this, [this] {
    unsaved_ = true;
    // Not restarted: somebody who never pauses is saved, too.
    if (!timer_.isActive()) timer_.start();
  });
}

Autosave::~Autosave() { flush(); }

bool Autosave::restore() {
  std::error_code code;
  if (!fs::exists(file_, code)) return false;
  try {
    document_.open(sketchFromJson(readFile(file_), displayName(file_)));
    timer_.stop();
    unsaved_ = false;
    return !document_.isBlank();
  } catch (const Error& error) {
    fs::path aside = file_;
    aside += ".broken";
    fs::rename(file_, aside, code);
    Q_EMIT failed(QString::fromStdString(error.what()));
    return false;
  }
}

void Autosave::flush() {
  timer_.stop();
  if (!unsaved_) return;
  try {
    std::error_code code;
    fs::create_directories(file_.parent_path(), code);
    writeFileAtomically(file_, toJson(document_.sketch()));
    unsaved_ = false;
    Q_EMIT saved();
  } catch (const Error& error) {
    Q_EMIT failed(QString::fromStdString(error.what()));
  }
}

}  // namespace inkling
