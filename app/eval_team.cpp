#include "app/eval_team.h"

#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include "app/terminal_progress.h"
#include "core/base/json.h"

namespace inkling {
namespace {

using Row = std::array<double, 5>;  // x, y, width, height, score

// On its way to the leader, as JSON. Numbers are written with all their digits.
std::string encode(const PhotoAnswers& answers) {
  Json variants = Json::array();
  for (const auto& queries : answers.detections) {
    Json found = Json::array();
    for (const auto& boxes : queries) {
      Json rows = Json::array();
      for (const ScoredBox& each : boxes)
        rows.push_back(Row{each.box.x, each.box.y, each.box.width, each.box.height, each.score});
      found.push_back(std::move(rows));
    }
    variants.push_back(std::move(found));
  }
  return dumpJson({{"error", answers.error},
                   {"boxes", std::move(variants)},
                   {"scores", answers.scores},
                   {"unreadable", answers.unreadable}});
}

PhotoAnswers decode(std::string_view bytes) {
  const std::string name = "an answer";
  const Json json = parseJson(bytes, name);
  PhotoAnswers answers;
  answers.error = jsonRequire<std::string>(json, "error", name);
  answers.scores = jsonRequire<std::vector<std::vector<double>>>(json, "scores", name);
  answers.unreadable = jsonRequire<std::vector<std::size_t>>(json, "unreadable", name);
  using Rows = std::vector<Row>;
  for (const auto& queries : jsonRequire<std::vector<std::vector<Rows>>>(json, "boxes", name)) {
    auto& found = answers.detections.emplace_back();
    for (const Rows& rows : queries) {
      auto& boxes = found.emplace_back();
      for (const auto& [x, y, width, height, score] : rows)
        boxes.push_back({Box{x, y, width, height}, score});
    }
  }
  return answers;
}

void answerEach(Evaluation& evaluation, const Team::Next& next, const Team::Deliver& deliver) {
  while (const auto number = next()) deliver(*number, encode(evaluation.answer(*number)));
}

}  // namespace

Answers leadEvaluation(Team& team, Evaluation& evaluation, const CancellationToken& token,
                       bool quiet) {
  std::vector<std::size_t> numbers(evaluation.photos());
  std::iota(numbers.begin(), numbers.end(), std::size_t{0});
  std::vector<std::optional<PhotoAnswers>> answers(numbers.size());
  TerminalProgress progress(quiet);
  std::int64_t done = 0;
  const auto take = [&](std::size_t number, const std::string& bytes) {
    answers[number] = decode(bytes);
    progress.show({"evaluating photos", ++done, std::ssize(numbers),
                   displayName(evaluation.fileOf(number).filename())});
  };
  const auto work = [&](const Team::Next& next, const Team::Deliver& deliver) {
    answerEach(evaluation, next, deliver);
  };
  team.lead(numbers, work, take, token);
  return evaluation.together(std::move(answers));
}

void followEvaluation(Team& team, const std::function<Evaluation&()>& open) {
  Evaluation* evaluation = nullptr;
  team.follow([&] { evaluation = &open(); },
              [&](const Team::Next& next, const Team::Deliver& deliver) {
                answerEach(*evaluation, next, deliver);
              });
}

}  // namespace inkling
