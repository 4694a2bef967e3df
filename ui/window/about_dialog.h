// About the program, and the card of the model: what it was trained on, how well it does, its
// limits.
#pragma once

#include <QDialog>
#include <QTreeWidget>
#include <optional>

#include "ui/search/search_engine.h"

namespace inkling {

class AboutDialog : public QDialog {
  Q_OBJECT

 public:
  /// Without a model, the card says so.
  AboutDialog(const QString& version, const std::optional<ModelFacts>& model,
              QWidget* parent = nullptr);

  QTreeWidget* card() const { return card_; }

 private:
  QTreeWidget* card_;
};

}  // namespace inkling
