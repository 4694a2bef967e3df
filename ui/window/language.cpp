#include "ui/window/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace inkling {
namespace {

QString shownLanguage = QStringLiteral("en");

QTranslator& ownTexts() {
  static QTranslator translator;
  return translator;
}

// The texts of Qt's own dialogs, where they are installed.
QTranslator& qtTexts() {
  static QTranslator translator;
  return translator;
}

}  // namespace

void applyLanguage(const QString& language) {
  const QLocale system = QLocale::system();
  const bool chinese = language.isEmpty() ? system.language() == QLocale::Chinese
                                          : language.startsWith(QLatin1String("zh"));
  shownLanguage = chinese ? QStringLiteral("zh_CN") : QStringLiteral("en");
  QCoreApplication::removeTranslator(&ownTexts());
  QCoreApplication::removeTranslator(&qtTexts());
  QLocale::setDefault(chinese              ? QLocale(QLocale::Chinese, QLocale::China)
                      : language.isEmpty() ? system
                                           : QLocale(QLocale::English));
  if (qtTexts().load(QStringLiteral("qtbase_") + shownLanguage,
                     QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
    QCoreApplication::installTranslator(&qtTexts());
  // English has a file, too: for its plurals.
  if (ownTexts().load(QStringLiteral(":/i18n/inkling_") + shownLanguage))
    QCoreApplication::installTranslator(&ownTexts());
}

QString currentLanguage() { return shownLanguage; }

}  // namespace inkling
