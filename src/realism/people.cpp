#include "realism/people.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "datasets/tiles.hpp"
#include "geo_io/raster_shelf.hpp"
#include "realism/nearest.hpp"

namespace placewright::realism {
namespace {

constexpr double kReachKm = 5, kCellKm = 50, kKmPerDegree = kEarthRadiusM / 1000 * std::numbers::pi / 180;
constexpr std::uint64_t kFitSites = 500;
constexpr std::size_t kFitCells = 20;      // a city state has too few cells for a correlation
constexpr std::uint32_t kStripRows = 512;  // a row of tiles of the rasters `world build` writes

using Cell = std::pair<std::int64_t, std::int64_t>;

// Equal-area cells: bands in latitude, cells of the same width at the middle of their band.
class Band {
 public:
  explicit Band(double lat) {
    const double height = kCellKm / kKmPerDegree;
    const double i = std::floor((lat + 90) / height);
    const double middle = ((i + 0.5) * height - 90) * (std::numbers::pi / 180);
    width_ = height / std::max(std::cos(middle), 0.01);
    number_ = static_cast<std::int64_t>(i);
  }
  Cell at(double lon) const { return {number_, static_cast<std::int64_t>(std::floor((lon + 180) / width_))}; }

 private:
  double width_;
  std::int64_t number_;
};

Cell cell_at(double lon, double lat) { return Band(lat).at(lon); }

struct Amounts {
  double sites = 0, people = 0;
};
struct Country {
  Iso iso;
  std::uint64_t sites = 0;
  geo::TileSet tiles;
  std::size_t span = 0;  // next one to read
  std::map<Cell, Amounts> cells;
};

struct Strip {
  std::uint32_t first_row = 0, rows = 0;
  std::vector<float> values;
};

// Sites by raster row of their own, and whether somebody was met.
struct Seekers {
  std::vector<std::uint32_t> order;  // by row
  std::vector<std::int64_t> row;     // of each site, by site
  std::vector<char> met;
};

class Reader {
 public:
  Reader(geo_io::Raster raster, const Frame& frame)
      : raster_(std::move(raster)), grid_(raster_.info().grid), frame_(frame) {}

  Result<Strip> read(std::uint32_t first) {
    Strip strip{first, std::min(kStripRows, grid_.rows - first), {}};
    strip.values.resize(static_cast<std::size_t>(strip.rows) * grid_.columns);
    PW_CHECK(geo_io::read_as_float(raster_, first, strip.rows, 0, grid_.columns, strip.values));
    for (auto& value : strip.values) value = static_cast<float>(geo_io::people_or_zero(value, raster_.info().nodata));
    return strip;
  }

  const geo::Grid& grid() const { return grid_; }
  std::int64_t row_of(double lat) const { return static_cast<std::int64_t>(std::floor((lat - grid_.f) / grid_.e)); }
  std::int64_t reach_rows() const {
    return static_cast<std::int64_t>(std::ceil(kReachKm / kKmPerDegree / std::abs(grid_.e))) + 1;
  }

  // Is a cell with people, by its centre, within reach of the site inside this strip?
  bool somebody(const Strip& strip, std::uint32_t site, std::int64_t at_row) const {
    const auto from = std::max<std::int64_t>(strip.first_row, at_row - reach_rows());
    const auto to = std::min<std::int64_t>(strip.first_row + strip.rows - 1, at_row + reach_rows());
    for (auto row = from; row <= to; ++row) {
      if (on_row(strip, static_cast<std::uint32_t>(row), site)) return true;
    }
    return false;
  }

 private:
  bool on_row(const Strip& strip, std::uint32_t row, std::uint32_t site) const {
    const double lat = grid_.f + grid_.e * (row + 0.5);
    const double north = (lat - frame_.lat[site]) * kKmPerDegree;
    if (std::abs(north) > kReachKm) return false;
    const double scale = std::max(0.01, std::cos(frame_.lat[site] * (std::numbers::pi / 180)));
    const double half = std::sqrt(kReachKm * kReachKm - north * north) / kKmPerDegree / scale / grid_.a;
    const double middle = (frame_.lon[site] - grid_.c) / grid_.a - 0.5;
    const auto* values = strip.values.data() + static_cast<std::size_t>(row - strip.first_row) * grid_.columns;
    const std::int64_t columns = grid_.columns;
    for (auto column = static_cast<std::int64_t>(std::ceil(middle - half));
         column <= static_cast<std::int64_t>(middle + half); ++column) {
      if (values[((column % columns) + columns) % columns] > 0) return true;
    }
    return false;
  }

  geo_io::Raster raster_;
  geo::Grid grid_;
  const Frame& frame_;
};

Seekers seekers(const Frame& frame, const Reader& reader) {
  Seekers out;
  out.met.assign(frame.size(), 0);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    out.order.push_back(static_cast<std::uint32_t>(i));
    out.row.push_back(reader.row_of(frame.lat[i]));
  }
  std::ranges::sort(out.order,
                    [&](auto a, auto b) { return out.row[a] != out.row[b] ? out.row[a] < out.row[b] : a < b; });
  return out;
}

void seek(Seekers& all, const Reader& reader, const Strip& strip) {
  const auto reach = reader.reach_rows();
  const auto row_of = [&](std::uint32_t site) { return all.row[site]; };
  auto at = std::ranges::lower_bound(all.order, std::int64_t{strip.first_row} - reach, {}, row_of);
  const auto end = std::ranges::upper_bound(all.order, std::int64_t{strip.first_row} + strip.rows + reach, {}, row_of);
  for (; at != end; ++at) {
    if (!all.met[*at] && reader.somebody(strip, *at, all.row[*at])) all.met[*at] = 1;
  }
}

void add_people(Country& country, const geo::Grid& grid, const Strip& strip) {
  const auto spans = country.tiles.spans();
  for (; country.span < spans.size(); ++country.span) {
    const auto& span = spans[country.span];
    const auto row = grid.row_of(span.first);
    if (row >= strip.first_row + strip.rows) return;
    const auto* values = strip.values.data() + static_cast<std::size_t>(row - strip.first_row) * grid.columns +
                         grid.column_of(span.first);
    const Band band(grid.f + grid.e * (row + 0.5));
    Amounts* amounts = nullptr;  // of the cell the last value fell into
    Cell cell;
    for (std::uint32_t i = 0; i < span.length; ++i) {
      if (!(values[i] > 0)) continue;
      const auto next = band.at(grid.c + grid.a * (grid.column_of(span.first) + i + 0.5));
      if (amounts == nullptr || next != cell) amounts = &country.cells[next];
      cell = next;
      amounts->people += static_cast<double>(values[i]);
    }
  }
}

PeopleFit fit(const Country& country) {
  PeopleFit out{country.iso, country.sites, country.cells.size(), 0};
  const auto n = static_cast<double>(country.cells.size());
  double sites = 0, people = 0, ss = 0, pp = 0, sp = 0;
  for (const auto& [cell, a] : country.cells) sites += a.sites / n, people += a.people / n;
  for (const auto& [cell, a] : country.cells) {
    ss += (a.sites - sites) * (a.sites - sites);
    pp += (a.people - people) * (a.people - people);
    sp += (a.sites - sites) * (a.people - people);
  }
  out.correlation = ss > 0 && pp > 0 ? sp / std::sqrt(ss * pp) : 0;
  return out;
}

Result<std::vector<Country>> countries_of(const Frame& frame, const datasets::TileUniverse& universe) {
  std::vector<Country> out;
  for (const auto& [country, rows] : rows_by_country(frame)) {
    if (rows.size() < kFitSites) continue;
    Country row{country, rows.size(), {}, 0, {}};
    PW_TRY(row.tiles, universe.load(country));
    for (const auto site : rows) row.cells[cell_at(frame.lon[site], frame.lat[site])].sites += 1;
    out.push_back(std::move(row));
  }
  std::ranges::stable_sort(out, [](const auto& a, const auto& b) { return a.sites > b.sites; });
  return out;
}

}  // namespace

Result<std::optional<People>> read_people(const store::RunFolder& run, const Frame& frame, work::Pool& pool,
                                          std::string& why) {
  const auto file = run.locate("population_raster_2025");
  const auto universe = datasets::TileUniverse::open(run);
  auto raster = file ? geo_io::Raster::open(*file) : Result<geo_io::Raster>(file.error());
  if (!raster || !universe || !(raster->info().grid == universe->grid()) || universe->grid().rotated()) {
    why = "no population raster on the tiles' grid: sites without people and their correlation are unknown";
    return std::optional<People>();
  }
  Reader reader(std::move(*raster), frame);
  auto all = seekers(frame, reader);
  PW_TRY(auto countries, countries_of(frame, *universe));
  for (std::uint32_t first = 0; first < reader.grid().rows; first += kStripRows) {
    PW_TRY(const auto strip, reader.read(first));
    seek(all, reader, strip);
    PW_CHECK(work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
      add_people(countries[i], reader.grid(), strip);
      return {};
    }));
  }
  People out;
  const auto alone = std::ranges::count(all.met, 0);
  out.alone_share = frame.size() ? static_cast<double>(alone) / static_cast<double>(frame.size()) : 0;
  for (const auto& country : countries) {
    if (country.cells.size() >= kFitCells) out.fits.push_back(fit(country));
  }
  return std::optional<People>(std::move(out));
}

}  // namespace placewright::realism
