#include "world/countries.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.hpp"
#include "world/geometry.hpp"

namespace placewright::world {
namespace {

struct Square {
  std::string_view code;
  double lat, lon;
  double half;  // degrees
};

// The reference's: centres of spec upstream B.4. The Vatican, which quantisation swallowed, gets a square of its own
// size: 0.01 degrees hold at least one centre of a 30-arc-second cell wherever they lie.
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

// The Vatican: an octagon of the area that countryInfo.txt states, 0.44 km2, around the point that GeoNames has for
// Vatican City. It holds the centre of one cell of 30 arc seconds.
geo::MultiPolygon vatican() {
  constexpr geo::Point kCentre = {12.45414, 41.90268};
  constexpr double kEast = 0.00439, kNorth = 0.00328;            // 364 m
  constexpr double kEastShort = 0.00182, kNorthShort = 0.00136;  // 151 m
  constexpr std::array<geo::Point, 9> kCorners = {{{kEast, -kNorthShort},
                                                   {kEast, kNorthShort},
                                                   {kEastShort, kNorth},
                                                   {-kEastShort, kNorth},
                                                   {-kEast, kNorthShort},
                                                   {-kEast, -kNorthShort},
                                                   {-kEastShort, -kNorth},
                                                   {kEastShort, -kNorth},
                                                   {kEast, -kNorthShort}}};
  geo::Ring ring;
  for (const auto& corner : kCorners) ring.push_back({kCentre.lon + corner.lon, kCentre.lat + corner.lat});
  return {{ring, {}}};
}

// False when there is none either.
bool fill_gap(WorldCountry& country, StandIns stand_ins) {
  const auto code = country.iso.text();
  if (stand_ins == StandIns::shapes) {
    if (code != "VA") return false;
    country = {country.iso, "Vatican", vatican(), true};
    return true;
  }
  const auto* square = std::ranges::find(kSquares, code, &Square::code);
  if (square == kSquares.end()) return false;
  country = {country.iso, code, square_around(*square), true};
  return true;
}

bool meet(const geo::Box& a, const geo::Box& b) {
  return a.min_lon < b.max_lon && b.min_lon < a.max_lon && a.min_lat < b.max_lat && b.min_lat < a.max_lat;
}

// Who holds some of the stand-in's ground loses it.
Result<void> cut_out(const WorldCountry& stand_in, std::vector<WorldCountry>& countries) {
  const auto box = geo::bounds(stand_in.polygons);
  for (auto& country : countries) {
    if (&country == &stand_in || country.polygons.empty() || !meet(geo::bounds(country.polygons), box)) continue;
    PW_TRY(country.polygons, subtract(country.polygons, stand_in.polygons));
  }
  return {};
}

}  // namespace

Result<Countries> join_countries(const std::vector<CountryInfo>& table, const std::vector<Feature>& features,
                                 StandIns stand_ins, work::Pool& pool) {
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
    (fill_gap(country, stand_ins) ? out.stand_ins : missing).push_back(country.iso.text());
    if (country.stand_in && stand_ins == StandIns::shapes) PW_CHECK(cut_out(country, out.rows));
  }
  if (!missing.empty()) {
    return Error("REF_VEC_COVERAGE", "no polygon and no stand-in for " + join(missing, " ")).with("missing", missing);
  }
  return out;
}

}  // namespace placewright::world
