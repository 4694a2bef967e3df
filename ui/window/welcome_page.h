// What a newcomer sees first: what the program does in three steps, and drawings to try it with.
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <vector>

#include "ui/stack/sketch_library.h"

namespace inkling {

class WelcomePage : public QScrollArea {
  Q_OBJECT

 public:
  /// Shows the drawings of `library` with these names, as far as they are there.
  WelcomePage(const SketchLibrary& library, const QStringList& samples, QWidget* parent = nullptr);

  const std::vector<QToolButton*>& samples() const { return samples_; }
  QPushButton* openSamplesButton() const { return openSamples_; }
  QPushButton* openFolderButton() const { return openFolder_; }

 Q_SIGNALS:
  /// Look for this drawing in the bundled photos.
  void sampleChosen(const QString& name);
  void samplesRequested();
  void folderRequested();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  QWidget* makeSteps(QWidget* parent);
  void retranslate();

  QLabel *title_, *subtitle_, *samplesTitle_;
  std::vector<QLabel*> steps_;
  std::vector<QToolButton*> samples_;
  QPushButton *openSamples_, *openFolder_;
};

}  // namespace inkling
