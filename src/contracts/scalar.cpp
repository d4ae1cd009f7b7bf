// The implicit resolver of YAML 1.1 by PyYAML's patterns, tried in its order.
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <regex>

#include "base/text.hpp"
#include "contracts/yaml.hpp"

namespace placewright::contracts {
namespace {

struct Patterns {
  std::regex boolean{"yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF"};
  // A float needs its dot, and a sign in its exponent.
  std::regex real{
      R"([-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9][0-9_]*([eE][-+][0-9]+)?|)"
      R"([-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))"};
  std::regex integer{
      R"([-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+)"};
  std::regex null{"~|null|Null|NULL|"};
  std::regex date{
      R"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?([Tt]|[ \t]+)[0-9][0-9]?:[0-9]{2}:[0-9]{2}(\.[0-9]*)?)"
      R"(([ \t]*(Z|[-+][0-9][0-9]?(:[0-9]{2})?))?)"};
};

bool is_true(const std::string& text) {
  const char c = text[0];
  return c == 'y' || c == 'Y' || c == 't' || c == 'T' || ((c == 'o' || c == 'O') && text.size() == 2);
}

// No scalar of another type than text is longer; a pattern is never run over more.
constexpr std::size_t kLongest = 200;

struct Signed {
  bool negative = false;
  std::string digits;
};

Signed split_sign(const std::string& text) {
  Signed out;
  for (const char c : text) {
    if (c != '_') out.digits += c;
  }
  if (!out.digits.empty() && (out.digits[0] == '-' || out.digits[0] == '+')) {
    out.negative = out.digits[0] == '-';
    out.digits.erase(0, 1);
  }
  return out;
}

std::optional<std::uint64_t> in_base(std::string_view digits, int base) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::optional<std::uint64_t> in_sixties(const std::string& digits) {
  std::uint64_t value = 0;
  for (const auto& part : split(digits, ':')) {
    const auto digit = parse_u64(part);
    if (!digit || value > (std::numeric_limits<std::uint64_t>::max() - *digit) / 60) return std::nullopt;
    value = value * 60 + *digit;
  }
  return value;
}

std::optional<Json> integer(const std::string& text) {
  const auto [negative, digits] = split_sign(text);
  std::optional<std::uint64_t> value;
  if (digits.starts_with("0b")) {
    value = in_base(std::string_view(digits).substr(2), 2);
  } else if (digits.starts_with("0x")) {
    value = in_base(std::string_view(digits).substr(2), 16);
  } else if (digits.starts_with("0")) {
    value = in_base(digits, 8);
  } else {
    value = digits.find(':') != std::string::npos ? in_sixties(digits) : parse_u64(digits);
  }
  if (!value) return std::nullopt;
  if (!negative || *value == 0) return Json(*value);
  constexpr auto kLowest = std::uint64_t{1} << 63;
  if (*value > kLowest) return std::nullopt;
  return Json(static_cast<std::int64_t>(~*value + 1));
}

Json real(const std::string& text) {
  auto [negative, digits] = split_sign(text);
  double value = 0;
  if (digits[0] == '.' && (digits[1] == 'i' || digits[1] == 'I')) {
    value = std::numeric_limits<double>::infinity();
  } else if (digits[0] == '.' && (digits[1] == 'n' || digits[1] == 'N')) {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    // From the last part, as PyYAML adds them; a plain number is one part.
    double base = 1;
    auto parts = split(digits, ':');
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
      value += parse_double(*part).value_or(0) * base;
      base *= 60;
    }
  }
  return negative ? -value : value;
}

}  // namespace

std::optional<Json> resolve_scalar(const std::string& text) {
  if (text.size() > kLongest) return Json(text);
  static const Patterns patterns;
  const auto is = [&](const std::regex& pattern) { return std::regex_match(text, pattern); };
  // The first character decides which patterns are worth trying; most text begins none of them.
  const char first = text.empty() ? '~' : text[0];
  const auto begins = [&](std::string_view any) { return any.find(first) != std::string_view::npos; };
  if (begins("yYnNtTfFoO") && is(patterns.boolean)) return Json(is_true(text));
  if (begins("-+.0123456789")) {
    if (is(patterns.real)) return real(text);
    if (is(patterns.integer)) return integer(text);
    if (is(patterns.date)) return Json{{"$date", text}};
  }
  if (begins("~nN") && is(patterns.null)) return Json();
  return Json(text);
}

}  // namespace placewright::contracts
