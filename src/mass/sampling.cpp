#include "mass/sampling.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "datasets/policies.hpp"
#include "mass/country_share.hpp"
#include "mass/systematic.hpp"
#include "rng/streams.hpp"
#include "work/shelf.hpp"

namespace placewright::mass {
namespace {

constexpr std::size_t kPairsPerBlock = 4'000'000;
constexpr std::uint64_t kCellsPerLookup = 1;  // single raster tiles: those without a hit are not decoded

// Hits of one country in one block, looked up while its raster window is in memory.
struct Lookup {
  CountryShare* share;
  std::size_t first, last;  // hits
};

class PairBlock {
 public:
  PairBlock(std::span<const PairDemand> pairs, const std::map<Iso, std::int64_t>& outlets, const SamplerInputs& inputs,
            work::Pool& pool)
      : pairs_(pairs), inputs_(inputs), sampler_(inputs, pairs, outlets), pool_(pool) {
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
    PW_CHECK(each_share([this](CountryShare& share) { return sampler_.sample(share); }));
    PW_CHECK(look_up());
    return each_share([this](CountryShare& share) { return sampler_.gather(share); });
  }

  // Instead of run().
  Result<std::map<Iso, std::vector<ExpectedBlock>>> expected() {
    std::vector<std::vector<ExpectedBlock>> found(shares_.size());
    const auto expect = [&](CountryShare& share) -> Result<void> {
      PW_CHECK(sampler_.load(share));
      auto& blocks = found[static_cast<std::size_t>(&share - shares_.data())];
      for (const auto first : share.masses.blocks.first_tile) blocks.push_back({first, 0});
      for (const auto& [kind, pairs] : sampler_.kinds_of(share)) {
        std::int64_t sites = 0;
        for (const auto k : pairs) sites += pairs_[share.pairs[k]].sites;
        const auto mass = sampler_.mass_of(share, kind);
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

  // Each raster window that holds hits is read once.
  Result<void> look_up() {
    const auto windows = inputs_.raster.windows(1U << geo::block_level(inputs_.raster.grid()), kCellsPerLookup);
    std::map<std::size_t, std::vector<Lookup>> by_window;
    for (auto& share : shares_) {
      for (std::size_t first = 0; first < share.hits.size();) {
        std::size_t last = first;
        while (last < share.hits.size() && share.hits[last].block == share.hits[first].block) ++last;
        const auto tile = share.masses.blocks.first_tile[share.hits[first].block];
        by_window[window_at(windows.front(), inputs_.raster.grid(), tile)].push_back({&share, first, last});
        first = last;
      }
    }
    std::vector<const std::pair<const std::size_t, std::vector<Lookup>>*> work;
    for (const auto& entry : by_window) work.push_back(&entry);
    work::Shelf<CellPeople> shelf;
    return work::for_each(pool_, work.size(), [&](std::size_t i) -> Result<void> {
      auto people = shelf.take().value_or(CellPeople());
      PW_CHECK(inputs_.raster.read(windows[work[i]->first], people));
      for (const auto& lookup : work[i]->second) PW_CHECK(look_up(lookup, people));
      shelf.put(std::move(people));
      return {};
    });
  }

  Result<void> look_up(const Lookup& lookup, const CellPeople& people) const {
    auto& share = *lookup.share;
    const auto block = share.masses.blocks[share.hits[lookup.first].block];
    const BlockReader reader{inputs_.raster.grid(), share.tiles,   *share.frame,
                             inputs_.law,           inputs_.areas, share.masses.by_area};
    const auto cells = reader.cells(block, people);
    std::array<std::vector<std::uint64_t>, kLevels> ends;
    for (auto i = lookup.first; i < lookup.last; ++i) {
      const auto level = sampler_.level_of(share, share.hits[i].pair);
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

  std::span<const PairDemand> pairs_;
  const SamplerInputs& inputs_;
  CountrySampler sampler_;
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
