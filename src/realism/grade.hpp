// One run, every metric, every gate: the legacy grade, and beside it what placement alone decides.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "realism/gates.hpp"
#include "realism/ground.hpp"
#include "realism/people.hpp"
#include "realism/sentinel.hpp"

namespace placewright::realism {

struct GradeOptions {
  std::filesystem::path policy;  // S3 policy; empty: the run's own, if its roots hold it
  std::filesystem::path
      baseline;        // run folder whose neighbour ratio replaces kBaselineNnRatio; RS07 if of other lineage
  bool people = true;  // read the population raster, if there is one
};

struct PlacementCheck {
  std::string name;
  double observed = 0, limit = 0;
  bool at_most = true, pass = false;
};

struct Grade {
  Json identity;
  Frame frame;  // without denylisted countries
  std::uint64_t dropped_sites = 0;
  SiteMetrics metrics;
  double eligible = 0, baseline_ratio = kBaselineNnRatio;
  double hhi = 0, topn1 = 0, topn5 = 0, topn10 = 0;  // shares of 1, 5 and 10 countries
  double p50_m = 0, p90_m = 0, p99_m = 0;
  double beyond_share = 0;  // sites farther from their neighbour than 7.67 times the median
  bool parity = true;
  std::vector<SentinelRow> legacy_shapes;
  std::vector<CountryShape> shapes;
  std::optional<Ground> ground;
  std::optional<People> people;
  std::vector<std::string> unknown;  // what could not be measured, and why
  std::array<double, 7> gate_values{};
  std::vector<PlacementCheck> placement;
  Level legacy_level = Level::below_b;     // seven gates, parity, bounds, the reference's sentinel
  Level level = Level::below_b;            // seven gates, parity, bounds, median > 0, the sentinel of every country
  Level placement_level = Level::below_b;  // neighbour tail at that level and every placement check known
};

Result<Grade> grade_run(const store::RunFolder& run, const GradeOptions& options, work::Pool& pool);

// Names as the spec has them; mended ones under names of their own.
Json as_json(const Grade& grade);
std::string as_text(const Grade& grade);

}  // namespace placewright::realism
