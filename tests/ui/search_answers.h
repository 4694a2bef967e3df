// What tests of the search ask, and what the engine answers.
#pragma once

#include <QObject>
#include <filesystem>
#include <map>
#include <set>
#include <vector>

#include "core/sketch/reader.h"
#include "ui/search/search_engine.h"

namespace inkling {

inline std::filesystem::path resources() {
  return std::filesystem::path(qgetenv("INKLING_SOURCE_DIR").toStdString()) / "resources";
}

inline std::filesystem::path shippedModel() { return resources() / "models/inkling-s.safetensors"; }

inline DrawnQuery looking(const std::string& name) {
  DrawnQuery query;
  query.wanted.push_back({readSketch(resources() / "samples/sketches" / (name + ".json")), 1});
  query.wantedRows = {0};
  return query;
}

/// What the engine has said so far.
class Answers : public QObject {
 public:
  explicit Answers(SearchEngine& engine) {
    connect(&engine, &SearchEngine::found, this, [this](const FoundMatches& matches) {
      for (const auto& [photo, match] : matches) {
        order.push_back(photo);
        found[photo] = match;
      }
    });
    connect(&engine, &SearchEngine::photoFailed, this,
            [this](std::size_t photo, const QString& reason) { failed[photo] = reason; });
    connect(&engine, &SearchEngine::progressed, this, [this](const SearchProgress& now) {
      progress = now;
      if (now.step == SearchProgress::Step::kDescribing) described.insert(now.photo);
    });
    connect(&engine, &SearchEngine::attended, this,
            [this](const AttentionAnswer& answer) { attention.push_back(answer); });
    connect(&engine, &SearchEngine::noticed, this,
            [this](const QString& notice) { notices.push_back(notice); });
  }
  std::vector<std::size_t> order;
  std::map<std::size_t, PhotoMatch> found;
  std::map<std::size_t, QString> failed;
  std::vector<AttentionAnswer> attention;
  std::vector<QString> notices;
  SearchProgress progress;
  /// Photos that were described by the model; steps that take a few milliseconds may be missed.
  std::set<std::filesystem::path> described;
};

}  // namespace inkling
