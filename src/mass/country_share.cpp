#include "mass/country_share.hpp"

#include <algorithm>

#include "mass/systematic.hpp"

namespace placewright::mass {
namespace {

void put_rows(std::vector<TileSites>& rows, std::span<const TileId> tiles) {
  const auto first = rows.size();
  for (const auto tile : tiles) {
    if (rows.size() == first || rows.back().tile != tile) rows.push_back({tile, 0});
    ++rows.back().sites;
  }
}

}  // namespace

Result<void> CountrySampler::load(CountryShare& share) const {
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

std::map<CountrySampler::Kind, std::vector<std::uint32_t>> CountrySampler::kinds_of(const CountryShare& share) const {
  std::map<Kind, std::vector<std::uint32_t>> kinds;
  for (std::uint32_t k = 0; k < share.pairs.size(); ++k) kinds[kind_of(share, k)].push_back(k);
  return kinds;
}

CountrySampler::Kind CountrySampler::kind_of(const CountryShare& share, std::size_t k) const {
  if (!inputs_.catchment) return {0, 0};
  const auto level = level_of(share, k);
  if (share.masses.by_area) return {level, 0};
  return {level, inputs_.catchment->shift(level, pairs_[share.pairs[k]].sites,
                                          static_cast<double>(share.masses.people) / kPeopleUnit)};
}

PairMass CountrySampler::mass_of(const CountryShare& share, Kind kind) const {
  if (inputs_.catchment) return catchment_mass(share.masses, share.codes, *inputs_.catchment, kind.first, kind.second);
  const auto outlets = outlets_.at(share.country);
  return support_mass(share.masses, inputs_.policy.support_km2_per_outlet * static_cast<double>(outlets));
}

Result<void> CountrySampler::sample(CountryShare& share) const {
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

void CountrySampler::hit(CountryShare& share, std::uint32_t k, const PairMass& mass) const {
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

Result<void> CountrySampler::gather(CountryShare& share) const {
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

}  // namespace placewright::mass
