// The choices of an export: photos, format, category, threshold, out folder.
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVariantMap>
#include <QWidget>
#include <vector>

#include "ui/export/export_order.h"

namespace inkling {

class ExportForm : public QWidget {
  Q_OBJECT

 public:
  /// Starts with the order, whose source is one of `sources`.
  ExportForm(std::vector<ExportSource> sources, ExportOrder order, QWidget* parent = nullptr);

  /// As it is chosen now.
  ExportOrder order() const;
  /// Something can be exported like that, as far as the form can tell.
  bool isFilledIn() const;

  /// Format, out folder and options, and which of several folders.
  QVariantMap state() const;
  /// What is missing or of no use in `state` stays as it is.
  void restore(const QVariantMap& state);

 Q_SIGNALS:
  void changed();

 private:
  void buildSource();
  void buildFormat();
  void buildThreshold();
  void buildOut();
  void layOut();
  void showFormat();
  void chooseOut();

  std::vector<ExportSource> sources_;
  ExportOrder order_;  ///< what the widgets have not changed
  QFormLayout* rows_;
  QComboBox *source_, *format_;
  QLabel* about_;
  QLineEdit* category_;
  QDoubleSpinBox* threshold_;
  QCheckBox *overlay_, *scores_;
  QLineEdit* out_;
  QPushButton* choose_;
};

}  // namespace inkling
