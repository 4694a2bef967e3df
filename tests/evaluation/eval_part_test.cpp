// Parts of an evaluation, joined.
#include "core/evaluation/eval_part.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/evaluation/honesty.h"

namespace inkling {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class EvalPartTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_);
    for (int id = 1; id <= 5; ++id)
      data_.categories.push_back({id, "c", fmt::format("w{}", id), id == 5});
    Random random(3);
    for (int i = 0; i < kPhotos; ++i) {
      // Ids are in another order than the photos of the file.
      const std::int64_t id = (i * 37) % 101 + 1;
      data_.photos.push_back({id, "", 400, 300, 0, ""});
      for (std::uint32_t k = 2 + random.below(3); k > 0; --k) {
        const Box box{random.uniform(0, 200), random.uniform(0, 200), random.uniform(10, 150),
                      random.uniform(10, 90)};
        data_.annotations.push_back({static_cast<std::int64_t>(data_.annotations.size()) + 1, id,
                                     static_cast<int>(1 + random.below(5)), box, box.area() / 3,
                                     random.chance(0.1)});
      }
      asked_.push_back(id);
    }
    data_.buildIndex("test");
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Answers with numbers of all digits, of the photos that `has` takes.
  template <typename Has>
  EvalPart answered(const std::vector<Query>& queries, const Shard& shard, Has&& has) const {
    EvalPart part{shard, {{"protocol", "test"}, {"threshold", 1.0 / 3}}, asked_, data_, {}};
    Answers& answers = part.answers;
    answers.detections.resize(2);
    answers.photoScores.resize(2);
    answers.unreadable = {0, static_cast<std::size_t>(shard.number)};
    for (const Query& query : queries) {
      const std::int64_t id = data_.photos[query.photo].id;
      if (!has(id)) continue;
      answers.queries.push_back(query);
      for (std::size_t v = 0; v < 2; ++v) {
        Random random(static_cast<std::uint64_t>(id),
                      static_cast<std::uint64_t>(query.categoryId) + 100 * v);
        auto& boxes = answers.detections[v].emplace_back();
        for (const CocoTruth& truth : cocoCellOf(data_, query, {}).truths) {
          Box box = truth.box;
          box.x += random.uniform(-9, 9) / 3;
          // Equal scores are the rule: their order decides figures.
          boxes.push_back({box, random.below(4) / 7.0});
          boxes.push_back({{random.uniform(), 1e-17, 50.1, 1e5 / 7}, random.below(4) / 7.0});
        }
        answers.photoScores[v].push_back(random.uniform());
      }
    }
    return part;
  }
  fs::path write(const std::string& name, const EvalPart& part) const {
    const fs::path file = folder_ / name;
    writeFileAtomically(file, evalPartText(part));
    return file;
  }
  std::vector<fs::path> writeParts(const std::vector<Query>& queries) const {
    std::vector<fs::path> files;
    for (int number = 1; number <= 3; ++number) {
      files.push_back(write(
          fmt::format("{}.json", number),
          answered(queries, {number, 3}, [&](std::int64_t id) { return id % 3 == number - 1; })));
    }
    return files;
  }
  std::vector<Query> queries(bool lookalikes = false) const {
    const std::vector<std::string> words{"w1", "w2", "w3", "w4", "w5"};
    return lookalikes ? makeLookalikeQueries(data_, words) : makeQueries(data_, words);
  }
  static std::string figures(const EvalPart& part) {
    std::string text;
    const Answers& answers = part.answers;
    for (std::size_t v = 0; v < 2; ++v) {
      text += dumpJson(toJson(evaluateProtocol(part.dataset, answers.queries, answers.detections[v],
                                               {}, answers.photoScores[v])));
      text += dumpJson(toJson(evaluateHonesty(part.dataset, answers.queries, answers.detections[v],
                                              part.settings["threshold"], answers.photoScores[v])));
      text +=
          dumpJson(toJson(evaluateToldApart(part.dataset, answers.queries, answers.detections[v])));
    }
    return text;
  }
  template <typename Work>
  static std::string refused(Work&& work) {
    try {
      work();
    } catch (const InputError& error) {
      return error.what();
    }
    return "";
  }

  static constexpr int kPhotos = 60;
  const fs::path folder_ =
      fs::temp_directory_path() / fmt::format("inkling-eval-part-{}", ::getpid());
  CocoDataset data_;
  std::vector<std::int64_t> asked_;
};

TEST_F(EvalPartTest, JoinedTheyGiveTheFiguresOfOneRun) {
  for (const bool lookalikes : {false, true}) {
    const std::vector<Query> all = queries(lookalikes);
    std::vector<fs::path> files = writeParts(all);
    std::swap(files[0], files[2]);
    if (lookalikes) {
      // Photos without a pair are not asked about.
      asked_.clear();
      for (const PhotoRecord& photo : data_.photos) {
        if (std::any_of(all.begin(), all.end(), [&](const Query& query) {
              return data_.photos[query.photo].id == photo.id;
            }))
          asked_.push_back(photo.id);
      }
      files = writeParts(all);
    }
    const EvalPart whole = mergeEvalParts(files);
    const EvalPart once = answered(all, {1, 1}, [](std::int64_t) { return true; });
    EXPECT_EQ(whole.answers.queries.size(), all.size());
    EXPECT_EQ(whole.answers.detections, once.answers.detections) << "to the last bit";
    EXPECT_EQ(whole.answers.photoScores, once.answers.photoScores);
    EXPECT_THAT(whole.answers.unreadable, testing::ElementsAre(0U, 6U)) << "1 + 2 + 3";
    EXPECT_EQ(whole.settings, once.settings);
    EXPECT_EQ(figures(whole), figures(once));
  }
}

TEST_F(EvalPartTest, APhotoThatFailedIsOfOnePart) {
  EvalPart first = answered(queries(), {1, 1}, [&](std::int64_t id) { return id != asked_[4]; });
  EXPECT_THAT(refused([&] { mergeEvalParts({write("a.json", first)}); }),
              HasSubstr(fmt::format("photo {} is in none", asked_[4])));
  first.answers.failed = {asked_[4]};
  const EvalPart whole = mergeEvalParts({write("a.json", first)});
  EXPECT_EQ(whole.answers.failed, first.answers.failed);
  EXPECT_EQ(figures(whole), figures(first));
}

TEST_F(EvalPartTest, PartsThatDoNotFitAreNamed) {
  const std::vector<Query> all = queries();
  const std::vector<fs::path> files = writeParts(all);
  const auto none = [](std::int64_t) { return false; };
  const auto merged = [&](const EvalPart& third) {
    return refused([&] { mergeEvalParts({files[0], files[1], write("third.json", third)}); });
  };
  EXPECT_THAT(refused([&] {
                mergeEvalParts({files[0], files[2]});
              }),
              HasSubstr("part 2/3 is missing"));
  EXPECT_THAT(refused([&] {
                mergeEvalParts({files[0], files[0]});
              }),
              HasSubstr("are both part 1/3"));
  EXPECT_THAT(merged(answered(all, {3, 4}, none)), HasSubstr("third.json is part 3/4"));
  EvalPart other = answered(all, {3, 3}, none);
  other.settings["threshold"] = 0.5;
  EXPECT_THAT(merged(other), HasSubstr("different settings"));
  other = answered(all, {3, 3}, none);
  other.asked.pop_back();
  EXPECT_THAT(merged(other), HasSubstr("different photos"));
  EXPECT_THAT(merged(answered(all, {3, 3}, [](std::int64_t id) { return id % 3 != 0; })),
              HasSubstr("have both photo"));
  EXPECT_THROW(mergeEvalParts({}), UsageError);
}

TEST_F(EvalPartTest, BrokenFilesAreNamed) {
  const Json good = parseJson(
      evalPartText(answered(queries(), {1, 1}, [](std::int64_t) { return true; })), "good");
  const auto message = [&](const std::string& text) {
    writeFileAtomically(folder_ / "bad.json", text);
    return refused([&] { readEvalPart(folder_ / "bad.json"); });
  };
  EXPECT_EQ(message(good.dump()), "");
  EXPECT_THAT(message("{"), HasSubstr("bad.json: not valid JSON"));
  EXPECT_THAT(message("[]"), HasSubstr("bad.json: is not a part"));
  EXPECT_THAT(refused([&] { readEvalPart(folder_ / "missing.json"); }), HasSubstr("missing.json"));
  for (const auto& [key, value] : good.items()) {
    Json less = good;
    less.erase(key);
    EXPECT_THAT(message(less.dump()), HasSubstr("bad.json")) << key;
  }
  const std::vector<std::pair<std::string, Json>> changes{
      {"/version", 2},
      {"/shard", "3/2"},
      {"/settings", 1},
      {"/asked/0", asked_[1]},
      {"/failed", Json::array({asked_[0]})},
      {"/unreadable", Json::array({1})},
      {"/photos/0/id", 100'000},
      {"/photos/0/truths/0", Json::array({1, 2, 3})},
      {"/photos/0/truths/0/0", "cat"},
      {"/photos/0/queries/0/answers/0/score", nullptr},
      {"/photos/0/queries/0/answers/0/boxes/0/4", 1.5},
      {"/photos/0/queries/0/answers/0/boxes/0/2", "wide"},
  };
  for (const auto& [place, value] : changes) {
    Json changed = good;
    changed[Json::json_pointer(place)] = value;
    EXPECT_THAT(message(changed.dump()), HasSubstr("bad.json")) << place;
  }
}

}  // namespace
}  // namespace inkling
