#include "core/sketch/svg_transform.h"

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/path.h"
#include "core/sketch/svg_numbers.h"

namespace inkling {
namespace {

double radians(double degrees) { return degrees * std::numbers::pi / 180; }

SvgMatrix rotation(const std::vector<double>& v) {
  const double c = std::cos(radians(v[0])), s = std::sin(radians(v[0]));
  const SvgMatrix turn{c, s, -s, c, 0, 0};
  if (v.size() == 1) return turn;
  const SvgMatrix there{1, 0, 0, 1, v[1], v[2]}, back{1, 0, 0, 1, -v[1], -v[2]};
  return there.after(turn).after(back);
}

SvgMatrix step(const std::string& name, const std::vector<double>& v) {
  const std::size_t n = v.size();
  if (name == "translate" && (n == 1 || n == 2)) return {1, 0, 0, 1, v[0], n == 2 ? v[1] : 0};
  if (name == "scale" && (n == 1 || n == 2)) return {v[0], 0, 0, n == 2 ? v[1] : v[0], 0, 0};
  if (name == "rotate" && (n == 1 || n == 3)) return rotation(v);
  if (name == "matrix" && n == 6) return {v[0], v[1], v[2], v[3], v[4], v[5]};
  if (name == "skewX" && n == 1) return {1, 0, std::tan(radians(v[0])), 1, 0, 0};
  if (name == "skewY" && n == 1) return {1, std::tan(radians(v[0])), 0, 1, 0, 0};
  fail<InputError>("the transform \"{}\" with {} numbers is not known", toValidUtf8(name), n);
}

}  // namespace

SvgMatrix SvgMatrix::after(const SvgMatrix& m) const {
  return {a * m.a + c * m.b, b * m.a + d * m.b,     a * m.c + c * m.d,
          b * m.c + d * m.d, a * m.e + c * m.f + e, b * m.e + d * m.f + f};
}

SvgMatrix parseSvgTransform(std::string_view text) {
  SvgMatrix result;
  const std::string_view spaces = " ,\t\r\n\f";
  for (;;) {
    const std::size_t start = text.find_first_not_of(spaces);
    if (start == std::string_view::npos) return result;
    text.remove_prefix(start);
    const std::size_t open = text.find('('), close = text.find(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
      fail<InputError>("the transform \"{}\" is broken", toValidUtf8(text.substr(0, 20)));
    }
    std::string name(text.substr(0, open));
    name.erase(name.find_last_not_of(spaces) + 1);
    if (name == "none") return result;
    SvgNumbers numbers(text.substr(open + 1, close - open - 1));
    std::vector<double> values;
    while (!numbers.done()) values.push_back(numbers.number());
    result = result.after(step(name, values));
    text.remove_prefix(close + 1);
  }
}

}  // namespace inkling
