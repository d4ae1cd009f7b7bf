#include "states/s6_jitter/territory.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <shared_mutex>
#include <unordered_map>

#include "geo_io/countries.hpp"
#include "table/table.hpp"

namespace placewright::states::s6_jitter {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kTilesPerWord = 32;

geo::TileSet spans_of(std::vector<TileId> ids, const geo::Grid& grid) {
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  std::vector<geo::Span> spans;
  for (const auto id : ids) {
    if (!spans.empty() && id == spans.back().first + spans.back().length && id % grid.columns != 0) {
      ++spans.back().length;
    } else {
      spans.push_back({id, 1});
    }
  }
  return geo::TileSet(std::move(spans));
}

Error geometry_fault(Iso country, const std::string& detail) {
  return Error("E608_POINT_OUTSIDE_COUNTRY", "world_countries: " + country.text() + ": " + detail)
      .with("detail", detail)
      .with("legal_country_iso", country);
}

}  // namespace

// Two bits a tile: decided, and inside. Threads may decide a tile twice; they write the same bits.
struct Territory::Memory {
  static constexpr std::size_t kShelves = 16;
  struct Shelf {
    std::shared_mutex mutex;
    std::unordered_map<std::uint64_t, geo::Patch> patches;  // by position; never removed
  };
  std::vector<std::atomic<std::uint64_t>> words;
  std::array<Shelf, kShelves> shelves;

  explicit Memory(std::uint64_t tiles) : words((tiles + kTilesPerWord - 1) / kTilesPerWord) {}

  // Tiles [first, last) are inside.
  void decide_inside(std::uint64_t first, std::uint64_t last) {
    while (first < last) {
      const auto count = std::min(last - first, kTilesPerWord - first % kTilesPerWord);
      const auto bits = ~std::uint64_t{0} >> (64 - 2 * count) << (2 * (first % kTilesPerWord));
      words[first / kTilesPerWord].fetch_or(bits, std::memory_order_relaxed);
      first += count;
    }
  }
  void decide_boundary(std::uint64_t position) {
    words[position / kTilesPerWord].fetch_or(std::uint64_t{1} << (2 * (position % kTilesPerWord)),
                                             std::memory_order_relaxed);
  }

  const geo::Patch* find(std::uint64_t position) {
    auto& shelf = shelves[position % kShelves];
    const std::shared_lock lock(shelf.mutex);
    const auto it = shelf.patches.find(position);
    return it == shelf.patches.end() ? nullptr : &it->second;
  }
  // nullptr when there is no room.
  const geo::Patch* keep(std::uint64_t position, geo::Patch&& patch) {
    auto& shelf = shelves[position % kShelves];
    const std::unique_lock lock(shelf.mutex);
    if (shelf.patches.size() >= kMostPatches / kShelves) return nullptr;
    return &shelf.patches.try_emplace(position, std::move(patch)).first->second;
  }
};

Territory::Territory(Iso country, const geo::Grid& grid, const geo::MultiPolygon& polygons, const geo::TileSet& tiles,
                     std::optional<geo::TileSet> bounds)
    : country_(country),
      grid_(grid),
      polygon_(polygons),
      tiles_(tiles),
      bounds_(std::move(bounds)),
      memory_(std::make_unique<Memory>(tiles.size())) {}
Territory::~Territory() = default;

Result<void> Territory::check(std::span<const TileId> tiles) const {
  const auto& with_bounds = bounds_ ? *bounds_ : tiles_;
  std::vector<std::uint64_t> missing;
  std::ranges::copy_if(tiles, std::back_inserter(missing), [&](TileId tile) { return !with_bounds.contains(tile); });
  if (!missing.empty()) {
    return Error("E606_FK_TILE_INDEX", std::to_string(missing.size()) + " tiles that S5 assigns in " + country_.text() +
                                           " have no bounds, the first is " + std::to_string(missing[0]))
        .with("detail", "tile_bounds_missing")
        .with("legal_country_iso", country_)
        .with("missing", missing);
  }
  if (!bounds_) return {};  // the tiles themselves were asked just now
  const auto stranger = std::ranges::find_if(tiles, [&](TileId tile) { return !tiles_.contains(tile); });
  if (stranger == tiles.end()) return {};
  return Error("E606_FK_TILE_INDEX",
               "tile " + std::to_string(*stranger) + ", which S5 assigns in " + country_.text() + ", is no tile of it")
      .with("detail", "tile_id_not_in_index")
      .with("legal_country_iso", country_)
      .with("tile_id", *stranger);
}

std::optional<std::uint64_t> Territory::position_of(TileId tile) const {
  if (bounds_ && !bounds_->contains(tile)) return std::nullopt;
  return tiles_.position_of(tile);
}

void Territory::prefetch(std::uint64_t position) const {
  __builtin_prefetch(&memory_->words[position / kTilesPerWord]);
}

Land Territory::land(std::uint64_t position, const geo::TileBounds& b) const {
  Land land{polygon_};
  if (b.min_lon > b.max_lon) return land;  // across the antimeridian: not one rectangle
  const auto& word = memory_->words[position / kTilesPerWord];
  const auto known = word.load(std::memory_order_relaxed) >> (2 * (position % kTilesPerWord)) & 3;
  if (known & 1) {
    land.interior = (known & 2) != 0;
    if (!land.interior) land.patch = memory_->find(position);
    return land;
  }
  const geo::Box box{b.min_lon, b.min_lat, b.max_lon, b.max_lat};
  if (const auto around = polygon_.covered_around(box)) {  // mostly, and that is told for less than a patch costs
    land.interior = true;
    const auto run = inside_with(position, b, *around);
    memory_->decide_inside(run.first, run.last);
    return land;
  }
  land.patch = memory_->keep(position, polygon_.patch(box));
  memory_->decide_boundary(position);
  return land;
}

Territory::Run Territory::inside_with(std::uint64_t position, const geo::TileBounds& b,
                                      const geo::Meridians& around) const {
  if (grid_.rotated() || grid_.a <= 0) return {position, position + 1};
  constexpr double kMargin = 1e-9;  // more than rounding moves a side of a tile
  const auto tiles_in = [&](double degrees) {
    return static_cast<std::uint64_t>(std::max(0.0, (degrees - kMargin) / grid_.a));
  };
  const auto span = tiles_.span_at(position);
  const auto start = tiles_.start_of(span), offset = position - start;
  const auto west = std::min(offset, tiles_in(b.min_lon - around.west));
  const auto east = std::min(tiles_.spans()[span].length - 1 - offset, tiles_in(around.east - b.max_lon));
  return {position - west, position + east + 1};
}

namespace {

struct Entry {
  std::mutex mutex;
  std::unique_ptr<Territory> territory;
};

}  // namespace

struct Territories::Shared {
  std::mutex mutex;
  std::map<Iso, Entry> entries;
};

Territories::Territories(std::map<Iso, geo::MultiPolygon> polygons, datasets::TileSets tiles, fs::path bounds)
    : polygons_(std::move(polygons)),
      tiles_(std::move(tiles)),
      bounds_(std::move(bounds)),
      shared_(std::make_unique<Shared>()) {}
Territories::~Territories() = default;
Territories::Territories(Territories&&) noexcept = default;

Result<Territories> Territories::open(const store::RunFolder& run) {
  PW_TRY(auto universe, datasets::TileUniverse::open(run));
  fs::path bounds;
  if (universe.rows_form()) {
    PW_TRY(bounds, run.target("tile_bounds"));
    std::error_code error;
    if (!fs::is_directory(bounds, error))
      return Error("PW_INPUT", "S1 has published no tile_bounds at " + bounds.string());
  }
  PW_TRY(const auto file, run.locate("world_countries"));
  PW_TRY(auto shapes, geo_io::read_countries(file));
  std::map<Iso, geo::MultiPolygon> polygons;
  for (auto& shape : shapes) {
    if (!shape.problem.empty()) return geometry_fault(shape.country.iso, shape.problem);
    polygons.emplace(shape.country.iso, std::move(shape.country.polygons));
  }
  return Territories(std::move(polygons), datasets::TileSets(std::move(universe)), std::move(bounds));
}

std::uint64_t Territories::used() const {
  const std::scoped_lock lock(shared_->mutex);
  return shared_->entries.size();
}

Result<std::optional<geo::TileSet>> Territories::tiles_with_bounds(Iso country) const {
  if (bounds_.empty()) return std::optional<geo::TileSet>();
  const auto folder = bounds_ / ("country=" + country.text());
  std::error_code error;
  if (!fs::exists(folder, error)) return std::optional(geo::TileSet());
  PW_TRY(const auto table, table::Dataset::open(folder));
  std::vector<TileId> ids;
  for (std::size_t g = 0; g < table.groups(); ++g) {
    PW_TRY(const auto batch, table.read(g, {{"tile_id", table::Kind::u64}}));
    ids.insert(ids.end(), batch.u64(0).begin(), batch.u64(0).end());
  }
  return std::optional(spans_of(std::move(ids), grid()));
}

Result<const Territory*> Territories::of(Iso country) const {
  const auto polygons = polygons_.find(country);
  if (polygons == polygons_.end()) {
    return Error("E608_POINT_OUTSIDE_COUNTRY",
                 "world_countries has no polygon of " + country.text() + ", where S5 places sites")
        .with("detail", "country_not_in_world")
        .with("legal_country_iso", country);
  }
  Entry* entry = nullptr;
  {
    const std::scoped_lock lock(shared_->mutex);
    entry = &shared_->entries[country];
  }
  const std::scoped_lock lock(entry->mutex);
  if (!entry->territory) {
    PW_TRY(const auto* const tiles, tiles_.of(country));
    PW_TRY(auto bounds, tiles_with_bounds(country));
    entry->territory = std::make_unique<Territory>(country, grid(), polygons->second, *tiles, std::move(bounds));
  }
  return entry->territory.get();
}

}  // namespace placewright::states::s6_jitter
