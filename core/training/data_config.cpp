#include "core/training/data_config.h"

namespace inkling {

DataConfig DataConfig::fromJson(const Json& json, const std::filesystem::path& root,
                                const std::filesystem::path& configFolder,
                                const std::string& source) {
  DataConfig config;
  const Json data = jsonRequire<Json>(json, "data", source);
  const std::string where = source + ": data";
  config.sketches = root / jsonRequire<std::string>(data, "sketches", where);
  config.heldSketches = root / jsonRequire<std::string>(data, "held_sketches", where);
  config.weights = root / jsonRequire<std::string>(data, "weights", where);
  config.excludedWords = jsonGet<std::vector<std::string>>(data, "excluded_words", {}, where);
  for (const Json& entry : jsonGet<Json>(data, "scenes", Json::array(), where)) {
    SceneSource scene;
    scene.annotations = root / jsonRequire<std::string>(entry, "annotations", where + ".scenes");
    scene.photos = root / jsonRequire<std::string>(entry, "photos", where + ".scenes");
    scene.exhaustive = jsonGet(entry, "exhaustive", true, where + ".scenes");
    scene.mirror = jsonGet(entry, "mirror", true, where + ".scenes");
    scene.limit = jsonGet<std::int64_t>(entry, "limit", 0, where + ".scenes");
    scene.heldShare = jsonGet(entry, "held_share", 0.0, where + ".scenes");
    config.scenes.push_back(std::move(scene));
  }
  for (const Json& entry : jsonGet<Json>(data, "objects", Json::array(), where)) {
    ObjectSource objects;
    objects.folder = root / jsonRequire<std::string>(entry, "folder", where + ".objects");
    objects.perWord = jsonGet<std::int64_t>(entry, "per_word", 0, where + ".objects");
    // This table is part of the project, so it lies beside the configuration.
    const auto table = jsonGet<std::string>(entry, "imagenet_words", "", where + ".objects");
    if (!table.empty()) objects.imagenetWords = configFolder / table;
    config.objects.push_back(std::move(objects));
  }
  return config;
}

}  // namespace inkling
