#include "world/geometry.hpp"

#include <geos_c.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace placewright::world {
namespace {

using geo::Point;
using geo::Ring;

// One GEOS session; a thread's own.
class Geos {
 public:
  Geos() : context_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(
        context_, [](const char* message, void* to) { *static_cast<std::string*>(to) = message; }, &message_);
  }
  ~Geos() { GEOS_finish_r(context_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;
  GEOSContextHandle_t get() const { return context_; }
  const std::string& message() const { return message_; }

 private:
  GEOSContextHandle_t context_;
  std::string message_;
};

struct Destroy {
  GEOSContextHandle_t context = nullptr;
  void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context, g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

// What the steps below have in common; an empty Geometry means GEOS failed.
class Workshop {
 public:
  Geometry own(GEOSGeometry* g) const { return {g, Destroy{geos_.get()}}; }

  Geometry polygon(const geo::Polygon& source) const {
    std::vector<GEOSGeometry*> holes;
    for (const auto& hole : source.holes) holes.push_back(ring(hole));
    return own(GEOSGeom_createPolygon_r(geos_.get(), ring(source.exterior), holes.data(),
                                        static_cast<unsigned>(holes.size())));
  }

  Geometry collect(std::vector<Geometry> parts) const {
    std::vector<GEOSGeometry*> raw;
    for (auto& part : parts) raw.push_back(part.release());
    return own(
        GEOSGeom_createCollection_r(geos_.get(), GEOS_MULTIPOLYGON, raw.data(), static_cast<unsigned>(raw.size())));
  }

  bool valid(const Geometry& g) const { return g && GEOSisValid_r(geos_.get(), g.get()) == 1; }

  // Linework first; buffer(0) for what still fails.
  Geometry repaired(Geometry g) const {
    if (valid(g)) return g;
    auto* params = GEOSMakeValidParams_create_r(geos_.get());
    GEOSMakeValidParams_setMethod_r(geos_.get(), params, GEOS_MAKE_VALID_LINEWORK);
    auto made = own(GEOSMakeValidWithParams_r(geos_.get(), g.get(), params));
    GEOSMakeValidParams_destroy_r(geos_.get(), params);
    if (valid(made)) return made;
    return own(GEOSBuffer_r(geos_.get(), g.get(), 0, 8));
  }

  // The piece west of x0 + 360 and east of x0.
  Geometry band(const Geometry& g, double x0) const {
    const auto box = polygon({{{x0, -91}, {x0 + 360, -91}, {x0 + 360, 91}, {x0, 91}, {x0, -91}}, {}});
    return own(GEOSIntersection_r(geos_.get(), g.get(), box.get()));
  }

  Geometry multi(const geo::MultiPolygon& source) const {
    std::vector<Geometry> parts;
    for (const auto& part : source) parts.push_back(polygon(part));
    return collect(std::move(parts));
  }

  bool interiors_meet(const Geometry& a, const Geometry& b) const {
    return GEOSRelatePattern_r(geos_.get(), a.get(), b.get(), "T********") == 1;
  }
  Geometry difference(const Geometry& a, const Geometry& b) const {
    return own(GEOSDifference_r(geos_.get(), a.get(), b.get()));
  }

  Geometry merged(const Geometry& g) const { return own(GEOSUnaryUnion_r(geos_.get(), g.get())); }

  // Appends the polygons inside `g`, moved by `shift` degrees; lines, points and slivers without area are dropped.
  void take_polygons(const GEOSGeometry* g, double shift, geo::MultiPolygon& out) const {
    const int type = GEOSGeomTypeId_r(geos_.get(), g);
    if (type == GEOS_POLYGON) {
      double area = 0;
      if (GEOSArea_r(geos_.get(), g, &area) != 1 || !(area > 0)) return;
      geo::Polygon polygon;
      polygon.exterior = points(GEOSGetExteriorRing_r(geos_.get(), g), shift);
      const int holes = GEOSGetNumInteriorRings_r(geos_.get(), g);
      for (int i = 0; i < holes; ++i) polygon.holes.push_back(points(GEOSGetInteriorRingN_r(geos_.get(), g, i), shift));
      out.push_back(std::move(polygon));
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
      const int parts = GEOSGetNumGeometries_r(geos_.get(), g);
      for (int i = 0; i < parts; ++i) take_polygons(GEOSGetGeometryN_r(geos_.get(), g, i), shift, out);
    }
  }

  const std::string& message() const { return geos_.message(); }
  std::string reason(const Geometry& g) const {
    if (!g) return message();
    char* text = GEOSisValidReason_r(geos_.get(), g.get());
    std::string out = text == nullptr ? message() : text;
    GEOSFree_r(geos_.get(), text);
    return out;
  }

 private:
  GEOSGeometry* ring(const Ring& source) const {
    auto* sequence = GEOSCoordSeq_create_r(geos_.get(), static_cast<unsigned>(source.size()), 2);
    for (unsigned i = 0; i < source.size(); ++i)
      GEOSCoordSeq_setXY_r(geos_.get(), sequence, i, source[i].lon, source[i].lat);
    return GEOSGeom_createLinearRing_r(geos_.get(), sequence);
  }

  Ring points(const GEOSGeometry* ring, double shift) const {
    const auto* sequence = GEOSGeom_getCoordSeq_r(geos_.get(), ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(geos_.get(), sequence, &size);
    Ring out(size);
    for (unsigned i = 0; i < size; ++i) {
      GEOSCoordSeq_getXY_r(geos_.get(), sequence, i, &out[i].lon, &out[i].lat);
      out[i].lon += shift;
      if (std::abs(std::abs(out[i].lon) - 180) < 1e-9) out[i].lon = std::copysign(180.0, out[i].lon);
    }
    return out;
  }

  Geos geos_;
};

void move_ring(Ring& ring, double by) {
  if (by == 0) return;
  for (auto& p : ring) p.lon += by;
}

// A ring of fewer has no area: a small one whose points coarse coordinates made one.
constexpr std::size_t kFewestPoints = 4;

// Holes are followed on their own and may land one turn away from the exterior.
geo::Polygon unwrapped(const geo::Polygon& source) {
  geo::Polygon out;
  out.exterior = unwrap(source.exterior);
  const auto [low, high] = std::ranges::minmax(out.exterior, {}, &Point::lon);
  for (const auto& hole : source.holes) {
    auto ring = unwrap(hole);
    if (ring.size() < kFewestPoints) continue;
    if (ring.front().lon < low.lon) move_ring(ring, 360);
    if (ring.front().lon > high.lon) move_ring(ring, -360);
    out.holes.push_back(std::move(ring));
  }
  return out;
}

// One polygon, cut into bands of 360 degrees that are moved back to [-180, 180].
bool cut_polygon(const Workshop& shop, const geo::Polygon& source, geo::MultiPolygon& out, bool& was_valid) {
  const auto polygon = unwrapped(source);
  if (polygon.exterior.size() < kFewestPoints) {
    was_valid = false;
    return true;
  }
  const auto [low, high] = std::ranges::minmax(polygon.exterior, {}, &Point::lon);
  auto g = shop.polygon(polygon);
  if (!g) return false;
  was_valid = was_valid && shop.valid(g);
  g = shop.repaired(std::move(g));
  if (!g) return false;
  if (low.lon >= -180 && high.lon <= 180) {
    shop.take_polygons(g.get(), 0, out);
    return true;
  }
  for (double x0 = -180 + 360 * std::floor((low.lon + 180) / 360); x0 < high.lon; x0 += 360) {
    const auto piece = shop.band(g, x0);
    if (!piece) return false;
    shop.take_polygons(piece.get(), -180 - x0, out);
  }
  return true;
}

}  // namespace

geo::Ring unwrap(const geo::Ring& ring) {
  geo::Ring out;
  double offset = 0;
  for (std::size_t i = 0; i < ring.size(); ++i) {
    Point p = ring[i];
    if (std::abs(std::abs(p.lon) - 180) < 1e-9) p.lon = std::copysign(180.0, p.lon);
    if (i > 0) {
      const double step = p.lon - ring[i - 1].lon;
      if (step > 180) offset -= 360;
      if (step < -180) offset += 360;
    }
    p.lon += offset;
    if (out.empty() || !(out.back() == p)) out.push_back(p);
  }
  if (out.size() > 1 && std::abs(out.back().lon - out.front().lon) > 180) {
    const double pole = out.front().lat < 0 ? -90 : 90;
    const auto first = out.front();
    out.push_back({out.back().lon, pole});
    out.push_back({first.lon, pole});
    out.push_back(first);
  }
  return out;
}

Result<Repaired> make_valid_polygons(const geo::MultiPolygon& source) {
  const Workshop shop;
  Repaired out;
  geo::MultiPolygon pieces;
  for (const auto& polygon : source) {
    if (!cut_polygon(shop, polygon, pieces, out.was_valid)) return Error("REF_VEC_INVALID", shop.message());
  }
  auto whole = shop.multi(pieces);
  if (shop.valid(whole)) {
    out.polygons = std::move(pieces);  // as the source has them: a union would reorder vertices
    return out;
  }
  out.was_valid = false;
  whole = shop.merged(whole);
  if (!shop.valid(whole)) whole = shop.repaired(std::move(whole));
  if (!shop.valid(whole)) return Error("REF_VEC_INVALID", shop.reason(whole));
  shop.take_polygons(whole.get(), 0, out.polygons);
  return out;
}

Result<geo::MultiPolygon> subtract(const geo::MultiPolygon& from, const geo::MultiPolygon& piece) {
  const Workshop shop;
  const auto whole = shop.multi(from), part = shop.multi(piece);
  if (!shop.interiors_meet(whole, part)) return from;
  const auto left = shop.difference(whole, part);
  if (!shop.valid(left)) return Error("REF_VEC_INVALID", shop.reason(left));
  geo::MultiPolygon out;
  shop.take_polygons(left.get(), 0, out);
  return out;
}

double planar_area(const geo::MultiPolygon& polygons) {
  const auto ring_area = [](const Ring& ring) {
    double twice = 0;
    for (std::size_t i = 1; i < ring.size(); ++i) {
      twice += (ring[i].lon - ring[0].lon) * (ring[i - 1].lat - ring[0].lat) -
               (ring[i - 1].lon - ring[0].lon) * (ring[i].lat - ring[0].lat);
    }
    return std::abs(twice) / 2;
  };
  double area = 0;
  for (const auto& polygon : polygons) {
    area += ring_area(polygon.exterior);
    for (const auto& hole : polygon.holes) area -= ring_area(hole);
  }
  return area;
}

}  // namespace placewright::world
