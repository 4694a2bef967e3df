// What is shown in place of photos when there are none: what happened, and what can be done.
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace inkling {

class MessagePage : public QWidget {
  Q_OBJECT

 public:
  explicit MessagePage(QWidget* parent = nullptr);

  /// An empty `action` shows no button.
  struct Message {
    QString icon, title, text, action;
  };
  void setMessage(const Message& message);
  const Message& message() const { return message_; }

 Q_SIGNALS:
  void actionClicked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void showIcon();

  QLabel *icon_, *title_, *text_;
  QPushButton* action_;
  Message message_;
};

}  // namespace inkling
