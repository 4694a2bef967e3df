// Paths between the engine, which knows them as bytes, Qt, and the person who reads them.
//
//   openSources({toPath(QFileDialog::getExistingDirectory(...))});
//   label->setText(shownName(photo.filename()));
#pragma once

#include <QList>
#include <QString>
#include <QUrl>
#include <filesystem>
#include <vector>

namespace inkling {

/// A path as Qt's functions for files want it, and back; any bytes survive.
QString toQString(const std::filesystem::path& path);
std::filesystem::path toPath(const QString& text);

/// A path for a person, with what is not UTF-8 replaced; never to open a file with.
QString shownName(const std::filesystem::path& path);

/// Of what was dropped or pasted: the files and folders of this computer.
std::vector<std::filesystem::path> localPaths(const QList<QUrl>& urls);

}  // namespace inkling
