// The language of the window: English, or Chinese (简体中文).
#pragma once

#include <QString>

namespace inkling {

/// Installs the translations for "en", "zh_CN" or "" (the desktop's language; English when there is
/// no translation). At any time; every widget gets a LanguageChange event.
void applyLanguage(const QString& language);

/// The one that is shown: "en" or "zh_CN".
QString currentLanguage();

}  // namespace inkling
