#include "core/base/json.h"

#include <algorithm>

#include "core/base/file.h"

namespace inkling {

Json parseJson(std::string_view text, const std::string& name) {
  try {
    return Json::parse(text);
  } catch (const nlohmann::json::parse_error& error) {
    const std::string_view before = text.substr(0, std::min(error.byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineStart = before.rfind('\n');
    const std::size_t column =
        lineStart == std::string_view::npos ? before.size() : before.size() - lineStart - 1;
    fail<InputError>("{}: not valid JSON (line {}, column {})", name, line, column);
  } catch (const nlohmann::json::exception&) {
    // A number beyond the range of double (1e999) lands here.
    fail<InputError>("{}: JSON with a number out of range", name);
  }
}

Json readJson(const std::filesystem::path& path) {
  return parseJson(readFile(path), displayName(path));
}

std::string dumpJson(const Json& value, int indent) {
  return value.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace inkling
