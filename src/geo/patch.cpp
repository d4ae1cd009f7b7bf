#include "geo/patch.hpp"

#include <algorithm>

namespace placewright::geo {

// Neighbouring edges share a latitude, so most ends cancel at once.
void Patch::flip(const Edge& edge, double from) {
  const Flip end{edge.polygon, from};
  if (!flips_.empty() && flips_.back() == end)
    flips_.pop_back();
  else
    flips_.push_back(end);
}

void Patch::add(const Edge& edge) {
  if (edge.high.lat < box_.min_lat || edge.low.lat > box_.max_lat) return;
  const auto [west, east] = std::minmax(edge.low.lon, edge.high.lon);
  if (east < box_.min_lon || (west > box_.max_lon && edge.low.lat == edge.high.lat)) return;
  if (west <= box_.max_lon && touches_closed_box(edge.low, edge.high, box_)) {
    edges_.push_back(edge);
    return;
  }
  // All points of the box at the edge's latitudes lie on the same side of it.
  const double south = std::max(edge.low.lat, box_.min_lat);
  if (meeting(edge, {box_.min_lon, south}) != Meeting::crosses) return;
  flip(edge, south);
  if (edge.high.lat <= box_.max_lat) flip(edge, edge.high.lat);
}

void Patch::settle() {
  std::ranges::sort(flips_);
  std::vector<Flip> odd;
  for (const auto& flip : flips_) {
    if (!odd.empty() && odd.back() == flip)
      odd.pop_back();
    else
      odd.push_back(flip);
  }
  std::ranges::stable_sort(edges_, {}, &Edge::polygon);
  // No edge of its own touches the box, so what holds of one point of it holds of all.
  const auto untouched = [&](const Flip& flip) {
    return !std::ranges::binary_search(edges_, flip.polygon, {}, &Edge::polygon);
  };
  full_ = std::ranges::any_of(odd, untouched);
  if (full_) edges_.clear(), odd.clear();
  edges_.shrink_to_fit();
  odd.shrink_to_fit();
  flips_ = std::move(odd);
}

bool Patch::covers(Point point) const {
  if (full_) return true;
  auto flip = flips_.begin();
  for (auto edge = edges_.begin(); edge != edges_.end();) {
    const auto polygon = edge->polygon;
    bool inside = false;
    for (; flip != flips_.end() && flip->polygon == polygon; ++flip) inside ^= flip->from <= point.lat;
    for (; edge != edges_.end() && edge->polygon == polygon; ++edge) {
      const auto how = meeting(*edge, point);
      if (how == Meeting::holds_point) return true;
      inside ^= how == Meeting::crosses;
    }
    if (inside) return true;
  }
  return false;
}

}  // namespace placewright::geo
