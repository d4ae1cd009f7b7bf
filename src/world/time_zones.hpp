// Time zones as one polygon a row, in the shape of the contract (spec upstream B.6).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "geo_io/vector.hpp"
#include "work/pool.hpp"

namespace placewright::world {

struct ZonePolygon {
  std::string tzid;
  std::int32_t polygon_id = 0;  // from 0 in a zone: by geodesic area descending, then bounds, then SHA-256 of the WKB
  double area_m2 = 0;
  std::string wkb;
};

struct TimeZones {
  std::vector<ZonePolygon> rows;      // by tzid, then polygon_id
  std::uint64_t zones = 0;            // distinct names
  std::uint64_t features = 0;         // of the source
  std::vector<std::string> repaired;  // names whose polygons were invalid, ascending
  geo::Box bounds = {180, 90, -180, -90};
};

// Takes the zones as published (a column tzid) and either derived shape: (tzid, polygon_id, geom), whose ids are
// counted again, and (tzid, country_iso, geometry), whose pieces of a zone are counted through. REF_TZ_COLUMN without a
// column tzid; with the feature REF_TZ_NAME for a name that is none, REF_VEC_INVALID without a usable geometry;
// REF_TZ_COUNT for 400 zones or fewer.
Result<TimeZones> time_zones(const geo_io::VectorTable& source, work::Pool& pool);

Result<void> write_time_zones(const std::filesystem::path& file, const TimeZones& zones);

// What is wrong with a tz_world.parquet of either derived shape, one sentence each; for `world check`.
std::vector<std::string> time_zone_findings(const std::filesystem::path& file);

}  // namespace placewright::world
