#include "geo_io/wkb.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "geo_io/countries.hpp"

namespace placewright::geo_io {
namespace {

constexpr std::uint32_t kPolygon = 3;
constexpr std::uint32_t kMultiPolygon = 6;
constexpr std::size_t kHeaderBytes = 5;  // byte order, type

struct Header {
  std::uint32_t type = 0;  // without dimensions
  std::size_t point_bytes = 16;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  Error error(const std::string& what) const {
    return Error("PW_GEO", "WKB, byte " + std::to_string(at_) + ": " + what).with("byte", at_);
  }
  bool done() const { return at_ == bytes_.size(); }

  template <class T>
  Result<T> number() {
    if (bytes_.size() - at_ < sizeof(T)) return error("the geometry ends early");
    return raw<T>();
  }

  // A count whose items need at least `item_bytes` each: a wrong one cannot make anybody reserve more than the input.
  Result<std::uint32_t> count(std::size_t item_bytes) {
    PW_TRY(const auto items, number<std::uint32_t>());
    if (items > (bytes_.size() - at_) / item_bytes)
      return error("a count of " + std::to_string(items) + " exceeds the geometry");
    return items;
  }

  Result<Header> header() {
    PW_TRY(const auto order, number<std::uint8_t>());
    if (order > 1) return error("the byte order is neither 0 nor 1");
    swap_ = (order == 1) != (std::endian::native == std::endian::little);
    PW_TRY(auto code, number<std::uint32_t>());
    Header header;
    if ((code & 0x20000000U) != 0) {
      PW_TRY([[maybe_unused]] const auto srid, number<std::uint32_t>());
    }
    if ((code & 0x80000000U) != 0) header.point_bytes += 8;
    if ((code & 0x40000000U) != 0) header.point_bytes += 8;
    code &= 0x1fffffffU;
    const auto iso = code / 1000;  // 1 Z, 2 M, 3 both
    if (iso > 3) return error("the geometry type " + std::to_string(code) + " is not known");
    header.point_bytes += iso == 3 ? 16 : iso > 0 ? 8 : 0;
    header.type = code % 1000;
    return header;
  }

  // REQUIRES: a count has made sure of the bytes.
  geo::Point point(std::size_t point_bytes) {
    const auto end = at_ + point_bytes;
    geo::Point point;
    point.lon = raw<double>();
    point.lat = raw<double>();
    at_ = end;
    return point;
  }

 private:
  template <class T>
  T raw() {
    std::array<char, sizeof(T)> bytes;
    std::memcpy(bytes.data(), bytes_.data() + at_, sizeof(T));
    if (swap_) std::ranges::reverse(bytes);
    at_ += sizeof(T);
    return std::bit_cast<T>(bytes);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool swap_ = false;
};

Result<geo::Ring> read_ring(Reader& reader, std::size_t point_bytes) {
  PW_TRY(const auto points, reader.count(point_bytes));
  geo::Ring ring;
  ring.reserve(points);
  for (std::uint32_t i = 0; i < points; ++i) ring.push_back(reader.point(point_bytes));
  if (ring.empty()) return ring;
  if (ring.size() < 4) return reader.error("a ring has fewer than four points");
  // Bytes, because a NaN is no proof of an open ring; validity tells about it later.
  if (std::memcmp(&ring.front(), &ring.back(), sizeof(geo::Point)) != 0 && ring.front() != ring.back()) {
    return reader.error("a ring is not closed");
  }
  return ring;
}

Result<void> add_polygon(Reader& reader, std::size_t point_bytes, geo::MultiPolygon& polygons) {
  PW_TRY(const auto rings, reader.count(sizeof(std::uint32_t)));
  geo::Polygon polygon;
  for (std::uint32_t i = 0; i < rings; ++i) {
    PW_TRY(auto ring, read_ring(reader, point_bytes));
    if (i == 0) {
      polygon.exterior = std::move(ring);
    } else if (polygon.exterior.empty() && !ring.empty()) {
      return reader.error("a hole lies in an empty polygon");
    } else if (!ring.empty()) {
      polygon.holes.push_back(std::move(ring));
    }
  }
  if (!polygon.exterior.empty()) polygons.push_back(std::move(polygon));
  return {};
}

template <class T>
void put(std::string& out, T value) {
  auto bytes = std::bit_cast<std::array<char, sizeof(T)>>(value);
  if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
  out.append(bytes.data(), bytes.size());
}

void put_ring(std::string& out, const geo::Ring& ring) {
  put(out, static_cast<std::uint32_t>(ring.size()));
  for (const auto& point : ring) {
    put(out, point.lon);
    put(out, point.lat);
  }
}

void put_header(std::string& out, std::uint32_t type, std::size_t count) {
  out.push_back(1);
  put(out, type);
  put(out, static_cast<std::uint32_t>(count));
}

}  // namespace

Result<geo::MultiPolygon> polygons_of_wkb(std::string_view wkb) {
  Reader reader(wkb);
  geo::MultiPolygon polygons;
  PW_TRY(const auto outer, reader.header());
  if (outer.type == kPolygon) {
    PW_CHECK(add_polygon(reader, outer.point_bytes, polygons));
  } else if (outer.type == kMultiPolygon) {
    PW_TRY(const auto parts, reader.count(kHeaderBytes + sizeof(std::uint32_t)));
    for (std::uint32_t i = 0; i < parts; ++i) {
      PW_TRY(const auto part, reader.header());
      if (part.type != kPolygon) return reader.error("a part of the MultiPolygon is no Polygon");
      PW_CHECK(add_polygon(reader, part.point_bytes, polygons));
    }
  } else {
    return reader.error("geometry type " + std::to_string(outer.type) + " is neither Polygon (3) nor MultiPolygon (6)");
  }
  if (!reader.done()) return reader.error("bytes follow the geometry");
  return polygons;
}

std::string wkb_of(const geo::MultiPolygon& polygons) {
  std::string out;
  if (polygons.size() != 1) put_header(out, kMultiPolygon, polygons.size());
  for (const auto& polygon : polygons) {
    put_header(out, kPolygon, 1 + polygon.holes.size());
    put_ring(out, polygon.exterior);
    for (const auto& hole : polygon.holes) put_ring(out, hole);
  }
  return out;
}

}  // namespace placewright::geo_io
