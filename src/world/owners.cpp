#include "world/owners.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace placewright::world {
namespace {

struct Piece {
  geo::Span span;
  std::size_t country;
  std::uint64_t end() const { return span.first + span.length; }
};

std::vector<Piece> all_pieces(const std::vector<geo::TileSet>& tiles) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    for (const auto& span : tiles[i].spans()) pieces.push_back({span, i});
  }
  std::ranges::sort(pieces, [](const Piece& a, const Piece& b) {
    return std::tie(a.span.first, a.country) < std::tie(b.span.first, b.country);
  });
  return pieces;
}

// `spans` without the cells of `holes`; both in any order.
std::vector<geo::Span> without(std::span<const geo::Span> spans, std::vector<Lost> holes) {
  std::ranges::sort(holes, {}, [](const Lost& l) { return l.cells.first; });
  std::vector<geo::Span> left;
  std::size_t h = 0;
  for (const auto& span : spans) {
    auto at = span.first;
    const auto end = span.first + span.length;
    while (h < holes.size() && holes[h].cells.first + holes[h].cells.length <= at) ++h;
    for (auto k = h; k < holes.size() && holes[k].cells.first < end; ++k) {
      const auto from = holes[k].cells.first, to = from + holes[k].cells.length;
      if (from > at) left.push_back({at, static_cast<std::uint32_t>(from - at)});
      at = std::max(at, to);
    }
    if (at < end) left.push_back({at, static_cast<std::uint32_t>(end - at)});
  }
  return left;
}

}  // namespace

Ownership assign_owners(const std::vector<geo::TileSet>& tiles, const std::vector<Standing>& standing) {
  const auto rank = [&](std::size_t i) { return std::tuple(standing[i], tiles[i].size(), i); };
  Ownership out;
  out.lost.resize(tiles.size());
  std::vector<Piece> open;
  for (const auto& piece : all_pieces(tiles)) {
    std::erase_if(open, [&](const Piece& p) { return p.end() <= piece.span.first; });
    for (const auto& other : open) {
      const auto end = std::min(other.end(), piece.end());
      const geo::Span cells{piece.span.first, static_cast<std::uint32_t>(end - piece.span.first)};
      const bool first_wins = rank(other.country) < rank(piece.country);
      const auto owner = first_wins ? other.country : piece.country;
      out.lost[first_wins ? piece.country : other.country].push_back({cells, owner});
    }
    open.push_back(piece);
  }
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    out.owned.push_back(out.lost[i].empty() ? tiles[i] : geo::TileSet(without(tiles[i].spans(), out.lost[i])));
  }
  std::vector<std::size_t> order(tiles.size()), level(tiles.size(), 0);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, rank);
  for (const auto i : order) {
    for (const auto& lost : out.lost[i]) level[i] = std::max(level[i], level[lost.owner] + 1);
    out.levels.resize(std::max(out.levels.size(), level[i] + 1));
  }
  for (std::size_t i = 0; i < tiles.size(); ++i) out.levels[level[i]].push_back(i);
  return out;
}

}  // namespace placewright::world
