// Messages in the window: what happened, and what to do about it. The newest is shown; older ones
// come back when it is closed. Nothing pops up and nothing has to be clicked away to go on working.
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <functional>
#include <vector>

namespace inkling {

class MessageBar : public QFrame {
  Q_OBJECT

 public:
  enum class Kind { kInfo, kWarning };
  /// Older messages are forgotten.
  static constexpr std::size_t kMost = 20;

  explicit MessageBar(QWidget* parent = nullptr);

  /// `help` is a button that does what the message advises; without a text there is none. A message
  /// that is shown already is not shown twice.
  void tell(Kind kind, const QString& text, const QString& help = {},
            std::function<void()> action = {});
  /// Closes the message with this text, when what it said is over.
  void withdraw(const QString& text);

  QString text() const { return messages_.empty() ? QString() : messages_.back().text; }
  int count() const { return static_cast<int>(messages_.size()); }
  QPushButton* helpButton() const { return help_; }
  QToolButton* closeButton() const { return close_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Message {
    Kind kind;
    QString text, help;
    std::function<void()> action;
  };
  void showNewest();

  std::vector<Message> messages_;
  QLabel *icon_, *label_, *more_;
  QPushButton* help_;
  QToolButton* close_;
};

}  // namespace inkling
