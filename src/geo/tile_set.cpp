#include "geo/tile_set.hpp"

#include <algorithm>

namespace placewright::geo {

TileSet::TileSet(std::vector<Span> spans) : spans_(std::move(spans)) {
  starts_.reserve(spans_.size());
  std::uint64_t position = 0;
  for (const auto& span : spans_) {
    starts_.push_back(position);
    position += span.length;
  }
}

TileId TileSet::id_at(std::uint64_t position) const {
  const auto span = static_cast<std::size_t>(std::ranges::upper_bound(starts_, position) - starts_.begin()) - 1;
  return spans_[span].first + (position - starts_[span]);
}

std::optional<std::uint64_t> TileSet::position_of(TileId tile) const {
  const auto after = std::ranges::upper_bound(spans_, tile, {}, &Span::first);
  if (after == spans_.begin()) return std::nullopt;
  const auto span = static_cast<std::size_t>(after - spans_.begin()) - 1;
  const auto offset = tile - spans_[span].first;
  if (offset >= spans_[span].length) return std::nullopt;
  return starts_[span] + offset;
}

}  // namespace placewright::geo
