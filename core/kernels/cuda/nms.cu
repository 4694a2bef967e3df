// core/kernels/nms.h on a card, in two steps. First, which box covers which later one: blocks of
// 64 x 64 pairs, a thread has one box and writes the 64 bits of its row; blocks below the diagonal
// have nothing to do. Then one block per photo walks along the rows, 64 at a time: within the 64
// every thread takes the same decisions from the same bits, then all together cross out what the
// boxes kept cover among those that follow.
#include "core/kernels/cuda/launch.cuh"
#include "core/kernels/cuda/nms.h"
#include "core/kernels/nms_overlap.h"

namespace inkling::kernels::cuda {
namespace {

using Bits = unsigned long long;
constexpr int kBits = 64;
constexpr unsigned kWalkers = 256;
constexpr std::int64_t kMostPhotos = 65535, kMostWords = 5500;  // of the walk's shared memory

/// A job as kernels get it, and its scratch: [photos, boxes, words], bit j of word w of row i for
/// box 64 w + j being covered by box i. Words left of the diagonal stay unwritten.
struct SuppressionLayout {
  const float* boxes;
  const std::int64_t* counts;
  double threshold;
  std::int64_t boxesPerPhoto, room, words;
  std::int64_t *kept, *keptCount;
  Bits* covers;

  __device__ int count(std::int64_t photo) const {
    if (counts == nullptr || counts[photo] > boxesPerPhoto) return static_cast<int>(boxesPerPhoto);
    return counts[photo] > 0 ? static_cast<int>(counts[photo]) : 0;
  }
  __device__ Bits* row(std::int64_t photo, std::int64_t box) const {
    return covers + (photo * boxesPerPhoto + box) * words;
  }
};

__global__ void __launch_bounds__(kBits) findCovered(const SuppressionLayout job) {
  INKLING_SHARED(OverlapBox, others);
  const std::int64_t photo = blockIdx.z;
  const int count = job.count(photo), first = static_cast<int>(blockIdx.x) * kBits,
            own = static_cast<int>(blockIdx.y) * kBits + static_cast<int>(threadIdx.x),
            other = first + static_cast<int>(threadIdx.x);
  if (blockIdx.x < blockIdx.y || first >= count) return;  // the whole block
  const float* boxes = job.boxes + photo * job.boxesPerPhoto * 4;
  if (other < count) others[threadIdx.x] = OverlapBox(boxes + std::int64_t{4} * other);
  __syncthreads();
  if (own >= count) return;
  const OverlapBox box(boxes + std::int64_t{4} * own);
  const int begin = own < first ? 0 : own - first + 1,
            end = count - first < kBits ? count - first : kBits;
  Bits bits = 0;
  for (int j = begin; j < end; ++j)
    if (intersectionOverUnion(box, others[j]) > job.threshold) bits |= Bits{1} << j;
  job.row(photo, own)[blockIdx.x] = bits;
}

// Adds what the boxes `kept` of word `word` cover to the words after it. A warp has one box.
__device__ void crossOut(const SuppressionLayout& job, std::int64_t photo, int word, int words,
                         Bits kept, Bits* covered) {
  constexpr int kWarps = static_cast<int>(kWalkers) / kWarp;
  const int warp = static_cast<int>(threadIdx.x) / kWarp,
            lane = static_cast<int>(threadIdx.x) % kWarp;
  for (int number = 0; kept != 0; ++number, kept &= kept - 1) {
    if (number % kWarps != warp) continue;
    const Bits* row = job.row(photo, std::int64_t{word} * kBits + __ffsll(kept) - 1);
    for (int w = word + 1 + lane; w < words; w += kWarp)
      if (row[w] != 0) atomicOr(&covered[w], row[w]);
  }
}

__global__ void __launch_bounds__(kWalkers, 1) walk(const SuppressionLayout job) {
  INKLING_SHARED(Bits, covers);  // of the 64 boxes at hand, among themselves
  Bits* covered = covers + kBits;
  const std::int64_t photo = blockIdx.x;
  const int count = job.count(photo), words = (count + kBits - 1) / kBits,
            thread = static_cast<int>(threadIdx.x);
  std::int64_t* numbers = job.kept + photo * job.room;
  for (int w = thread; w < words; w += kWalkers) covered[w] = 0;
  std::int64_t total = 0;
  for (int word = 0; word < words && total < job.room; ++word) {
    const int here = count - word * kBits < kBits ? count - word * kBits : kBits;
    if (thread < here) covers[thread] = job.row(photo, word * kBits + thread)[word];
    __syncthreads();
    Bits open = ~covered[word] & (~Bits{0} >> (kBits - here)), kept = 0;
    for (std::int64_t room = job.room - total; open != 0 && room > 0; --room) {
      const int best = __ffsll(open) - 1;
      kept |= Bits{1} << best;
      open &= ~(Bits{1} << best | covers[best]);
    }
    if (thread < kBits && (kept >> thread & 1) != 0)
      numbers[total + __popcll(kept & ((Bits{1} << thread) - 1))] = word * kBits + thread;
    total += __popcll(kept);
    crossOut(job, photo, word, words, kept, covered);
    __syncthreads();
  }
  if (thread == 0) job.keptCount[photo] = total;
  for (std::int64_t i = total + thread; i < job.room; i += kWalkers) numbers[i] = -1;
}

std::int64_t wordsOf(const NonMaximumSuppression& job) {
  return (job.boxesPerPhoto + kBits - 1) / kBits;
}

}  // namespace

std::int64_t nonMaximumSuppressionScratch(const NonMaximumSuppression& job) {
  return job.photos * job.boxesPerPhoto * wordsOf(job) * static_cast<std::int64_t>(sizeof(Bits));
}

void nonMaximumSuppression(const NonMaximumSuppression& job, void* scratch, Stream stream) {
  const std::int64_t words = wordsOf(job);
  if (job.photos > kMostPhotos || words > kMostWords)
    throw Error("non-maximum suppression: more photos or boxes than the card's code takes");
  const SuppressionLayout layout{job.boxes,         job.counts,    job.threshold,
                                 job.boxesPerPhoto, job.room(),    words,
                                 job.kept,          job.keptCount, static_cast<Bits*>(scratch)};
  const auto photos = static_cast<unsigned>(job.photos), across = static_cast<unsigned>(words);
  launch("non-maximum suppression", findCovered, dim3(across, across, photos), dim3(kBits),
         kBits * sizeof(OverlapBox), stream, layout);
  launch("non-maximum suppression", walk, dim3(photos), dim3(kWalkers),
         static_cast<std::size_t>(kBits + words) * sizeof(Bits), stream, layout);
}

}  // namespace inkling::kernels::cuda
