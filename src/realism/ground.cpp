#include "realism/ground.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/schemas.hpp"
#include "datasets/tiles.hpp"
#include "mass/sampling.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"
#include "rng/philox.hpp"
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
// The plane of the sentinel: degrees east of the western end, shrunk by the cosine of the middle latitude, and
// latitude.
class Plane {
 public:
  Plane(const std::vector<double>& longitudes, double low, double high)
      : west_(longitude_span(longitudes).first), scale_(std::cos((low + high) / 2 * (std::numbers::pi / 180))) {}
  double x(double lon) const { return (lon < west_ ? lon + 360 - west_ : lon - west_) * scale_; }
  double width(double degrees) const { return degrees * scale_; }

 private:
  double west_, scale_;
};

// Ground as weighted points of the sentinel's plane.
struct GroundPoint {
  double x, y, weight;
};

Shape shape_of(const std::vector<GroundPoint>& points) {
  Moments moments;
  for (const auto& point : points) moments.add(point.x, point.y, point.weight);
  return moments.shape();
}

// A span of n tiles at spacing d is two points that have its spread.
std::vector<GroundPoint> land_points(const geo::TileSet& tiles, const geo::Grid& grid) {
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
  const Plane plane(ends, low, high);
  std::vector<GroundPoint> points;
  for (const auto& span : tiles.spans()) {
    const auto first = geo::tile_bounds(grid, grid.row_of(span.first), grid.column_of(span.first));
    const double n = span.length, step = std::abs(grid.a);
    const double x = plane.x(first.centroid_lon) + plane.width((n - 1) / 2 * step);
    const double spread = plane.width(step * std::sqrt((n * n - 1) / 12));
    points.push_back({x - spread, first.centroid_lat, n / 2});
    points.push_back({x + spread, first.centroid_lat, n / 2});
  }
  return points;
}

// The ground where the country's outlets may be expected: of an archipelago, the inhabited islands.
std::vector<GroundPoint> inhabited_points(const std::vector<mass::ExpectedBlock>& blocks, const geo::Grid& grid) {
  std::vector<geo::TileBounds> at;
  std::vector<double> lons;
  double low = 90, high = -90;
  for (const auto& block : blocks) {
    at.push_back(geo::tile_bounds(grid, grid.row_of(block.first_tile), grid.column_of(block.first_tile)));
    lons.push_back(at.back().centroid_lon);
    low = std::min(low, at.back().centroid_lat);
    high = std::max(high, at.back().centroid_lat);
  }
  const Plane plane(lons, low, high);
  std::vector<GroundPoint> points;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    if (blocks[i].sites > 0) points.push_back({plane.x(at[i].centroid_lon), at[i].centroid_lat, blocks[i].sites});
  return points;
}

// The longest shape among samples of `sites` points drawn from the ground: what chance alone can make of it.
double longest_by_chance(Iso country, const std::vector<GroundPoint>& points, std::size_t sites) {
  constexpr std::uint64_t kSamples = 200, kKey = 0x53454e54494e454cU;  // fixed: a score is the same every time
  std::vector<double> ends;
  double sum = 0;
  for (const auto& point : points) ends.push_back(sum += point.weight);
  double longest = 0;
  for (std::uint64_t sample = 0; sample < kSamples; ++sample) {
    Moments moments;
    for (std::uint64_t i = 0; i < sites; ++i) {
      const auto word = rng::philox({std::uint64_t{country.packed()} << 32 | sample, i}, kKey).x0;
      const auto at = std::upper_bound(ends.begin(), ends.end() - 1, rng::u01(word) * sum) - ends.begin();
      const auto& point = points[static_cast<std::size_t>(at)];
      moments.add(point.x, point.y, 1);
    }
    const double anisotropy = moments.shape().anisotropy;
    if (std::isfinite(anisotropy)) longest = std::max(longest, anisotropy);
  }
  return longest;
}

struct CountryTiles {
  Iso country;
  std::vector<TileId> tiles;  // of its sites, with repetition
};

constexpr double kSuspect = 10;  // anisotropy near the sentinel's limit: worth the samples

// `blocks`: of a run placed by mass, else empty.
Result<Land> land_of(const CountryTiles& country, const std::vector<mass::ExpectedBlock>& blocks,
                     const datasets::TileUniverse& universe) {
  Land land;
  const auto& grid = universe.grid();
  std::vector<std::uint32_t> rows, columns;
  for (const auto tile : country.tiles) rows.push_back(grid.row_of(tile)), columns.push_back(grid.column_of(tile));
  land.lat_steps = steps(std::move(rows), grid.e);
  land.lon_steps = steps(std::move(columns), grid.a);
  PW_TRY(const auto tiles, universe.load(country.country));
  if (tiles.empty()) return land;
  const auto points = blocks.empty() ? land_points(tiles, grid) : inhabited_points(blocks, grid);
  land.shape = shape_of(points);
  std::vector<mass::ExpectedBlock> sites;
  for (const auto tile : country.tiles) sites.push_back({tile, 1});
  if (shape_of(inhabited_points(sites, grid)).anisotropy > kSuspect)
    land.longest_by_chance = longest_by_chance(country.country, points, sites.size());
  return land;
}

// Blocks in order of expectation are pooled until a group expects 50 sites.
MassFit mass_fit(const CountryTiles& country, std::vector<mass::ExpectedBlock> blocks, const geo::Grid& grid) {
  std::map<TileId, double> observed;  // by first tile of the block
  const auto level = geo::block_level(grid);
  for (const auto tile : country.tiles) {
    observed[grid.id(grid.row_of(tile) >> level << level, grid.column_of(tile) >> level << level)] += 1;
  }
  std::ranges::stable_sort(blocks, {}, &mass::ExpectedBlock::sites);
  MassFit fit{country.country, country.tiles.size(), 0, 0, 1};
  double expected = 0, found = 0, left = static_cast<double>(country.tiles.size());
  for (const auto& block : blocks) {
    expected += block.sites;
    left -= block.sites;
    if (const auto at = observed.find(block.first_tile); at != observed.end()) found += at->second;
    if (expected < 50 || (left < 50 && left > 1e-6)) continue;
    fit.chi_square += (found - expected) * (found - expected) / expected;
    fit.groups += 1;
    expected = found = 0;
  }
  if (fit.groups > 1) fit.p = chi_square_tail(fit.chi_square, static_cast<double>(fit.groups - 1));
  return fit;
}

// What the pairs of S3 may expect, for runs that were placed by mass.
Result<std::map<Iso, std::vector<mass::ExpectedBlock>>> expected_sites(const store::RunFolder& run, work::Pool& pool) {
  PW_TRY(const auto path, run.target("s3_requirements"));
  const auto rows = table::Dataset::open(path);
  auto sampler = mass::Sampler::open(run);
  if (!rows || !sampler) return std::map<Iso, std::vector<mass::ExpectedBlock>>();
  std::vector<mass::PairDemand> pairs;
  for (std::size_t group = 0; group < rows->groups(); ++group) {
    PW_TRY(const auto batch, rows->read(group, datasets::kRequirements));
    PW_TRY(const auto countries, table::isos(batch.text(1), "legal_country_iso"));
    for (std::size_t i = 0; i < batch.rows; ++i) pairs.push_back({batch.u64(0)[i], countries[i], batch.i64(2)[i]});
  }
  return sampler->expected(pairs, pool);
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
                                          work::Pool& pool, std::string& why) {
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
  std::map<Iso, std::vector<mass::ExpectedBlock>> expected;
  if (mass::MassSource::published(run)) {
    PW_TRY(expected, expected_sites(run, pool));
  }
  PW_CHECK(work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
    const auto found = expected.find(countries[i].country);
    const auto blocks = found == expected.end() ? std::vector<mass::ExpectedBlock>() : found->second;
    if (countries[i].tiles.size() >= kSentinelMinSites) {
      PW_TRY(land[i], land_of(countries[i], blocks, *universe));
    }
    if (!blocks.empty() && countries[i].tiles.size() >= 100) fits[i] = mass_fit(countries[i], blocks, universe->grid());
    return {};
  }));
  for (std::size_t i = 0; i < countries.size(); ++i) {
    if (countries[i].tiles.size() >= kSentinelMinSites) ground.land[countries[i].country] = land[i];
    if (fits[i].sites > 0) ground.fits.push_back(fits[i]);
  }
  return std::optional<Ground>(std::move(ground));
}

}  // namespace placewright::realism
