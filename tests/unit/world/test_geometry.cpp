#include <gtest/gtest.h>

#include "world/geometry.hpp"
#include "world/topojson.hpp"

namespace placewright::world {
namespace {

geo::MultiPolygon ring_only(geo::Ring ring) { return {{std::move(ring), {}}}; }

TEST(Seam, ARingThatStepsOverTheAntimeridianIsCutThere) {
  // Two degrees wide, stored the way TopoJSON editions store it.
  const auto made = make_valid_polygons(ring_only({{179, -17}, {-179, -17}, {-179, -16}, {179, -16}, {179, -17}}));
  ASSERT_TRUE(made);
  ASSERT_EQ(made->polygons.size(), 2U);
  EXPECT_NEAR(planar_area(made->polygons), 2.0, 1e-12);
  for (const auto& polygon : made->polygons) {
    for (const auto p : polygon.exterior) EXPECT_TRUE(p.lon >= -180 && p.lon <= 180) << p.lon;
  }
}

TEST(Seam, AHoleFollowsItsRingAcross) {
  geo::MultiPolygon source = ring_only({{170, 0}, {-170, 0}, {-170, 10}, {170, 10}, {170, 0}});
  source[0].holes.push_back({{-178, 4}, {-176, 4}, {-176, 6}, {-178, 6}, {-178, 4}});
  const auto made = make_valid_polygons(source);
  ASSERT_TRUE(made);
  EXPECT_NEAR(planar_area(made->polygons), 200 - 4, 1e-9);
}

TEST(Seam, ARingAroundThePoleIsClosedOverIt) {
  geo::Ring ring;
  for (int lon = -180; lon <= 180; lon += 10) ring.push_back({static_cast<double>(lon == 180 ? -180 : lon), -70.0});
  const auto made = make_valid_polygons(ring_only(ring));
  ASSERT_TRUE(made);
  EXPECT_NEAR(planar_area(made->polygons), 360.0 * 20, 1e-6);
}

TEST(Repair, ABowTieKeepsBothTriangles) {
  const auto made = make_valid_polygons(ring_only({{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->was_valid);
  EXPECT_NEAR(planar_area(made->polygons), 2.0, 1e-12);
}

TEST(Repair, WhatHasNoAreaIsDropped) {
  const auto made = make_valid_polygons(ring_only({{0, 0}, {1, 1}, {2, 2}, {0, 0}}));
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->polygons.empty());
}

TEST(Repair, AValidPolygonKeepsItsVertices) {
  const geo::Ring ring = {{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}};
  const auto made = make_valid_polygons(ring_only(ring));
  ASSERT_TRUE(made);
  EXPECT_TRUE(made->was_valid);
  EXPECT_EQ(made->polygons.at(0).exterior, ring);
}

TEST(TopoJson, ArcsAreDeltaCodedSharedAndReversible) {
  const auto topology = parse_json(R"({"transform":{"scale":[0.5,0.5],"translate":[10,20]},
    "arcs":[[[0,0],[2,0]],[[2,0],[0,2],[-2,0],[0,-2]],[[2,0],[2,0],[0,2],[-2,0]],[[2,0],[0,2]]],
    "objects":{"c":{"type":"GeometryCollection","geometries":[
      {"type":"Polygon","id":"056","properties":{"name":"West"},"arcs":[[0,1]]},
      {"type":"MultiPolygon","properties":{"name":"East"},"arcs":[[[2,-4]]]}]}}})",
                                   "test");
  ASSERT_TRUE(topology);
  const auto features = decode_topojson(*topology, "c");
  ASSERT_TRUE(features) << features.error().message();
  ASSERT_EQ(features->size(), 2U);
  EXPECT_EQ(features->at(0).id, 56);
  EXPECT_FALSE(features->at(1).id);
  EXPECT_EQ(features->at(0).polygons.at(0).exterior, (geo::Ring{{10, 20}, {11, 20}, {11, 21}, {10, 21}, {10, 20}}));
  EXPECT_EQ(features->at(1).polygons.at(0).exterior, (geo::Ring{{11, 20}, {12, 20}, {12, 21}, {11, 21}, {11, 20}}));
}

TEST(TopoJson, AnArcThatDoesNotExistIsAnErrorNotACrash) {
  const auto topology =
      parse_json(R"({"arcs":[],"objects":{"c":{"geometries":[{"type":"Polygon","arcs":[[7]]}]}}})", "test");
  const auto features = decode_topojson(*topology, "c");
  ASSERT_FALSE(features);
  EXPECT_EQ(features.error().code(), "PW_GEO");
}

TEST(TopoJson, NumbersThatAreNoIntegersAreRefusedOrNoCode) {
  const auto with_arc = [](const std::string& arc) {
    const auto topology = parse_json(
        R"({"arcs":[[[0,0],[1,0],[1,1],[0,0]]],"objects":{"c":{"geometries":[{"type":"Polygon","id":-1e300,"arcs":[[)" +
            arc + "]]}]}}}",
        "test");
    return decode_topojson(*topology, "c");
  };
  for (const auto* arc : {"1e300", "0.5", "4294967296"}) EXPECT_FALSE(with_arc(arc)) << arc;
  const auto features = with_arc("0");
  ASSERT_TRUE(features) << features.error().message();
  EXPECT_FALSE(features->at(0).id);
}

// Coarse coordinates make one point of a small island's four; GEOS takes no ring of three.
TEST(MakeValid, RingsThatCollapsedAreDropped) {
  const geo::Polygon square = {{{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}}, {{{1, 1}, {1, 1}, {2, 1}, {1, 1}}}};
  const geo::Polygon island = {{{9, 9}, {9, 9}, {9, 9}, {9, 9}}, {}};
  const auto made = make_valid_polygons({square, island});
  ASSERT_TRUE(made) << made.error().message();
  ASSERT_EQ(made->polygons.size(), 1U);
  EXPECT_TRUE(made->polygons[0].holes.empty());
  EXPECT_EQ(planar_area(made->polygons), 16);
  const auto nothing = make_valid_polygons({island});
  ASSERT_TRUE(nothing) << nothing.error().message();
  EXPECT_TRUE(nothing->polygons.empty());
}

}  // namespace
}  // namespace placewright::world
