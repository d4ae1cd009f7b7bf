#include "world/build.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "geo_io/geotiff_writer.hpp"
#include "geo_io/vector.hpp"
#include "store/files.hpp"
#include "store/lock.hpp"
#include "world/check.hpp"
#include "world/countries.hpp"
#include "world/describe.hpp"
#include "world/overseas.hpp"
#include "world/owners.hpp"
#include "world/pack.hpp"
#include "world/people.hpp"
#include "world/products.hpp"
#include "world/sidecars.hpp"
#include "world/territories.hpp"
#include "world/user_files.hpp"
#include "world/user_polygons.hpp"
#include "world/user_raster.hpp"
#include "world/warnings.hpp"

namespace placewright::world {
namespace {

// A degree cut evenly; where rounding would put the last row's south edge beyond the pole (1/120 does), the next
// smaller step, which is short of the pole by 4e-14 degrees.
geo::Grid globe(std::uint32_t cells_per_degree) {
  const auto south_edge = [&](double size) { return 90 + -size * (180 * cells_per_degree - 1) + -size; };
  double size = 1.0 / cells_per_degree;
  if (south_edge(size) < -90) size = std::nextafter(size, 0);
  return {360 * cells_per_degree, 180 * cells_per_degree, size, 0, -180, 0, -size, 90};
}

std::vector<std::string> names_without_code(const std::vector<Feature>& features) {
  std::vector<std::string> names;
  for (const auto& feature : features)
    if (!feature.id) names.push_back(feature.name);
  return names;
}

Territories with_plain(Territories territories) {
  territories.insert(plain_territories().begin(), plain_territories().end());
  return territories;
}

Result<std::vector<Feature>> pack_features(const Pack& pack) {
  PW_TRY(const auto text, pack.read(kPolygonsFile));
  PW_TRY(const auto topology, parse_json(text, std::string(kPolygonsFile)));
  return decode_topojson(topology, "countries");
}

// Names a user's file may give are those of features without a code, also of parts that are split off without one.
Result<void> check_territories(const UserTerritories& territories, std::vector<std::string> names, const Sources& from,
                               const fs::path& file) {
  const auto more = names_without_code(from.features);
  names.insert(names.end(), more.begin(), more.end());
  auto known = check_names(territories, names);
  return known ? Result<void>() : Result<void>(std::move(known.error()).in(file.string()));
}

// The embedded features with overseas parts cut from their parents and territories given.
Result<void> read_pack_polygons(const Pack& pack, const UserTerritories& territories, const fs::path& file,
                                Sources& out) {
  PW_TRY(out.features, pack_features(pack));
  out.parted = split_overseas(out.table, out.features);
  PW_CHECK(check_territories(territories, {}, out, file));
  out.given = give_territories(with_plain(territories.countries), out.table, out.features);
  return {};
}

Result<UserTerritories> read_territories(const fs::path& file, const std::vector<CountryInfo>& table) {
  if (file.empty()) return UserTerritories();
  PW_TRY(const auto text, store::read_text(file));
  auto territories = parse_territories(text, table);
  if (!territories) return std::move(territories.error()).in(file.string());
  return territories;
}

// Countries that the user's file does not show keep the pack's polygons, so that a world has all of them.
Result<void> keep_pack_polygons(const Pack& pack, Sources& out) {
  std::set<int> drawn;
  for (const auto& feature : out.features)
    if (feature.id) drawn.insert(*feature.id);
  for (const auto& row : out.table)
    if (!drawn.contains(row.numeric)) out.kept.push_back(row.iso.text());
  Sources embedded;
  embedded.table = out.table;
  PW_CHECK(read_pack_polygons(pack, {}, {}, embedded));
  const auto kept = [&](const std::string& code) { return std::ranges::binary_search(out.kept, code); };
  for (const auto& [code, parent] : embedded.parted)
    if (kept(code)) out.parted.emplace(code, parent);
  for (const auto& [name, code] : embedded.given)
    if (kept(code)) out.given.emplace(name, code);
  std::ranges::copy_if(embedded.features, std::back_inserter(out.features),
                       [&](const Feature& feature) { return feature.id && !drawn.contains(*feature.id); });
  return {};
}

Result<void> read_user_polygons(const Pack& pack, const UserFiles& user, const UserTerritories& territories,
                                Sources& out) {
  PW_TRY(const auto source, geo_io::read_vector(user.polygons, user.layer));
  auto own = user_polygons(source, out.table, {user.iso_field, user.skip_unusable, territories.countries});
  if (!own) return std::move(own.error()).in(user.polygons.string());
  out.features = std::move(own->features);
  out.left_out = std::move(own->left_out);
  out.parted = split_overseas(out.table, out.features);
  PW_CHECK(check_territories(territories, own->nameless, out, user.territories));
  out.given = give_territories(with_plain(territories.countries), out.table, out.features);
  out.given.merge(own->given);
  return keep_pack_polygons(pack, out);
}

Result<Sources> read_sources(const Pack& pack, const BuildOptions& options) {
  Sources out;
  PW_TRY(const auto info, pack.read(kCountryInfoFile));
  auto table = parse_country_info(info, options.reference_codes);
  if (!table) return std::move(table.error()).in(pack.path(kCountryInfoFile).string());
  out.table = std::move(*table);
  PW_TRY(const auto territories, read_territories(options.user.territories, out.table));
  if (options.reference_codes) {
    PW_TRY(out.features, pack_features(pack));
  } else if (options.user.polygons.empty()) {
    PW_CHECK(read_pack_polygons(pack, territories, options.user.territories, out));
  } else {
    PW_CHECK(read_user_polygons(pack, options.user, territories, out));
  }
  if (!options.user.population.empty()) return out;
  PW_TRY(const auto csv, pack.read(kSettlementsFile));
  PW_TRY(out.settlements, parse_settlements(csv));
  return out;
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

Result<Described> model_people(const fs::path& world, const BuildOptions& options, const Pack& pack,
                               const Sources& sources, const Countries& countries, work::Pool& pool, report::Log& log) {
  PW_TRY(const auto lamps, Lamps::read(pack.path(kLampsFile)));
  const auto grid = globe(options.cells_per_degree);
  PW_TRY(const auto peopled, people_of_world(grid, countries, sources.table, sources.settlements, lamps, pool));
  log.step("world: people modelled");
  const LampReader reader(lamps, grid);
  const auto ground = make_ground(grid, reader);
  PW_CHECK(write_raster(world / kRasterPath, ground, peopled, Part::people, pool.threads()));
  PW_CHECK(write_raster(world / kRuralRasterPath, ground, peopled, Part::rural, pool.threads()));
  log.step("world: rasters written");
  return describe_model(sources, countries, grid, peopled);
}

Result<Described> copy_people(const fs::path& world, const fs::path& source, const Sources& sources,
                              const Countries& countries, work::Pool& pool, report::Log& log) {
  PW_TRY(const auto raster, read_user_raster(source, countries, sources.kept, pool));
  log.step("world: raster checked");
  const auto to = world / kRasterPath;
  PW_CHECK(store::make_folder(to.parent_path()));
  std::error_code error;
  fs::copy_file(source, to, error);
  if (error) return store::file_error(to, "write", error.value());
  PW_CHECK(store::sync_path(to));
  return describe_raster(countries, raster);
}

Result<void> make(const fs::path& world, const BuildOptions& options, const Pack& pack, const Json& identity,
                  work::Pool& pool, report::Log& log) {
  PW_TRY(const auto sources, read_sources(pack, options));
  log.step("world: sources read");
  if (!sources.left_out.empty())
    log.info("world: " + std::to_string(sources.left_out.size()) + " features without code or geometry are left out");
  if (!sources.kept.empty())
    log.info("world: " + std::to_string(sources.kept.size()) +
             " countries are not in the file, they keep the embedded polygons");
  PW_CHECK(copy_tables(world, pack));
  PW_TRY(const auto extras, make_extras(world, options.user, sources.table, pool));  // before long work: it may refuse
  PW_TRY(const auto countries, join_countries(sources.table, sources.features,
                                              options.reference_codes ? StandIns::squares : StandIns::shapes, pool));
  PW_CHECK(write_iso_table(world / kIsoPath, sources.table));
  PW_CHECK(write_polygons(world / kCountriesPath, countries.rows));
  log.step("world: polygons of " + std::to_string(countries.rows.size()) + " countries");
  PW_TRY(const auto people, options.user.population.empty()
                                ? model_people(world, options, pack, sources, countries, pool, log)
                                : copy_people(world, options.user.population, sources, countries, pool, log));
  PW_CHECK(describe(world, sources, countries, people, options.user, extras, identity, pack));
  log.step("world: described");
  return {};
}

Json identity_of(const BuildOptions& options, const Pack& pack) {
  auto identity = world_identity(pack, options.cells_per_degree, options.reference_codes);
  const auto& user = options.user;
  if (!user.any()) return identity;
  identity["import"] = {{"polygons", user.polygons.filename().string()},
                        {"population", user.population.filename().string()},
                        {"country_info", user.country_info.filename().string()},
                        {"territories", user.territories.filename().string()},
                        {"layer", user.layer},
                        {"iso_field", user.iso_field},
                        {"skip_unusable", user.skip_unusable}};
  for (const auto& [name, file] : {std::pair("time_zones", user.time_zones), std::pair("regions", user.regions),
                                   std::pair("licences", user.licences)}) {
    if (!file.empty()) identity["import"][name] = file.filename().string();
  }
  return identity;
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
  PW_TRY(auto doubts, warnings(folder, facts));
  return BuildReport{folder, existed, std::move(facts), std::move(doubts)};
}

}  // namespace

Result<BuildReport> build(const BuildOptions& options, work::Pool& pool, report::Log& log) {
  if (options.out.empty()) return Error("PW_USAGE", "a world needs a folder to be made in");
  if (options.cells_per_degree == 0 || options.cells_per_degree > 120) {
    return Error("PW_USAGE", "cells per degree must be 1 to 120, not " + std::to_string(options.cells_per_degree));
  }
  if (options.reference_codes && (!options.user.polygons.empty() || !options.user.territories.empty()))
    return Error("PW_USAGE", "the reference's table of countries leaves no choice of polygons or territories");
  std::error_code error;
  auto out = fs::absolute(options.out, error).lexically_normal();
  if (!out.has_filename()) out = out.parent_path();  // "world/"
  PW_TRY(auto pack, Pack::open(options.pack));
  PW_CHECK(put_user_files(options.user, pack));
  const auto identity = identity_of(options, pack);
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
