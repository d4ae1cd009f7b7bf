// site_locations in other people's formats: CSV, GeoJSON, GeoParquet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "store/run_folder.hpp"
#include "work/pool.hpp"

namespace placewright::views {

enum class SiteFormat { csv, geojson, geoparquet };
std::optional<SiteFormat> parse_site_format(std::string_view text);

// Writes all sites in published order to `file`, aside and renamed; text is made on the pool in blocks of one row group.
//   csv         merchant_id,legal_country_iso,site_order,lon_deg,lat_deg with a header, LF, shortest round-trip decimals
//   geojson     RFC 7946 FeatureCollection of points; merchant_id is text, since many readers keep numbers as doubles
//   geoparquet  the columns of site_locations and `geometry` (WKB point), GeoParquet 1.1 metadata, OGC:CRS84
// With `outlet_keys`, the file of the pack the run was made from, each site has its outlet_key as well: the last column
// (in GeoParquet before the geometry), the last property. Returns the number of sites.
Result<std::uint64_t> export_sites(const store::RunFolder& run, SiteFormat format, const std::filesystem::path& file,
                                   const std::filesystem::path& outlet_keys, work::Pool& pool);

}  // namespace placewright::views
