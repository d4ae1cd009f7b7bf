#include "world/raster_sums.hpp"

#include <algorithm>

#include "geo/coverage.hpp"
#include "geo_io/raster_shelf.hpp"

namespace placewright::world {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kValuesAtOnce = std::uint64_t{1} << 24;

// People of rows [first, first + rows).
Result<RasterSums> sum_rows(geo_io::RasterShelf& rasters, const std::vector<geo::TileSet>& tiles, std::uint32_t first,
                            std::uint32_t rows) {
  PW_TRY(auto raster, rasters.borrow());
  const auto grid = raster->info().grid;
  const auto nodata = raster->info().nodata;
  std::vector<double> values(std::size_t{rows} * grid.columns);
  PW_CHECK(raster->read(first, rows, 0, grid.columns, std::span(values)));
  rasters.give_back(std::move(raster));
  RasterSums out;
  out.people.assign(tiles.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double people = geo_io::people_or_zero(values[i], nodata);
    if (people < 0) {
      ++out.negative;
      const auto tile = grid.id(first, 0) + i;
      if (!out.first_negative) out.first_negative = {grid.row_of(tile), grid.column_of(tile), people};
    }
    out.total += people;
    values[i] = people;
  }
  const auto begin = grid.id(first, 0), end = grid.id(first + rows, 0);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto spans = tiles[i].spans();
    auto it = std::ranges::lower_bound(spans, begin, {}, &geo::Span::first);
    for (; it != spans.end() && it->first < end; ++it) {
      for (std::uint32_t k = 0; k < it->length; ++k) out.people[i] += values[it->first - begin + k];
    }
  }
  return out;
}

void add(RasterSums& to, const RasterSums& slice) {
  for (std::size_t i = 0; i < to.people.size(); ++i) to.people[i] += slice.people[i];
  to.total += slice.total;
  to.negative += slice.negative;
  if (!to.first_negative) to.first_negative = slice.first_negative;
}

}  // namespace

Result<std::vector<geo::TileSet>> cover_all(const geo::Grid& grid, const std::vector<geo_io::CountryShape>& shapes,
                                            work::Pool& pool) {
  std::vector<geo::TileSet> tiles(shapes.size());
  PW_CHECK(work::for_each(pool, shapes.size(), [&](std::size_t i) -> Result<void> {
    tiles[i] = geo::cover(grid, shapes[i].country.polygons, geo::Predicate::center).tiles;
    return {};
  }));
  return tiles;
}

Result<RasterSums> sum_raster(const fs::path& file, const std::vector<geo::TileSet>& tiles, work::Pool& pool) {
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  const auto info = raster.info();
  // Rows of blocks; of a file in strips as many rows as make a task worth its while.
  const auto most = std::max<std::uint64_t>(1, kValuesAtOnce / info.grid.columns);
  const auto strip = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(most, static_cast<std::uint64_t>(std::max(64, info.block_rows))));
  geo_io::RasterShelf rasters(file);
  RasterSums out;
  out.people.assign(tiles.size(), 0);
  PW_CHECK(work::ordered<RasterSums>(
      pool, (info.grid.rows + strip - 1) / strip,
      [&](std::size_t s) {
        const auto first = static_cast<std::uint32_t>(s) * strip;
        return sum_rows(rasters, tiles, first, std::min(strip, info.grid.rows - first));
      },
      [&](std::size_t, RasterSums&& slice) -> Result<void> {
        add(out, slice);
        return {};
      },
      pool.threads()));
  return out;
}

}  // namespace placewright::world
