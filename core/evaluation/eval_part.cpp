#include "core/evaluation/eval_part.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/base/path.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "inkling eval part";
constexpr int kVersion = 1;

Json truthsJson(const CocoDataset& dataset, std::size_t photo) {
  Json truths = Json::array();
  for (const std::size_t index : dataset.annotationsOf(photo)) {
    const Annotation& a = dataset.annotations[index];
    truths.push_back({a.categoryId, a.box.x, a.box.y, a.box.width, a.box.height, a.area, a.crowd});
  }
  return truths;
}

Json answersJson(const Answers& answers, std::size_t query) {
  Json variants = Json::array();
  for (std::size_t v = 0; v < answers.detections.size(); ++v) {
    Json boxes = Json::array();
    for (const ScoredBox& found : answers.detections[v][query]) {
      boxes.push_back({found.box.x, found.box.y, found.box.width, found.box.height, found.score});
    }
    variants.push_back({{"score", answers.photoScores[v][query]}, {"boxes", std::move(boxes)}});
  }
  return variants;
}

// Categories are known by their ids alone.
void finish(CocoDataset& dataset, const std::string& name) {
  std::set<int> categories;
  for (const Annotation& each : dataset.annotations) categories.insert(each.categoryId);
  for (const int id : categories) dataset.categories.push_back({id, "", "", false});
  dataset.buildIndex(name);
}

// Reads one file into an EvalPart; every error names it.
class PartReader {
 public:
  explicit PartReader(const fs::path& file) : name_(displayName(file)), json_(readJson(file)) {}

  EvalPart read() {
    if (jsonGet<std::string>(json_, "format", "", name_) != kFormat)
      fail<InputError>("{}: is not a part that \"inkling eval --shard\" wrote", name_);
    if (jsonRequire<int>(json_, "version", name_) != kVersion)
      fail<InputError>("{}: was written by a newer Inkling", name_);
    readFrame();
    for (const Json& photo : jsonRequire<std::vector<Json>>(json_, "photos", name_)) add(photo);
    finish(part_.dataset, name_);
    requireUse();
    return std::move(part_);
  }

 private:
  void readFrame() {
    try {
      part_.shard = Shard::parse(jsonRequire<std::string>(json_, "shard", name_));
    } catch (const UsageError& error) {
      fail<InputError>("{}: {}", name_, error.what());
    }
    part_.settings = jsonRequire<Json>(json_, "settings", name_);
    part_.asked = jsonRequire<std::vector<std::int64_t>>(json_, "asked", name_);
    Answers& answers = part_.answers;
    answers.failed = jsonRequire<std::vector<std::int64_t>>(json_, "failed", name_);
    answers.unreadable = jsonRequire<std::vector<std::size_t>>(json_, "unreadable", name_);
    if (!part_.settings.is_object() || answers.unreadable.empty()) broken();
    answers.detections.resize(answers.unreadable.size());
    answers.photoScores.resize(answers.unreadable.size());
  }

  void add(const Json& photo) {
    CocoDataset& dataset = part_.dataset;
    const auto id = jsonRequire<std::int64_t>(photo, "id", name_);
    const std::size_t index = dataset.photos.size();
    dataset.photos.push_back({id, "", 0, 0, 0, ""});
    for (const Json& row : jsonRequire<std::vector<Json>>(photo, "truths", name_)) {
      if (!row.is_array() || row.size() != 7 || !row[0].is_number_integer() || !row[6].is_boolean())
        broken();
      dataset.annotations.push_back({static_cast<std::int64_t>(dataset.annotations.size()) + 1, id,
                                     row[0].get<int>(), box(row, 1), number(row[5]),
                                     row[6].get<bool>()});
    }
    for (const Json& query : jsonRequire<std::vector<Json>>(photo, "queries", name_))
      addQuery(query, index);
  }

  void addQuery(const Json& json, std::size_t photo) {
    Query query;
    query.photo = photo;
    query.categoryId = jsonRequire<int>(json, "category", name_);
    query.present = jsonRequire<bool>(json, "present", name_);
    query.unseen = jsonRequire<bool>(json, "unseen", name_);
    query.unwantedCategoryId = jsonRequire<int>(json, "unwanted_category", name_);
    Answers& answers = part_.answers;
    answers.queries.push_back(std::move(query));
    const auto variants = jsonRequire<std::vector<Json>>(json, "answers", name_);
    if (variants.size() != answers.detections.size()) broken();
    for (std::size_t v = 0; v < variants.size(); ++v) {
      answers.photoScores[v].push_back(score(jsonRequire<Json>(variants[v], "score", name_)));
      auto& boxes = answers.detections[v].emplace_back();
      for (const Json& row : jsonRequire<std::vector<Json>>(variants[v], "boxes", name_)) {
        if (!row.is_array() || row.size() != 5) broken();
        boxes.push_back({box(row, 0), score(row[4])});
      }
    }
  }

  Box box(const Json& row, std::size_t at) const {
    return {number(row[at]), number(row[at + 1]), number(row[at + 2]), number(row[at + 3])};
  }
  double number(const Json& value) const {
    if (!value.is_number()) broken();
    return value.get<double>();
  }
  double score(const Json& value) const {
    const double score = number(value);
    if (!(score >= 0 && score <= 1)) broken();
    return score;
  }
  // Photos that are asked about, each answered or failed once.
  void requireUse() const {
    std::set<std::int64_t> left(part_.asked.begin(), part_.asked.end());
    if (left.size() != part_.asked.size()) broken();
    for (const PhotoRecord& photo : part_.dataset.photos) {
      if (left.erase(photo.id) == 0) broken();
    }
    for (const std::int64_t id : part_.answers.failed) {
      if (left.erase(id) == 0) broken();
    }
  }
  [[noreturn]] void broken() const { fail<InputError>("{}: the part is damaged", name_); }

  const std::string name_;
  const Json json_;
  EvalPart part_;
};

struct NamedPart {
  std::string name;
  EvalPart part;
};

void checkParts(const std::vector<NamedPart>& parts) {
  const auto& [firstName, first] = parts.front();
  std::vector<const NamedPart*> seen(static_cast<std::size_t>(first.shard.of));
  for (const NamedPart& each : parts) {
    const auto& [name, part] = each;
    if (part.shard.of != first.shard.of)
      fail<InputError>("{} is part {}, but {} is part {}", name, part.shard.text(), firstName,
                       first.shard.text());
    if (part.settings != first.settings ||
        part.answers.unreadable.size() != first.answers.unreadable.size())
      fail<InputError>("{} and {} are of evaluations with different settings", firstName, name);
    if (part.asked != first.asked)
      fail<InputError>("{} and {} are of different photos", firstName, name);
    const NamedPart*& place = seen[static_cast<std::size_t>(part.shard.number - 1)];
    if (place != nullptr)
      fail<InputError>("{} and {} are both part {}", place->name, name, part.shard.text());
    place = &each;
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == nullptr) fail<InputError>("part {}/{} is missing", i + 1, seen.size());
  }
}

// Puts the parts together in the order of one run.
class Joiner {
 public:
  explicit Joiner(std::vector<NamedPart> parts) : parts_(std::move(parts)) {
    const EvalPart& first = parts_.front().part;
    whole_.settings = first.settings;
    whole_.asked = first.asked;
    const std::size_t variants = first.answers.unreadable.size();
    whole_.answers.detections.resize(variants);
    whole_.answers.photoScores.resize(variants);
    whole_.answers.unreadable.resize(variants);
  }

  EvalPart join() {
    findOwners();
    for (const std::int64_t id : whole_.asked) addPhoto(id);
    finish(whole_.dataset, "the parts");
    // The map is in the order of ids, as queries are.
    for (const auto& [id, owner] : owners_) addQueries(id, owner);
    for (const NamedPart& each : parts_) {
      for (std::size_t v = 0; v < whole_.answers.unreadable.size(); ++v)
        whole_.answers.unreadable[v] += each.part.answers.unreadable[v];
    }
    return std::move(whole_);
  }

 private:
  struct Owner {
    NamedPart* part = nullptr;
    bool failed = false;
    std::vector<std::size_t> queries;
  };

  void findOwners() {
    for (NamedPart& each : parts_) {
      for (const PhotoRecord& photo : each.part.dataset.photos) own(photo.id, each, false);
      for (const std::int64_t id : each.part.answers.failed) own(id, each, true);
      const std::vector<Query>& queries = each.part.answers.queries;
      for (std::size_t i = 0; i < queries.size(); ++i)
        owners_[each.part.dataset.photos[queries[i].photo].id].queries.push_back(i);
    }
    for (const std::int64_t id : whole_.asked) {
      if (!owners_.contains(id))
        fail<InputError>("photo {} is in none of the parts; it was changed while they were made",
                         id);
    }
  }

  void own(std::int64_t id, NamedPart& part, bool failed) {
    Owner& owner = owners_[id];
    if (owner.part != nullptr)
      fail<InputError>("{} and {} have both photo {}; it was changed while they were made",
                       owner.part->name, part.name, id);
    owner.part = &part;
    owner.failed = failed;
    if (failed) whole_.answers.failed.push_back(id);
  }

  void addPhoto(std::int64_t id) {
    const Owner& owner = owners_.at(id);
    if (owner.failed) return;
    CocoDataset& dataset = whole_.dataset;
    const CocoDataset& from = owner.part->part.dataset;
    places_[id] = dataset.photos.size();
    dataset.photos.push_back({id, "", 0, 0, 0, ""});
    for (const std::size_t index : from.annotationsOf(from.photoIndex(id))) {
      dataset.annotations.push_back(from.annotations[index]);
      dataset.annotations.back().id = static_cast<std::int64_t>(dataset.annotations.size());
    }
  }

  void addQueries(std::int64_t id, const Owner& owner) {
    Answers& from = owner.part->part.answers;
    Answers& into = whole_.answers;
    for (const std::size_t i : owner.queries) {
      into.queries.push_back(from.queries[i]);
      into.queries.back().photo = places_.at(id);
      for (std::size_t v = 0; v < into.detections.size(); ++v) {
        into.detections[v].push_back(std::move(from.detections[v][i]));
        into.photoScores[v].push_back(from.photoScores[v][i]);
      }
    }
  }

  std::vector<NamedPart> parts_;
  std::map<std::int64_t, Owner> owners_;                  // by photo id
  std::unordered_map<std::int64_t, std::size_t> places_;  // of photos in the whole
  EvalPart whole_;
};

}  // namespace

std::string evalPartText(const EvalPart& part) {
  const Answers& answers = part.answers;
  std::map<std::size_t, Json> photos;  // by index, which is the order of `asked`
  for (std::size_t i = 0; i < answers.queries.size(); ++i) {
    const Query& query = answers.queries[i];
    Json& photo = photos[query.photo];
    if (photo.is_null()) {
      photo = {{"id", part.dataset.photos[query.photo].id},
               {"truths", truthsJson(part.dataset, query.photo)},
               {"queries", Json::array()}};
    }
    photo["queries"].push_back({{"category", query.categoryId},
                                {"present", query.present},
                                {"unseen", query.unseen},
                                {"unwanted_category", query.unwantedCategoryId},
                                {"answers", answersJson(answers, i)}});
  }
  Json list = Json::array();
  for (auto& [index, photo] : photos) list.push_back(std::move(photo));
  const Json json = {{"format", kFormat},
                     {"version", kVersion},
                     {"shard", part.shard.text()},
                     {"settings", part.settings},
                     {"asked", part.asked},
                     {"failed", answers.failed},
                     {"unreadable", answers.unreadable},
                     {"photos", std::move(list)}};
  return dumpJson(json) + "\n";
}

EvalPart readEvalPart(const fs::path& file) { return PartReader(file).read(); }

EvalPart mergeEvalParts(const std::vector<fs::path>& files) {
  if (files.empty()) throw UsageError("name the parts to be merged");
  std::vector<NamedPart> parts;
  for (const fs::path& file : files) parts.push_back({displayName(file), readEvalPart(file)});
  checkParts(parts);
  return Joiner(std::move(parts)).join();
}

}  // namespace inkling
