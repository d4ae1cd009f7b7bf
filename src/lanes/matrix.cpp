#include "lanes/matrix.hpp"

#include <algorithm>
#include <array>

namespace placewright::lanes {
namespace {

// The 1A bundle, licences and time zones are read by S0 alone, which runs in every lane; only the bundle S9 writes
// could tell.
constexpr std::array<Reading, 22> kReadings = {{
    {"contracts", 1},
    {"predicate", 1},
    {"iso3166_canonical_2024", 1},
    {"world_countries", 1},
    {"population_raster_2025", 1},
    {"s2_tile_weights_policy", 2},
    {"region_table", 2},
    {"population_rural_2025", 2},
    {"outlet_catalogue", 3},
    {"s3_candidate_set", 3},
    {"s3_requirements_policy", 3},
    {"s4_alloc_plan_policy", 4},
    {"merchant_orientation", 4},
    {"seed", 4},          // named only where S4 draws (spatial_pps_v1)
    {"assignment_policy", 5},
    {"identity", 5},      // seed and fingerprint key every draw; S1 to S4 draw nothing
    {"build_commit", 5},  // in the audit log
    {"jitter_policy", 6},
    {"validation_bundle_1A", 9},
    {"validation_passed_flag_1A", 9},
    {"license_map", 9},
    {"tz_world_2025a", 9},
}};

constexpr std::array<std::string_view, kStates> kReports = {"",
                                                            "s1_run_report",
                                                            "s2_run_report",
                                                            "s3_run_report",
                                                            "s4_run_report",
                                                            "s5_run_report",
                                                            "s6_run_report",
                                                            "s7_run_summary",
                                                            "s8_run_summary",
                                                            ""};

}  // namespace

std::span<const Reading> readings() { return kReadings; }

int first_stale(const std::vector<std::string>& changed) {
  int first = kStates;
  for (const auto& input : changed) {
    const auto row = std::ranges::find(kReadings, input, &Reading::input);
    first = std::min(first, row == kReadings.end() ? 1 : row->first_state);
  }
  return first;
}

std::string state_name(int state) { return "S" + std::to_string(state); }

Result<int> state_number(std::string_view name) {
  if (name.size() == 2 && name[0] == 'S' && name[1] >= '1' && name[1] <= '9') return name[1] - '0';
  return Error("PW_USAGE", "a lane starts at S1 to S9, not " + std::string(name));
}

std::string_view report_of(int state) { return kReports[static_cast<std::size_t>(state)]; }

}  // namespace placewright::lanes
