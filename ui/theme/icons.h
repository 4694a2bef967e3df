// The icons of the window: line drawings (resources/icons/*.svg) in the colour of the text around
// them, so that they fit the light and the dark theme and change with it at once.
//
//   button->setIcon(themedIcon(QStringLiteral("undo")));
#pragma once

#include <QIcon>
#include <QString>

namespace inkling {

/// The icon of resources/icons/`name`.svg; an icon without a picture when there is none.
QIcon themedIcon(const QString& name);

}  // namespace inkling
