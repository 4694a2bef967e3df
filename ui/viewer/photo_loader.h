// Reads photos on a thread of its own, at low priority: the window stays lively, and so does the
// rest of the machine. JPEGs too large to be held whole come reduced (LoadedPhoto::isReduced).
//
//   PhotoLoader loader;
//   connect(&loader, &PhotoLoader::loaded, ...);
//   loader.load("street.jpg");
//   loader.load("beach.jpg");      // street.jpg is not heard of any more
#pragma once

#include <QObject>
#include <QThreadPool>
#include <atomic>
#include <filesystem>

#include "ui/viewer/loaded_photo.h"

namespace inkling {

class PhotoLoader : public QObject {
  Q_OBJECT

 public:
  explicit PhotoLoader(QObject* parent = nullptr);
  /// Waits for a photo that is being decoded; nothing is signalled after that.
  ~PhotoLoader() override;

  /// Ends with one of the signals, unless another load or cancel() comes first.
  void load(const std::filesystem::path& path);
  void cancel();
  bool isLoading() const { return loading_; }

 Q_SIGNALS:
  void loaded(const inkling::LoadedPhoto& photo);
  /// `reason` is a whole sentence that names the file.
  void failed(const std::filesystem::path& path, const QString& reason);

 private:
  void read(const std::filesystem::path& path, quint64 run);
  bool isCurrent(quint64 run) const { return run == run_.load(); }
  template <typename F>
  void tell(quint64 run, F&& signal);

  std::atomic<quint64> run_ = 0;  ///< tells the newest load from older ones
  bool loading_ = false;
  QThreadPool pool_;
};

}  // namespace inkling
