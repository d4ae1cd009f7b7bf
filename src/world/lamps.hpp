// Night lights above the unlit ground, read between picture points.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "geo/grid.hpp"

namespace placewright::world {

// A plate carrée picture of the whole globe (north up, from -180), eight bits.
class Lamps {
 public:
  static Result<Lamps> read(const std::filesystem::path& file);  // PW_GEO
  Lamps(std::uint32_t columns, std::uint32_t rows, std::vector<std::uint8_t> values);

  std::uint32_t columns() const { return columns_; }
  std::uint32_t rows() const { return rows_; }
  const std::uint8_t* row(std::uint32_t r) const { return values_.data() + static_cast<std::size_t>(r) * columns_; }

 private:
  std::uint32_t columns_, rows_;
  std::vector<std::uint8_t> values_;
};

// Brightness to the power 1.5 at cell centres, bilinear; made once per grid, shared by all threads.
class LampReader {
 public:
  LampReader(const Lamps& lamps, const geo::Grid& grid);
  // Cells [column, column + count) of a row.
  void read(std::uint32_t row, std::uint32_t column, std::uint32_t count, double* out) const;

 private:
  struct At {
    std::uint32_t west, east;
    double share;  // of the eastern point
  };
  const Lamps& lamps_;
  geo::Grid grid_;
  std::vector<At> at_;  // per grid column
};

}  // namespace placewright::world
