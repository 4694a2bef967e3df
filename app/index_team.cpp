#include "app/index_team.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json.h"
#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

// What was said of a photo, on its way to the leader: a line of JSON, then the record as it is.
struct Description {
  ContentHash content;
  DescribedPhoto photo;
  std::string error;  // not empty: it cannot be described
};

std::string encode(const Description& said) {
  const Json head = {{"content", said.content.hex()},
                     {"error", said.error},
                     {"width", said.photo.width},
                     {"height", said.photo.height},
                     {"orientation", said.photo.orientation}};
  return dumpJson(head) + "\n" + said.photo.features;
}

Description decode(std::string_view bytes) {
  const std::string name = "a description";
  const std::size_t end = bytes.find('\n');
  if (end == std::string_view::npos) fail<OutputError>("{}: is cut off", name);
  const Json head = parseJson(bytes.substr(0, end), name);
  Description said;
  said.content = ContentHash::fromHex(jsonRequire<std::string>(head, "content", name));
  said.error = jsonRequire<std::string>(head, "error", name);
  said.photo.width = jsonRequire<int>(head, "width", name);
  said.photo.height = jsonRequire<int>(head, "height", name);
  said.photo.orientation = jsonRequire<int>(head, "orientation", name);
  said.photo.features = bytes.substr(end + 1);
  return said;
}

// Photos have the numbers that they have in the catalogue.
std::string describe(PhotoDescriber& describer, const fs::path& photo) {
  Description said;
  try {
    said.content = hashFile(photo);
    said.photo = describer.describe(photo, said.content);
  } catch (const InputError& error) {
    said.error = error.what();
  } catch (const std::bad_alloc&) {
    said.error = displayName(photo) + ": not enough memory";
  }
  return encode(said);
}

// Says what another process has said.
class Told : public PhotoDescriber {
 public:
  Told(std::string identity, Description said)
      : identity_(std::move(identity)), said_(std::move(said)) {}
  std::string identity() const override { return identity_; }
  DescribedPhoto describe(const fs::path& photo, const ContentHash& content) override {
    if (!said_.error.empty()) throw InputError(said_.error);
    if (content != said_.content)
      fail<InputError>("{}: has changed while it was read", displayName(photo));
    return said_.photo;
  }

 private:
  const std::string identity_;
  const Description said_;
};

}  // namespace

IndexResult leadIndexing(Team& team, Catalogue& catalogue, PhotoDescriber& describer,
                         const CancellationToken& token, const ProgressCallback& progress,
                         bool retryFailed) {
  queueOutdated(catalogue, describer, retryFailed);
  std::vector<std::size_t> waiting;
  catalogue.forEachPhoto([&](const PhotoEntry& photo) {
    if (photo.state == PhotoState::waiting) waiting.push_back(static_cast<std::size_t>(photo.id));
  });
  const std::string identity = describer.identity();
  const auto pathOf = [&](std::size_t id) {
    const auto photo = catalogue.photo(static_cast<std::int64_t>(id));
    return photo ? photo->path : fs::path();
  };
  IndexResult result;
  std::int64_t done = 0;
  const auto take = [&](std::size_t id, const std::string& bytes) {
    const fs::path path = pathOf(id);
    Description said = decode(bytes);
    const bool failed = !said.error.empty();
    if (progress) progress({"describing photos", ++done, std::ssize(waiting), displayName(path)});
    Told told(identity, std::move(said));
    if (describePhoto(catalogue, told, path)) ++(failed ? result.failed : result.described);
  };
  // A catalogue belongs to one thread: this process's own share is read through another connection.
  const fs::path file = catalogue.file(), folder = catalogue.folder();
  const Team::Work work = [&](const Team::Next& next, const Team::Deliver& deliver) {
    const Catalogue reader = Catalogue::forReading(file, folder);
    while (const auto id = next()) {
      const auto photo = reader.photo(static_cast<std::int64_t>(*id));
      deliver(*id, describe(describer, folder / (photo ? photo->path : fs::path())));
    }
  };
  team.lead(waiting, work, take, token);
  result.finished = !token.cancelled();
  return result;
}

void followIndexing(Team& team, const std::function<Catalogue()>& open, PhotoDescriber& describer) {
  std::optional<Catalogue> catalogue;
  team.follow([&] { catalogue.emplace(open()); },
              [&](const Team::Next& next, const Team::Deliver& deliver) {
                while (const auto id = next()) {
                  const auto photo = catalogue->photo(static_cast<std::int64_t>(*id));
                  deliver(*id, describe(describer,
                                        catalogue->folder() / (photo ? photo->path : fs::path())));
                }
              });
}

}  // namespace inkling
