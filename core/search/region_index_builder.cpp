#include "core/search/region_index_builder.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <optional>

#include <faiss/impl/FaissException.h>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/search/region_index_choice.h"
#include "core/search/region_index_coding.h"
#include "core/search/region_index_open.h"
#include "core/search/region_index_recall.h"

namespace inkling {
namespace {

using region_file::Code;
using region_file::FileHeader;

constexpr std::int64_t kFewest = 1000;           // vectors that an inverted file makes sense for
constexpr std::size_t kSampleVectors = 300'000;  // at most: 150 MB of 128 values each

void check(const RegionIndexOptions& o) {
  if (o.dimension < 1 || o.dimension > 4096)
    fail<UsageError>("region vectors of {} values make no sense", o.dimension);
  if (o.sampleQueries.size() % static_cast<std::size_t>(o.dimension) != 0)
    fail<UsageError>("{} values of sample queries are no multiple of the dimension {}",
                     o.sampleQueries.size(), o.dimension);
  if (!std::ranges::all_of(o.sampleQueries, [](float value) { return std::isfinite(value); }))
    throw UsageError("a sample query has a value that is not finite");
  if (!(o.targetRecall >= 0 && o.targetRecall <= 1))
    fail<UsageError>("a recall of {} cannot be reached", o.targetRecall);
  if (o.recallTop < 1 || o.recallCandidates < o.recallTop)
    fail<UsageError>("the best {} photos cannot be among {} candidates", o.recallTop,
                     o.recallCandidates);
}

// One build.
class Build {
 public:
  Build(const std::filesystem::path& file, const RegionSource& source,
        const RegionIndexOptions& options, const CancellationToken& token,
        const ProgressCallback& progress)
      : file_(file),
        source_(source),
        options_(options),
        token_(token),
        progress_(progress),
        output_(file),
        width_((options.dimension + 7) / 8 * 8) {}

  RegionIndexInfo run() {
    header_.dimension = static_cast<std::uint32_t>(options_.dimension);
    header_.identityBytes = static_cast<std::uint32_t>(options_.identity.size());
    header_.revision = options_.revision;
    PhotoSample sample(options_.dimension, width_, kSampleVectors, options_.seed);
    readPhotos(sample);
    if (exact_) {
      region_file::seal(output_.file(), header_, {options_.identity, photos_, first_, {}, {}, {}});
    } else {
      first_ = {};
      buildLists(std::move(sample));
    }
    const RegionIndexInfo info = region_file::IndexFile(output_.part()).info();
    token_.check();
    output_.commit();
    return info;
  }

 private:
  using Take = std::function<void(const RegionVectors&, std::uint32_t row)>;

  // Hands all photos to `take`, checked, with their row.
  void walk(const char* stage, const Take& take) {
    std::int64_t rows = 0, last = 0;
    const auto total = std::ssize(photos_);  // not known the first time
    source_([&](const RegionVectors& photo) {
      token_.check();
      checkRegionVectors(photo, options_.dimension);
      if (rows > 0 && photo.photo <= last)
        fail<UsageError>("photo {} comes after photo {}: ids have to ascend", photo.photo, last);
      last = photo.photo;
      if (progress_ && rows % 256 == 0) progress_({stage, rows, total, ""});
      take(photo, static_cast<std::uint32_t>(rows++));
    });
    if (progress_) progress_({stage, rows, rows, ""});
  }

  // The first walk. Writes an exact index as long as it may become one.
  void readPhotos(PhotoSample& sample) {
    std::optional<Appender> values(std::in_place, output_.file(), region_file::kBodyStart);
    const auto limit = static_cast<std::uint64_t>(std::max(options_.exactLimit, kFewest));
    walk("reading regions", [&](const RegionVectors& photo, std::uint32_t) {
      photos_.push_back(photo.photo);
      header_.vectors += photo.values.size() / header_.dimension;
      sample.add(photo);
      if (header_.vectors > limit) {
        values.reset();
        return;
      }
      values->append(std::as_bytes(std::span(photo.values)));
      first_.push_back(header_.vectors);
    });
    header_.photos = photos_.size();
    exact_ = values.has_value();
    if (exact_)
      values->flush();
    else
      output_.file().resize(0);
  }

  void buildLists(PhotoSample sample) {
    if (options_.sampleQueries.empty())
      fail<UsageError>(
          "{} regions are too many for an exact index, and without sample queries no "
          "other can be measured",
          header_.vectors);
    if (progress_) progress_({"training the index", 0, 0, ""});
    const TrainedLists trained = trainLists(sample, options_, std::ssize(photos_),
                                            static_cast<std::int64_t>(header_.vectors), token_);
    sample = PhotoSample(options_.dimension, width_, 0, 0);  // gives back its memory
    for (std::size_t i = 0; i < trained.codes.size(); ++i) {
      const MeasuredEffort measured = tryCode(trained.centroids, trained.codes[i].code);
      if (measured.recall >= options_.targetRecall || i + 1 == trained.codes.size()) return;
    }
  }

  // Writes the whole file with this code and measures it.
  MeasuredEffort tryCode(const std::vector<float>& centroids, const ResidualCode& code) {
    ExactAnswers answers(options_.sampleQueries, options_.dimension, options_.recallTop);
    std::vector<std::uint32_t> listSizes;
    writeLists(centroids, code, answers, listSizes);
    const region_file::IndexPart index{options_.identity, photos_,    {},
                                       centroids,         code.table, listSizes};
    region_file::seal(output_.file(), header_, index);

    const region_file::IndexFile written(output_.part());
    const std::string method = written.info().method;
    if (progress_) progress_({"measuring the index", 0, 1, method});
    const MeasuredEffort measured =
        smallestEffort(*searcherOf(written), answers, options_.recallCandidates,
                       options_.targetRecall, mostListsVisited(static_cast<int>(header_.lists)));
    header_.listsVisited = static_cast<std::uint32_t>(measured.effort);
    header_.recall = measured.recall;
    header_.targetReached = measured.recall >= options_.targetRecall ? 1 : 0;
    region_file::seal(output_.file(), header_, index);
    if (progress_) {
      progress_(
          {"measuring the index", 1, 1,
           fmt::format("{}, {} lists: recall {:.3f}", method, measured.effort, measured.recall)});
    }
    return measured;
  }

  // A walk that codes all photos, and finds the exact answers to the sample queries on the way.
  void writeLists(const std::vector<float>& centroids, const ResidualCode& code,
                  ExactAnswers& answers, std::vector<std::uint32_t>& listSizes) {
    ListWriter writer(centroids, code, options_.dimension, width_, file_);
    walk("coding regions", [&](const RegionVectors& photo, std::uint32_t row) {
      if (row >= photos_.size() || photos_[row] != photo.photo) sourceChanged();
      writer.add(row, photo.values);
      answers.add(photo.photo, photo.values);
    });
    writer.finish();
    if (writer.vectors() != header_.vectors) sourceChanged();
    listSizes = writer.listSizes();
    header_.code = code.code;
    header_.width = static_cast<std::uint32_t>(width_);
    header_.codeBytes = static_cast<std::uint32_t>(code.bytes);
    header_.codeTable = static_cast<std::uint32_t>(code.table.size());
    header_.lists = static_cast<std::uint32_t>(listSizes.size());
    header_.listsVisited = 1;
    output_.file().resize(0);
    writer.writeBody(output_.file(), region_file::layoutOf(header_), token_);
  }

  [[noreturn]] void sourceChanged() const {
    fail<InputError>("{}: the photos changed while the index was built", displayName(file_));
  }

  const std::filesystem::path& file_;
  const RegionSource& source_;
  const RegionIndexOptions& options_;
  const CancellationToken& token_;
  const ProgressCallback& progress_;
  ReplacementFile output_;
  int width_;
  FileHeader header_;
  bool exact_ = true;
  std::vector<std::int64_t> photos_;
  std::vector<std::uint64_t> first_{0};
};

}  // namespace

RegionIndexInfo buildRegionIndex(const std::filesystem::path& file, const RegionSource& source,
                                 const RegionIndexOptions& options, const CancellationToken& token,
                                 const ProgressCallback& progress) {
  check(options);
  try {
    return Build(file, source, options, token, progress).run();
  } catch (const faiss::FaissException& error) {
    fail<OutputError>("{}: the index cannot be built ({})", displayName(file), error.what());
  } catch (const std::bad_alloc&) {
    fail<OutputError>("{}: not enough memory to build the index", displayName(file));
  }
}

}  // namespace inkling
