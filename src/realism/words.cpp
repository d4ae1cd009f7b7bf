#include "realism/words.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace placewright::realism {

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return value > 0 ? "inf" : "-";
  std::array<char, 400> text;
  return std::string(
      text.data(),
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals).ptr);
}

std::string right(std::string text, std::size_t width) {
  return std::string(text.size() < width ? width - text.size() : 0, ' ') + text;
}
std::string left(std::string text, std::size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 0, ' ');
}

}  // namespace placewright::realism
