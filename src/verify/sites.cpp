#include "verify/sites.hpp"

#include <algorithm>
#include <bit>

#include "base/text.hpp"
#include "verify/rows.hpp"

namespace placewright::verify {
namespace {

using table::Kind;

constexpr auto kSites = "VER_SITES";
constexpr auto kTile = "VER_TILE";
constexpr auto kCoordinates = "VER_COORDINATES";
constexpr auto kPoint = "VER_POINT";

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

std::string point_text(geo::Point point) { return double_text(point.lon) + "," + double_text(point.lat); }

struct Tables {
  Rows s5, s6, s7, s8;
  static Result<Tables> open(const store::RunFolder& run) {
    const table::Schema key = {
        {"merchant_id", Kind::u64}, {"legal_country_iso", Kind::text}, {"site_order", Kind::i64}};
    const auto with = [&](std::initializer_list<table::Field> more) {
      auto schema = key;
      schema.insert(schema.end(), more);
      return schema;
    };
    PW_TRY(auto s5, Rows::open(run, "s5_site_tile_assignment", with({{"tile_id", Kind::u64}})));
    PW_TRY(auto s6,
           Rows::open(run, "s6_site_jitter",
                      with({{"tile_id", Kind::u64}, {"delta_lat_deg", Kind::f64}, {"delta_lon_deg", Kind::f64}})));
    PW_TRY(auto s7, Rows::open(run, "s7_site_synthesis",
                               with({{"tile_id", Kind::u64}, {"lon_deg", Kind::f64}, {"lat_deg", Kind::f64}})));
    PW_TRY(auto s8, Rows::open(run, "site_locations", with({{"lon_deg", Kind::f64}, {"lat_deg", Kind::f64}})));
    return Tables{std::move(s5), std::move(s6), std::move(s7), std::move(s8)};
  }
};

// Sites of one pair inside a block, in stored order.
struct PairRun {
  MerchantId merchant = 0;
  Iso country;
  std::int64_t first_order = 0, last_order = 0;
  std::uint64_t sites = 0;
  bool rising_by_one = true;
};

struct BlockResult {
  Findings findings;
  std::vector<PairRun> runs;
  bool aligned = true;
};

// One row group of S5 and the rows beside it.
class Block {
 public:
  Block(const table::Batch& s5, const table::Batch& s6, const table::Batch& s7, const table::Batch& s8)
      : s5_(s5), s6_(s6), s7_(s7), s8_(s8) {}

  Result<BlockResult> check(const Ground& ground) {
    PW_TRY(const auto keys, site_keys(s5_));
    PW_CHECK(compare_keys(keys, s6_, "S6"));
    PW_CHECK(compare_keys(keys, s7_, "S7"));
    PW_CHECK(compare_keys(keys, s8_, "site_locations"));
    add_runs(keys);
    if (!result_.aligned) return std::move(result_);
    const CountryGround* country = nullptr;
    for (std::size_t i = 0; i < s5_.rows; ++i) {
      if (i == 0 || keys.country[i] != keys.country[i - 1]) {
        PW_TRY(country, ground.of(keys.country[i]));
      }
      check_row(keys.at(i), i, ground, *country);
    }
    return std::move(result_);
  }

 private:
  Result<void> compare_keys(const Keys& keys, const table::Batch& other, const std::string& name) {
    PW_TRY(const auto theirs, site_keys(other));
    for (std::size_t i = 0; i < s5_.rows; ++i) {
      if (keys.at(i) == theirs.at(i)) continue;
      result_.findings.add(kSites, site_name(keys.at(i)), "stands where " + name + " has " + site_name(theirs.at(i)));
      result_.aligned = false;
      break;
    }
    return {};
  }

  void add_runs(const Keys& keys) {
    for (std::size_t i = 0; i < s5_.rows; ++i) {
      const auto key = keys.at(i);
      auto& runs = result_.runs;
      if (runs.empty() || runs.back().merchant != key.merchant || runs.back().country != key.country) {
        runs.push_back({key.merchant, key.country, key.site_order, key.site_order, 1, true});
        continue;
      }
      auto& run = runs.back();
      run.rising_by_one = run.rising_by_one && key.site_order == run.last_order + 1;
      run.last_order = key.site_order;
      ++run.sites;
    }
  }

  void check_row(const SiteKey& key, std::size_t i, const Ground& ground, const CountryGround& country) {
    auto& findings = result_.findings;
    const auto tile = s5_.u64(3)[i];
    if (s6_.u64(3)[i] != tile || s7_.u64(3)[i] != tile)
      findings.add(kTile, site_name(key), "S5, S6 and S7 name different tiles");
    if (!country.tiles.contains(tile)) {
      findings.add(kTile, site_name(key), "tile " + std::to_string(tile) + " is no tile of " + key.country.text());
      return;
    }
    const auto bounds = ground.bounds(tile);
    const geo::Point expected{geo::wrap_longitude(bounds.centroid_lon + s6_.f64(5)[i]),
                              bounds.centroid_lat + s6_.f64(4)[i]};
    const geo::Point found{s7_.f64(4)[i], s7_.f64(5)[i]};
    const geo::Point published{s8_.f64(3)[i], s8_.f64(4)[i]};
    if (!same_bits(expected.lon, found.lon) || !same_bits(expected.lat, found.lat)) {
      findings.add(kCoordinates, site_name(key),
                   "S7 has " + point_text(found) + ", centre plus jitter is " + point_text(expected));
    }
    if (!same_bits(published.lon, found.lon) || !same_bits(published.lat, found.lat)) {
      findings.add(kCoordinates, site_name(key),
                   "site_locations has " + point_text(published) + ", S7 has " + point_text(found));
    }
    if (!in_tile(bounds, published))
      findings.add(kPoint, site_name(key), point_text(published) + " lies outside tile " + std::to_string(tile));
    if (!country.border) {
      findings.add(kPoint, site_name(key), "there is no border of " + key.country.text());
    } else if (!near(*country.border, published)) {
      findings.add(kPoint, site_name(key), point_text(published) + " lies outside " + key.country.text());
    }
  }

  // The accepted point was inside; centre plus (point minus centre) may be one unit in the last place beside it, which
  // decides only for points that stand on the border itself.
  static bool near(const geo::CountryIndex& border, geo::Point point) {
    if (border.covers(point)) return true;
    constexpr double kStep = 0x1p-44;  // degrees: two units in the last place of 180
    for (const double lon : {point.lon - kStep, point.lon, point.lon + kStep}) {
      for (const double lat : {point.lat - kStep, point.lat, point.lat + kStep}) {
        if (border.covers({lon, lat})) return true;
      }
    }
    return false;
  }

  const table::Batch &s5_, &s6_, &s7_, &s8_;
  BlockResult result_;
};

// Numbers and orders of pairs against the demand, over all blocks.
class PairWalk {
 public:
  PairWalk(Subject& subject, const std::vector<Pair>& pairs) : subject_(subject), pairs_(pairs) {}

  void add(const PairRun& run) {
    if (open_ && run.merchant == now_.merchant && run.country == now_.country) {
      now_.rising_by_one = now_.rising_by_one && run.rising_by_one && run.first_order == now_.last_order + 1;
      now_.last_order = run.last_order;
      now_.sites += run.sites;
      return;
    }
    close();
    now_ = run;
    open_ = true;
  }
  // True when every pair has its sites.
  bool finish() {
    close();
    for (; next_ < pairs_.size(); ++next_)
      wrong(pairs_[next_].merchant, pairs_[next_].country, "has a demand but no sites");
    return good_;
  }

 private:
  void wrong(MerchantId merchant, Iso country, const std::string& what) {
    subject_.findings.add(kSites, pair_name(merchant, country), what);
    good_ = false;
  }
  void close() {
    if (!open_) return;
    open_ = false;
    const auto key = [](const auto& pair) { return std::pair(pair.merchant, pair.country); };
    for (; next_ < pairs_.size() && key(pairs_[next_]) < key(now_); ++next_) {
      wrong(pairs_[next_].merchant, pairs_[next_].country, "has a demand but no sites");
    }
    if (next_ == pairs_.size() || key(pairs_[next_]) != key(now_))
      return wrong(now_.merchant, now_.country, "has sites without a demand");
    const auto demand = pairs_[next_++].sites;
    if (now_.sites != demand)
      wrong(now_.merchant, now_.country, "demand " + std::to_string(demand) + ", sites " + std::to_string(now_.sites));
    if (now_.first_order != 1 || !now_.rising_by_one)
      wrong(now_.merchant, now_.country, "its site orders are not 1, 2, 3, ...");
  }

  Subject& subject_;
  const std::vector<Pair>& pairs_;
  std::size_t next_ = 0;
  PairRun now_;
  bool open_ = false, good_ = true;
};

}  // namespace

Result<SiteCount> check_sites(Subject& subject, const std::vector<Pair>& pairs, const Ground& ground) {
  PW_TRY(const auto tables, Tables::open(subject.run));
  SiteCount count{tables.s8.size(), true};
  for (const auto& [name, rows] : {std::pair("S6", tables.s6.size()), std::pair("S7", tables.s7.size()),
                                   std::pair("site_locations", tables.s8.size())}) {
    if (rows == tables.s5.size()) continue;
    subject.findings.add(kSites, name,
                         "has " + std::to_string(rows) + " rows, S5 has " + std::to_string(tables.s5.size()));
    count.aligned = false;
  }
  if (!count.aligned) return count;
  report::Progress progress(subject.log, "verify sites", tables.s5.size());
  PairWalk walk(subject, pairs);
  const auto produce = [&](std::size_t group) -> Result<BlockResult> {
    const auto first = tables.s5.group_start(group);
    const auto rows = tables.s5.group_start(group + 1) - first;
    if (rows == 0) return BlockResult();
    PW_TRY(const auto s5, tables.s5.read(first, rows));
    PW_TRY(const auto s6, tables.s6.read(first, rows));
    PW_TRY(const auto s7, tables.s7.read(first, rows));
    PW_TRY(const auto s8, tables.s8.read(first, rows));
    return Block(s5, s6, s7, s8).check(ground);
  };
  const auto consume = [&](std::size_t group, BlockResult&& block) -> Result<void> {
    subject.findings.add(block.findings);
    count.aligned = count.aligned && block.aligned;
    for (const auto& run : block.runs) walk.add(run);
    progress.advance(tables.s5.group_start(group + 1) - tables.s5.group_start(group));
    return {};
  };
  PW_CHECK(work::ordered<BlockResult>(subject.pool, tables.s5.groups(), produce, consume));
  const bool complete = walk.finish();
  count.aligned = count.aligned && complete;
  return count;
}

}  // namespace placewright::verify
