#include "geo/tile_set.hpp"

#include <algorithm>
#include <bit>

namespace placewright::geo {

TileSet::TileSet(std::vector<Span> spans) : spans_(std::move(spans)) {
  starts_.reserve(spans_.size());
  std::uint64_t position = 0;
  for (const auto& span : spans_) {
    starts_.push_back(position);
    position += span.length;
  }
  build_directory();
}

// Buckets of equal width, a power of two, one or two for each span; of each, the first span that starts in it or later.
void TileSet::build_directory() {
  if (spans_.empty()) return;
  origin_ = spans_.front().first;
  const auto reach = spans_.back().first - origin_;
  const auto width = reach / spans_.size();
  shift_ = static_cast<unsigned>(std::bit_width(width)) - (width > 0 ? 1U : 0U);
  directory_.reserve((reach >> shift_) + 2);
  for (std::uint32_t i = 0; i < spans_.size(); ++i) {
    const auto bucket = (spans_[i].first - origin_) >> shift_;
    if (bucket >= directory_.size()) directory_.resize(bucket + 1, i);
  }
  directory_.push_back(static_cast<std::uint32_t>(spans_.size()));
}

std::size_t TileSet::span_at(std::uint64_t position) const {
  return static_cast<std::size_t>(std::ranges::upper_bound(starts_, position) - starts_.begin()) - 1;
}

TileId TileSet::id_at(std::uint64_t position) const {
  const auto span = span_at(position);
  return spans_[span].first + (position - starts_[span]);
}

std::optional<std::uint64_t> TileSet::position_of(TileId tile) const {
  if (spans_.empty() || tile < origin_) return std::nullopt;
  const auto bucket = std::min<std::uint64_t>((tile - origin_) >> shift_, directory_.size() - 2);
  const auto first = spans_.begin() + directory_[bucket], last = spans_.begin() + directory_[bucket + 1];
  const auto after = std::upper_bound(first, last, tile, [](TileId id, const Span& span) { return id < span.first; });
  const auto span = static_cast<std::size_t>(after - spans_.begin()) - 1;  // tile >= origin_, so there is one before
  const auto offset = tile - spans_[span].first;
  if (offset >= spans_[span].length) return std::nullopt;
  return starts_[span] + offset;
}

}  // namespace placewright::geo
