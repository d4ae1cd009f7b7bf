#include "mass/blocks.hpp"

#include <algorithm>

#include "datasets/schemas.hpp"
#include "table/table.hpp"

namespace placewright::mass {
namespace {

namespace fs = std::filesystem;

__extension__ using Wide = unsigned __int128;

constexpr std::uint64_t kMostCountryPeople = std::uint64_t{1} << (31 + 20);
constexpr std::uint64_t kMostMass = std::uint64_t{1} << 47;  // times a factor of 16 bits: below 2^63

// Demand and area of a country's blocks on a full rectangle, for sums over neighbours.
class Surroundings {
 public:
  Surroundings(const geo::BlockFrame& frame, const BlockSums& sums)
      : width_(frame.width()), height_(frame.height()), cells_(std::size_t{width_} * height_) {
    for (const auto& piece : sums) {
      for (const auto& sum : piece) {
        const auto place = frame.place_of(sum.at);
        cells_[std::size_t{place.y} * width_ + place.x] = {sum.demand, sum.area_m2};
      }
    }
  }

  // Every place becomes the sum of the 3x3 around it, weighted 1 2 1 both ways.
  void smooth() {
    pass(1, width_, height_, width_);
    pass(width_, height_, width_, 1);
  }

  double density(geo::Place place) const {
    const auto& cell = cells_[std::size_t{place.y} * width_ + place.x];
    return static_cast<double>(cell.demand) / kPeopleUnit / (static_cast<double>(cell.area) / 1e6);
  }

 private:
  struct Cell {
    std::uint64_t demand = 0, area = 0;
  };

  // Along lines of `count` places, `step` apart; the lines begin `skip` apart.
  void pass(std::size_t step, std::size_t count, std::size_t lines, std::size_t skip) {
    for (std::size_t line = 0; line < lines; ++line) {
      Cell before;
      for (std::size_t i = 0; i < count; ++i) {
        auto& cell = cells_[line * skip + i * step];
        const Cell after = i + 1 < count ? cells_[line * skip + (i + 1) * step] : Cell();
        const Cell here = cell;
        cell = {before.demand + 2 * here.demand + after.demand, before.area + 2 * here.area + after.area};
        before = here;
      }
    }
  }

  std::size_t width_, height_;
  std::vector<Cell> cells_;
};

Error overflow(Iso country, const std::string& what) {
  return Error("E105_NORMALIZATION", "country " + country.text() + ": " + what)
      .with("detail", "mass_overflow")
      .with("country_iso", country);
}

Result<void> check_room(const CountryMasses& masses) {
  if (masses.people >= kMostCountryPeople)
    return overflow(masses.country, "2^31 people or more; look for wrong values in the population raster");
  for (std::size_t level = 0; level < kLevels; ++level) {
    Wide sum = 0;
    for (const auto& block : masses.blocks) sum += block.mass[level];
    if (sum >= kMostMass) return overflow(masses.country, "its masses sum to 2^47 or more");
  }
  return {};
}

Error tampered(Iso country, const std::string& what) {
  return Error("E414_WEIGHT_TAMPER", "mass_blocks of " + country.text() + ": " + what)
      .with("legal_country_iso", country);
}

}  // namespace

Result<CountryMasses> country_masses(const geo::Grid& grid, const geo::TileSet& tiles, const CellMass& law, Iso country,
                                     const BlockSums& sums) {
  CountryMasses out;
  out.country = country;
  const geo::BlockFrame frame(grid, tiles);
  Surroundings around(frame, sums);
  around.smooth();
  if (!law.lifelike()) around.smooth();
  std::vector<std::pair<std::uint64_t, const BlockSum*>> order;
  bool demand = false;
  for (const auto& piece : sums) {
    for (const auto& sum : piece) {
      order.emplace_back(frame.index_of(sum.at), &sum);
      demand = demand || sum.demand > 0;
    }
  }
  std::ranges::sort(order, {}, &std::pair<std::uint64_t, const BlockSum*>::first);
  out.by_area = law.lifelike() && !demand;
  out.blocks.reserve(order.size());
  for (const auto& [index, sum] : order) {
    const auto first = grid.id(sum->at.row << frame.level(), sum->at.column << frame.level());
    out.blocks.push_back({index, first, sum->tiles, sum->area_m2, sum->people,
                          density_code(around.density(frame.place_of(sum->at))), sum->mass});
    if (out.by_area) out.blocks.back().mass.fill(sum->area_m2);
    out.people += sum->people;
  }
  PW_CHECK(check_room(out));
  return out;
}

Result<std::uint64_t> write_masses(const fs::path& folder, const CountryMasses& masses) {
  const auto& blocks = masses.blocks;
  const auto n = blocks.size();
  std::vector<std::uint64_t> index(n), first(n);
  std::vector<std::int64_t> tiles(n), area(n), people(n), density(n);
  for (std::size_t i = 0; i < n; ++i) {
    index[i] = blocks[i].index;
    first[i] = blocks[i].first_tile;
    tiles[i] = blocks[i].tiles;
    area[i] = static_cast<std::int64_t>(blocks[i].area_m2);
    people[i] = static_cast<std::int64_t>(blocks[i].people);
    density[i] = blocks[i].density;
  }
  table::Batch batch;
  batch.rows = n;
  batch.columns = {table::TextColumn::repeated(masses.country.text(), n),
                   std::move(index),
                   std::move(first),
                   std::move(tiles),
                   std::move(area),
                   std::move(people),
                   std::move(density)};
  for (std::size_t level = 0; level < kLevels; ++level) {
    std::vector<std::int64_t> mass(n);
    std::ranges::transform(blocks, mass.begin(),
                           [level](const MassBlock& block) { return static_cast<std::int64_t>(block.mass[level]); });
    batch.columns.emplace_back(std::move(mass));
  }
  PW_TRY(auto writer,
         table::FileWriter::create(folder / ("part-" + masses.country.text() + ".parquet"), datasets::kMassBlocks));
  PW_CHECK(writer.write(batch));
  PW_TRY(const auto written, writer.close());
  return written.bytes;
}

bool MassSource::published(const store::RunFolder& run) {
  if (run.dictionary().find("mass_blocks") == nullptr) return false;
  const auto path = run.target("mass_blocks");
  std::error_code error;
  return path && fs::is_directory(*path, error);
}

Result<MassSource> MassSource::open(const store::RunFolder& run) {
  MassSource source;
  PW_TRY(source.root_, run.target("mass_blocks"));
  std::error_code error;
  for (fs::directory_iterator it(source.root_, error), end; !error && it != end; it.increment(error)) {
    const auto name = it->path().filename().string();
    if (!name.starts_with("part-") || !name.ends_with(".parquet")) continue;
    const auto iso = Iso::parse(std::string_view(name).substr(5, 2));
    if (!iso || name.size() != 15)
      return Error("PW_INPUT", it->path().string() + ": the name does not tell the country (part-XX.parquet)");
    source.countries_.push_back(*iso);
  }
  if (error || source.countries_.empty())
    return Error("PW_INPUT", "S2 has published no masses at " + source.root_.string());
  std::ranges::sort(source.countries_);
  return source;
}

fs::path MassSource::file_of(Iso country) const { return root_ / ("part-" + country.text() + ".parquet"); }

std::uint64_t MassSource::file_bytes(Iso country) const {
  std::error_code error;
  const auto bytes = fs::file_size(file_of(country), error);
  return error ? 0 : bytes;
}

Result<CountryMasses> MassSource::load(Iso country) const {
  if (!std::ranges::binary_search(countries_, country)) {
    return Error("E402_MISSING_TILE_WEIGHTS", "country " + country.text() + " has no masses")
        .with("legal_country_iso", country);
  }
  PW_TRY(const auto rows, table::Dataset::open(file_of(country)));
  PW_TRY(const auto batch, rows.read_all(datasets::kMassBlocks));
  CountryMasses out;
  out.country = country;
  out.blocks.resize(batch.rows);
  const auto at = [&](std::size_t column, std::size_t row) {
    return static_cast<std::uint64_t>(batch.i64(column)[row]);
  };
  bool areas = true;
  for (std::size_t i = 0; i < batch.rows; ++i) {
    auto& block = out.blocks[i];
    block = {batch.u64(1)[i],
             batch.u64(2)[i],
             static_cast<std::uint32_t>(at(3, i)),
             at(4, i),
             at(5, i),
             static_cast<DensityCode>(at(6, i)),
             {}};
    for (std::size_t level = 0; level < kLevels; ++level) block.mass[level] = at(7 + level, i);
    areas = areas && block.mass[0] == block.area_m2 && block.mass[kLevels - 1] == block.area_m2;
    out.people += block.people;
    if (i > 0 && block.index <= out.blocks[i - 1].index) return tampered(country, "blocks do not ascend");
  }
  out.by_area = areas;
  if (auto room = check_room(out); !room) return tampered(country, room.error().message());
  return out;
}

std::vector<BlockCell> BlockReader::cells(const MassBlock& block, const CellPeople& people) const {
  const auto at = frame.at(block.index);
  const auto first_row = at.row << frame.level(), first_column = at.column << frame.level();
  const auto& places = frame.cells_of(block.index);
  const bool whole = block.tiles == places.size();  // no other country's cells to leave out
  std::vector<BlockCell> out;
  out.reserve(block.tiles);
  for (const auto& place : places) {
    const auto row = first_row + place.y, column = first_column + place.x;
    if (row >= grid.rows || column >= grid.columns) continue;
    const auto tile = grid.id(row, column);
    if (!whole && !tiles.contains(tile)) continue;
    const auto cell =
        std::size_t{row - people.window.first_row} * people.window.columns + (column - people.window.first_column);
    out.push_back({tile, count_at(people, cell, law.uncounted()).demand, areas.m2(row, column)});
  }
  return out;
}

}  // namespace placewright::mass
