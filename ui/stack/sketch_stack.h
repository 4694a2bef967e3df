// The drawings of one query: what to find and what not, how much each counts, and which are
// switched on. The current one is what the canvas edits; the engine fuses all that are on.
//
//   SketchStack stack;
//   const int row = stack.add(readSketch("cat.json"), tr("cat"));
//   stack.setWeight(row, 2);
//   DrawnQuery query = stack.query();        // for the engine
//   std::string text = stack.toJson();       // for the autosave; fromJson() brings it back
//
// A list model for a view: drag and drop moves rows, the check box is on / off, the text is the
// name.
#pragma once

#include <QAbstractListModel>
#include <QPixmap>
#include <memory>
#include <string>
#include <vector>

#include "core/inference/localizer.h"
#include "ui/canvas/sketch_document.h"

namespace inkling {

/// What is asked of the engine: drawings that are on and hold ink.
struct DrawnQuery {
  std::vector<WeightedSketch> wanted, unwanted;
  std::vector<int> wantedRows, unwantedRows;  ///< rows of the stack that they came from
  bool empty() const { return wanted.empty(); }
};

class SketchStack : public QAbstractListModel {
  Q_OBJECT

 public:
  enum Role {
    kWeightRole = Qt::UserRole,  ///< double, 0.1 .. 3
    kWantedRole,                 ///< bool: "find", or "not this"
    kBlankRole,                  ///< bool: nothing drawn yet
  };
  static constexpr double kLeastWeight = 0.1, kMostWeight = 3;
  static constexpr int kMost = 32;        ///< drawings in a stack
  static constexpr int kThumbnail = 128;  ///< pixels

  /// Starts with one blank drawing; a stack is never empty.
  explicit SketchStack(QObject* parent = nullptr);
  ~SketchStack() override;

  /// Below the last one. Returns its row, -1 when the stack is full.
  int add(const Sketch& sketch, const QString& name);
  int addBlank();
  int duplicate(int row);
  /// The last drawing is replaced by a blank one. restoreRemoved() brings the newest removed back.
  void remove(int row);
  bool canRestore() const { return removed_ != nullptr; }
  void restoreRemoved();
  void removeAll();
  /// Moves a drawing; `to` is the row that it has afterwards.
  void move(int row, int to);

  int count() const { return static_cast<int>(entries_.size()); }
  SketchDocument& document(int row) const;
  QString name(int row) const;
  void setName(int row, const QString& name);
  double weight(int row) const;
  void setWeight(int row, double weight);
  bool isOn(int row) const;
  void setOn(int row, bool on);
  bool isWanted(int row) const;
  void setWanted(int row, bool wanted);

  DrawnQuery query() const;

  std::string toJson() const;
  /// Throws InputError for text that is no stack; the stack stays as it was. False: all are blank.
  bool fromJson(const std::string& text, const std::string& name);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  bool moveRows(const QModelIndex& from, int row, int count, const QModelIndex& to,
                int before) override;

 Q_SIGNALS:
  /// What the engine should look for is another: a stroke, a weight, a switch, the order.
  void queryChanged();
  /// Something worth saving changed.
  void edited();

 private:
  struct Entry;
  Entry& at(int row) const { return *entries_[static_cast<std::size_t>(row)]; }
  std::unique_ptr<Entry> makeEntry(const Sketch& sketch, const QString& name);
  int insert(int row, std::unique_ptr<Entry> entry);
  void replaceAll(std::vector<std::unique_ptr<Entry>> entries);
  void entryChanged(const Entry* entry);
  void told(int row);

  std::vector<std::unique_ptr<Entry>> entries_;
  std::unique_ptr<Entry> removed_;
  int removedFrom_ = 0;
};

}  // namespace inkling
