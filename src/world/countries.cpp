#include "world/countries.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "geo/contains.hpp"
#include "world/geometry.hpp"

namespace placewright::world {
namespace {

struct Square {
  std::string_view code;
  double lat, lon;
  double half;  // degrees
};

// Centres of spec upstream B.4. The Vatican, which quantisation swallowed, gets a square of its own size: 0.01 degrees
// hold at least one centre of a 30-arc-second cell wherever they lie.
constexpr std::array kSquares = {
    Square{"AN", 12.200, -69.000, 0.25}, Square{"BQ", 12.200, -68.260, 0.25}, Square{"BV", -54.420, 3.360, 0.25},
    Square{"CC", -12.160, 96.870, 0.25}, Square{"CS", 44.000, 20.500, 0.25},  Square{"CX", -10.500, 105.670, 0.25},
    Square{"GF", 3.933, -53.125, 0.25},  Square{"GP", 16.250, -61.580, 0.25}, Square{"MQ", 14.641, -61.024, 0.25},
    Square{"RE", -21.115, 55.538, 0.25}, Square{"SJ", 78.600, 16.300, 0.25},  Square{"TK", -9.380, -171.200, 0.25},
    Square{"TW", 23.700, 120.960, 0.25}, Square{"YT", -12.827, 45.166, 0.25}, Square{"VA", 41.9022, 12.4533, 0.005},
};

geo::MultiPolygon square_around(const Square& s) {
  const double west = s.lon - s.half, east = s.lon + s.half, south = s.lat - s.half, north = s.lat + s.half;
  return {{{{east, south}, {east, north}, {west, north}, {west, south}, {east, south}}, {}}};
}

// The largest feature of a code names it: Australia, not Ashmore and Cartier Islands.
void add_feature(WorldCountry& country, const Feature& feature, double& largest) {
  const double area = planar_area(feature.polygons);
  if (area > largest || country.name.empty()) {
    country.name = feature.name;
    largest = area;
  }
  country.polygons.insert(country.polygons.end(), feature.polygons.begin(), feature.polygons.end());
}

void gather_features(const std::vector<CountryInfo>& table, const std::vector<Feature>& features, Countries& out) {
  std::map<int, std::size_t> row_of;
  for (std::size_t i = 0; i < table.size(); ++i) row_of[table[i].numeric] = i;
  std::vector<double> largest(table.size(), 0);
  for (const auto& feature : features) {
    const auto found = feature.id ? row_of.find(*feature.id) : row_of.end();
    if (found == row_of.end()) {
      out.left_out.push_back(feature.name);
    } else {
      add_feature(out.rows[found->second], feature, largest[found->second]);
    }
  }
  std::ranges::sort(out.left_out);
}

// False when the code has no square either.
bool fill_square(WorldCountry& country) {
  const auto code = country.iso.text();
  const auto* square = std::ranges::find(kSquares, code, &Square::code);
  if (square == kSquares.end()) return false;
  country.polygons = square_around(*square);
  country.name = code;
  country.square = true;
  return true;
}

// The square becomes a hole of the polygon that holds it.
void cut_out(const WorldCountry& square, std::vector<WorldCountry>& countries) {
  const auto box = geo::bounds(square.polygons);
  auto hole = square.polygons.front().exterior;
  std::ranges::reverse(hole);
  for (auto& country : countries) {
    if (&country == &square) continue;
    for (auto& polygon : country.polygons) {
      const auto around = geo::bounds({polygon});
      const bool near = around.min_lon < box.min_lon && box.max_lon < around.max_lon && around.min_lat < box.min_lat &&
                        box.max_lat < around.max_lat;
      if (near && geo::CountryIndex({polygon}).covers_box(box)) polygon.holes.push_back(hole);
    }
  }
}

}  // namespace

Result<Countries> join_countries(const std::vector<CountryInfo>& table, const std::vector<Feature>& features,
                                 bool carve, work::Pool& pool) {
  Countries out;
  for (const auto& row : table) out.rows.push_back({row.iso, {}, {}, false});
  gather_features(table, features, out);

  std::vector<char> was_valid(out.rows.size(), 1);
  PW_CHECK(work::for_each(pool, out.rows.size(), [&](std::size_t i) -> Result<void> {
    auto& country = out.rows[i];
    auto repaired = make_valid_polygons(country.polygons);
    if (!repaired)
      return std::move(repaired.error()).in("polygons of " + country.iso.text()).with("country_iso", country.iso);
    country.polygons = std::move(repaired->polygons);
    was_valid[i] = repaired->was_valid;
    return {};
  }));

  std::vector<std::string> missing;
  for (std::size_t i = 0; i < out.rows.size(); ++i) {
    auto& country = out.rows[i];
    if (was_valid[i] == 0) out.repaired.push_back(country.iso.text());
    if (!country.polygons.empty()) continue;
    (fill_square(country) ? out.squares : missing).push_back(country.iso.text());
    if (carve && country.square) cut_out(country, out.rows);
  }
  if (!missing.empty()) {
    return Error("REF_VEC_COVERAGE", "no polygon and no square for " + join(missing, " ")).with("missing", missing);
  }
  return out;
}

}  // namespace placewright::world
