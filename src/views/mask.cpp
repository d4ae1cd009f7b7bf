#include "views/mask.hpp"

#include <algorithm>
#include <vector>

#include "datasets/tiles.hpp"
#include "geo_io/geotiff_writer.hpp"
#include "store/files.hpp"

namespace placewright::views {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kSide = 512;

// One row of squares of the mask, each of kSide x kSide bytes, made anew from the spans that meet it.
class Squares {
 public:
  explicit Squares(const geo::Grid& grid) : grid_(grid), squares_((grid.columns + kSide - 1) / kSide) {}

  void add(const geo::TileSet& tiles, std::uint32_t first_row, std::uint32_t rows) {
    const auto spans = tiles.spans();
    const auto begin = std::ranges::lower_bound(spans, grid_.id(first_row, 0), {}, &geo::Span::first);
    const auto end = std::ranges::lower_bound(begin, spans.end(), grid_.id(first_row + rows - 1, 0) + grid_.columns, {},
                                              &geo::Span::first);
    for (auto span = begin; span != end; ++span) {
      add(grid_.row_of(span->first) - first_row, grid_.column_of(span->first), span->length);
    }
  }

  // Hands every square that holds something to put(column of squares, bytes), and empties it.
  template <class Put>
  Result<void> take(const Put& put) {
    for (std::uint32_t column = 0; column < squares_.size(); ++column) {
      if (squares_[column].empty()) continue;
      PW_CHECK(put(column, squares_[column]));
      squares_[column].clear();
    }
    return {};
  }

 private:
  void add(std::uint32_t row, std::uint32_t column, std::uint32_t count) {
    while (count > 0) {
      auto& square = squares_[column / kSide];
      if (square.empty()) square.assign(std::size_t{kSide} * kSide, 0);
      const auto inside = column % kSide, n = std::min(count, kSide - inside);
      std::fill_n(square.begin() + static_cast<std::ptrdiff_t>(std::size_t{row} * kSide + inside), n, std::uint8_t{1});
      column += n;
      count -= n;
    }
  }

  const geo::Grid& grid_;
  std::vector<std::vector<std::uint8_t>> squares_;
};

Result<std::vector<geo::TileSet>> load_tiles(const datasets::TileUniverse& universe, work::Pool& pool) {
  const auto countries = universe.countries();
  std::vector<geo::TileSet> tiles(countries.size());
  PW_CHECK(work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
    PW_TRY(tiles[i], universe.load(countries[i]));
    return {};
  }));
  return tiles;
}

Result<std::uint64_t> write_mask(const fs::path& file, const geo::Grid& grid, const std::vector<geo::TileSet>& tiles,
                                 work::Pool& pool) {
  PW_TRY(auto writer, geo_io::GeoTiffWriter::create(file, grid,
                                                    {.pixel = geo_io::Pixel::byte,
                                                     .codec = geo_io::Codec::zstd,
                                                     .zstd_level = 1,
                                                     .tile = kSide,
                                                     .nodata = std::nullopt,
                                                     .threads = pool.threads()}));
  Squares squares(grid);
  std::uint64_t cells = 0;
  for (std::uint32_t row = 0; row < grid.rows; row += kSide) {
    for (const auto& country : tiles) squares.add(country, row, std::min(kSide, grid.rows - row));
    PW_CHECK(squares.take([&](std::uint32_t column, const std::vector<std::uint8_t>& square) {
      cells += static_cast<std::uint64_t>(std::ranges::count(square, 1));
      return writer.write_tile(row / kSide, column, square);
    }));
  }
  PW_CHECK(writer.close());
  return cells;
}

}  // namespace

Result<std::uint64_t> export_mask(const store::RunFolder& run, const fs::path& file, work::Pool& pool) {
  std::error_code error;
  if (fs::exists(file, error)) return Error("PW_OTHER_RUN", file.string() + " is there already; choose another file");
  PW_TRY(const auto universe, datasets::TileUniverse::open(run));
  PW_TRY(const auto tiles, load_tiles(universe, pool));
  const fs::path aside = file.string() + ".part";
  auto cells = write_mask(aside, universe.grid(), tiles, pool);
  if (!cells) {
    fs::remove(aside, error);
    return cells;
  }
  PW_CHECK(store::rename_path(fs::absolute(aside), fs::absolute(file)));
  return cells;
}

}  // namespace placewright::views
