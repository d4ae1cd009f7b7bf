#include "realism/ground.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/schemas.hpp"
#include "datasets/tiles.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"
#include "table/table.hpp"

namespace placewright::realism {
namespace {

// Tiles given to the sites of one pair, with repetition.
using PairTiles = std::map<std::pair<Iso, MerchantId>, std::vector<TileId>>;

Result<PairTiles> read_assignment(const table::Dataset& data, const std::vector<Iso>& dropped) {
  PairTiles out;
  const table::Schema columns = {
      {"merchant_id", table::Kind::u64}, {"legal_country_iso", table::Kind::text}, {"tile_id", table::Kind::u64}};
  for (std::size_t group = 0; group < data.groups(); ++group) {
    PW_TRY(const auto batch, data.read(group, columns));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    std::vector<TileId>* tiles = nullptr;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      const bool same = row > 0 && batch.u64(0)[row] == batch.u64(0)[row - 1] && countries[row] == countries[row - 1];
      if (!same) {
        const bool drop = std::ranges::find(dropped, countries[row]) != dropped.end();
        tiles = drop ? nullptr : &out[{countries[row], batch.u64(0)[row]}];
      }
      if (tiles) tiles->push_back(batch.u64(2)[row]);
    }
  }
  return out;
}

// Longest run of neighbours in one row; `tiles` ascending.
std::uint64_t streak(const std::vector<TileId>& tiles, const geo::Grid& grid) {
  std::uint64_t best = 1, length = 1;
  for (std::size_t i = 1; i < tiles.size(); ++i) {
    if (tiles[i] == tiles[i - 1]) continue;
    length = tiles[i] == tiles[i - 1] + 1 && grid.row_of(tiles[i]) == grid.row_of(tiles[i - 1]) ? length + 1 : 1;
    best = std::max(best, length);
  }
  return best;
}

void tally_pairs(PairTiles& pairs, const geo::Grid& grid, Ground& ground) {
  std::vector<double> of_four;
  for (auto& [key, tiles] : pairs) {
    std::ranges::sort(tiles);
    const auto length = streak(tiles, grid);
    ground.streaks.push_back(length);
    if (length > ground.longest_streak) {
      ground.longest_streak = length;
      ground.longest_country = key.first;
      ground.longest_merchant = key.second;
    }
    if (tiles.size() < 4) continue;
    ground.pairs4 += 1;
    ground.single_row += grid.row_of(tiles.front()) == grid.row_of(tiles.back());
    of_four.push_back(static_cast<double>(length));
  }
  std::ranges::sort(ground.streaks);
  std::ranges::sort(of_four);
  for (const double length : of_four) ground.streak_mean += length / static_cast<double>(of_four.size());
  ground.streak_p99 = quantile(of_four, 0.99);
}

// Union of the intervals of distinct rows or columns, in steps of 1e-4 degrees.
double steps(std::vector<std::uint32_t> lines, double degrees) {
  std::ranges::sort(lines);
  const auto distinct = std::unique(lines.begin(), lines.end()) - lines.begin();
  return static_cast<double>(distinct) * std::abs(degrees) * 1e4;
}

// Tiles as points of equal weight, in the plane the sentinel uses; a span of n at spacing d adds its own spread.
Shape land_shape(const geo::TileSet& tiles, const geo::Grid& grid) {
  std::vector<double> ends;
  double low = 90, high = -90;
  for (const auto& span : tiles.spans()) {
    const auto row = grid.row_of(span.first), column = grid.column_of(span.first);
    for (const auto at : {column, column + span.length - 1})
      ends.push_back(geo::tile_bounds(grid, row, at).centroid_lon);
    const double lat = geo::tile_bounds(grid, row, column).centroid_lat;
    low = std::min(low, lat);
    high = std::max(high, lat);
  }
  const double west = longitude_span(ends).first;
  const double scale = std::cos((low + high) / 2 * (std::numbers::pi / 180));
  Moments moments;
  for (const auto& span : tiles.spans()) {
    const auto first = geo::tile_bounds(grid, grid.row_of(span.first), grid.column_of(span.first));
    const double n = span.length, step = std::abs(grid.a);
    double x = first.centroid_lon - west;
    if (x < 0) x += 360;
    x += (n - 1) / 2 * step;
    const double spread = step * std::sqrt((n * n - 1) / 12);
    moments.add((x - spread) * scale, first.centroid_lat, n / 2);
    moments.add((x + spread) * scale, first.centroid_lat, n / 2);
  }
  return moments.shape();
}

struct CountryTiles {
  Iso country;
  std::vector<TileId> tiles;  // of its sites, with repetition
};

Result<Land> land_of(const CountryTiles& country, const datasets::TileUniverse& universe) {
  Land land;
  const auto& grid = universe.grid();
  std::vector<std::uint32_t> rows, columns;
  for (const auto tile : country.tiles) rows.push_back(grid.row_of(tile)), columns.push_back(grid.column_of(tile));
  land.lat_steps = steps(std::move(rows), grid.e);
  land.lon_steps = steps(std::move(columns), grid.a);
  PW_TRY(const auto tiles, universe.load(country.country));
  if (!tiles.empty()) land.shape = land_shape(tiles, grid);
  return land;
}

struct MassRun {
  TileId first;
  std::uint64_t tiles;
  double mass;
};

// Tiles are pooled in order of mass until a group expects 50 sites.
Result<MassFit> mass_fit(CountryTiles country, const MassSource& masses) {
  std::vector<MassRun> runs;
  PW_CHECK(masses.visit(country.country, [&](TileId first, std::uint64_t tiles, double mass) {
    runs.push_back({first, tiles, mass});
  }));
  std::ranges::sort(country.tiles);
  double total = 0;
  std::map<double, std::pair<double, double>> by_mass;  // mass -> mass of all its tiles, sites on them
  auto site = country.tiles.begin();
  for (const auto& run : runs) {
    site = std::lower_bound(site, country.tiles.end(), run.first);
    const auto end = std::lower_bound(site, country.tiles.end(), run.first + run.tiles);
    auto& [mass, sites] = by_mass[run.mass];
    mass += run.mass * static_cast<double>(run.tiles);
    total += run.mass * static_cast<double>(run.tiles);
    sites += static_cast<double>(end - site);
    site = end;
  }
  MassFit fit{country.country, country.tiles.size(), 0, 0, 1};
  const double n = static_cast<double>(fit.sites);
  double expected = 0, observed = 0, left = total;
  for (const auto& [mass, sums] : by_mass) {
    expected += n * sums.first / total;
    observed += sums.second;
    left -= sums.first;
    if (expected < 50 || (n * left / total < 50 && left > 1e-9 * total)) continue;
    fit.chi_square += (observed - expected) * (observed - expected) / expected;
    fit.groups += 1;
    expected = observed = 0;
  }
  if (fit.groups > 1) fit.p = chi_square_tail(fit.chi_square, static_cast<double>(fit.groups - 1));
  return fit;
}

std::vector<CountryTiles> by_country(const PairTiles& pairs) {
  std::vector<CountryTiles> out;
  for (const auto& [key, tiles] : pairs) {
    if (out.empty() || out.back().country != key.first) out.push_back({key.first, {}});
    out.back().tiles.insert(out.back().tiles.end(), tiles.begin(), tiles.end());
  }
  return out;
}

}  // namespace

double chi_square_tail(double value, double degrees) {
  const double spread = 2 / (9 * degrees);
  const double z = (std::cbrt(value / degrees) - (1 - spread)) / std::sqrt(spread);
  return std::erfc(z / std::numbers::sqrt2) / 2;
}

Result<std::optional<Ground>> read_ground(const store::RunFolder& run, const std::vector<Iso>& dropped,
                                          const MassSource* masses, work::Pool& pool, std::string& why) {
  PW_TRY(const auto path, run.target("s5_site_tile_assignment"));
  const auto data = table::Dataset::open(path);
  if (!data) {
    why = "no S5 table: streaks, raster rows and support ceilings are unknown";
    return std::optional<Ground>();
  }
  const auto universe = datasets::TileUniverse::open(run);
  if (!universe) {
    why =
        "no tiles or raster header (" + universe.error().message() + "): streaks, raster rows and own land are unknown";
    return std::optional<Ground>();
  }
  PW_TRY(auto pairs, read_assignment(*data, dropped));
  Ground ground;
  tally_pairs(pairs, universe->grid(), ground);
  const auto countries = by_country(pairs);
  std::vector<Land> land(countries.size());
  std::vector<MassFit> fits(countries.size());
  PW_CHECK(work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
    if (countries[i].tiles.size() >= kSentinelMinSites) {
      PW_TRY(land[i], land_of(countries[i], *universe));
    }
    if (masses && countries[i].tiles.size() >= 100) {
      PW_TRY(fits[i], mass_fit(countries[i], *masses));
    }
    return {};
  }));
  for (std::size_t i = 0; i < countries.size(); ++i) {
    if (countries[i].tiles.size() >= kSentinelMinSites) ground.land[countries[i].country] = land[i];
    if (fits[i].sites > 0) ground.fits.push_back(fits[i]);
  }
  return std::optional<Ground>(std::move(ground));
}

}  // namespace placewright::realism
