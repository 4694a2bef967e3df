#include "app/model_text.h"

#include <fmt/format.h>

#include "app/console.h"

namespace inkling {
namespace {

constexpr std::size_t kLongestList = 24;

// "vit_resolution" -> "vit resolution"
std::string spaced(std::string key) {
  for (char& c : key) {
    if (c == '_') c = ' ';
  }
  return printable(key);
}

bool isFlat(const Json& list) {
  for (const Json& item : list) {
    if (item.is_structured()) return false;
  }
  return true;
}

std::string scalarText(const Json& value) {
  return printable(value.is_string() ? value.get<std::string>() : dumpJson(value));
}

std::string listText(const Json& list) {
  if (list.size() > kLongestList) return fmt::format("{} entries", list.size());
  std::string text;
  for (const Json& item : list) text += (text.empty() ? "" : ", ") + scalarText(item);
  return text;
}

void append(std::string& text, const Json& value, int indent) {
  const std::string space(static_cast<std::size_t>(indent), ' ');
  for (const auto& [key, field] : value.items()) {
    const std::string name = value.is_array() ? "-" : spaced(key) + ":";
    if (field.is_structured() && !(field.is_array() && isFlat(field))) {
      text += fmt::format("{}{}\n", space, name);
      append(text, field, indent + 2);
    } else {
      text += fmt::format("{}{} {}\n", space, name,
                          field.is_array() ? listText(field) : scalarText(field));
    }
  }
}

}  // namespace

std::string modelCardText(const std::string& file, const Json& card, std::int64_t parameters,
                          std::uintmax_t bytes) {
  std::string text =
      fmt::format("{}\n{:.1f} million parameters, {:.1f} MB\n\n", file,
                  static_cast<double>(parameters) / 1e6, static_cast<double>(bytes) / 1e6);
  append(text, card, 0);
  return text;
}

}  // namespace inkling
