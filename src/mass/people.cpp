#include "mass/people.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>
#include <span>
#include <string>

#include "geo_io/raster_shelf.hpp"

namespace placewright::mass {
namespace {

namespace fs = std::filesystem;

Error negative(const fs::path& file, const CellWindow& window, std::size_t i, float value) {
  const auto row = window.first_row + i / window.columns, column = window.first_column + i % window.columns;
  return Error("E105_NORMALIZATION", file.string() + ": row " + std::to_string(row) + ", column " +
                                         std::to_string(column) + " (from 0) holds " + std::to_string(value) +
                                         " people")
      .with("detail", "negative_people");
}

// nodata, NaN and infinities become 0. Whether no sign is left. On the bits of the values, so that the loop runs in
// lanes.
bool only_people(std::span<float> values, float nodata) {
  constexpr std::uint32_t kExponent = 0x7f800000, kSign = 0x80000000;
  const auto absent = std::bit_cast<std::uint32_t>(nodata);
  std::uint32_t signs = 0;
  for (auto& value : values) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto kept = bits == absent || (bits & kExponent) == kExponent ? 0 : bits;
    signs |= kept;
    value = std::bit_cast<float>(kept);
  }
  return (signs & kSign) == 0;
}

struct Band {
  Band(const fs::path& file, geo_io::RasterInfo about) : shelf(file), info(std::move(about)) {}
  geo_io::RasterShelf shelf;
  geo_io::RasterInfo info;

  // Values of a window as people.
  Result<void> read(const CellWindow& window, std::vector<float>& values) {
    PW_TRY(auto raster, shelf.borrow());
    values.resize(static_cast<std::size_t>(window.rows) * window.columns);
    PW_CHECK(
        geo_io::read_as_float(*raster, window.first_row, window.rows, window.first_column, window.columns, values));
    shelf.give_back(std::move(raster));
    if (!only_people(values, static_cast<float>(info.nodata.value_or(0)))) {
      const auto at = std::ranges::find_if(values, [](float value) { return value < 0; });
      if (at != values.end()) return negative(shelf.file(), window, static_cast<std::size_t>(at - values.begin()), *at);
    }
    return {};
  }
};

Result<std::unique_ptr<Band>> open_band(const fs::path& file) {
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  return std::make_unique<Band>(file, raster.info());
}

// The multiple of `unit` and `side` that, times `other`, comes nearest below `cells`, at most `limit`.
std::uint32_t stride(std::uint32_t unit, std::uint32_t side, std::uint64_t other, std::uint64_t cells,
                     std::uint32_t limit) {
  const std::uint64_t step = std::lcm(static_cast<std::uint64_t>(unit), static_cast<std::uint64_t>(side));
  const auto steps = std::max<std::uint64_t>(1, cells / std::max<std::uint64_t>(1, step * other));
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(step * steps, limit));
}

}  // namespace

struct PeopleRaster::Impl {
  std::unique_ptr<Band> people, rural;
};

PeopleRaster::PeopleRaster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PeopleRaster::~PeopleRaster() = default;
PeopleRaster::PeopleRaster(PeopleRaster&&) noexcept = default;

Result<PeopleRaster> PeopleRaster::open(const store::RunFolder& run) {
  auto impl = std::make_unique<Impl>();
  PW_TRY(const auto file, run.locate("population_raster_2025"));
  PW_TRY(impl->people, open_band(file));
  if (run.dictionary().find("population_rural_2025") != nullptr) {
    if (const auto rural = run.locate("population_rural_2025")) {
      PW_TRY(impl->rural, open_band(*rural));
      if (impl->rural->info.grid != impl->people->info.grid) {
        return Error("PW_GEO",
                     rural->string() + " and " + file.string() + " have different grids; remove or replace the first");
      }
    }
  }
  return PeopleRaster(std::move(impl));
}

const geo::Grid& PeopleRaster::grid() const { return impl_->people->info.grid; }
bool PeopleRaster::knows_rural() const { return impl_->rural != nullptr; }

std::vector<CellWindow> PeopleRaster::windows(std::uint32_t side, std::uint64_t cells) const {
  const auto& info = impl_->people->info;
  const auto tile_rows = static_cast<std::uint32_t>(std::max(1, info.block_rows));
  const auto tile_columns = std::min(static_cast<std::uint32_t>(std::max(1, info.block_columns)), info.grid.columns);
  const bool strips = tile_columns == info.grid.columns;
  const auto rows = stride(tile_rows, side, strips ? tile_columns : cells, cells, info.grid.rows);
  const auto columns = strips ? info.grid.columns : stride(tile_columns, side, rows, cells, info.grid.columns);
  std::vector<CellWindow> windows;
  for (std::uint32_t row = 0; row < info.grid.rows; row += rows) {
    for (std::uint32_t column = 0; column < info.grid.columns; column += columns) {
      windows.push_back(
          {row, std::min(rows, info.grid.rows - row), column, std::min(columns, info.grid.columns - column)});
    }
  }
  return windows;
}

Result<void> PeopleRaster::read(const CellWindow& window, CellPeople& into) const {
  into.window = window;
  PW_CHECK(impl_->people->read(window, into.people));
  if (impl_->rural) PW_CHECK(impl_->rural->read(window, into.rural));
  return {};
}

}  // namespace placewright::mass
