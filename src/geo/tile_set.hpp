// The tiles of one country as sorted spans: 221 million tiles are some 470 thousand spans.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/ids.hpp"
#include "geo/grid.hpp"

namespace placewright::geo {

// A maximal run of tiles in one raster row.
struct Span {
  TileId first = 0;  // id of its westernmost tile
  std::uint32_t length = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

//  (1) Spans are disjoint, ascending, not empty, and stay inside a raster row.
//  (2) position p in [0, size()) counts tiles in ascending id, which is row-major order.
class TileSet {
 public:
  TileSet() = default;
  // REQUIRES: law (1). Neighbours are not merged.
  explicit TileSet(std::vector<Span> spans);

  std::uint64_t size() const { return starts_.empty() ? 0 : starts_.back() + spans_.back().length; }
  bool empty() const { return spans_.empty(); }
  std::span<const Span> spans() const { return spans_; }
  std::uint64_t start_of(std::size_t span) const { return starts_[span]; }  // position of its first tile
  // REQUIRES: position < size().
  std::size_t span_at(std::uint64_t position) const;
  TileId id_at(std::uint64_t position) const;
  std::optional<std::uint64_t> position_of(TileId tile) const;
  bool contains(TileId tile) const { return position_of(tile).has_value(); }

 private:
  void build_directory();

  std::vector<Span> spans_;
  std::vector<std::uint64_t> starts_;
  // Where to search for a tile: spans directory_[b] .. directory_[b + 1] start in bucket b = (tile - origin_) >>
  // shift_.
  std::vector<std::uint32_t> directory_;
  TileId origin_ = 0;
  unsigned shift_ = 0;
};

}  // namespace placewright::geo
