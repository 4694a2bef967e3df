// JSON at the borders: nlohmann::json with errors that name the file and the field.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/path.h"

namespace inkling {

using Json = nlohmann::json;

/// Parses JSON text; throws InputError "NAME: not valid JSON (line L, column C)".
Json parseJson(std::string_view text, const std::string& name);

/// Reads and parses a file.
Json readJson(const std::filesystem::path& path);

/// The text of `value`, with bytes that are not UTF-8 replaced (file names may hold any bytes).
/// Never throws.
std::string dumpJson(const Json& value, int indent = -1);

/// value[key] as T, or `fallback` when the key is missing; throws InputError naming `name` and the
/// key when it is there but of another type.
template <typename T>
T jsonGet(const Json& value, const char* key, const T& fallback, const std::string& name) {
  if (!value.is_object() || !value.contains(key)) return fallback;
  try {
    return value.at(key).get<T>();
  } catch (const nlohmann::json::exception&) {
    fail<InputError>("{}: the field \"{}\" has the wrong type", name, key);
  }
}

/// value[key] as T; throws InputError when it is missing or of another type.
template <typename T>
T jsonRequire(const Json& value, const char* key, const std::string& name) {
  if (!value.is_object() || !value.contains(key))
    fail<InputError>("{}: the field \"{}\" is missing", name, key);
  return jsonGet<T>(value, key, T{}, name);
}

}  // namespace inkling
