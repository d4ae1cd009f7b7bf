// A country's tiles taken in order, some at a time: each stretch is cut where a span ends.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/result.hpp"
#include "geo/tile_set.hpp"

namespace placewright::geo {

class SpanCursor {
 public:
  explicit SpanCursor(const TileSet& tiles) : spans_(tiles.spans()) {}  // valid as long as the tiles

  // Calls put(first tile, length) for the next `count` tiles, up to its first error. REQUIRES: as many are left.
  template <class Put>
  Result<void> take(std::uint64_t count, const Put& put) {
    while (count > 0) {
      if (used_ == spans_[span_].length) ++span_, used_ = 0;
      const auto part = std::min<std::uint64_t>(count, spans_[span_].length - used_);
      PW_CHECK(put(spans_[span_].first + used_, part));
      used_ += part;
      count -= part;
    }
    return {};
  }

 private:
  std::span<const Span> spans_;
  std::size_t span_ = 0;
  std::uint64_t used_ = 0;  // tiles of that span taken
};

}  // namespace placewright::geo
