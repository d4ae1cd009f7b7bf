#include "world/describe.hpp"

#include <algorithm>

#include "geo_io/vector.hpp"
#include "world/sidecars.hpp"
#include "world/user_files.hpp"

namespace placewright::world {
namespace {

Json iso_qa(const Sources& sources) {
  std::vector<std::string> left_out;
  for (const char* code : {"AN", "CS"}) {
    const auto iso = *Iso::parse(code);
    if (!std::ranges::binary_search(sources.table, iso, {}, &CountryInfo::iso)) left_out.push_back(code);
  }
  return {{"rows", sources.table.size()}, {"withdrawn_codes_left_out", left_out}, {"excluded", {"UK", "XK"}}};
}

Json polygons_qa(const Sources& sources, const Countries& countries, const UserFiles& user) {
  std::vector<std::string> codes;
  for (const auto& country : countries.rows) codes.push_back(country.iso.text());
  auto left_out = countries.left_out;
  left_out.insert(left_out.end(), sources.left_out.begin(), sources.left_out.end());
  Json qa = {{"produced_iso", codes},
             {"missing_iso_before_aug", countries.stand_ins},
             {"missing_iso_after_aug", Json::array()},
             {"invalid_iso_before_fix", countries.repaired},
             {"invalid_iso_after_fix", Json::array()},
             {"features_without_code", left_out},
             {"features_given", sources.given},
             {"cut_from_parents", sources.parted}};
  if (!user.polygons.empty()) qa["embedded_polygons"] = sources.kept;
  return qa;
}

Json whole_qa(const Json& iso, const Json& polygons, const Facts& facts) {
  return {{"countries", facts.countries},
          {"columns", facts.columns},
          {"rows", facts.rows},
          {"tiles", facts.tiles},
          {"people", facts.people},
          {"without_tiles", facts.without_tiles},
          {"iso", iso},
          {"stand_ins", polygons.at("missing_iso_before_aug")},
          {"features_without_code", polygons.at("features_without_code")}};
}

Product iso_product(const UserFiles& user, Json qa) {
  return {"iso3166_canonical_2024",
          "2024-12-31",
          kIsoPath,
          user.country_info.empty() ? "CC-BY-4.0" : kUserLicence,
          {std::string(kCountryInfoFile)},
          {{"columns_left_null", {"region", "subregion", "start_date", "end_date"}}},
          std::move(qa)};
}

Product polygons_product(const UserFiles& user, Json qa) {
  Product product = {"world_countries",
                     "2024",
                     kCountriesPath,
                     "Public-Domain",
                     {std::string(kPolygonsFile), std::string(kCountryInfoFile)},
                     {{"join", "numeric code"}, {"repair", "make-valid linework, then buffer(0)"}},
                     std::move(qa)};
  if (user.polygons.empty()) return product;
  product.licence = kUserLicence;
  if (product.qa.at("embedded_polygons").empty()) product.sources.erase(product.sources.begin());
  for (const auto& file : geo_io::vector_files(user.polygons)) product.sources.push_back(user_source(file));
  product.method["join"] = user.iso_field.empty() ? "country column found by name" : "column " + user.iso_field;
  product.method["skip_unusable"] = user.skip_unusable;
  return product;
}

Product imported_people(const UserFiles& user, Json qa) {
  return {"population_raster_2025",
          "2025",
          kRasterPath,
          kUserLicence,
          {user_source(user.population)},
          {{"copied", true}, {"unit", "people per cell"}},
          std::move(qa)};
}

std::vector<Product> modelled_people(const UserFiles& user, Json qa) {
  std::vector<std::string> sources = {std::string(kSettlementsFile), std::string(kLampsFile),
                                      std::string(kCountryInfoFile)};
  sources.emplace_back(kPolygonsFile);
  if (!user.polygons.empty()) sources.push_back(user_source(user.polygons));
  return {{"population_raster_2025",
           "2025",
           kRasterPath,
           "CC-BY-4.0",
           sources,
           {{"model", "settled_lit_rural_v1"}, {"unit", "people per cell"}, {"nodata", kNoData}},
           std::move(qa)},
          {"population_rural_2025",
           "2025",
           kRuralRasterPath,
           "CC-BY-4.0",
           sources,
           {{"model", "settled_lit_rural_v1"},
            {"unit", "scattered people per cell, part of population_raster_2025"},
            {"nodata", kNoData}},
           Json::object()}};
}

}  // namespace

Described describe_model(const Sources& sources, const Countries& countries, const geo::Grid& grid,
                         const Peopled& peopled) {
  Described out;
  auto& facts = out.facts;
  facts.countries = countries.rows.size();
  facts.columns = grid.columns;
  facts.rows = grid.rows;
  Json rows = Json::array();
  std::vector<std::string> empty;
  for (std::size_t i = 0; i < countries.rows.size(); ++i) {
    const auto& spread = peopled.spreads[i];
    const auto code = countries.rows[i].iso.text();
    facts.tiles += peopled.tiles[i].size();
    facts.people += spread.total;
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
    if (peopled.tiles[i].empty()) facts.without_tiles.push_back(code);
    if (sources.table[i].population == 0) empty.push_back(code);
  }
  out.qa = {{"countries", rows},
            {"without_tiles", facts.without_tiles},
            {"without_people", empty},
            {"settlements", sources.settlements.counts}};
  return out;
}

Described describe_raster(const Countries& countries, const UserRaster& raster) {
  Described out;
  auto& facts = out.facts;
  facts.countries = countries.rows.size();
  facts.columns = raster.grid.columns;
  facts.rows = raster.grid.rows;
  facts.people = raster.sums.total;
  Json rows = Json::array();
  std::vector<std::string> empty;
  for (std::size_t i = 0; i < countries.rows.size(); ++i) {
    const auto code = countries.rows[i].iso.text();
    facts.tiles += raster.tiles[i].size();
    rows.push_back({{"country_iso", code}, {"tiles", raster.tiles[i].size()}, {"people", raster.sums.people[i]}});
    if (raster.tiles[i].empty()) facts.without_tiles.push_back(code);
    if (raster.sums.people[i] == 0) empty.push_back(code);
  }
  out.qa = {{"countries", rows},
            {"without_tiles", facts.without_tiles},
            {"without_people", empty},
            {"people", raster.sums.total}};
  return out;
}

Result<void> describe(const fs::path& world, const Sources& sources, const Countries& countries,
                      const Described& people, const UserFiles& user, const std::vector<Product>& extras,
                      const Json& identity, const Pack& pack) {
  const auto iso = iso_qa(sources), polygons = polygons_qa(sources, countries, user);
  std::vector<Product> products = {iso_product(user, iso), polygons_product(user, polygons)};
  if (user.population.empty()) {
    for (auto& product : modelled_people(user, people.qa)) products.push_back(std::move(product));
  } else {
    products.push_back(imported_people(user, people.qa));
  }
  if (user.regions.empty()) {
    products.push_back({"iso_canonical",
                        "v2025-10-09",
                        kRegionsPath,
                        "Public-Domain",
                        {std::string(kRegionsFile)},
                        Json::object(),
                        Json::object()});
  }
  products.insert(products.end(), extras.begin(), extras.end());
  std::vector<Json> lines;
  for (const auto& product : products) {
    PW_TRY(auto line, describe_product(world, product, pack));
    lines.push_back(std::move(line));
  }
  return describe_world(world, lines, identity, whole_qa(iso, polygons, people.facts), pack);
}

}  // namespace placewright::world
