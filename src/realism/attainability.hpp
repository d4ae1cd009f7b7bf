// Which gates a catalogue decides before anything is placed (spec scoring §6.1, §6.4).
#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "realism/gates.hpp"

namespace placewright::realism {

enum class Standing { inherited_pass, inherited_fail, placement };
std::string_view name_of(Standing standing);

// Where a country lies: wholly north of the equator, wholly south, or both.
enum class Side { north, south, both };

struct CatalogueFacts {
  std::map<Iso, std::uint64_t> outlets;  // by country, denylisted ones included
  std::vector<Iso> denylist;
  double countries_with_tiles = 249;  // of the embedded world
};

struct Attainable {
  const Gate* gate = nullptr;
  double low = 0, high = 0;  // what the catalogue gives; equal unless placement has a say
  bool known = true;         // false: nothing of it is decided yet
  Standing b = Standing::placement, b_plus = Standing::placement;
  // Signed distance of the nearer end to the limit; negative: missed by that much.
  double distance_b = 0, distance_b_plus = 0;
};

// In the order of gates().
std::array<Attainable, 7> attainability(const CatalogueFacts& facts);

Side side_of(Iso country);

Json as_json(std::span<const Attainable> gates);
// A line a gate.
std::vector<std::string> lines(std::span<const Attainable> gates);

}  // namespace placewright::realism
