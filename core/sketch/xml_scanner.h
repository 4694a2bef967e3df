// Just enough XML to walk over the tags of an SVG file, whoever wrote it. Internal to core/sketch.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inkling {

struct XmlTag {
  enum class Kind { open, close, empty };

  Kind kind = Kind::open;
  std::string name;  ///< lower case, without its namespace prefix
  std::vector<std::pair<std::string, std::string>> attributes;  ///< names as `name`; values decoded

  /// The value of an attribute; empty when it is missing.
  std::string_view value(std::string_view attribute) const;
};

/// Goes over the tags of a document; text, comments, CDATA, processing instructions and the DOCTYPE
/// (whose entities are not expanded, so that none can grow) are passed over.
class XmlScanner {
 public:
  explicit XmlScanner(std::string_view text) : text_(text) {}

  /// The next tag into `tag`; false at the end. Throws InputError (without a file name) for what is
  /// not XML: tags that end nowhere or are closed in the wrong order, more than 256 levels, more
  /// than 256 attributes in a tag.
  bool next(XmlTag& tag);

 private:
  bool skipOther();
  void skipPast(std::string_view end);
  void skipDoctype();
  void readTag(XmlTag& tag);
  void readAttribute(XmlTag& tag);
  std::string readName();
  void skipSpaces();
  void track(const XmlTag& tag);
  char peek() const;

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
};

}  // namespace inkling
