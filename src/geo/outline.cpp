#include "geo/outline.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace placewright::geo {
namespace {

constexpr std::size_t kLongest = 8;  // longer ones have boxes that meet too many

// Within the range in which orientation() is exact.
bool plain(double degrees) {
  const double size = std::abs(degrees);
  return size == 0 || (size >= 1e-100 && size <= 1e3);
}

}  // namespace

bool Outline::add(const Polygon& polygon) {
  const auto first = points_.size();
  if (!add(polygon.exterior)) return false;
  for (const auto& hole : polygon.holes) {
    if (!add(hole)) return false;
  }
  polygons_.push_back({first, points_.size()});
  return true;
}

bool Outline::add(const Ring& ring) {
  if (ring.size() < 4 || ring.front() != ring.back()) return false;
  if (!std::ranges::all_of(ring, [](Point p) { return plain(p.lon) && plain(p.lat); })) return false;
  const auto first = points_.size();
  rings_.push_back({{first, first + ring.size()}, polygons_.size()});
  points_.insert(points_.end(), ring.begin(), ring.end());
  Point before = ring[ring.size() - 2];
  for (std::size_t i = 0; i + 1 < ring.size(); before = ring[i++]) {
    const Point p = ring[i], q = ring[i + 1];
    const bool bends = way(before, p) != way(p, q);
    if (p == q || (bends && orientation(before, p, q) == 0)) return false;
    if (bends || i == 0 || chains_.back().end - chains_.back().first == kLongest) chains_.push_back({first + i, 0});
    chains_.back().end = first + i + 1;
  }
  return true;
}

template <class Visit>
void Outline::each_copy(const Visit& visit) const {
  for (std::size_t c = 0; c < chains_.size(); ++c) {
    const auto box = box_of(chains_[c]);
    for (auto b = band(box.min_lat), last = band(box.max_lat); b <= last; ++b) visit(b, Copy{box.min_lon, c});
  }
}

void Outline::spread() {
  const auto [low, high] = std::ranges::minmax(points_, {}, &Point::lat);
  const double height = high.lat - low.lat;  // not 0: rings without spikes have area
  double climbed = 0;
  for (const auto& chain : chains_) climbed += std::abs(points_[chain.end].lat - points_[chain.first].lat);
  const auto chains = static_cast<double>(chains_.size());
  const double bands = std::floor(std::clamp(chains * height / climbed / 2, 1.0, chains));
  south_ = low.lat;
  per_degree_ = bands / height;
  starts_.assign(static_cast<std::size_t>(bands) + 1, 0);
  each_copy([&](std::size_t b, const Copy&) { ++starts_[b]; });
  std::inclusive_scan(starts_.begin(), starts_.end(), starts_.begin());
  copies_.resize(starts_.back());
  each_copy([&](std::size_t b, const Copy& copy) { copies_[--starts_[b]] = copy; });
  for (std::size_t b = 0; b < this->bands(); ++b) {
    const auto at = [&](std::size_t k) { return copies_.begin() + static_cast<std::ptrdiff_t>(k); };
    std::sort(at(starts_[b]), at(starts_[b + 1]), [](const Copy& x, const Copy& y) { return x.west < y.west; });
  }
}

const Outline::Placed& Outline::ring_of(std::size_t i) const {
  const auto next = std::ranges::upper_bound(rings_, i, {}, [](const Placed& ring) { return ring.points.first; });
  return *std::prev(next);
}

}  // namespace placewright::geo
