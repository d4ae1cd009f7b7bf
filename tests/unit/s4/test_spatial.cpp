// spatial_pps_v1 through S2 and S4 against a plain walk over every cell.
#include <algorithm>
#include <random>

#include "../s2/tiny_run.hpp"
#include "contracts/policy_s4.hpp"
#include "contracts/yaml.hpp"
#include "mass/blocks.hpp"
#include "rng/streams.hpp"
#include "states/s2_weights/weights.hpp"
#include "states/s4_allocation/allocation.hpp"
#include "mass/catchment.hpp"
#include "mass/systematic.hpp"

namespace placewright::states {
namespace {

constexpr auto kLifelikeS2 =
    "policy_version: placewright-test\nmasses:\n  method: lifelike_v1\n  rural_weight: 0.1\n  half_density_per_km2: "
    "{everyday: 100, "
    "metropolitan: 1500}\n";
// Every merchant is everyday.
constexpr auto kLifelikeS4 =
    "policy_version: placewright-test\nmethod: spatial_pps_v1\ncatchment:\n  km2: 320\n  entry_outlets: {everyday: "
    "0.2, metropolitan: 1}\n"
    "  entry_power: 1\n  chain_outlets: 32\n  people_per_trade_outlet: 25000\n  saturation: {everyday: 0.4, metropolitan: 0}\norientation_shares: {\"0\": 1, \"0.25\": 0, "
    "\"0.5\": 0, \"0.75\": 0, "
    "\"1\": 0}\n";
constexpr auto kBalancedS2 =
    "policy_version: placewright-test\nmasses:\n  method: balanced_v1\n  rural_weight: 0.1\n  density_offset_per_km2: "
    "50\n  "
    "density_exponent: 0.6\n";

const geo::Grid kFine{48, 40, 1.0 / 120, 0, 8, 0, -1.0 / 120, 50};

// Two countries with a ragged border; some cells are empty.
std::vector<TinyRun::Span> borders() {
  std::vector<TinyRun::Span> de, fr;
  for (std::uint32_t row = 0; row < kFine.rows; ++row) {
    const auto cut = 20 + row * 7 % 11;
    de.push_back({"DE", kFine.id(row, 1), cut - 1});
    fr.push_back({"FR", kFine.id(row, cut), 46 - cut});
  }
  de.insert(de.end(), fr.begin(), fr.end());
  return de;
}

std::vector<float> people() {
  std::mt19937_64 draw(5);
  std::vector<float> out(std::size_t{kFine.columns} * kFine.rows);
  for (auto& cell : out) cell = draw() % 4 == 0 ? 0.0F : static_cast<float>(draw() % 4000) / 8;
  return out;
}

struct Cell {
  std::uint64_t index;
  TileId tile;
  std::uint64_t mass;
};

// Cells of a country along the curve, each with its own mass, block sums made the long way.
std::vector<Cell> cells_of(const std::string& country, const std::vector<float>& people, const mass::CellMass& law,
                           const mass::Catchment& catchment, std::int64_t sites) {
  std::vector<geo::Span> spans;
  for (const auto& span : borders())
    if (span.country == country) spans.push_back({span.first, static_cast<std::uint32_t>(span.length)});
  const geo::TileSet tiles(spans);
  const geo::BlockFrame frame(kFine, tiles);
  const mass::CellAreas areas(kFine);
  double all = 0;
  const auto block_sums = [&](std::int64_t row, std::int64_t column) {
    std::pair<double, double> sum;  // people, km2
    for (std::uint64_t p = 0; p < tiles.size(); ++p) {
      const auto tile = tiles.id_at(p);
      const auto at = frame.of(kFine.row_of(tile), kFine.column_of(tile));
      if (at.row != row || at.column != column) continue;
      sum.first += people[tile];
      sum.second += static_cast<double>(areas.m2(kFine.row_of(tile), 0)) / 1e6;
    }
    return sum;
  };
  std::map<geo::BlockAt, mass::DensityCode> codes;
  for (std::uint64_t p = 0; p < tiles.size(); ++p) {
    const auto tile = tiles.id_at(p);
    all += people[tile];
    const auto at = frame.of(kFine.row_of(tile), kFine.column_of(tile));
    if (codes.contains(at)) continue;
    double near = 0, land = 0;
    for (int dr = -1; dr <= 1; ++dr) {
      for (int dc = -1; dc <= 1; ++dc) {
        const auto [p2, a2] = block_sums(std::int64_t{at.row} + dr, std::int64_t{at.column} + dc);
        const double weight = (2 - std::abs(dr)) * (2 - std::abs(dc));
        near += weight * p2;
        land += weight * a2;
      }
    }
    codes[at] = mass::density_code(near / land);
  }
  std::vector<mass::DensityCode> present;
  for (const auto& [at, code] : codes) present.push_back(code);
  const auto factors = catchment.factors(0, catchment.shift(0, sites, all), present);
  std::vector<Cell> cells;
  for (std::uint64_t p = 0; p < tiles.size(); ++p) {
    const auto tile = tiles.id_at(p);
    const auto row = kFine.row_of(tile), column = kFine.column_of(tile);
    const auto at = frame.of(row, column);
    const auto corner = frame.place_of(at);
    const geo::Place place{(corner.x << 3) + (column & 7), (corner.y << 3) + (row & 7)};
    const auto order = static_cast<unsigned>(std::bit_width(std::max(frame.width(), frame.height()) - 1)) + 3;
    cells.push_back({geo::hilbert_index(order, place), tile,
                     law.at(0, mass::people_units(people[tile]), areas.m2(row, column)) * factors[codes[at]]});
  }
  std::ranges::sort(cells, {}, &Cell::index);
  return cells;
}

void set_up(TinyRun& tiny, const char* s2 = kLifelikeS2, const char* s4 = kLifelikeS4) {
  tiny.raster(people(), kFine);
  tiny.spans(borders());
  tiny.policy("s2", s2);
  tiny.policy("s4", s4);
  auto context = tiny.context();
  const auto done = s2_weights::run(context);
  ASSERT_TRUE(done) << done.error().message();
}

table::Batch allocated(TinyRun& tiny, const std::vector<TinyRun::Wanted>& demand) {
  std::filesystem::remove_all(*tiny.run().target("s4_alloc_plan"));
  tiny.requirements(demand);
  auto context = tiny.context();
  const auto done = s4_allocation::run(context);
  EXPECT_TRUE(done) << done.error().message();
  return done ? tiny.read("s4_alloc_plan", datasets::kAllocPlan) : table::Batch();
}

std::map<TileId, std::int64_t> of_pair(const table::Batch& plan, MerchantId merchant, const std::string& country) {
  std::map<TileId, std::int64_t> out;
  for (std::size_t i = 0; i < plan.rows; ++i)
    if (plan.u64(0)[i] == merchant && plan.text(1).at(i) == country) out[plan.u64(2)[i]] = plan.i64(3)[i];
  return out;
}

TEST(SpatialPps, EqualsAPlainWalkOverEveryCell) {
  TinyRun tiny;
  set_up(tiny);
  const auto s2 = contracts::read_policy_s2(*contracts::parse_yaml(kLifelikeS2, "s2"), "s2");
  const auto s4 = contracts::read_policy_s4(*contracts::parse_yaml(kLifelikeS4, "s4"), "s4");
  ASSERT_TRUE(s2 && s4);
  const mass::CellMass law(s2->masses);
  const mass::Catchment catchment(s4->pps.catchment);
  const auto master = rng::method_master("spatial_pps_v1", tiny.identity().seed);
  const auto plan = allocated(tiny, {{3, "DE", 1}, {3, "FR", 40}, {4, "DE", 700}, {5, "DE", 9000}});
  for (const auto& [merchant, country, n] :
       std::vector<TinyRun::Wanted>{{3, "DE", 1}, {3, "FR", 40}, {4, "DE", 700}, {5, "DE", 9000}}) {
    const auto cells = cells_of(country, people(), law, catchment, n);
    std::uint64_t mass = 0;
    for (const auto& cell : cells) mass += cell.mass;
    mass::SystematicPoints points(mass::start_of(master, merchant, *Iso::parse(country), mass), mass,
                                           static_cast<std::uint64_t>(n));
    std::map<TileId, std::int64_t> expected;
    std::size_t at = 0;
    auto end = cells[0].mass;
    for (std::int64_t k = 0; k < n; ++k, points.next()) {
      while (points.point() >= end) end += cells[++at].mass;
      ++expected[cells[at].tile];
    }
    EXPECT_EQ(of_pair(plan, merchant, country), expected) << merchant << country;
  }
}

TEST(SpatialPps, AMerchantAddedElsewhereMovesNoSite) {
  TinyRun tiny;
  set_up(tiny);
  const auto before = allocated(tiny, {{3, "DE", 25}, {9, "FR", 4}});
  const auto after = allocated(tiny, {{2, "DE", 999}, {3, "DE", 25}, {3, "FR", 7}, {9, "FR", 4}});
  EXPECT_EQ(of_pair(before, 3, "DE"), of_pair(after, 3, "DE"));
  EXPECT_EQ(of_pair(before, 9, "FR"), of_pair(after, 9, "FR"));
}

TEST(SpatialPps, TheOrderOfSizeAndThreadsDoesNotShow) {
  TinyRun one(1), eight(8);
  set_up(one);
  set_up(eight);
  const std::vector<TinyRun::Wanted> demand = {{1, "DE", 300}, {1, "FR", 2}, {2, "DE", 5}, {8, "FR", 77}};
  const auto a = allocated(one, demand), b = allocated(eight, demand);
  EXPECT_EQ(a.u64(0), b.u64(0));
  EXPECT_EQ(a.u64(2), b.u64(2));
  EXPECT_EQ(a.i64(3), b.i64(3));
}

TEST(SpatialPps, BalancedKeepsToTheDensestLand) {
  TinyRun tiny;
  const auto support = [](const char* km2) {
    return "policy_version: placewright-test\nmethod: spatial_pps_v1\nsupport_km2_per_outlet: " + std::string(km2) +
           "\n";
  };
  set_up(tiny, kBalancedS2, support("40").c_str());
  const auto wide = of_pair(allocated(tiny, {{1, "DE", 2000}}), 1, "DE");
  tiny.policy("s4", support("0.02"));  // 40 km2 in all: two blocks
  const auto narrow = of_pair(allocated(tiny, {{1, "DE", 2000}}), 1, "DE");
  EXPECT_GT(wide.size(), 500U);
  EXPECT_LE(narrow.size(), 128U);
}

TEST(SpatialPps, ACountryWithoutPeopleIsFilledByArea) {
  TinyRun tiny;
  tiny.raster(std::vector<float>(std::size_t{kFine.columns} * kFine.rows, 0.0F), kFine);
  tiny.spans(borders());
  tiny.policy("s2", kLifelikeS2);
  tiny.policy("s4", kLifelikeS4);
  auto context = tiny.context();
  ASSERT_TRUE(s2_weights::run(context));
  const auto tiles = of_pair(allocated(tiny, {{1, "DE", 964}}), 1, "DE");
  for (const auto& [tile, sites] : tiles) EXPECT_LE(sites, 2);
  EXPECT_GT(tiles.size(), 900U);
}

TEST(SpatialPps, ARasterThatIsNotTheSealedOneIsNoticed) {
  TinyRun tiny;
  set_up(tiny);
  auto other = people();
  for (auto& cell : other) cell += 1;
  tiny.raster(other, kFine);
  tiny.requirements({{1, "DE", 40}});
  auto context = tiny.context();
  EXPECT_EQ(fault_of(s4_allocation::run(context)), "E414_WEIGHT_TAMPER mass_block_mismatch");
}

TEST(SpatialPps, PoliciesOfBothStatesMustAgree) {
  TinyRun tiny;
  set_up(tiny, kBalancedS2, kLifelikeS4);
  tiny.requirements({{1, "DE", 40}});
  auto context = tiny.context();
  const auto done = s4_allocation::run(context);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), "PW_POLICY");
}

}  // namespace
}  // namespace placewright::states
