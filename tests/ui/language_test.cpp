// The translations are whole, and the window changes its language while it runs.
#include "ui/window/language.h"

#include <QDir>
#include <QFile>
#include <QMenuBar>
#include <QProcess>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <memory>

#include "ui/window/about_dialog.h"
#include "ui/window/main_window.h"
#include "ui/window/shortcuts_dialog.h"

using namespace inkling;

namespace {

QString sources() { return qEnvironmentVariable("INKLING_SOURCE_DIR"); }
QString translations() { return sources() + QStringLiteral("/resources/translations"); }
const QString kEnglish = QStringLiteral("inkling_en.ts");
const QString kChinese = QStringLiteral("inkling_zh_CN.ts");

struct Message {
  QString context, source;
  QStringList forms;
  bool plural = false, finished = true;

  QString name() const { return context + QStringLiteral(": ") + source; }
};

Message readMessage(QXmlStreamReader& xml) {
  Message message;
  message.plural = xml.attributes().value(QStringLiteral("numerus")) == QLatin1String("yes");
  while (xml.readNextStartElement()) {
    if (xml.name() == QLatin1String("source")) {
      message.source = xml.readElementText();
    } else if (xml.name() != QLatin1String("translation")) {
      xml.skipCurrentElement();
    } else {
      message.finished = !xml.attributes().hasAttribute(QStringLiteral("type"));
      if (!message.plural) {
        message.forms << xml.readElementText();
        continue;
      }
      while (xml.readNextStartElement()) message.forms << xml.readElementText();
    }
  }
  return message;
}

QList<Message> readMessages(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QXmlStreamReader xml(&file);
  QList<Message> messages;
  QString context;
  while (!xml.atEnd()) {
    if (!xml.readNext() || !xml.isStartElement()) continue;
    if (xml.name() == QLatin1String("name")) context = xml.readElementText();
    if (xml.name() != QLatin1String("message")) continue;
    messages << readMessage(xml);
    messages.back().context = context;
  }
  return messages;
}

QStringList names(const QList<Message>& messages) {
  QStringList all;
  for (const Message& message : messages) all << message.name();
  all.sort();
  return all;
}

// All that `pattern` finds in the text, sorted.
QStringList parts(const QString& text, const QString& pattern) {
  QStringList found;
  auto match = QRegularExpression(pattern).globalMatch(text);
  while (match.hasNext()) found << match.next().captured();
  found.sort();
  return found;
}

// The key behind the mark & of a text, or nothing.
QString keyOf(const QString& text) {
  static const QRegularExpression mark(QStringLiteral("(?<!&)&([^&\\s])"));
  return mark.match(text).captured(1).toUpper();
}

// What the window says ----------------------------------------------------------------------------

void noteActions(const QList<QAction*>& actions, QStringList& texts) {
  for (const QAction* action : actions) {
    texts << action->text() << action->toolTip();
    if (action->menu() != nullptr) noteActions(action->menu()->actions(), texts);
  }
}

void noteCombo(const QComboBox& combo, QStringList& texts) {
  // What is chosen must not change, either.
  texts << QString::number(combo.currentIndex());
  for (int i = 0; i < combo.count(); ++i)
    texts << combo.itemText(i) << combo.itemData(i, Qt::ToolTipRole).toString();
}

QStringList textsOf(const QWidget& widget) {
  static const char* const kProperties[] = {
      "text",        "title",           "windowTitle",
      "toolTip",     "accessibleName",  "accessibleDescription",
      "format",      "placeholderText", "plainText",
      "currentText", "statusTip",       "whatsThis"};
  QStringList texts;
  for (const char* name : kProperties) texts << widget.property(name).toString();
  if (const auto* combo = qobject_cast<const QComboBox*>(&widget)) noteCombo(*combo, texts);
  // The menu of the gallery's folders; those of narrow tool bars come and go.
  if (const auto* button = qobject_cast<const QToolButton*>(&widget);
      button != nullptr && button->objectName() == QStringLiteral("folderButton"))
    noteActions(button->menu()->actions(), texts);
  return texts;
}

// Of the window and all in it, shown or not. Menus are looked at from the menu bar.
QStringList allTexts(MainWindow& window) {
  QStringList texts;
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (qobject_cast<const QMenu*>(widget) == nullptr) texts += textsOf(*widget);
  }
  texts << window.windowTitle();
  noteActions(window.menuBar()->actions(), texts);
  for (int act = 0; act < static_cast<int>(Act::kCount); ++act) {
    texts << window.actions().name(static_cast<Act>(act));
    texts << window.actions()[static_cast<Act>(act)]->toolTip();
  }
  for (int row = 0; row < window.stack().count(); ++row) {
    for (const int role : {int{Qt::DisplayRole}, int{Qt::AccessibleTextRole}})
      texts << window.stack().index(row).data(role).toString();
  }
  return texts;
}

QStringList dialogTexts(QDialog& dialog) {
  QStringList texts = textsOf(dialog);
  for (const QWidget* widget : dialog.findChildren<QWidget*>()) texts += textsOf(*widget);
  return texts;
}

// Words that are the same in every language: the program, a language, colour maps; those of this
// test; and one of Qt, whose own translations are not installed everywhere.
bool isName(const QString& text) {
  static const QRegularExpression names(QStringLiteral(
      "^(Inkling|English|Viridis|Magma|Jet|holidays( – Inkling)?|(apple|pear)\\.\\w+|Close)$"));
  static const QRegularExpression keys(QStringLiteral("^(Ctrl|Shift|Alt)\\+\\S+$"));
  return QString(text).remove(QLatin1Char('&')).contains(names) || text.contains(keys);
}

// Letters of a word, but none of Chinese.
bool isForeign(const QString& text) {
  static const QRegularExpression latin(QStringLiteral("[A-Za-z]{2,}"));
  static const QRegularExpression chinese(QStringLiteral("\\p{Han}"));
  return text.contains(latin) && !text.contains(chinese);
}

void writePhoto(const QString& path) {
  QImage photo(96, 64, QImage::Format_RGB32);
  photo.fill(Qt::darkCyan);
  photo.save(path);
}

// LanguageChange comes by the queue, and new layouts after it.
void settle() { QTest::qWait(50); }

}  // namespace

class LanguageTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    QVERIFY(folder_->isValid());
  }
  void cleanup() {
    window_.reset();
    applyLanguage(QStringLiteral("en"));
    settle();
  }

  // The files ---------------------------------------------------------------------------------

  void everyTextIsInChinese() {
    const QList<Message> messages = readMessages(translations() + QLatin1Char('/') + kChinese);
    QVERIFY(messages.size() > 300);
    for (const Message& message : messages) {
      QVERIFY2(message.finished, qPrintable(message.name()));
      QCOMPARE(message.forms.size(), 1);
      QVERIFY2(!message.forms[0].trimmed().isEmpty(), qPrintable(message.name()));
      QVERIFY2(!isForeign(message.forms[0]) || message.forms[0] == message.source,
               qPrintable(message.name()));
    }
  }

  void everyPluralHasTwoFormsInEnglish() {
    const QList<Message> english = readMessages(translations() + QLatin1Char('/') + kEnglish);
    for (const Message& message : english) {
      QVERIFY2(message.plural && message.finished, qPrintable(message.name()));
      QCOMPARE(message.forms.size(), 2);
      for (const QString& form : message.forms) QVERIFY2(!form.isEmpty(), qPrintable(form));
    }
    QList<Message> plurals = readMessages(translations() + QLatin1Char('/') + kChinese);
    plurals.removeIf([](const Message& message) { return !message.plural; });
    QCOMPARE(names(english), names(plurals));
  }

  void translationsKeepWhatIsFilledIn() {
    for (const QString& file : {kEnglish, kChinese}) {
      for (const Message& message : readMessages(translations() + QLatin1Char('/') + file)) {
        for (const QString& form : message.forms) {
          for (const char* pattern : {"%L?(n|\\d+)", "</?\\w+>", "\\*\\.\\w+"}) {
            const QString what = QLatin1String(pattern);
            QVERIFY2(parts(form, what) == parts(message.source, what), qPrintable(message.name()));
          }
          QVERIFY2(keyOf(form).isEmpty() == keyOf(message.source).isEmpty(), qPrintable(form));
          QCOMPARE(form.endsWith(QStringLiteral("…")),
                   message.source.endsWith(QStringLiteral("…")));
        }
      }
    }
  }

  void noTextIsMissingFromTheFiles() {
    for (const QString& file : {kEnglish, kChinese})
      QVERIFY(QFile::copy(translations() + QLatin1Char('/') + file, folder_->filePath(file)));
    QProcess update;
    update.start(sources() + QStringLiteral("/scripts/translations"), {folder_->path()});
    QVERIFY(update.waitForFinished(120000));
    if (update.exitCode() == 3) QSKIP("lupdate is not installed (qt6-l10n-tools)");
    QVERIFY2(update.exitCode() == 0, update.readAllStandardError().constData());
    for (const QString& file : {kEnglish, kChinese}) {
      const QList<Message> now = readMessages(folder_->filePath(file));
      for (const Message& message : now)
        QVERIFY2(
            message.finished,
            qPrintable(QStringLiteral("scripts/translations, then translate ") + message.name()));
      QCOMPARE(names(now), names(readMessages(translations() + QLatin1Char('/') + file)));
    }
  }

  void countsHaveTheirFormsInEnglish() {
    const auto said = [](int photos) {
      return QCoreApplication::translate("inkling::SearchController", "%n photo(s) looked at",
                                         nullptr, photos);
    };
    applyLanguage(QStringLiteral("en"));
    QCOMPARE(said(1), QStringLiteral("1 photo looked at"));
    QCOMPARE(said(2), QStringLiteral("2 photos looked at"));
    applyLanguage(QStringLiteral("zh_CN"));
    QCOMPARE(said(2), QStringLiteral("已查看 2 张照片"));
  }

  // The window --------------------------------------------------------------------------------

  void theEmptyWindowChangesItsLanguage() {
    openWindow({});
    changeThereAndBack();
  }

  void theWindowAtWorkChangesItsLanguage() {
    openWindow(folderOfPhotos());
    QTRY_COMPARE_WITH_TIMEOUT(window_->model().photoCount(), std::size_t{2}, 30000);
    window_->gallery().selectPhoto(0);
    QTRY_VERIFY_WITH_TIMEOUT(window_->viewer().view()->hasPhoto(), 30000);
    window_->viewer().setAttentionOn(true);
    window_->viewer().attentionPanel()->setShape(4, 3);
    window_->viewer().setDetections({{{8, 8, 40, 40}, 0.8}});
    window_->jobs().show();
    Job* job = window_->jobs().add(QStringLiteral("任务"));
    job->setProgress(7, 9);
    job->addFailure(QStringLiteral("pear.jpg"), QStringLiteral("pear.jpg"));
    window_->stackPanel().addBlank();
    changeThereAndBack();
  }

  void aFolderWithoutPhotosChangesItsLanguage() {
    const QString empty = folder_->filePath(QStringLiteral("holidays"));
    QVERIFY(QDir().mkpath(empty));
    openWindow(empty);
    const auto* page = window_->gallery().findChild<MessagePage*>();
    QTRY_VERIFY_WITH_TIMEOUT(page->isVisible() && !page->message().action.isEmpty(), 30000);
    changeThereAndBack();
  }

  void theLanguageChangeChoosesNothing() {
    openWindow(folderOfPhotos());
    QTRY_COMPARE_WITH_TIMEOUT(window_->model().photoCount(), std::size_t{2}, 30000);
    window_->viewer().attentionPanel()->setShape(4, 3);
    QSignalSpy attention(window_->viewer().attentionPanel(), &AttentionPanel::changed);
    QSignalSpy threshold(&window_->gallery(), &GalleryPanel::thresholdChanged);
    QSignalSpy photo(&window_->gallery(), &GalleryPanel::currentPhotoChanged);
    QSignalSpy query(&window_->stack(), &SketchStack::queryChanged);
    changeThereAndBack();
    for (const QSignalSpy* spy : {&attention, &threshold, &photo, &query})
      QCOMPARE(spy->count(), 0);
  }

  void dialogsAreInChinese() {
    openWindow({});
    change("zh_CN");
    AboutDialog about(QStringLiteral("1.0"), {}, window_.get());
    ShortcutsDialog shortcuts(window_->actions(), window_.get());
    for (const QString& text : dialogTexts(about) + dialogTexts(shortcuts))
      QVERIFY2(!isForeign(text) || isName(text), qPrintable(text));
  }

  void noKeyStandsTwiceInAMenu() {
    openWindow({});
    for (const char* language : {"en", "zh_CN"}) {
      change(language);
      checkKeys(window_->menuBar()->actions());
    }
  }

  void theLanguageIsRemembered() {
    openWindow({});
    change("zh_CN");
    window_->close();
    openWindow({});
    settle();
    QCOMPARE(currentLanguage(), QStringLiteral("zh_CN"));
    QVERIFY(window_->actions()[Act::kLanguageChinese]->isChecked());
    QCOMPARE(window_->actions()[Act::kQuit]->text(), QStringLiteral("退出(&Q)"));
  }

 private:
  QString folderOfPhotos() {
    const QString folder = folder_->filePath(QStringLiteral("holidays"));
    QDir().mkpath(folder);
    for (const char* name : {"apple.png", "pear.png"})
      writePhoto(folder + QLatin1Char('/') + QLatin1String(name));
    return folder;
  }

  void openWindow(const QString& folder) {
    window_.reset();
    WindowOptions options;
    options.version = QStringLiteral("1.0");
    options.resources = sources().toStdString() + "/resources";
    options.modelProblem = "没有模型";  // a reason of core/, in whose language it stays
    options.settingsFile = folder_->filePath(QStringLiteral("inkling.ini"));
    options.dataFolder = folder_->filePath(QStringLiteral("data")).toStdString();
    if (!folder.isEmpty()) options.sources = {folder.toStdString()};
    window_ = std::make_unique<MainWindow>(options);
    window_->show();
    window_->resize(1600, 900);  // room for every part in both languages: nothing has to move
  }

  void change(const char* language) {
    window_->applyLanguageNamed(QLatin1String(language));
    settle();
    QCOMPARE(currentLanguage(), QLatin1String(language));
  }

  void changeThereAndBack() {
    change("en");
    const QStringList before = allTexts(*window_);
    change("zh_CN");
    for (const QString& text : allTexts(*window_))
      QVERIFY2(!isForeign(text) || isName(text) || isData(text), qPrintable(text));
    change("en");
    QCOMPARE(allTexts(*window_), before);
  }

  // Names of drawings, and of files in the folder of this test.
  bool isData(const QString& text) const {
    for (int row = 0; row < window_->library().count(); ++row) {
      if (window_->library().name(row) == text) return true;
    }
    return text.contains(folder_->path());
  }

  static void checkKeys(const QList<QAction*>& actions) {
    QStringList keys;
    for (const QAction* action : actions) {
      const QString key = keyOf(action->text());
      QVERIFY2(key.isEmpty() || !keys.contains(key), qPrintable(action->text()));
      keys << key;
      if (action->menu() != nullptr) checkKeys(action->menu()->actions());
    }
  }

  std::unique_ptr<QTemporaryDir> folder_;
  std::unique_ptr<MainWindow> window_;
};

QTEST_MAIN(LanguageTest)
#include "language_test.moc"
