// A number with a value for everyday chains and one for metropolitan ones, and what lies between.
#pragma once

#include <array>
#include <cstddef>
#include <string>

#include "contracts/fields.hpp"

namespace placewright::contracts {

struct Ends {
  double everyday = 0, metropolitan = 0;
};

// Orientation is held on five levels: 0 (everyday), 0.25, 0.5, 0.75, 1 (metropolitan).
inline constexpr std::size_t kOrientationLevels = 5;
inline constexpr std::array<const char*, kOrientationLevels> kOrientationNames = {"0", "0.25", "0.5", "0.75", "1"};

// {everyday: x, metropolitan: y}, both in [low, high].
inline Ends read_ends(Fields& f, const std::string& key, double low, double high) {
  auto nested = f.nested(key);
  const Ends out{nested.number("everyday", low, high), nested.number("metropolitan", low, high)};
  f.adopt(nested);
  return out;
}

}  // namespace placewright::contracts
