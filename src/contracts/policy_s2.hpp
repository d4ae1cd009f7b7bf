// policy.s2.tile_weights.yaml: how the mass of a tile is made (spec S2-S4 §1.2).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "contracts/ends.hpp"

namespace placewright::contracts {

enum class Basis { uniform, area_m2, population };
std::string_view basis_text(Basis basis);

// Macro regions in the order of the floors.
inline constexpr std::array<std::string_view, 7> kMacroRegions = {"Africa",        "Asia",    "Europe", "North America",
                                                                  "South America", "Oceania", "Other"};

// Numbers of `blend_v2`; the defaults are what a report echoes when the block is absent. Floors, caps, targets and
// penalty act on reported country shares only, never on a weight.
struct Blend {
  bool enabled = false;
  double uniform = 0, area_m2 = 0, population = 0;  // shares of the three masses, together 1
  std::array<double, 7> floors{};                   // by kMacroRegions
  double cap_soft = 1, cap_hard = 1;
  double top1 = 1, top5 = 1, top10 = 1;
  double penalty = 0;
  std::string seed_namespace = "1B.S2.LEGACY";
  std::int64_t max_iterations = 1;
  double tolerance = 1e-9;
};

// Masses of our own, which follow people cell by cell (docs/realism.md). Only policies whose version begins
// "placewright" may have them.
enum class MassMethod { none, lifelike_v1, balanced_v1 };
struct Masses {
  MassMethod method = MassMethod::none;
  double rural_weight = 0.1;                           // of a scattered rural person, 0 .. 1
  Ends half_density{100, 1500};                        // lifelike: people per km2 of whom half count
  double density_offset = 50, density_exponent = 0.6;  // balanced: mass = area * (people per km2 + offset)^exponent
};

struct PolicyS2 {
  std::string version;
  Masses masses;  // with a method: all that follows keeps its defaults
  Basis basis = Basis::uniform;
  int dp = 0;  // weights of a country sum to 10^dp; 0 .. 18
  std::string fallback_mode = "legacy_basis_only";
  Blend blend;

  std::int64_t units() const;  // 10^dp
  bool needs_area() const;
  bool needs_population() const;
};

// PW_POLICY for the shape; E105_NORMALIZATION for a dp that is no integer or above 18, and for a blend whose numbers
// contradict each other (first hit in the spec's order).
Result<PolicyS2> read_policy_s2(const Json& policy, const std::string& source);

}  // namespace placewright::contracts
