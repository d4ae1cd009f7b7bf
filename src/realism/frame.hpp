// The table of sites as the scorers see it: one pass over all parts in name order.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "work/pool.hpp"

namespace placewright::realism {

// Columns of equal length; degrees. `merchant` is 0 everywhere when the file has no such column.
struct Frame {
  std::vector<double> lon, lat;
  std::vector<std::uint64_t> merchant;
  std::vector<Iso> country;

  std::size_t size() const { return lon.size(); }
  void push(const Frame& from, std::size_t row);
};

// A site_locations folder, or one Parquet file with lon_deg, lat_deg, legal_country_iso or country_iso, and perhaps
// merchant_id. Missing: RS02_SURFACE_MISSING; a longitude or latitude that is no finite number: RS08_NONFINITE.
Result<Frame> read_frame(const std::filesystem::path& sites, work::Pool& pool);
// The same columns as CSV text with a header, in any order; further columns are ignored, fields carry no quotes.
Result<Frame> parse_frame(std::string_view csv, std::string_view source);

// Rows whose country is not one of `dropped`.
Frame without(const Frame& frame, const std::vector<Iso>& dropped);
// Row numbers by country, each ascending.
std::map<Iso, std::vector<std::uint32_t>> rows_by_country(const Frame& frame);

// Sites of a country; `by_count` has most sites first, ties by code.
struct CountryCount {
  Iso country;
  std::uint64_t sites = 0;
};
std::vector<CountryCount> by_count(const Frame& frame);

// On the sphere of radius `scale`: scale * (cos lat cos lon, cos lat sin lon, sin lat).
using Point = std::array<double, 3>;
std::vector<Point> on_sphere(const Frame& frame, double scale);
std::vector<Point> on_sphere(const Frame& frame, const std::vector<std::uint32_t>& rows, double scale);

}  // namespace placewright::realism
