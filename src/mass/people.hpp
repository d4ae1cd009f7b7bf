// People per cell as the masses of our own methods see them: those of the population raster, the scattered rural ones
// counted in part (spec realism-model §2.1).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "geo/grid.hpp"
#include "store/run_folder.hpp"

namespace placewright::mass {

// A count of people in steps of 2^-20, so that sums are exact in any order.
using People = std::uint64_t;
inline constexpr double kPeopleUnit = 0x1p20;

// Rows [first_row, first_row + rows) and so for columns.
struct CellWindow {
  std::uint32_t first_row = 0, rows = 0, first_column = 0, columns = 0;
};

struct CellPeople {
  CellWindow window;
  std::vector<float> people, rural;  // row-major; rural is empty when the world has no such raster
  const float* rural_at(std::size_t cell) const { return rural.empty() ? nullptr : rural.data() + cell; }
};

struct CellCount {
  People people = 0, demand = 0;
};

// Which of PeopleRaster's windows holds a cell: they are cut alike along rows and columns, so the first one tells.
inline std::size_t window_at(const CellWindow& first, const geo::Grid& grid, TileId cell) {
  const std::size_t across = (grid.columns + first.columns - 1) / first.columns;
  return grid.row_of(cell) / first.rows * across + grid.column_of(cell) / first.columns;
}

// Safe to use from many threads.
class PeopleRaster {
 public:
  // The sealed population raster, and the raster of its rural part when the dictionary names one and the world has it.
  // The second must have the grid of the first: PW_GEO.
  static Result<PeopleRaster> open(const store::RunFolder& run);
  ~PeopleRaster();
  PeopleRaster(PeopleRaster&&) noexcept;

  const geo::Grid& grid() const;
  bool knows_rural() const;
  // Windows that cover the grid, north to south, then west to east, all but the last ones of one size: whole raster
  // tiles, and whole blocks of `side` cells; about `cells` cells each, one tile at least.
  std::vector<CellWindow> windows(std::uint32_t side, std::uint64_t cells = 2'000'000) const;
  // Into memory that may be there already. nodata, NaN and infinities are 0; a negative count is E105_NORMALIZATION
  // with its cell.
  Result<void> read(const CellWindow& window, CellPeople& into) const;

 private:
  struct Impl;
  explicit PeopleRaster(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// More than the world holds in one cell is no count of people; it is kept below what sums can carry.
inline constexpr double kMostPeople = 0x1p34;

inline People people_units(float people) {
  const double units = static_cast<double>(people) * kPeopleUnit;
  const double most = kMostPeople * kPeopleUnit;
  return static_cast<People>(static_cast<std::int64_t>((units < most ? units : most) + 0.5));
}

// People less the uncounted part of the rural ones; `uncounted` = 1 - weight of a rural person.
inline People demand_units(People people, float rural, double uncounted) {
  const auto scattered = static_cast<double>(static_cast<std::int64_t>(people_units(rural)));
  const auto away = static_cast<People>(static_cast<std::int64_t>(scattered * uncounted));
  return away < people ? people - away : 0;
}

// `rural` is null where no such raster is known.
inline CellCount count_of(float all, const float* rural, double uncounted) {
  const auto people = people_units(all);
  return {people, rural == nullptr ? people : demand_units(people, *rural, uncounted)};
}

}  // namespace placewright::mass
