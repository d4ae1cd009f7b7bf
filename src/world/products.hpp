// The files of a world apart from the raster.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "world/countries.hpp"
#include "world/country_info.hpp"
#include "world/pack.hpp"

namespace placewright::world {

// Spec upstream B.3: regions and dates stay null, as in the reference's table; regions come from the region table.
Result<void> write_iso_table(const fs::path& file, const std::vector<CountryInfo>& table);
// The `geo` record of a GeoParquet file whose column `geom` holds WKB in WGS84.
Result<std::string> geo_record(const std::set<std::string>& types, const geo::Box& box);
// GeoParquet 1.0.0 (spec upstream B.4).
Result<void> write_polygons(const fs::path& file, const std::vector<WorldCountry>& countries);
// The licence map with the texts it points to, and the region table.
Result<void> copy_tables(const fs::path& world, const Pack& pack);

}  // namespace placewright::world
