#include "states/s1_tiles/inputs.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "geo_io/countries.hpp"
#include "geo_io/raster.hpp"
#include "table/table.hpp"

namespace placewright::states::s1_tiles {
namespace {

namespace fs = std::filesystem;

constexpr auto kIsoList = "iso3166_canonical_2024";
constexpr auto kPolygons = "world_countries";
constexpr auto kRaster = "population_raster_2025";
// Dataset, and its name in ingress_versions.
constexpr std::array<std::pair<const char*, const char*>, 3> kInputs = {
    {{kIsoList, "iso3166"}, {kPolygons, "world_countries"}, {kRaster, "population_raster"}}};

std::string text_of(const Json& object, const char* name) {
  const auto it = object.find(name);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string();
}

// Sealed entries of the three inputs, whose paths must be those that the dictionary leads to.
Result<Json> read_seals(const store::RunFolder& run) {
  PW_TRY(const auto file, run.target("sealed_inputs_1B"));
  PW_TRY(const auto sealed, store::read_json(file));
  std::vector<std::string> missing;
  Json versions = Json::object();
  std::vector<std::pair<const char*, std::string>> paths;
  for (const auto& [dataset, name] : kInputs) {
    const auto entry = std::ranges::find_if(sealed, [&dataset = dataset](const Json& item) {
      return item.is_object() && text_of(item, "asset_id") == dataset;
    });
    if (entry == sealed.end()) {
      missing.emplace_back(dataset);
      continue;
    }
    versions[name] = text_of(*entry, "version_tag");
    paths.emplace_back(dataset, text_of(*entry, "path"));
  }
  if (!missing.empty()) {
    std::ranges::sort(missing);
    return Error("E005_ISO_FK", file.string() + " does not list " + join(missing, ", "))
        .with("detail", "missing_sealed_inputs")
        .with("missing", missing);
  }
  for (const auto& [dataset, path] : paths) {
    PW_TRY(const auto located, run.locate(dataset));
    if (!run.recorded_as(path, located)) {
      return Error("PW_INPUT", std::string(dataset) + " was sealed at " + path + ", but this run finds it at " +
                                   located.string() + "; use the external roots that S0 had");
    }
  }
  return versions;
}

Result<std::vector<Iso>> read_iso_list(const fs::path& file) {
  PW_TRY(const auto dataset, table::Dataset::open(file));
  PW_TRY(const auto rows, dataset.read_all({{"country_iso", table::Kind::text}}));
  std::set<Iso> codes;
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const auto text = rows.text(0).at(row);
    const auto iso = Iso::parse(upper(text));
    if (!iso) {
      return Error("PW_TABLE", file.string() + ": column country_iso, row " + std::to_string(row) + ": \"" +
                                   std::string(text) + "\" is not a two-letter country code");
    }
    codes.insert(*iso);
  }
  return std::vector<Iso>(codes.begin(), codes.end());
}

Result<void> check_coverage(const std::vector<Iso>& codes, const std::vector<geo_io::CountryShape>& shapes) {
  std::vector<std::string> missing;
  for (const auto iso : codes) {
    const auto found = std::ranges::find(shapes, iso, [](const auto& shape) { return shape.country.iso; });
    if (found == shapes.end()) missing.push_back(iso.text());
  }
  if (missing.empty()) return {};
  return Error("E005_ISO_FK", "world_countries has no polygon for " + join(missing, ", "))
      .with("detail", "missing_world_countries")
      .with("missing", missing);
}

// Every polygon counts, also those of codes outside the ISO list.
Result<void> check_shapes(const std::vector<geo_io::CountryShape>& shapes) {
  for (const auto& shape : shapes) {
    if (shape.problem.empty()) continue;
    const bool absent = shape.problem == "null_geometry" || shape.problem == "empty_geometry";
    return Error("E001_GEO_INVALID", "polygon of " + shape.country.iso.text() + " in world_countries: " + shape.problem)
        .with("country_iso", shape.country.iso)
        .with("detail", absent ? "invalid_geometry" : shape.problem);
  }
  return {};
}

Result<void> read_vectors(const Context& context, Inputs& inputs) {
  const auto& run = context.run;
  const double began = report::wall_seconds();
  PW_TRY(const auto iso_file, run.locate(kIsoList));
  PW_TRY(const auto polygon_file, run.locate(kPolygons));
  PW_TRY(const auto codes, read_iso_list(iso_file));
  PW_TRY(auto shapes, geo_io::read_countries(polygon_file, &context.pool));
  inputs.vector_seconds = report::wall_seconds() - began;
  for (const auto& file : {iso_file, polygon_file}) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (!error) inputs.vector_bytes += size;
  }
  PW_CHECK(check_coverage(codes, shapes));
  PW_CHECK(check_shapes(shapes));
  for (auto& shape : shapes) {
    if (std::ranges::binary_search(codes, shape.country.iso)) inputs.countries.push_back(std::move(shape.country));
  }
  return {};
}

// Values are never used, so only the header is read.
Result<geo::Grid> read_grid(const store::RunFolder& run) {
  PW_TRY(const auto file, run.locate(kRaster));
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  const auto& info = raster.info();
  if (info.wgs84) return info.grid;
  return Error("E002_RASTER_MISMATCH", file.string() +
                                           (info.crs.empty() ? " has no coordinate system" : " is in " + info.crs) +
                                           "; S1 needs longitude and latitude on WGS84 (EPSG:4326)")
      .with("detail", "unexpected_crs")
      .with("crs", info.crs);
}

}  // namespace

Result<Inputs> read_inputs(const Context& context) {
  Inputs inputs;
  PW_TRY(inputs.versions, read_seals(context.run));
  PW_CHECK(read_vectors(context, inputs));
  context.log.step("S1: loaded " + std::to_string(inputs.countries.size()) +
                   " countries of the ISO list with their polygons");
  PW_TRY(inputs.grid, read_grid(context.run));
  context.log.step("S1: grid of " + grouped(inputs.grid.rows) + " rows and " + grouped(inputs.grid.columns) +
                   " columns");
  return inputs;
}

}  // namespace placewright::states::s1_tiles
