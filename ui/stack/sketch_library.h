// Drawings to choose from: those that come with the program, and those that a person saved.
//
//   SketchLibrary library({resources / "samples/sketches", resources /
//   "samples/library.ndjson.gz"},
//                         userFolder);
//   Sketch cat = library.sketch(row);
//   library.save(sketch, "my cat");
//
// A list model: the text is the name, the decoration an icon, drawn when it is asked for.
#pragma once

#include <QAbstractListModel>
#include <QIcon>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/sketch/sketch.h"

namespace inkling {

class SketchLibrary : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Role {
    kSavedRole = Qt::UserRole,  ///< bool: saved by the person, so it can be removed
  };

  /// `bundled`: folders of sketch files and QuickDraw files (.ndjson, .ndjson.gz), one entry a
  /// drawing; what cannot be read is left out. `saved` is created when it is needed.
  SketchLibrary(const std::vector<std::filesystem::path>& bundled, std::filesystem::path saved,
                QObject* parent = nullptr);

  int count() const { return static_cast<int>(items_.size()); }
  QString name(int row) const;
  /// Throws InputError when the file is gone or broken meanwhile.
  Sketch sketch(int row) const;

  /// Keeps a drawing under a name (a number is added when it is taken). Returns its row. Throws
  /// OutputError, InputError for a drawing that cannot be looked for.
  int save(const Sketch& sketch, const QString& name);
  /// Of a saved drawing; false, and nothing happens, for a bundled one.
  bool remove(int row);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;

 private:
  struct Item {
    QString name;
    std::filesystem::path file;    ///< empty for one of a QuickDraw file
    std::optional<Sketch> sketch;  ///< when it was read already
    bool saved = false;
    QIcon thumbnail;
  };
  void addFolder(const std::filesystem::path& folder, bool saved);
  void addQuickDraw(const std::filesystem::path& file);
  void sort();

  std::filesystem::path saved_;
  mutable std::vector<Item> items_;  ///< thumbnails come when they are asked for
};

}  // namespace inkling
