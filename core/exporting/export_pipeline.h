// Reading, looking and writing at the same time, for the photos of an export.
//
//   readers ---> [queue] ---> lookers ---> [queue] ---> the calling thread, which writes
//
// Each looker computes on one core, so that the answer for a photo does not depend on how many
// there are, and no core waits for another. Queues are short: memory does not grow with the number
// of photos.
//
// On a card a looker describes several photos together (Localizer::batchSize), and a few lookers
// keep the card busy.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "core/base/cancellation.h"
#include "core/exporting/photo_exporter.h"

namespace inkling {

struct PipelineThreads {
  int readers = 1;
  int lookers = 1;

  /// As suits so many cores, 0: those of the machine; `onCard`: the model computes there.
  static PipelineThreads forCores(int cores, bool onCard = false);
};

/// The number of the next photo, or none. Called by several threads.
using NextPhoto = std::function<std::optional<std::size_t>()>;

/// Looks at the photos that `next` gives, until it gives none or `token` is cancelled; photos in
/// hand are finished then. `done` is called on the calling thread, in no particular order; what it
/// throws ends the work. The tensor library of `exporter` has to compute on one thread
/// (LocalizerOptions::threads = 1).
void runExportPipeline(const PhotoExporter& exporter,
                       const std::vector<std::filesystem::path>& photos,
                       const PipelineThreads& threads, const NextPhoto& next,
                       const CancellationToken& token,
                       const std::function<void(PhotoExporter::Result)>& done);

}  // namespace inkling
