// What the window says about exports.
#pragma once

#include <QCoreApplication>
#include <QString>
#include <string>

#include "ui/export/export_place.h"
#include "ui/export/export_runner.h"

namespace inkling {

class ExportTexts {
  Q_DECLARE_TR_FUNCTIONS(inkling::ExportTexts)

 public:
  /// Of one of exportFormatNames().
  static QString format(const std::string& name);
  /// One sentence about it.
  static QString aboutFormat(const std::string& name);
  /// "the 12 open photos", "holidays".
  static QString source(const ExportSource& source);
  /// What is in the out folder and what happens to it; empty: nothing that matters.
  static QString place(const ExportPlace& place);
  /// "3 boxes in 2 of 12 photos"; photos that failed, and where that stands.
  static QString outcome(const ExportEnd& end);

 private:
  static QString setting(const std::string& key);
  static QString overwritten(const ExportPlace& place);
};

}  // namespace inkling
