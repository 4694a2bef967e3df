#include "core/sketch/xml_scanner.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace inkling {
namespace {

constexpr std::size_t kDeepest = 256;
constexpr std::size_t kMostAttributes = 256;

bool isSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool endsName(char c) {
  return isSpace(c) || c == '>' || c == '/' || c == '=' || c == '<' || c == '"' || c == '\'';
}

// The five entities that XML has of its own; others stay as they are.
std::string decode(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string result;
  while (!text.empty()) {
    const auto* const found =
        std::find_if(kEntities.begin(), kEntities.end(),
                     [&](const auto& entity) { return text.starts_with(entity.first); });
    result += found == kEntities.end() ? text[0] : found->second;
    text.remove_prefix(found == kEntities.end() ? 1 : found->first.size());
  }
  return result;
}

}  // namespace

std::string_view XmlTag::value(std::string_view attribute) const {
  for (const auto& [key, text] : attributes) {
    if (key == attribute) return text;
  }
  return {};
}

bool XmlScanner::next(XmlTag& tag) {
  for (;;) {
    at_ = text_.find('<', at_);
    if (at_ == std::string_view::npos) {
      at_ = text_.size();
      if (!open_.empty())
        fail<InputError>("the file is truncated (<{}> is not closed)", open_.back());
      return false;
    }
    if (skipOther()) continue;
    readTag(tag);
    track(tag);
    return true;
  }
}

// Passes over what starts with '<' but is no tag.
bool XmlScanner::skipOther() {
  const std::string_view rest = text_.substr(at_);
  if (rest.starts_with("<!--")) {
    skipPast("-->");
  } else if (rest.starts_with("<![CDATA[")) {
    skipPast("]]>");
  } else if (rest.starts_with("<?")) {
    skipPast("?>");
  } else if (rest.starts_with("<!")) {
    skipDoctype();
  } else {
    return false;
  }
  return true;
}

void XmlScanner::skipPast(std::string_view end) {
  const std::size_t found = text_.find(end, at_);
  if (found == std::string_view::npos) fail<InputError>("the file is truncated");
  at_ = found + end.size();
}

void XmlScanner::skipDoctype() {
  int brackets = 0;
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    if (c == '[') ++brackets;
    if (c == ']') --brackets;
    if (c == '>' && brackets <= 0) {
      ++at_;
      return;
    }
  }
  fail<InputError>("the file is truncated");
}

char XmlScanner::peek() const {
  if (at_ >= text_.size()) fail<InputError>("the file is truncated");
  return text_[at_];
}

void XmlScanner::skipSpaces() {
  while (isSpace(peek())) ++at_;
}

std::string XmlScanner::readName() {
  const std::size_t start = at_;
  while (!endsName(peek())) ++at_;
  std::string name(text_.substr(start, at_ - start));
  if (const std::size_t colon = name.rfind(':'); colon != std::string::npos)
    name.erase(0, colon + 1);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (name.empty()) fail<InputError>("not valid XML (a tag or attribute without a name)");
  return name;
}

void XmlScanner::readTag(XmlTag& tag) {
  ++at_;
  tag.attributes.clear();
  const bool closes = peek() == '/';
  if (closes) ++at_;
  tag.kind = closes ? XmlTag::Kind::close : XmlTag::Kind::open;
  tag.name = readName();
  for (;;) {
    skipSpaces();
    if (peek() == '>') break;
    if (peek() == '/') {
      ++at_;
      if (peek() != '>') fail<InputError>("not valid XML (in <{}>)", tag.name);
      if (!closes) tag.kind = XmlTag::Kind::empty;
      break;
    }
    readAttribute(tag);
  }
  ++at_;
}

void XmlScanner::readAttribute(XmlTag& tag) {
  const std::size_t start = at_;
  std::string key = readName();
  // xlink:href and the like are not the attribute that we know under the short name.
  const bool prefixed = text_.substr(start, at_ - start).find(':') != std::string_view::npos;
  skipSpaces();
  if (peek() != '=') fail<InputError>("not valid XML (in <{}>)", tag.name);
  ++at_;
  skipSpaces();
  const char quote = peek();
  if (quote != '"' && quote != '\'') fail<InputError>("not valid XML (in <{}>)", tag.name);
  const std::size_t end = text_.find(quote, ++at_);
  if (end == std::string_view::npos) fail<InputError>("the file is truncated");
  if (!prefixed) tag.attributes.emplace_back(std::move(key), decode(text_.substr(at_, end - at_)));
  if (tag.attributes.size() > kMostAttributes)
    fail<InputError>("<{}> has too many attributes", tag.name);
  at_ = end + 1;
}

void XmlScanner::track(const XmlTag& tag) {
  if (tag.kind == XmlTag::Kind::open) {
    open_.push_back(tag.name);
    if (open_.size() > kDeepest) fail<InputError>("more than {} nested elements", kDeepest);
  } else if (tag.kind == XmlTag::Kind::close) {
    if (open_.empty() || open_.back() != tag.name) {
      fail<InputError>("not valid XML (</{}> closes nothing)", tag.name);
    }
    open_.pop_back();
  }
}

}  // namespace inkling
