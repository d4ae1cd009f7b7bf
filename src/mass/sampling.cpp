#include "mass/sampling.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <optional>

#include "datasets/policies.hpp"
#include "mass/pair_mass.hpp"
#include "mass/systematic.hpp"
#include "rng/streams.hpp"

namespace placewright::mass {

struct SamplerInputs {
  datasets::TileUniverse tiles;
  MassSource masses;
  PeopleRaster raster;
  contracts::PolicyS2 weights;
  contracts::SpatialPps policy;
  Orientations orientations;
  std::optional<Catchment> catchment;
  CellMass law;
  CellAreas areas;
  hash::Digest master;
};

namespace {

constexpr std::size_t kPairsPerBlock = 4'000'000;
constexpr std::uint64_t kCellsPerLookup = 1;  // single raster tiles: those without a hit are not decoded

// One site before its tile is known: unit `unit` of the mass of a block.
struct Hit {
  std::uint32_t pair;   // into the country's pairs
  std::uint32_t block;  // into the country's blocks
  std::uint64_t unit;
};

// The part of a pair-block that lies in one country.
struct CountryShare {
  Iso country;
  std::vector<std::size_t> pairs;    // into the pair-block, ascending
  std::vector<std::uint8_t> levels;  // of their merchants' orientation
  geo::TileSet tiles;
  CountryMasses masses;
  std::vector<DensityCode> codes;
  std::optional<geo::BlockFrame> frame;
  std::vector<Hit> hits;        // ascending by block once sorted
  std::vector<TileId> found;    // tile of each hit
  std::vector<TileSites> rows;  // pair after pair
  std::vector<std::size_t> ends;
};

// Hits of one country in one block, looked up while its raster window is in memory.
struct Lookup {
  CountryShare* share;
  std::size_t first, last;  // hits
};

class PairBlock {
 public:
  PairBlock(std::span<const PairDemand> pairs, const std::map<Iso, std::int64_t>& outlets, const SamplerInputs& inputs,
            work::Pool& pool)
      : pairs_(pairs), outlets_(outlets), inputs_(inputs), pool_(pool) {
    std::map<Iso, std::vector<std::size_t>> by_country;
    for (std::size_t i = 0; i < pairs.size(); ++i) by_country[pairs[i].country].push_back(i);
    for (auto& [country, own] : by_country) {
      CountryShare share;
      share.country = country;
      share.pairs = std::move(own);
      shares_.push_back(std::move(share));
    }
  }

  Result<void> run() {
    PW_CHECK(each_share([this](CountryShare& share) { return sample(share); }));
    PW_CHECK(look_up());
    return each_share([this](CountryShare& share) { return gather(share); });
  }

  // Instead of run().
  Result<std::map<Iso, std::vector<ExpectedBlock>>> expected() {
    std::vector<std::vector<ExpectedBlock>> found(shares_.size());
    const auto expect = [&](CountryShare& share) -> Result<void> {
      PW_CHECK(load(share));
      auto& blocks = found[static_cast<std::size_t>(&share - shares_.data())];
      for (const auto& block : share.masses.blocks) blocks.push_back({block.first_tile, 0});
      for (const auto& [kind, pairs] : kinds_of(share)) {
        std::int64_t sites = 0;
        for (const auto k : pairs) sites += pairs_[share.pairs[k]].sites;
        const auto mass = mass_of(share, kind);
        const double per_unit = static_cast<double>(sites) / static_cast<double>(mass.total());
        for (std::size_t b = 0; b < blocks.size(); ++b)
          blocks[b].sites += per_unit * static_cast<double>(mass.before[b + 1] - mass.before[b]);
      }
      return {};
    };
    PW_CHECK(each_share(expect));
    std::map<Iso, std::vector<ExpectedBlock>> out;
    for (std::size_t i = 0; i < shares_.size(); ++i) out[shares_[i].country] = std::move(found[i]);
    return out;
  }

  Sampled answer() const {
    Sampled out{pairs_, std::vector<std::span<const TileSites>>(pairs_.size())};
    for (const auto& share : shares_) {
      std::size_t begin = 0;
      for (std::size_t k = 0; k < share.pairs.size(); ++k) {
        out.rows[share.pairs[k]] = std::span(share.rows).subspan(begin, share.ends[k] - begin);
        begin = share.ends[k];
      }
    }
    return out;
  }

 private:
  // The countries with most sites first, so that none is waited for at the end.
  template <class Work>
  Result<void> each_share(const Work& work) {
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      std::int64_t sites = 0;
      for (const auto p : shares_[i].pairs) sites -= pairs_[p].sites;
      order.emplace_back(sites, i);
    }
    std::ranges::sort(order);
    return work::for_each(pool_, order.size(), [&](std::size_t i) { return work(shares_[order[i].second]); });
  }

  Result<void> load(CountryShare& share) const {
    PW_TRY(share.tiles, inputs_.tiles.load(share.country));
    if (share.tiles.empty()) {
      return Error("E403_ZERO_TILE_UNIVERSE", "country " + share.country.text() + " has no tiles")
          .with("legal_country_iso", share.country);
    }
    PW_TRY(share.masses, inputs_.masses.load(share.country));
    share.codes = density_codes(share.masses);
    for (const auto p : share.pairs) {
      share.levels.push_back(static_cast<std::uint8_t>(inputs_.orientations.level_of(pairs_[p].merchant)));
    }
    share.frame.emplace(inputs_.raster.grid(), share.tiles);
    return {};
  }

  // Pairs that see the same masses.
  using Kind = std::pair<std::size_t, int>;  // level, shift
  std::map<Kind, std::vector<std::uint32_t>> kinds_of(const CountryShare& share) const {
    std::map<Kind, std::vector<std::uint32_t>> kinds;
    for (std::uint32_t k = 0; k < share.pairs.size(); ++k) kinds[kind_of(share, k)].push_back(k);
    return kinds;
  }

  Result<void> sample(CountryShare& share) const {
    PW_CHECK(load(share));
    for (const auto& [kind, pairs] : kinds_of(share)) {
      const auto mass = mass_of(share, kind);
      for (const auto k : pairs) hit(share, k, mass);
    }
    std::ranges::sort(share.hits, [&](const Hit& a, const Hit& b) {
      return a.block != b.block ? a.block < b.block : a.pair != b.pair ? a.pair < b.pair : a.unit < b.unit;
    });
    share.found.resize(share.hits.size());
    return {};
  }

  Kind kind_of(const CountryShare& share, std::size_t k) const {
    if (!inputs_.catchment) return {0, 0};
    const auto level = level_of(share, k);
    if (share.masses.by_area) return {level, 0};
    return {level, inputs_.catchment->shift(level, pairs_[share.pairs[k]].sites,
                                            static_cast<double>(share.masses.people) / kPeopleUnit)};
  }

  std::size_t level_of(const CountryShare& share, std::size_t k) const {
    return inputs_.catchment ? share.levels[k] : 0;
  }

  PairMass mass_of(const CountryShare& share, Kind kind) const {
    if (inputs_.catchment)
      return catchment_mass(share.masses, share.codes, *inputs_.catchment, kind.first, kind.second);
    const auto outlets = outlets_.at(share.country);
    return support_mass(share.masses, inputs_.policy.support_km2_per_outlet * static_cast<double>(outlets));
  }

  void hit(CountryShare& share, std::uint32_t k, const PairMass& mass) const {
    const auto& pair = pairs_[share.pairs[k]];
    SystematicPoints points(start_of(inputs_.master, pair.merchant, pair.country, mass.total()), mass.total(),
                            static_cast<std::uint64_t>(pair.sites));
    auto at = mass.before.begin();
    for (std::int64_t i = 0; i < pair.sites; ++i, points.next()) {
      at = std::upper_bound(at, mass.before.end(), points.point()) - 1;
      const auto block = static_cast<std::uint32_t>(at - mass.before.begin());
      share.hits.push_back({k, block, (points.point() - *at) / mass.factors[block]});
    }
  }

  // Each raster window that holds hits is read once.
  Result<void> look_up() {
    const auto windows = inputs_.raster.windows(1U << geo::block_level(inputs_.raster.grid()), kCellsPerLookup);
    std::map<std::size_t, std::vector<Lookup>> by_window;
    for (auto& share : shares_) {
      for (std::size_t first = 0; first < share.hits.size();) {
        std::size_t last = first;
        while (last < share.hits.size() && share.hits[last].block == share.hits[first].block) ++last;
        by_window[window_of(windows, share, share.hits[first].block)].push_back({&share, first, last});
        first = last;
      }
    }
    std::vector<const std::pair<const std::size_t, std::vector<Lookup>>*> work;
    for (const auto& entry : by_window) work.push_back(&entry);
    return work::for_each(pool_, work.size(), [&](std::size_t i) -> Result<void> {
      PW_TRY(const auto people, inputs_.raster.read(windows[work[i]->first]));
      for (const auto& lookup : work[i]->second) PW_CHECK(look_up(lookup, people));
      return {};
    });
  }

  // Windows are cut alike along rows and columns, so the first one tells where a cell lies.
  std::size_t window_of(const std::vector<CellWindow>& windows, const CountryShare& share, std::size_t block) const {
    const auto& grid = inputs_.raster.grid();
    const auto tile = share.masses.blocks[block].first_tile;
    const std::size_t across = (grid.columns + windows.front().columns - 1) / windows.front().columns;
    return grid.row_of(tile) / windows.front().rows * across + grid.column_of(tile) / windows.front().columns;
  }

  Result<void> look_up(const Lookup& lookup, const CellPeople& people) const {
    auto& share = *lookup.share;
    const auto& block = share.masses.blocks[share.hits[lookup.first].block];
    const BlockReader reader{inputs_.raster.grid(), share.tiles,   *share.frame,
                             inputs_.law,           inputs_.areas, share.masses.by_area};
    const auto cells = reader.cells(block, people);
    std::array<std::vector<std::uint64_t>, kLevels> ends;
    for (auto i = lookup.first; i < lookup.last; ++i) {
      const auto level = level_of(share, share.hits[i].pair);
      auto& sums = ends[level];
      if (sums.empty()) {
        std::uint64_t sum = 0;
        for (const auto& cell : cells) sums.push_back(sum += reader.mass(cell, level));
        if (sum != block.mass[level]) return disagree(share, block);
      }
      const auto at = std::ranges::upper_bound(sums, share.hits[i].unit) - sums.begin();
      share.found[i] = cells[static_cast<std::size_t>(at)].tile;
    }
    return {};
  }

  static Error disagree(const CountryShare& share, const MassBlock& block) {
    return Error("E414_WEIGHT_TAMPER", "country " + share.country.text() + ", block " + std::to_string(block.index) +
                                           ": its published mass is not that of the population raster")
        .with("detail", "mass_block_mismatch")
        .with("legal_country_iso", share.country);
  }

  // Tiles back to their pairs, ascending and counted.
  Result<void> gather(CountryShare& share) {
    std::vector<std::size_t> next(share.pairs.size() + 1, 0);
    for (std::size_t k = 0; k < share.pairs.size(); ++k)
      next[k + 1] = next[k] + static_cast<std::size_t>(pairs_[share.pairs[k]].sites);
    const auto begins = next;
    std::vector<TileId> tiles(share.hits.size());
    for (std::size_t i = 0; i < share.hits.size(); ++i) tiles[next[share.hits[i].pair]++] = share.found[i];
    share.hits = {};
    share.found = {};
    for (std::size_t k = 0; k < share.pairs.size(); ++k) {
      const std::span own(tiles.data() + begins[k], begins[k + 1] - begins[k]);
      std::ranges::sort(own);
      put_rows(share.rows, own);
      share.ends.push_back(share.rows.size());
    }
    return {};
  }

  static void put_rows(std::vector<TileSites>& rows, std::span<const TileId> tiles) {
    const auto first = rows.size();
    for (const auto tile : tiles) {
      if (rows.size() == first || rows.back().tile != tile) rows.push_back({tile, 0});
      ++rows.back().sites;
    }
  }

  std::span<const PairDemand> pairs_;
  const std::map<Iso, std::int64_t>& outlets_;
  const SamplerInputs& inputs_;
  work::Pool& pool_;
  std::vector<CountryShare> shares_;
};

std::map<Iso, std::int64_t> outlets_of(std::span<const PairDemand> pairs) {
  std::map<Iso, std::int64_t> outlets;
  for (const auto& pair : pairs) outlets[pair.country] += pair.sites;
  return outlets;
}

std::size_t block_end(std::span<const PairDemand> pairs, std::size_t begin, std::uint64_t sites_at_once) {
  std::uint64_t sites = 0;
  std::size_t end = begin;
  while (end < pairs.size() && end - begin < kPairsPerBlock) {
    sites += static_cast<std::uint64_t>(pairs[end].sites);
    if (end > begin && sites > sites_at_once) break;
    ++end;
  }
  return end;
}

// Both policies must speak of the same method.
Result<void> check_methods(const contracts::PolicyS2& weights, const contracts::PolicyS4& policy) {
  using contracts::MassMethod;
  const auto wanted = policy.pps.catchment.km2 > 0 ? MassMethod::lifelike_v1 : MassMethod::balanced_v1;
  if (policy.spatial && weights.masses.method == wanted) return {};
  return Error(
      "PW_POLICY",
      "policies of S2 and S4: spatial_pps_v1 with a catchment needs masses of lifelike_v1, without one those of "
      "balanced_v1");
}

}  // namespace

Sampler::Sampler(std::unique_ptr<SamplerInputs> inputs) : inputs_(std::move(inputs)) {}
Sampler::~Sampler() = default;
Sampler::Sampler(Sampler&&) noexcept = default;

Result<Sampler> Sampler::open(const store::RunFolder& run) {
  PW_TRY(const auto s2, datasets::read_policy_file(run, "s2_tile_weights_policy"));
  PW_TRY(const auto weights, contracts::read_policy_s2(s2.fields, s2.path.string()));
  PW_TRY(const auto s4, datasets::read_policy_file(run, "s4_alloc_plan_policy"));
  PW_TRY(const auto policy, contracts::read_policy_s4(s4.fields, s4.path.string()));
  PW_CHECK(check_methods(weights, policy));
  PW_TRY(auto tiles, datasets::TileUniverse::open(run));
  PW_TRY(auto masses, MassSource::open(run));
  PW_TRY(auto raster, PeopleRaster::open(run));
  PW_TRY(auto orientations, Orientations::open(run, policy.pps));
  const CellAreas areas(raster.grid());
  auto inputs = std::make_unique<SamplerInputs>(SamplerInputs{
      std::move(tiles), std::move(masses), std::move(raster), weights, policy.pps, std::move(orientations),
      std::nullopt, CellMass(weights.masses), areas, rng::method_master(kSpatialPps, run.identity().seed)});
  if (policy.pps.catchment.km2 > 0) inputs->catchment.emplace(policy.pps.catchment);
  return Sampler(std::move(inputs));
}

Result<std::map<Iso, std::vector<ExpectedBlock>>> Sampler::expected(std::span<const PairDemand> pairs,
                                                                    work::Pool& pool) const {
  const auto outlets = outlets_of(pairs);
  return PairBlock(pairs, outlets, *inputs_, pool).expected();
}

Result<void> Sampler::sample(std::span<const PairDemand> pairs, std::uint64_t sites_at_once, work::Pool& pool,
                             const std::function<Result<void>(const Sampled&)>& take) const {
  const auto outlets = outlets_of(pairs);
  for (std::size_t begin = 0; begin < pairs.size();) {
    const auto end = block_end(pairs, begin, sites_at_once);
    PairBlock block(pairs.subspan(begin, end - begin), outlets, *inputs_, pool);
    PW_CHECK(block.run());
    PW_CHECK(take(block.answer()));
    begin = end;
  }
  return {};
}

}  // namespace placewright::mass
