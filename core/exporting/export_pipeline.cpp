#include "core/exporting/export_pipeline.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/base/bounded_queue.h"

namespace inkling {
namespace {

class Pipeline {
 public:
  Pipeline(const PhotoExporter& exporter, const std::vector<std::filesystem::path>& photos,
           const PipelineThreads& threads, const NextPhoto& next, const CancellationToken& token)
      : exporter_(exporter),
        photos_(photos),
        next_(next),
        token_(token),
        batch_(static_cast<std::size_t>(exporter.batchSize())),
        read_(batch_ * static_cast<std::size_t>(threads.lookers)),
        looked_(2 * batch_ * static_cast<std::size_t>(threads.lookers)),
        readers_(threads.readers),
        lookers_(threads.lookers) {}

  void run(const std::function<void(PhotoExporter::Result)>& done) {
    std::vector<std::jthread> threads;
    const int readers = readers_, lookers = lookers_;
    for (int i = 0; i < readers; ++i) threads.emplace_back([this] { guarded([&] { read(); }); });
    for (int i = 0; i < lookers; ++i) threads.emplace_back([this] { guarded([&] { look(); }); });
    guarded([&] {
      while (auto result = looked_.pop()) done(std::move(*result));
    });
    threads.clear();  // waits for them
    if (error_) std::rethrow_exception(error_);
  }

 private:
  // The first error ends all threads.
  template <typename Work>
  void guarded(Work&& work) {
    try {
      work();
    } catch (...) {
      {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = std::current_exception();
      }
      read_.stop();
      looked_.stop();
    }
  }

  void read() {
    while (!token_.cancelled()) {
      const std::optional<std::size_t> number = next_();
      if (!number || !read_.push(exporter_.read(*number, photos_[*number]))) break;
    }
    if (--readers_ == 0) read_.end();
  }

  void look() {
    constexpr std::chrono::milliseconds kPatience{50};
    for (auto photos = read_.popSome(batch_, kPatience); !photos.empty();
         photos = read_.popSome(batch_, kPatience)) {
      exporter_.describe(photos);
      for (PhotoExporter::Read& photo : photos)
        if (!looked_.push(exporter_.look(std::move(photo)))) return end();
    }
    end();
  }

  void end() {
    if (--lookers_ == 0) looked_.end();
  }

  const PhotoExporter& exporter_;
  const std::vector<std::filesystem::path>& photos_;
  const NextPhoto& next_;
  const CancellationToken& token_;
  const std::size_t batch_;
  BoundedQueue<PhotoExporter::Read> read_;
  BoundedQueue<PhotoExporter::Result> looked_;
  std::atomic<int> readers_, lookers_;
  std::mutex mutex_;
  std::exception_ptr error_;
};

}  // namespace

PipelineThreads PipelineThreads::forCores(int cores, bool onCard) {
  if (cores <= 0) cores = static_cast<int>(std::thread::hardware_concurrency());
  PipelineThreads threads;
  if (onCard) {
    // Decoding is what the processor is left with.
    threads.lookers = std::min(2, cores);
    threads.readers = std::max(1, cores - threads.lookers);
    return threads;
  }
  threads.lookers = std::max(1, cores);
  // Decoding takes a fraction of what looking takes.
  threads.readers = std::max(1, cores / 4);
  return threads;
}

void runExportPipeline(const PhotoExporter& exporter,
                       const std::vector<std::filesystem::path>& photos,
                       const PipelineThreads& threads, const NextPhoto& next,
                       const CancellationToken& token,
                       const std::function<void(PhotoExporter::Result)>& done) {
  Pipeline(exporter, photos, threads, next, token).run(done);
}

}  // namespace inkling
