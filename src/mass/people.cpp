#include "mass/people.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numeric>
#include <optional>
#include <string>

#include "geo_io/raster.hpp"

namespace placewright::mass {
namespace {

namespace fs = std::filesystem;

// Rasters that idle between windows; each serves one thread at a time.
class Shelf {
 public:
  explicit Shelf(fs::path file) : file_(std::move(file)) {}

  // Values of a window as people; `info` is that of the band.
  Result<std::vector<float>> read(const CellWindow& window, const geo_io::RasterInfo& info) {
    PW_TRY(auto raster, borrow());
    std::vector<float> values(static_cast<std::size_t>(window.rows) * window.columns);
    if (info.value_type == "Float32") {
      PW_CHECK(
          raster->read(window.first_row, window.rows, window.first_column, window.columns, std::span<float>(values)));
    } else {
      std::vector<double> wide(values.size());
      PW_CHECK(
          raster->read(window.first_row, window.rows, window.first_column, window.columns, std::span<double>(wide)));
      std::ranges::transform(wide, values.begin(), [](double value) { return static_cast<float>(value); });
    }
    give_back(std::move(raster));
    const auto nodata = static_cast<float>(info.nodata.value_or(0));
    float least = 0;
    for (auto& value : values) {
      const bool counts = value != nodata && std::abs(value) <= std::numeric_limits<float>::max();
      value = counts ? value : 0;
      least = value < least ? value : least;
    }
    if (least < 0) {
      const auto at = std::ranges::find_if(values, [](float value) { return value < 0; }) - values.begin();
      return negative(window, static_cast<std::size_t>(at), values[static_cast<std::size_t>(at)]);
    }
    return values;
  }

 private:
  Result<std::unique_ptr<geo_io::Raster>> borrow() {
    {
      const std::scoped_lock lock(mutex_);
      if (!idle_.empty()) {
        auto raster = std::move(idle_.back());
        idle_.pop_back();
        return raster;
      }
    }
    PW_TRY(auto opened, geo_io::Raster::open(file_));
    return std::make_unique<geo_io::Raster>(std::move(opened));
  }
  void give_back(std::unique_ptr<geo_io::Raster> raster) {
    const std::scoped_lock lock(mutex_);
    idle_.push_back(std::move(raster));
  }
  Error negative(const CellWindow& window, std::size_t i, float value) const {
    const auto row = window.first_row + i / window.columns, column = window.first_column + i % window.columns;
    return Error("E105_NORMALIZATION", file_.string() + ": row " + std::to_string(row) + ", column " +
                                           std::to_string(column) + " (from 0) holds " + std::to_string(value) +
                                           " people")
        .with("detail", "negative_people");
  }

  fs::path file_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<geo_io::Raster>> idle_;
};

struct Band {
  explicit Band(const fs::path& file, geo_io::RasterInfo about) : shelf(file), info(std::move(about)) {}
  Shelf shelf;
  geo_io::RasterInfo info;
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

Result<CellPeople> PeopleRaster::read(const CellWindow& window) const {
  CellPeople out;
  out.window = window;
  PW_TRY(out.people, impl_->people->shelf.read(window, impl_->people->info));
  if (impl_->rural) {
    PW_TRY(out.rural, impl_->rural->shelf.read(window, impl_->rural->info));
  }
  return out;
}

}  // namespace placewright::mass
