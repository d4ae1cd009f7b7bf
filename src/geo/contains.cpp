#include "geo/contains.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "geo/edges.hpp"
#include "geo/orientation.hpp"

namespace placewright::geo {
namespace {

std::vector<Edge> edges_of(const MultiPolygon& country) {
  std::vector<Edge> edges;
  const auto add = [&](const Ring& ring, std::uint32_t polygon) {
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point p = ring[i == 0 ? ring.size() - 1 : i - 1], q = ring[i];
      if (p == q) continue;
      edges.push_back(p.lat <= q.lat ? Edge{p, q, polygon} : Edge{q, p, polygon});
    }
  };
  for (std::uint32_t i = 0; i < country.size(); ++i) {
    add(country[i].exterior, i);
    for (const auto& hole : country[i].holes) add(hole, i);
  }
  return edges;
}

}  // namespace

// Edges are copied into every latitude band they cross. The number of bands is chosen so that the copies number about
// three times the edges: finer bands would cost memory and spare few edges, since a band never holds fewer edges than
// a parallel crosses.
struct CountryIndex::Impl {
  double south = 0, north = 0, per_degree = 0;
  std::vector<std::size_t> starts;  // of each band in `banded`, and the end
  std::vector<Edge> banded;         // by band, then polygon by polygon

  std::size_t bands() const { return starts.size() - 1; }
  // Does not decrease with latitude, whatever the rounding.
  std::size_t band(double lat) const {
    const double b = std::floor((lat - south) * per_degree);
    return b <= 0 ? 0 : std::min(static_cast<std::size_t>(b), bands() - 1);
  }

  template <class Visit>  // visit(edge) -> bool, false stops
  void each_near(const Box& box, const Visit& visit) const {
    if (banded.empty() || box.max_lat < south || box.min_lat > north) return;
    const auto end = starts[band(box.max_lat) + 1];
    for (auto i = starts[band(box.min_lat)]; i < end; ++i) {
      if (!visit(banded[i])) return;
    }
  }
};

CountryIndex::CountryIndex(const MultiPolygon& country) {
  auto impl = std::make_unique<Impl>();
  const auto edges = edges_of(country);
  impl->starts = {0, 0};
  if (!edges.empty()) {
    const auto box = bounds(country);
    impl->south = box.min_lat;
    impl->north = box.max_lat;
    double climbed = 0;
    for (const auto& edge : edges) climbed += edge.high.lat - edge.low.lat;
    const double height = box.max_lat - box.min_lat;
    const double bands =
        climbed > 0 ? std::clamp(2.0 * static_cast<double>(edges.size()) * height / climbed, 1.0, 65536.0) : 1.0;
    const auto count = static_cast<std::size_t>(bands);
    impl->per_degree = height > 0 ? static_cast<double>(count) / height : 0;
    impl->starts.assign(count + 1, 0);
    for (const auto& edge : edges) {
      for (auto b = impl->band(edge.low.lat); b <= impl->band(edge.high.lat); ++b) ++impl->starts[b + 1];
    }
    for (std::size_t b = 0; b < count; ++b) impl->starts[b + 1] += impl->starts[b];
    impl->banded.resize(impl->starts.back());
    auto next = impl->starts;
    for (const auto& edge : edges) {
      for (auto b = impl->band(edge.low.lat); b <= impl->band(edge.high.lat); ++b) impl->banded[next[b]++] = edge;
    }
  }
  impl_ = std::move(impl);
}

CountryIndex::~CountryIndex() = default;
CountryIndex::CountryIndex(CountryIndex&&) noexcept = default;
CountryIndex& CountryIndex::operator=(CountryIndex&&) noexcept = default;

bool CountryIndex::covers(Point point) const {
  const auto& index = *impl_;
  if (index.banded.empty() || !(point.lat >= index.south && point.lat <= index.north)) return false;
  const auto band = index.band(point.lat);
  bool inside = false;
  std::uint32_t polygon = 0;
  for (auto i = index.starts[band]; i < index.starts[band + 1]; ++i) {
    const auto& edge = index.banded[i];
    if (edge.polygon != polygon) {
      if (inside) return true;
      polygon = edge.polygon;
    }
    const auto how = meeting(edge, point);
    if (how == Meeting::holds_point) return true;
    if (how == Meeting::crosses) inside = !inside;
  }
  return inside;
}

namespace {

// Of what an edge has between the box's parallels, the westernmost and the easternmost longitude, and a little more
// than rounding may take.
Meridians clipped(const Edge& edge, const Box& box) {
  constexpr double kMargin = 1e-9;
  const auto lon_at = [&](double lat) {
    return edge.low.lon + (lat - edge.low.lat) / (edge.high.lat - edge.low.lat) * (edge.high.lon - edge.low.lon);
  };
  const double a = edge.low.lat < box.min_lat ? lon_at(box.min_lat) : edge.low.lon;
  const double b = edge.high.lat > box.max_lat ? lon_at(box.max_lat) : edge.high.lon;
  return {std::min(a, b) - kMargin, std::max(a, b) + kMargin};
}

// False when the edge touches the box; else takes from `around` what lies beyond the edge.
bool narrow(const Edge& edge, const Box& box, Meridians& around) {
  if (edge.high.lat < box.min_lat || edge.low.lat > box.max_lat) return true;
  Meridians reach{std::min(edge.low.lon, edge.high.lon), std::max(edge.low.lon, edge.high.lon)};
  if (reach.east >= box.min_lon && reach.west <= box.max_lon) {
    if (touches_closed_box(edge.low, edge.high, box)) return false;
    reach = clipped(edge, box);
  }
  if (reach.west <= box.max_lon) around.west = std::max(around.west, std::min(reach.east, box.min_lon));
  if (reach.east >= box.min_lon) around.east = std::min(around.east, std::max(reach.west, box.max_lon));
  return true;
}

}  // namespace

std::optional<Meridians> CountryIndex::covered_around(const Box& box) const {
  bool free = true;
  Meridians around{-180, 180};
  impl_->each_near(box, [&](const Edge& edge) { return free = narrow(edge, box, around); });
  return free && covers({box.min_lon, box.min_lat}) ? std::optional(around) : std::nullopt;
}

Patch CountryIndex::patch(const Box& box) const {
  const auto& index = *impl_;
  Patch patch(box);
  if (!index.banded.empty() && box.max_lat >= index.south && box.min_lat <= index.north) {
    const auto first = index.band(box.min_lat), last = index.band(box.max_lat);
    for (auto band = first; band <= last; ++band) {
      for (auto i = index.starts[band]; i < index.starts[band + 1]; ++i) {
        const auto& edge = index.banded[i];
        if (std::max(edge.low.lon, edge.high.lon) < box.min_lon) continue;
        // Of its copies, the one in the first band of the box counts.
        if (band == first || index.band(edge.low.lat) == band) patch.add(edge);
      }
    }
  }
  patch.settle();
  return patch;
}

bool CountryIndex::overlaps_box(const Box& box) const {
  bool free = true;
  impl_->each_near(box, [&](const Edge& edge) { return free = !enters_open_box(edge.low, edge.high, box); });
  return !free || covers({(box.min_lon + box.max_lon) / 2, (box.min_lat + box.max_lat) / 2});
}

}  // namespace placewright::geo
