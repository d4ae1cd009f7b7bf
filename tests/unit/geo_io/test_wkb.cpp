#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>

#include "geo_io/countries.hpp"
#include "geo_io/wkb.hpp"

namespace placewright::geo_io {
namespace {

geo::Ring square(double lon, double lat, double side) {
  return {{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}};
}

const geo::MultiPolygon kOne = {{square(0, 0, 10), {square(2, 2, 1), square(5, 5, 2)}}};
const geo::MultiPolygon kTwo = {{square(0, 0, 10), {}}, {square(-20.5, 40.25, 3), {square(-20, 41, 1)}}};

void expect_equal(const geo::MultiPolygon& a, const geo::MultiPolygon& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].exterior, b[i].exterior);
    EXPECT_EQ(a[i].holes, b[i].holes);
  }
}

// WKB by hand: numbers in either order, any type code, any number of doubles a point.
class Builder {
 public:
  explicit Builder(bool big) : big_(big) {}
  Builder& order() {
    out_.push_back(big_ ? 0 : 1);
    return *this;
  }
  template <class T>
  Builder& put(T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    if (big_) std::reverse(bytes, bytes + sizeof(T));
    out_.append(bytes, sizeof(T));
    return *this;
  }
  Builder& ring(const geo::Ring& ring, int more) {
    put(static_cast<std::uint32_t>(ring.size()));
    for (const auto& point : ring) {
      put(point.lon).put(point.lat);
      for (int i = 0; i < more; ++i) put(-7.5);
    }
    return *this;
  }
  const std::string& bytes() const { return out_; }

 private:
  bool big_;
  std::string out_;
};

TEST(Wkb, WhatIsWrittenComesBack) {
  for (const auto& polygons : {kOne, kTwo, geo::MultiPolygon{}}) {
    const auto back = polygons_of_wkb(wkb_of(polygons));
    ASSERT_TRUE(back) << back.error().message();
    expect_equal(*back, polygons);
  }
}

TEST(Wkb, OneIsAPolygonAndSeveralAreAMultiPolygon) {
  EXPECT_EQ(wkb_of(kOne).substr(0, 5), std::string("\1\3\0\0\0", 5));
  EXPECT_EQ(wkb_of(kTwo).substr(0, 5), std::string("\1\6\0\0\0", 5));
}

TEST(Wkb, ReadsBothByteOrdersAndDropsZAndM) {
  struct Form {
    std::uint32_t code;
    int more;
  };
  for (const bool big : {false, true}) {
    for (const auto& form : {Form{3, 0}, Form{1003, 1}, Form{2003, 1}, Form{3003, 2}, Form{0x80000003, 1},
                             Form{0x40000003, 1}, Form{0xC0000003, 2}}) {
      Builder wkb(big);
      wkb.order().put(form.code).put(std::uint32_t{3});
      wkb.ring(kOne[0].exterior, form.more).ring(kOne[0].holes[0], form.more).ring(kOne[0].holes[1], form.more);
      const auto back = polygons_of_wkb(wkb.bytes());
      ASSERT_TRUE(back) << form.code << ": " << back.error().message();
      expect_equal(*back, kOne);
    }
  }
}

TEST(Wkb, PassesOverAnSrid) {
  Builder wkb(false);
  wkb.order().put(std::uint32_t{0x20000003}).put(std::uint32_t{4326}).put(std::uint32_t{1}).ring(kTwo[0].exterior, 0);
  const auto back = polygons_of_wkb(wkb.bytes());
  ASSERT_TRUE(back) << back.error().message();
  expect_equal(*back, {kTwo[0]});
}

TEST(Wkb, PartsMayHaveAnotherByteOrder) {
  Builder inner(true);
  inner.order().put(std::uint32_t{3}).put(std::uint32_t{1}).ring(kTwo[0].exterior, 0);
  Builder outer(false);
  outer.order().put(std::uint32_t{6}).put(std::uint32_t{1});
  const auto back = polygons_of_wkb(outer.bytes() + inner.bytes());
  ASSERT_TRUE(back) << back.error().message();
  expect_equal(*back, {kTwo[0]});
}

TEST(Wkb, EmptyPartsAreLeftOut) {
  Builder empty(false);
  empty.order().put(std::uint32_t{3}).put(std::uint32_t{0});
  EXPECT_TRUE(polygons_of_wkb(empty.bytes())->empty());
  Builder multi(false);
  multi.order().put(std::uint32_t{6}).put(std::uint32_t{2});
  expect_equal(*polygons_of_wkb(multi.bytes() + empty.bytes() + wkb_of(kOne)), kOne);
}

TEST(Wkb, RefusesOtherGeometriesAndOpenRings) {
  const auto refused = [](const std::string& wkb) {
    const auto back = polygons_of_wkb(wkb);
    return !back && back.error().code() == "PW_GEO";
  };
  EXPECT_TRUE(refused(Builder(false).order().put(std::uint32_t{1}).put(1.0).put(2.0).bytes()));
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(std::string("\2\3\0\0\0\0\0\0\0", 9)));
  EXPECT_TRUE(refused(wkb_of(kOne) + "x"));
  auto open = kOne;
  open[0].exterior.back().lon = 1;
  EXPECT_TRUE(refused(wkb_of(open)));
  EXPECT_TRUE(refused(wkb_of({{{{0, 0}, {1, 1}, {0, 0}}, {}}})));
}

TEST(Wkb, EveryShortenedGeometryIsRefused) {
  const auto whole = wkb_of(kTwo);
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_FALSE(polygons_of_wkb(whole.substr(0, size))) << size;
}

TEST(Wkb, ACountBeyondTheBytesReservesNothing) {
  for (const std::uint32_t code : {3U, 6U}) {
    const auto back = polygons_of_wkb(Builder(false).order().put(code).put(std::uint32_t{0xffffffff}).bytes());
    ASSERT_FALSE(back);
    EXPECT_NE(back.error().message().find("4294967295"), std::string::npos);
  }
}

TEST(Wkb, NoBytesBreakTheReader) {
  std::mt19937 random(7);
  const auto whole = wkb_of(kTwo);
  for (int round = 0; round < 20'000; ++round) {
    auto bytes = whole;
    for (unsigned change = 0; change < 1 + random() % 4; ++change)
      bytes[random() % bytes.size()] = static_cast<char>(random());
    if (const auto back = polygons_of_wkb(bytes)) {
      for (const auto& polygon : *back) EXPECT_GE(polygon.exterior.size(), 4U);
    }
  }
}

}  // namespace
}  // namespace placewright::geo_io
