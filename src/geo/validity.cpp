#include "geo/validity.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "geo/outline.hpp"

namespace placewright::geo {
namespace {

using Placed = Outline::Placed;

constexpr std::uint64_t kTestsPerPoint = 64;  // the embedded countries need 2 on average, 6 at most

// Do a and b lie on one side of the line p-q, off it?
bool beside(Point p, Point q, Point a, Point b) {
  const int side = orientation(p, q, a);
  return side != 0 && side == orientation(p, q, b);
}

// Does x lie in the sector that o-a sweeps when it turns left to o-b? REQUIRES: x on neither.
bool in_sector(Point o, Point a, Point b, Point x) {
  const auto between = [o, x](Point right, Point left) {
    return orientation(o, right, x) > 0 && orientation(o, x, left) > 0;
  };
  return orientation(o, a, b) >= 0 ? between(a, b) : !between(b, a);
}

bool meet(const Box& a, const Box& b) {
  // One jump instead of four that nobody can foretell.
  return (static_cast<int>(a.min_lon <= b.max_lon) & static_cast<int>(b.min_lon <= a.max_lon) &
          static_cast<int>(a.min_lat <= b.max_lat) & static_cast<int>(b.min_lat <= a.max_lat)) != 0;
}

class Judge {
 public:
  explicit Judge(const Outline& outline) : outline_(outline) {}

  bool accepts() {
    for (std::size_t band = 0; band < outline_.bands(); ++band) {
      if (!agree(outline_.in_band(band))) return false;
    }
    return touches_part_nothing() &&
           std::ranges::all_of(outline_.rings(), [&](const auto& ring) { return nests(ring); });
  }

  std::uint64_t tests() const { return tests_; }

 private:
  bool spend(std::size_t tests) { return (tests_ += tests) <= kTestsPerPoint * outline_.size(); }

  // ---- pairs

  bool agree(std::span<const Outline::Copy> band) {
    for (std::size_t k = 0; k < band.size(); ++k) {
      const auto chain = outline_.chain(band[k]);
      const auto box = outline_.box_of(chain);
      auto other = k + 1;
      for (; other < band.size() && band[other].west <= box.max_lon; ++other) {
        if (!agree(chain, box, outline_.chain(band[other]))) return false;
      }
      if (!spend(other - k)) return false;
    }
    return true;
  }

  bool agree(Range a, const Box& box_a, Range b) {
    const auto box_b = outline_.box_of(b);
    if (!meet(box_a, box_b) || leads_on(a, b) || leads_on(b, a)) return true;
    for (auto i = a.first; i < a.end; ++i) {
      const auto box = outline_.box_of({i, i + 1});
      if (!meet(box, box_b)) continue;
      if (!spend(b.end - b.first)) return false;
      for (auto j = b.first; j < b.end; ++j) {
        if (meet(box, outline_.box_of({j, j + 1})) && !agree(std::min(i, j), std::max(i, j))) return false;
      }
    }
    return true;
  }

  // Does b begin where a ends, and keep its direction in longitude or latitude? Then they share that point alone.
  bool leads_on(Range a, Range b) const { return a.end == b.first && outline_.way_of(a) + outline_.way_of(b) != 3; }

  // Two segments are apart, neighbours in a ring, or of two rings with one end in common.
  bool agree(std::size_t i, std::size_t j) {
    if (i + 1 == j) return true;
    const Point p = outline_.point(i), q = outline_.point(i + 1), a = outline_.point(j), b = outline_.point(j + 1);
    if (beside(p, q, a, b) || beside(a, b, p, q)) return true;
    const auto& ring = outline_.ring_of(i);
    if (ring.points.holds(j)) return i == ring.points.first && j + 2 == ring.points.end;
    if (p == a) touches_.emplace_back(i, j);
    if (p == a) return turns(q, p, b);
    if (p == b) return turns(q, p, a);
    return q == a ? turns(p, q, b) : q == b && turns(p, q, a);
  }

  // ---- touches

  // Rings may touch, not cross; those of one polygon only so that they make no circle, which would cut its inside.
  bool touches_part_nothing() {
    std::ranges::sort(touches_);
    touches_.erase(std::unique(touches_.begin(), touches_.end()), touches_.end());
    std::vector<std::size_t> link(outline_.rings().size());
    std::iota(link.begin(), link.end(), std::size_t{0});
    const auto root = [&](const Placed& ring) {
      auto r = static_cast<std::size_t>(&ring - outline_.rings().data());
      while (link[r] != r) r = link[r] = link[link[r]];
      return r;
    };
    for (const auto& [i, j] : touches_) {
      const auto &a = outline_.ring_of(i), &b = outline_.ring_of(j);
      if (cross(a, i, b, j)) return false;
      if (a.polygon != b.polygon) continue;
      if (root(a) == root(b)) return false;
      link[root(a)] = root(b);
    }
    return true;
  }

  bool cross(const Placed& a, std::size_t i, const Placed& b, std::size_t j) const {
    const Point o = outline_.point(i), from = outline_.point(i + 1), to = outline_.before(a, i);
    return in_sector(o, from, to, outline_.before(b, j)) != in_sector(o, from, to, outline_.point(j + 1));
  }

  // ---- nesting

  // Holes lie in an odd number of other rings, and of rings of their own polygon; shells in an even one. When that
  // holds of all, a hole lies in its shell with no hole between, and a shell in no polygon: by induction from the
  // outside.
  bool nests(const Placed& ring) {
    const bool hole = ring.points.first != outline_.polygon(ring.polygon).first;
    for (auto i = ring.points.first; i + 1 < ring.points.end; ++i) {
      const auto band = outline_.in_band(outline_.band(outline_.point(i).lat));
      if (!spend(band.size())) return false;
      const auto inside = insides(outline_.point(i), ring, band);
      if (inside) return inside->any == hole && inside->own == hole;
    }
    return false;
  }

  // Whether other rings hold p an odd number of times: all of them, those of its polygon.
  struct Inside {
    bool any, own;
  };

  // Nothing when another ring runs through p, which tells nothing of what lies beside.
  std::optional<Inside> insides(Point p, const Placed& ring, std::span<const Outline::Copy> band) const {
    const auto own = outline_.polygon(ring.polygon);
    Inside inside{false, false};
    for (const auto& copy : band) {
      const auto chain = outline_.chain(copy);
      const auto box = outline_.box_of(chain);
      if (p.lat < box.min_lat || p.lat > box.max_lat || p.lon > box.max_lon || ring.points.holds(chain.first)) continue;
      for (auto j = chain.first; j < chain.end; ++j) {
        const auto how = meeting(outline_.edge(j), p);
        if (how == Meeting::holds_point) return std::nullopt;
        if (how != Meeting::crosses) continue;
        inside.any = !inside.any;
        inside.own ^= own.holds(j);
      }
    }
    return inside;
  }

  const Outline& outline_;
  std::vector<std::pair<std::size_t, std::size_t>> touches_;  // points of two rings that are one
  std::uint64_t tests_ = 0;
};

}  // namespace

ValidityProof prove_valid(const MultiPolygon& polygons) {
  Outline outline;
  if (polygons.empty() || !std::ranges::all_of(polygons, [&](const auto& polygon) { return outline.add(polygon); })) {
    return {};
  }
  outline.spread();
  Judge judge(outline);
  const bool valid = judge.accepts();
  return {valid, judge.tests()};
}

}  // namespace placewright::geo
