#include "mass/blocks.hpp"

#include <algorithm>

#include "datasets/schemas.hpp"
#include "mass/surroundings.hpp"
#include "table/table.hpp"

namespace placewright::mass {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostCountryPeople = std::uint64_t{1} << (31 + 20);
constexpr std::uint64_t kMostMass = std::uint64_t{1} << 47;  // times a factor of 16 bits: below 2^63

Error overflow(Iso country, const std::string& what) {
  return Error("E105_NORMALIZATION", "country " + country.text() + ": " + what)
      .with("detail", "mass_overflow")
      .with("country_iso", country);
}

// Sums stop as soon as they are too large, far below what their own type carries.
Result<void> check_room(const CountryMasses& masses) {
  if (masses.people >= kMostCountryPeople)
    return overflow(masses.country, "2^31 people or more; look for wrong values in the population raster");
  for (const auto& level : masses.blocks.mass) {
    std::uint64_t sum = 0;
    for (std::size_t b = 0; b < level.size() && sum < kMostMass; ++b)
      sum += std::min(static_cast<std::uint64_t>(level[b]), kMostMass);
    if (sum >= kMostMass) return overflow(masses.country, "its masses sum to 2^47 or more");
  }
  return {};
}

Error tampered(Iso country, const std::string& what) {
  return Error("E414_WEIGHT_TAMPER", "mass_blocks of " + country.text() + ": " + what)
      .with("legal_country_iso", country);
}

}  // namespace

void MassBlocks::reserve(std::size_t blocks) {
  index.reserve(blocks);
  first_tile.reserve(blocks);
  for (auto* column : {&tiles, &area_m2, &people, &density}) column->reserve(blocks);
  for (auto& level : mass) level.reserve(blocks);
}

void MassBlocks::push_back(const MassBlock& block) {
  index.push_back(block.index);
  first_tile.push_back(block.first_tile);
  tiles.push_back(block.tiles);
  area_m2.push_back(static_cast<std::int64_t>(block.area_m2));
  people.push_back(static_cast<std::int64_t>(block.people));
  density.push_back(block.density);
  for (std::size_t level = 0; level < kLevels; ++level)
    mass[level].push_back(static_cast<std::int64_t>(block.mass[level]));
}

MassBlock MassBlocks::operator[](std::size_t block) const {
  MassBlock out{index[block],
                first_tile[block],
                static_cast<std::uint32_t>(tiles[block]),
                static_cast<std::uint64_t>(area_m2[block]),
                static_cast<People>(people[block]),
                static_cast<DensityCode>(density[block]),
                {}};
  for (std::size_t level = 0; level < kLevels; ++level)
    out.mass[level] = static_cast<std::uint64_t>(mass[level][block]);
  return out;
}

Result<CountryMasses> country_masses(const geo::Grid& grid, const geo::TileSet& tiles, const CellMass& law, Iso country,
                                     const BlockSums& sums) {
  CountryMasses out;
  out.country = country;
  const geo::BlockFrame frame(grid, tiles);
  Surroundings around(frame, sums);
  around.smooth();
  if (!law.lifelike()) around.smooth();
  const auto with_demand = [](const auto& piece) {
    return std::ranges::any_of(piece, [](const BlockSum& sum) { return sum.sums.demand > 0; });
  };
  out.by_area = law.lifelike() && std::ranges::none_of(sums, with_demand);
  std::size_t blocks = 0;
  for (const auto& piece : sums) blocks += piece.size();
  out.blocks.reserve(blocks);
  around.each([&](std::uint64_t index, const BlockSum& sum, double per_km2) {
    const auto first = grid.id(sum.at.row << frame.level(), sum.at.column << frame.level());
    MassBlock block{index, first, sum.tiles, sum.area_m2, sum.sums.people, density_code(per_km2), sum.sums.mass};
    if (out.by_area) block.mass.fill(sum.area_m2);
    out.blocks.push_back(block);
    out.people += sum.sums.people;
  });
  PW_CHECK(check_room(out));
  return out;
}

Result<void> write_masses(const fs::path& folder, CountryMasses masses) {
  auto& blocks = masses.blocks;
  table::Batch batch;
  batch.rows = blocks.size();
  batch.columns.reserve(datasets::kMassBlocks.size());
  batch.columns.emplace_back(table::TextColumn::repeated(masses.country.text(), batch.rows));
  for (auto* column : {&blocks.index, &blocks.first_tile}) batch.columns.emplace_back(std::move(*column));
  for (auto* column : {&blocks.tiles, &blocks.area_m2, &blocks.people, &blocks.density})
    batch.columns.emplace_back(std::move(*column));
  for (auto& level : blocks.mass) batch.columns.emplace_back(std::move(level));
  PW_TRY(auto writer,
         table::FileWriter::create(folder / ("part-" + masses.country.text() + ".parquet"), datasets::kMassBlocks));
  PW_CHECK(writer.close(batch));
  return {};
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
  PW_TRY(auto batch, rows.read_all(datasets::kMassBlocks));
  CountryMasses out;
  out.country = country;
  const auto column = [&](std::size_t i) { return std::move(std::get<std::vector<std::int64_t>>(batch.columns[i])); };
  auto& blocks = out.blocks;
  blocks = {std::get<0>(std::move(batch.columns[1])),
            std::get<0>(std::move(batch.columns[2])),
            column(3),
            column(4),
            column(5),
            column(6),
            {column(7), column(8), column(9), column(10), column(11)}};
  if (std::ranges::adjacent_find(blocks.index, std::ranges::greater_equal()) != blocks.index.end())
    return tampered(country, "blocks do not ascend");
  if (!std::ranges::all_of(blocks.density,
                           [](auto code) { return code >= 0 && code <= kCodeOctaves * kCodesPerOctave; }))
    return tampered(country, "a density is no code of one");
  out.by_area = blocks.mass.front() == blocks.area_m2 && blocks.mass.back() == blocks.area_m2;
  for (const auto people : blocks.people) out.people += static_cast<People>(people);
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
    const auto count = count_of(people.people[cell], people.rural_at(cell), law.uncounted());
    out.push_back({tile, count.demand, areas.m2(row, column)});
  }
  return out;
}

}  // namespace placewright::mass
