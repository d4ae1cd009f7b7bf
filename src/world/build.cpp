#include "world/build.hpp"

#include <algorithm>
#include <cmath>

#include "geo_io/geotiff_writer.hpp"
#include "store/files.hpp"
#include "store/lock.hpp"
#include "world/check.hpp"
#include "world/countries.hpp"
#include "world/owners.hpp"
#include "world/pack.hpp"
#include "world/people.hpp"
#include "world/products.hpp"
#include "world/sidecars.hpp"

namespace placewright::world {
namespace {

constexpr float kNoData = -99999.0F;

// A degree cut evenly; where rounding would put the last row's south edge beyond the pole (1/120 does), the next
// smaller step, which is short of the pole by 4e-14 degrees.
geo::Grid globe(std::uint32_t cells_per_degree) {
  const auto south_edge = [&](double size) { return 90 + -size * (180 * cells_per_degree - 1) + -size; };
  double size = 1.0 / cells_per_degree;
  if (south_edge(size) < -90) size = std::nextafter(size, 0);
  return {360 * cells_per_degree, 180 * cells_per_degree, size, 0, -180, 0, -size, 90};
}

struct Sources {
  std::vector<CountryInfo> table;
  std::vector<Feature> features;
  Settlements settlements;
};

Result<Sources> read_sources(const Pack& pack, bool reference_codes) {
  Sources out;
  PW_TRY(const auto info, pack.read(kCountryInfoFile));
  PW_TRY(out.table, parse_country_info(info, reference_codes));
  PW_TRY(const auto text, pack.read(kPolygonsFile));
  PW_TRY(const auto topology, parse_json(text, std::string(kPolygonsFile)));
  PW_TRY(out.features, decode_topojson(topology, "countries"));
  PW_TRY(const auto csv, pack.read(kSettlementsFile));
  PW_TRY(out.settlements, parse_settlements(csv));
  return out;
}

// Paths, sources and figures of each product, for the records beside it.
struct Records {
  Json iso, polygons, population;
};

Records make_records(const Sources& sources, const Countries& countries, const Peopled& peopled) {
  Records out;
  std::vector<std::string> left_out;
  for (const char* code : {"AN", "CS"}) {
    const auto iso = *Iso::parse(code);
    if (!std::ranges::binary_search(sources.table, iso, {}, &CountryInfo::iso)) left_out.push_back(code);
  }
  out.iso = {{"rows", sources.table.size()}, {"withdrawn_codes_left_out", left_out}, {"excluded", {"UK", "XK"}}};
  std::vector<std::string> codes;
  for (const auto& country : countries.rows) codes.push_back(country.iso.text());
  out.polygons = {{"produced_iso", codes},
                  {"missing_iso_before_aug", countries.squares},
                  {"missing_iso_after_aug", Json::array()},
                  {"invalid_iso_before_fix", countries.repaired},
                  {"invalid_iso_after_fix", Json::array()},
                  {"features_without_code", countries.left_out}};
  Json rows = Json::array();
  std::vector<std::string> without, empty;
  for (std::size_t i = 0; i < countries.rows.size(); ++i) {
    const auto& spread = peopled.spreads[i];
    const auto code = countries.rows[i].iso.text();
    // The people of a withdrawn code live in its successors now; the table's figure is not theirs.
    const Json listed = withdrawn(countries.rows[i].iso) ? Json() : Json(sources.table[i].population);
    rows.push_back({{"country_iso", code},
                    {"tiles", peopled.tiles[i].size()},
                    {"shared_tiles", peopled.tiles[i].size() - peopled.owned[i].size()},
                    {"population", listed},
                    {"people", spread.total + peopled.borrowed[i]},
                    {"settled", spread.settled},
                    {"lit", spread.lit},
                    {"rural", spread.rural},
                    {"moved_places", spread.moved},
                    {"moved_people", spread.moved_people},
                    {"far_places", spread.far},
                    {"far_people", spread.far_people}});
    if (peopled.tiles[i].empty()) without.push_back(code);
    if (sources.table[i].population == 0) empty.push_back(code);
  }
  out.population = {{"countries", rows},
                    {"without_tiles", without},
                    {"without_people", empty},
                    {"settlements", sources.settlements.counts}};
  return out;
}

Facts facts_of(const geo::Grid& grid, const Peopled& peopled, const Json& qa) {
  Facts facts;
  facts.countries = peopled.tiles.size();
  facts.columns = grid.columns;
  facts.rows = grid.rows;
  for (std::size_t i = 0; i < peopled.tiles.size(); ++i) {
    facts.tiles += peopled.tiles[i].size();
    facts.people += peopled.spreads[i].total;
  }
  facts.without_tiles = qa.at("without_tiles").get<std::vector<std::string>>();
  return facts;
}

Json whole_qa(const Records& records, const Facts& facts) {
  return {{"countries", facts.countries},
          {"columns", facts.columns},
          {"rows", facts.rows},
          {"tiles", facts.tiles},
          {"people", facts.people},
          {"without_tiles", facts.without_tiles},
          {"iso", records.iso},
          {"synthetic_squares", records.polygons.at("missing_iso_before_aug")},
          {"features_without_code", records.polygons.at("features_without_code")}};
}

Result<void> describe(const fs::path& world, const Records& records, const Facts& facts, const Json& identity,
                      const Pack& pack) {
  const std::string polygons(kPolygonsFile), info(kCountryInfoFile), places(kSettlementsFile), lamps(kLampsFile),
      regions(kRegionsFile);
  const std::vector<Product> products = {
      {"iso3166_canonical_2024",
       "2024-12-31",
       kIsoPath,
       "CC-BY-4.0",
       {info},
       {{"columns_left_null", {"region", "subregion", "start_date", "end_date"}}},
       records.iso},
      {"world_countries",
       "2024",
       kCountriesPath,
       "Public-Domain",
       {polygons, info},
       {{"join", "numeric code"}, {"repair", "make-valid linework, then buffer(0)"}, {"square_degrees", 0.5}},
       records.polygons},
      {"population_raster_2025",
       "2025",
       kRasterPath,
       "CC-BY-4.0",
       {places, lamps, info, polygons},
       {{"model", "settled_lit_rural_v1"}, {"unit", "people per cell"}, {"nodata", kNoData}},
       records.population},
      {"population_rural_2025",
       "2025",
       kRuralRasterPath,
       "CC-BY-4.0",
       {places, lamps, info, polygons},
       {{"model", "settled_lit_rural_v1"},
        {"unit", "scattered people per cell, part of population_raster_2025"},
        {"nodata", kNoData}},
       Json::object()},
      {"iso_canonical", "v2025-10-09", kRegionsPath, "Public-Domain", {regions}, Json::object(), Json::object()},
  };
  std::vector<Json> lines;
  for (const auto& product : products) {
    PW_TRY(auto line, describe_product(world, product, pack));
    lines.push_back(std::move(line));
  }
  return describe_world(world, lines, identity, whole_qa(records, facts), pack);
}

// Of ten codecs tried on this raster, ZSTD without predictor is read fastest (docs/population.md).
Result<void> write_raster(const fs::path& file, const Ground& ground, const Peopled& peopled, Part part,
                          unsigned threads) {
  const auto& grid = ground.grid;
  PW_CHECK(store::make_folder(file.parent_path()));
  geo_io::GeoTiffOptions options;
  options.codec = geo_io::Codec::zstd;
  options.zstd_level = 3;
  options.float_predictor = false;
  options.nodata = kNoData;
  options.threads = threads;
  PW_TRY(auto writer, geo_io::GeoTiffWriter::create(file, grid, options));
  RasterFiller filler(ground, peopled, part);
  std::vector<float> values;
  for (std::uint32_t first = 0; first < grid.rows; first += options.tile) {
    const auto rows = std::min(options.tile, grid.rows - first);
    values.assign(std::size_t{rows} * grid.columns, kNoData);
    filler.fill(first, rows, values);
    PW_CHECK(writer.write(values));
  }
  return writer.close();
}

Result<void> make(const fs::path& world, const BuildOptions& options, const Pack& pack, const Json& identity,
                  work::Pool& pool, report::Log& log) {
  PW_TRY(const auto sources, read_sources(pack, options.reference_codes));
  log.step("world: sources read");
  PW_TRY(const auto countries, join_countries(sources.table, sources.features, pool));
  PW_CHECK(write_iso_table(world / kIsoPath, sources.table));
  PW_CHECK(write_polygons(world / kCountriesPath, countries.rows));
  PW_CHECK(copy_tables(world, pack));
  log.step("world: polygons of " + std::to_string(countries.rows.size()) + " countries");
  PW_TRY(const auto lamps, Lamps::read(pack.path(kLampsFile)));
  const auto grid = globe(options.cells_per_degree);
  PW_TRY(const auto peopled, people_of_world(grid, countries, sources.table, sources.settlements, lamps, pool));
  log.step("world: people modelled");
  const LampReader reader(lamps, grid);
  const auto ground = make_ground(grid, reader);
  PW_CHECK(write_raster(world / kRasterPath, ground, peopled, Part::people, pool.threads()));
  PW_CHECK(write_raster(world / kRuralRasterPath, ground, peopled, Part::rural, pool.threads()));
  log.step("world: rasters written");
  const auto records = make_records(sources, countries, peopled);
  const auto facts = facts_of(grid, peopled, records.population);
  PW_CHECK(describe(world, records, facts, identity, pack));
  log.step("world: described");
  return {};
}

// True when `folder` is the world asked for, with every byte as its digests say.
Result<bool> is_this_world(const fs::path& folder, const Json& identity) {
  std::error_code error;
  if (!fs::exists(folder, error) || (fs::is_directory(folder, error) && fs::is_empty(folder, error))) return false;
  const auto manifest = store::read_json(folder / "manifest.json");
  if (!manifest || !manifest->is_object() || manifest->value("world", Json()) != identity) {
    return Error("WORLD_TARGET", folder.string() + " exists and is not the world asked for");
  }
  PW_TRY(const auto findings, check_digests(folder));
  if (!findings.empty())
    return Error("WORLD_TARGET", folder.string() + " is this world, but damaged: " + findings.front());
  return true;
}

Result<BuildReport> report_of(const fs::path& folder, bool existed) {
  PW_TRY(auto facts, show(folder));
  return BuildReport{folder, existed, std::move(facts)};
}

}  // namespace

Result<BuildReport> build(const BuildOptions& options, work::Pool& pool, report::Log& log) {
  if (options.out.empty()) return Error("PW_USAGE", "a world needs a folder to be made in");
  if (options.cells_per_degree == 0 || options.cells_per_degree > 120) {
    return Error("PW_USAGE", "cells per degree must be 1 to 120, not " + std::to_string(options.cells_per_degree));
  }
  std::error_code error;
  auto out = fs::absolute(options.out, error).lexically_normal();
  if (!out.has_filename()) out = out.parent_path();  // "world/"
  PW_TRY(const auto pack, Pack::open(options.pack));
  const auto identity = world_identity(pack, options.cells_per_degree, options.reference_codes);
  PW_TRY(const bool ready, is_this_world(out, identity));
  if (ready) return report_of(out, true);

  auto aside = out;
  aside += ".partial";
  PW_TRY(const auto lock, store::Lock::take(aside));
  PW_TRY(const bool meanwhile, is_this_world(out, identity));
  fs::remove_all(aside / "world", error);
  auto made = meanwhile ? Result<void>() : make(aside / "world", options, pack, identity, pool, log);
  if (made && !meanwhile) made = store::rename_path(aside / "world", out);
  fs::remove_all(aside, error);
  PW_CHECK(std::move(made));
  return report_of(out, meanwhile);
}

}  // namespace placewright::world
