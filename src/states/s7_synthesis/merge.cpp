#include "states/s7_synthesis/merge.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace placewright::states::s7_synthesis {
namespace {

constexpr double kTolerance = 1e-9;
constexpr std::int64_t kLargestOrder = 2147483647;  // site_order is published as INT32

bool all_ones(const std::vector<std::uint8_t>& flags) {
  return std::ranges::find(flags, std::uint8_t{0}) == flags.end();
}

bool rising(const SiteRows& rows) {
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (!(rows.key(i - 1) < rows.key(i))) return false;
  }
  return true;
}

bool aligned(const Block& block) {
  const auto& [s5, s6, catalogue] = block;
  return s5.merchant == s6.merchant && s5.merchant == catalogue.merchant && s5.country == s6.country &&
         s5.country == catalogue.country && s5.order == s6.order && s5.order == catalogue.order && s5.tile == s6.tile &&
         all_ones(s6.fingerprint_ok) && all_ones(catalogue.fingerprint_ok) && all_ones(catalogue.seed_ok) && rising(s5);
}

bool publishable(const SiteKey& key) {
  return key.merchant >= 1 && key.site_order >= 1 && key.site_order <= kLargestOrder;
}

struct Coordinates {
  double lon, lat;
};

Coordinates coordinates(const geo::TileBounds& tile, const SiteRows& s6, std::size_t i) {
  return {geo::wrap_longitude(tile.centroid_lon + s6.delta_lon[i]), tile.centroid_lat + s6.delta_lat[i]};
}

geo::TileBounds bounds_of(const geo::Grid& grid, TileId tile) {
  return geo::tile_bounds(grid, grid.row_of(tile), grid.column_of(tile));
}

Error fault(const char* code, const char* detail, const SiteKey& key, const std::string& what) {
  const auto site = std::to_string(key.merchant) + "/" + key.country.text() + "/" + std::to_string(key.site_order);
  return Error(code, "site " + site + ": " + what).with("detail", detail).with("key", key);
}

// Row-at-a-time walk with the reference's prefetch: S6 and the catalogue always stand on one row ahead, whose order
// against their own last row is checked when they step onto it.
class Walk {
 public:
  Walk(const Block& block, const std::optional<SiteKey>& previous, const geo::Grid& grid, const TilesOf& tiles_of)
      : block_(block), previous_(previous), grid_(grid), tiles_of_(tiles_of) {}

  Result<void> run() {
    PW_CHECK(step_onto(0));
    PW_CHECK(known_tiles());
    for (std::size_t i = 0; i < block_.s5.size(); ++i) {
      PW_CHECK(row(i));
      previous_ = block_.s5.key(i);
      PW_CHECK(step_onto(i + 1));
    }
    return {};
  }

 private:
  Result<void> step_onto(std::size_t i) {
    PW_CHECK(ordered(block_.s6, i, "s6_duplicate_key", "s6_unsorted", "S6"));
    return ordered(block_.catalogue, i, "outlet_duplicate_key", "outlet_unsorted", "the catalogue");
  }

  Result<void> ordered(const SiteRows& rows, std::size_t i, const char* repeated, const char* unsorted,
                       const std::string& name) {
    if (i >= rows.size() || !previous_) return {};
    const auto key = rows.key(i);
    if (key == *previous_) return fault("E703_DUP_KEY", repeated, key, "appears twice in " + name);
    if (key < *previous_)
      return fault("E706_WRITER_SORT_VIOLATION", unsorted, key, "stands after a greater key in " + name);
    return {};
  }

  // Tiles that no bounds are known for, of the first country that has any.
  Result<void> known_tiles() {
    std::vector<Iso> countries;
    std::map<Iso, std::set<TileId>> tiles;
    for (std::size_t i = 0; i < block_.s5.size(); ++i) {
      auto [it, added] = tiles.try_emplace(block_.s5.country[i]);
      if (added) countries.push_back(it->first);
      it->second.insert(block_.s5.tile[i]);
    }
    for (const auto iso : countries) {
      PW_TRY(const auto* const known, tiles_of_(iso));
      std::vector<std::uint64_t> missing;
      std::ranges::copy_if(tiles[iso], std::back_inserter(missing),
                           [&](TileId tile) { return !known->contains(tile); });
      if (missing.empty()) continue;
      return Error("E709_TILE_FK_VIOLATION", std::to_string(missing.size()) + " tiles that S5 assigns in " +
                                                 iso.text() + " are no tiles of that country, the first is " +
                                                 std::to_string(missing[0]))
          .with("detail", "tile_bounds_missing")
          .with("legal_country_iso", iso)
          .with("missing", missing);
    }
    return {};
  }

  Result<void> row(std::size_t i) {
    const auto key = block_.s5.key(i);
    if (previous_ && key == *previous_) return fault("E703_DUP_KEY", "s5_duplicate_key", key, "appears twice in S5");
    if (previous_ && key < *previous_)
      return fault("E706_WRITER_SORT_VIOLATION", "s5_unsorted", key, "stands after a greater key in S5");
    PW_CHECK(jitter(i, key));
    PW_CHECK(outlet(i, key));
    const auto tile = bounds_of(grid_, block_.s5.tile[i]);
    const auto point = coordinates(tile, block_.s6, i);
    if (!inside(tile, point.lon, point.lat)) {
      return fault("E707_POINT_OUTSIDE_PIXEL", "point_outside_pixel", key,
                   "centre plus jitter leaves tile " + std::to_string(block_.s5.tile[i]));
    }
    if (!publishable(key))
      return fault("E704_SCHEMA_VIOLATION", "key_out_of_range", key, "merchant or site order is out of range");
    return {};
  }

  Result<void> jitter(std::size_t i, const SiteKey& key) const {
    const auto& s6 = block_.s6;
    if (i >= s6.size() || s6.key(i) > key) return fault("E701_ROW_MISSING", "s6_missing_row", key, "has no row in S6");
    if (s6.key(i) < key) return fault("E702_ROW_EXTRA", "s6_extra_row", s6.key(i), "is in S6 but not in S5");
    if (!s6.fingerprint_ok[i]) {
      return fault("E705_PARTITION_OR_IDENTITY", "s6_manifest_fingerprint_mismatch", key,
                   "its S6 row belongs to another run");
    }
    if (s6.tile[i] != block_.s5.tile[i])
      return fault("E709_TILE_FK_VIOLATION", "s5_s6_tile_mismatch", key, "S5 and S6 disagree on its tile");
    return {};
  }

  Result<void> outlet(std::size_t i, const SiteKey& key) const {
    const auto& outlets = block_.catalogue;
    if (i >= outlets.size())
      return fault("E708_1A_COVERAGE_FAIL", "outlet_catalogue_missing_row", key, "is not in the catalogue");
    if (outlets.key(i) < key)
      return fault("E708_1A_COVERAGE_FAIL", "outlet_extra_row", outlets.key(i), "is in the catalogue but not in S5");
    if (outlets.key(i) > key)
      return fault("E708_1A_COVERAGE_FAIL", "outlet_missing_row", key, "is not in the catalogue");
    if (!outlets.fingerprint_ok[i]) {
      return fault("E705_PARTITION_OR_IDENTITY", "outlet_manifest_fingerprint_mismatch", key,
                   "its catalogue row belongs to another run");
    }
    if (!outlets.seed_ok.empty() && !outlets.seed_ok[i]) {
      return fault("E705_PARTITION_OR_IDENTITY", "outlet_global_seed_mismatch", key,
                   "its catalogue row has another seed");
    }
    return {};
  }

  const Block& block_;
  std::optional<SiteKey> previous_;
  const geo::Grid& grid_;
  const TilesOf& tiles_of_;
};

}  // namespace

bool inside(const geo::TileBounds& tile, double lon, double lat) {
  if (!(tile.min_lat - kTolerance <= lat && lat <= tile.max_lat + kTolerance)) return false;
  const bool east = lon >= tile.min_lon - kTolerance;
  const bool west = lon <= tile.max_lon + kTolerance;
  return tile.min_lon <= tile.max_lon ? east && west : east || west;
}

Result<std::optional<Placed>> place(const Block& block, const geo::Grid& grid, const TilesOf& tiles_of) {
  if (!aligned(block)) return std::optional<Placed>();
  const auto& s5 = block.s5;
  Placed placed;
  placed.lon.resize(s5.size());
  placed.lat.resize(s5.size());
  std::map<Iso, std::size_t> slot;
  const geo::TileSet* tiles = nullptr;
  for (std::size_t begin = 0, end = 0; begin < s5.size(); begin = end) {
    const auto iso = s5.country[begin];
    for (end = begin + 1; end < s5.size() && s5.country[end] == iso; ++end) {
    }
    PW_TRY(tiles, tiles_of(iso));
    const auto [it, added] = slot.try_emplace(iso, placed.countries.size());
    if (added) placed.countries.emplace_back(iso, 0);
    placed.countries[it->second].second += end - begin;
    for (std::size_t i = begin; i < end; ++i) {
      if (!publishable(s5.key(i)) || !tiles->contains(s5.tile[i])) return std::optional<Placed>();
      const auto tile = bounds_of(grid, s5.tile[i]);
      const auto point = coordinates(tile, block.s6, i);
      if (!inside(tile, point.lon, point.lat)) return std::optional<Placed>();
      placed.lon[i] = point.lon;
      placed.lat[i] = point.lat;
    }
  }
  return std::optional(std::move(placed));
}

Error first_fault(const Block& block, const std::optional<SiteKey>& previous, const geo::Grid& grid,
                  const TilesOf& tiles_of) {
  if (auto walked = Walk(block, previous, grid, tiles_of).run(); !walked) return std::move(walked).error();
  return Error("PW_DEFECT", "S7 refused a block of rows in which it then found no fault");
}

}  // namespace placewright::states::s7_synthesis
