#include "geo_io/geos.hpp"

#include <geos_c.h>

#include <memory>
#include <utility>

namespace placewright::geo_io {
namespace {

static_assert(sizeof(geo::Point) == 2 * sizeof(double), "rings are copied as pairs of doubles");

void keep_message(const char* message, void* text) { *static_cast<std::string*>(text) = message; }
void forget_message(const char*, void*) {}

// A handle of its own for each call: GEOS keeps no other state.
class Geos {
 public:
  Geos() : handle_(GEOS_init_r()) {
    GEOSContext_setErrorMessageHandler_r(handle_, keep_message, &message_);
    GEOSContext_setNoticeMessageHandler_r(handle_, forget_message, nullptr);
  }
  ~Geos() { GEOS_finish_r(handle_); }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  struct Destroy {
    GEOSContextHandle_t handle;
    void operator()(GEOSGeometry* geometry) const { GEOSGeom_destroy_r(handle, geometry); }
  };
  using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

  Geometry own(GEOSGeometry* geometry) const { return Geometry(geometry, Destroy{handle_}); }
  GEOSContextHandle_t handle() const { return handle_; }
  std::string message() const { return message_.empty() ? "GEOS failed" : message_; }

  Geometry ring(const geo::Ring& ring) const {
    auto* points = GEOSCoordSeq_copyFromBuffer_r(handle_, &ring.front().lon, static_cast<unsigned>(ring.size()), 0, 0);
    return own(points == nullptr ? nullptr : GEOSGeom_createLinearRing_r(handle_, points));
  }

  Geometry polygon(const geo::Polygon& polygon) const {
    auto exterior = ring(polygon.exterior);
    std::vector<Geometry> holes;
    for (const auto& hole : polygon.holes) holes.push_back(ring(hole));
    for (const auto& hole : holes) {
      if (!hole) return own(nullptr);
    }
    if (!exterior) return own(nullptr);
    std::vector<GEOSGeometry*> given;
    for (auto& hole : holes) given.push_back(hole.release());
    return own(
        GEOSGeom_createPolygon_r(handle_, exterior.release(), given.data(), static_cast<unsigned>(given.size())));
  }

  Geometry multi_polygon(const geo::MultiPolygon& polygons) const {
    std::vector<Geometry> parts;
    for (const auto& part : polygons) {
      parts.push_back(polygon(part));
      if (!parts.back()) return own(nullptr);
    }
    std::vector<GEOSGeometry*> given;
    for (auto& part : parts) given.push_back(part.release());
    return own(
        GEOSGeom_createCollection_r(handle_, GEOS_MULTIPOLYGON, given.data(), static_cast<unsigned>(given.size())));
  }

  geo::Ring ring_of(const GEOSGeometry* ring) const {
    const auto* points = GEOSGeom_getCoordSeq_r(handle_, ring);
    unsigned size = 0;
    GEOSCoordSeq_getSize_r(handle_, points, &size);
    geo::Ring copy(size);
    if (size > 0) GEOSCoordSeq_copyToBuffer_r(handle_, points, &copy.front().lon, 0, 0);
    return copy;
  }

  geo::MultiPolygon polygons_of(const GEOSGeometry* geometry) const {
    geo::MultiPolygon polygons;
    for (int i = 0; i < GEOSGetNumGeometries_r(handle_, geometry); ++i) {
      const auto* part = GEOSGetGeometryN_r(handle_, geometry, i);
      if (GEOSGeomTypeId_r(handle_, part) != GEOS_POLYGON || GEOSisEmpty_r(handle_, part) != 0) continue;
      auto& polygon = polygons.emplace_back();
      polygon.exterior = ring_of(GEOSGetExteriorRing_r(handle_, part));
      for (int hole = 0; hole < GEOSGetNumInteriorRings_r(handle_, part); ++hole) {
        polygon.holes.push_back(ring_of(GEOSGetInteriorRingN_r(handle_, part, hole)));
      }
    }
    return polygons;
  }

 private:
  std::string message_;
  GEOSContextHandle_t handle_;
};

}  // namespace

std::string invalid_reason(const geo::MultiPolygon& polygons) {
  Geos geos;
  // A set of one is asked as the polygon it is; the answer is the same, the text is the plain one.
  const auto geometry = polygons.size() == 1 ? geos.polygon(polygons.front()) : geos.multi_polygon(polygons);
  if (!geometry) return geos.message();
  const char valid = GEOSisValid_r(geos.handle(), geometry.get());
  if (valid == 1) return {};
  if (valid != 0) return geos.message();
  char* reason = GEOSisValidReason_r(geos.handle(), geometry.get());
  if (reason == nullptr) return geos.message();
  std::string text = reason;
  GEOSFree_r(geos.handle(), reason);
  return text;
}

Result<geo::MultiPolygon> union_of(const geo::MultiPolygon& polygons) {
  Geos geos;
  const auto geometry = geos.multi_polygon(polygons);
  if (!geometry) return Error("PW_GEO", geos.message());
  const auto united = geos.own(GEOSUnaryUnion_r(geos.handle(), geometry.get()));
  if (!united) return Error("PW_GEO", geos.message());
  return geos.polygons_of(united.get());
}

}  // namespace placewright::geo_io
