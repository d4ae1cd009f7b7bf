#include "states/s7_synthesis/tile_facts.hpp"

#include <algorithm>
#include <bit>

#include "table/table.hpp"

namespace placewright::states::s7_synthesis {
namespace {

namespace fs = std::filesystem;
using table::Kind;

const table::Schema kBounds = {{"tile_id", Kind::u64},         {"min_lon_deg", Kind::f64},
                               {"max_lon_deg", Kind::f64},     {"min_lat_deg", Kind::f64},
                               {"max_lat_deg", Kind::f64},     {"centroid_lon_deg", Kind::f64},
                               {"centroid_lat_deg", Kind::f64}};

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// Ids to spans; rows need not ascend, and a repeated id counts once.
class SpanBuilder {
 public:
  explicit SpanBuilder(const geo::Grid& grid) : grid_(grid) {}
  void add(TileId tile) {
    if (!spans_.empty()) {
      auto& last = spans_.back();
      if (tile == last.first + last.length && tile % grid_.columns != 0) {
        ++last.length;
        return;
      }
      ascending_ = ascending_ && tile > last.first + last.length - 1;
    }
    spans_.push_back({tile, 1});
  }
  geo::TileSet finish() {
    if (ascending_) return geo::TileSet(std::move(spans_));
    std::ranges::sort(spans_, {}, &geo::Span::first);
    std::vector<geo::Span> merged;
    for (const auto& span : spans_) {
      if (merged.empty() || span.first >= merged.back().first + merged.back().length) {
        merged.push_back(span);
      } else {
        const auto end = std::max(merged.back().first + merged.back().length, span.first + span.length);
        merged.back().length = static_cast<std::uint32_t>(end - merged.back().first);
      }
    }
    return geo::TileSet(std::move(merged));
  }

 private:
  const geo::Grid& grid_;
  std::vector<geo::Span> spans_;
  bool ascending_ = true;
};

Error differs(Iso country, TileId tile, const char* detail, const std::string& what) {
  return Error("E709_TILE_FK_VIOLATION",
               "tile_bounds of " + country.text() + ": tile " + std::to_string(tile) + " " + what)
      .with("detail", detail)
      .with("legal_country_iso", country)
      .with("tile_id", tile);
}

}  // namespace

struct TileFacts::Entry {
  std::mutex mutex;
  std::unique_ptr<geo::TileSet> tiles;
};
struct TileFacts::Shared {
  std::mutex mutex;
  std::map<Iso, Entry> entries;
};

TileFacts::TileFacts(datasets::TileUniverse universe, fs::path bounds)
    : universe_(std::move(universe)), bounds_(std::move(bounds)), shared_(std::make_shared<Shared>()) {}

Result<TileFacts> TileFacts::open(const store::RunFolder& run) {
  PW_TRY(auto universe, datasets::TileUniverse::open(run));
  fs::path bounds;
  if (universe.rows_form()) {
    PW_TRY(bounds, run.locate("tile_bounds"));
  }
  return TileFacts(std::move(universe), std::move(bounds));
}

Result<geo::TileSet> TileFacts::read_bounds(Iso country) const {
  const auto folder = bounds_ / ("country=" + country.text());
  std::error_code error;
  if (!fs::exists(folder, error)) return geo::TileSet();
  PW_TRY(const auto dataset, table::Dataset::open(folder));
  const auto& grid = universe_.grid();
  const auto cells = static_cast<std::uint64_t>(grid.rows) * grid.columns;
  SpanBuilder spans(grid);
  for (std::size_t g = 0; g < dataset.groups(); ++g) {
    PW_TRY(const auto rows, dataset.read(g, kBounds));
    for (std::size_t i = 0; i < rows.rows; ++i) {
      const auto tile = rows.u64(0)[i];
      if (tile >= cells) return differs(country, tile, "tile_outside_grid", "lies outside the grid");
      const auto b = geo::tile_bounds(grid, grid.row_of(tile), grid.column_of(tile));
      const bool equal = same_bits(rows.f64(1)[i], b.min_lon) && same_bits(rows.f64(2)[i], b.max_lon) &&
                         same_bits(rows.f64(3)[i], b.min_lat) && same_bits(rows.f64(4)[i], b.max_lat) &&
                         same_bits(rows.f64(5)[i], b.centroid_lon) && same_bits(rows.f64(6)[i], b.centroid_lat);
      if (!equal)
        return differs(country, tile, "tile_bounds_differ_from_grid", "has other bounds than the grid gives it");
      spans.add(tile);
    }
  }
  return spans.finish();
}

Result<const geo::TileSet*> TileFacts::tiles_of(Iso country) const {
  Entry* entry = nullptr;
  {
    const std::scoped_lock lock(shared_->mutex);
    entry = &shared_->entries[country];
  }
  const std::scoped_lock lock(entry->mutex);
  if (!entry->tiles) {
    PW_TRY(auto tiles, universe_.rows_form() ? read_bounds(country) : universe_.load(country));
    entry->tiles = std::make_unique<geo::TileSet>(std::move(tiles));
  }
  return entry->tiles.get();
}

Result<void> TileFacts::preload(const std::vector<Iso>& countries, work::Pool& pool) {
  return work::for_each(pool, countries.size(), [&](std::size_t i) -> Result<void> {
    PW_CHECK(tiles_of(countries[i]));
    return {};
  });
}

}  // namespace placewright::states::s7_synthesis
