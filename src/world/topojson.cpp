#include "world/topojson.hpp"

#include <cstdint>
#include <stdexcept>

#include "base/text.hpp"

namespace placewright::world {
namespace {

using geo::Point;
using geo::Ring;

struct Transform {
  double scale_lon = 1, scale_lat = 1, lon = 0, lat = 0;
};

class Decoder {
 public:
  explicit Decoder(const Json& topology) {
    if (topology.contains("transform")) {
      const auto& t = topology.at("transform");
      transform_ = {t.at("scale").at(0), t.at("scale").at(1), t.at("translate").at(0), t.at("translate").at(1)};
      quantised_ = true;
    }
    for (const auto& arc : topology.at("arcs")) arcs_.push_back(decode_arc(arc));
  }

  geo::MultiPolygon polygons(const Json& geometry) const {
    geo::MultiPolygon out;
    const std::string type = geometry.at("type");
    if (type == "Polygon") {
      out.push_back(polygon(geometry.at("arcs")));
    } else if (type == "MultiPolygon") {
      for (const auto& rings : geometry.at("arcs")) out.push_back(polygon(rings));
    }
    std::erase_if(out, [](const geo::Polygon& p) { return p.exterior.size() < 4; });
    return out;
  }

 private:
  Ring decode_arc(const Json& arc) const {
    Ring points;
    double x = 0, y = 0;
    for (const auto& pair : arc) {
      if (quantised_) {
        x += pair.at(0).get<double>();
        y += pair.at(1).get<double>();
        points.push_back({x * transform_.scale_lon + transform_.lon, y * transform_.scale_lat + transform_.lat});
      } else {
        points.push_back({pair.at(0).get<double>(), pair.at(1).get<double>()});
      }
    }
    return points;
  }

  geo::Polygon polygon(const Json& rings) const {
    geo::Polygon out;
    for (const auto& arcs : rings) {
      auto ring = stitch(arcs);
      if (&arcs == &rings.front()) {
        out.exterior = std::move(ring);
      } else if (ring.size() >= 4) {
        out.holes.push_back(std::move(ring));
      }
    }
    return out;
  }

  // Joins arcs end to end; ~i is arc i backwards. Points that quantisation made equal to their neighbour are dropped.
  Ring stitch(const Json& indices) const {
    Ring ring;
    const auto add = [&ring](Point p) {
      if (ring.empty() || !(ring.back() == p)) ring.push_back(p);
    };
    for (const auto& entry : indices) {
      if (!entry.is_number_integer()) throw std::invalid_argument("the number of an arc is no integer");
      const auto index = entry.get<std::int64_t>();
      const auto& arc = arcs_.at(static_cast<std::size_t>(index < 0 ? ~index : index));
      if (index < 0) {
        for (auto it = arc.rbegin(); it != arc.rend(); ++it) add(*it);
      } else {
        for (const auto& p : arc) add(p);
      }
    }
    return ring;
  }

  Transform transform_;
  bool quantised_ = false;
  std::vector<Ring> arcs_;
};

}  // namespace

Result<std::vector<Feature>> decode_topojson(const Json& topology, std::string_view object) {
  try {
    const Decoder decoder(topology);
    std::vector<Feature> features;
    for (const auto& geometry : topology.at("objects").at(std::string(object)).at("geometries")) {
      Feature feature;
      if (geometry.contains("id")) {
        const auto& id = geometry.at("id");
        std::optional<std::uint64_t> number;
        if (id.is_string()) number = parse_u64(id.get<std::string>());
        if (id.is_number_unsigned()) number = id.get<std::uint64_t>();
        if (number && *number < 1000) feature.id = static_cast<int>(*number);
      }
      if (geometry.contains("properties")) feature.name = geometry.at("properties").value("name", "");
      feature.polygons = decoder.polygons(geometry);
      features.push_back(std::move(feature));
    }
    return features;
  } catch (const std::exception& e) {  // the JSON library's and .at()'s
    return Error("PW_GEO", std::string("not a TopoJSON of polygons: ") + e.what());
  }
}

}  // namespace placewright::world
