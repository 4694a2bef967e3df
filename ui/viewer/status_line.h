// One line below a photo: its name and size, the zoom, and what is under the pointer.
#pragma once

#include <QLabel>
#include <QPointF>
#include <QSize>
#include <QWidget>
#include <optional>

namespace inkling {

class StatusLine : public QWidget {
  Q_OBJECT

 public:
  explicit StatusLine(QWidget* parent = nullptr);

  /// An empty name: there is no photo. A size that is not known yet is empty.
  void setPhoto(const QString& name, QSize size);
  void setZoom(const QString& text);
  /// A place in pixels of the photo, and the heat map's value there.
  void setPointer(std::optional<QPointF> place, std::optional<float> value);
  /// All that is to be read, for tests and screen readers.
  QString text() const;

  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  QLabel* addLabel();
  void retranslate();
  void showSize();
  void elide();
  int leastWidth() const;

  QString fullName_;
  QSize photo_;
  std::optional<QPointF> place_;
  std::optional<float> shown_;
  QLabel *name_, *size_, *pointer_, *value_, *zoom_;
};

}  // namespace inkling
