#include "world/check.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "base/text.hpp"
#include "geo_io/countries.hpp"
#include "geo_io/raster.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "world/licence_map.hpp"
#include "world/pack.hpp"
#include "world/raster_sums.hpp"
#include "world/time_zones.hpp"
#include "world/warnings.hpp"

namespace placewright::world {
namespace {

constexpr double kTolerance = 0.001;  // of a country's people

Result<LicenceMap> licences_of(const fs::path& folder) {
  PW_TRY(const auto text, store::read_text(folder / kLicencesPath));
  return parse_licence_map(text, kLicencesPath);
}

// Findings of one list; `listed` collects the files it names, relative to the world.
Result<void> check_list(const fs::path& world, const fs::path& list, std::set<std::string>& listed,
                        std::map<std::string, std::string>& known, std::vector<std::string>& findings) {
  PW_TRY(const auto text, store::read_text(world / list));
  PW_TRY(const auto digests, parse_digests(text, list.string()));
  for (const auto& [name, digest] : digests) {
    const auto file = (list.parent_path() / name).generic_string();
    listed.insert(file);
    if (!known.contains(file)) {
      std::error_code error;
      if (!fs::is_regular_file(world / file, error)) {
        findings.push_back(file + " is missing; " + list.generic_string() + " lists it");
        continue;
      }
      PW_TRY(const auto found, hash::sha256_file(world / file));
      known[file] = found.sha256_hex;
    }
    if (known[file] != digest) findings.push_back(file + " differs from its digest in " + list.generic_string());
  }
  return {};
}

// A world of another make may keep its texts elsewhere.
void check_licences(const fs::path& folder, CheckReport& report) {
  const auto map = licences_of(folder);
  if (!map) {
    report.findings.push_back(map.error().code() + ": " + map.error().message());
    return;
  }
  report.facts.licences = map->names();
  const auto manifest = store::read_json(folder / "manifest.json");
  const bool ours = manifest && manifest->is_object() && manifest->contains("products");
  for (const auto& [name, path] : map->texts) {
    std::error_code error;
    if (fs::is_regular_file(folder / path, error)) continue;
    (ours ? report.findings : report.notes).push_back("the text of " + name + " is missing: " + path);
  }
  if (!ours) return;
  for (const auto& product : manifest->at("products")) {
    const auto licence = product.is_object() ? product.value("licence", Json()) : Json();
    if (!licence.is_string() || map->texts.contains(licence.get<std::string>())) continue;
    report.findings.push_back(std::string(kLicencesPath) + " has no entry for " + licence.get<std::string>() +
                              ", the licence of " + product.value("path", "a product"));
  }
}

Result<std::vector<Iso>> check_iso(const fs::path& folder, CheckReport& report) {
  PW_TRY(const auto data, table::Dataset::open(folder / kIsoPath));
  using table::Kind;
  PW_TRY(const auto batch,
         data.read_all(
             {{"country_iso", Kind::text}, {"alpha3", Kind::text}, {"numeric_code", Kind::i16}, {"name", Kind::text}}));
  PW_TRY(auto codes, table::isos(batch.text(0), "country_iso"));
  if (!std::ranges::is_sorted(codes) || std::ranges::adjacent_find(codes) != codes.end()) {
    report.findings.push_back(std::string(kIsoPath) + ": codes are not unique and ascending");
  }
  std::ranges::sort(codes);
  report.facts.countries = codes.size();
  if (codes.size() < 230)
    report.notes.push_back(std::string(kIsoPath) + ": only " + std::to_string(codes.size()) + " countries");
  return codes;
}

std::vector<geo_io::CountryShape> check_polygons(std::vector<geo_io::CountryShape> shapes,
                                                 const std::vector<Iso>& codes, CheckReport& report) {
  std::set<Iso> have;
  for (const auto& shape : shapes) {
    have.insert(shape.country.iso);
    if (!shape.problem.empty())
      report.findings.push_back(std::string(kCountriesPath) + ": " + shape.country.iso.text() + ": " + shape.problem);
  }
  for (const auto iso : have) {
    if (!std::ranges::binary_search(codes, iso))
      report.findings.push_back(std::string(kCountriesPath) + ": " + iso.text() + " is not in the ISO table");
  }
  for (const auto iso : codes) {
    if (!have.contains(iso)) report.findings.push_back(std::string(kCountriesPath) + ": no polygon of " + iso.text());
  }
  std::erase_if(shapes, [](const auto& shape) { return !shape.problem.empty(); });
  return shapes;
}

void check_raster_header(const geo_io::RasterInfo& info, CheckReport& report) {
  const auto found = [&](const std::string& what) {
    report.findings.push_back(std::string(kRasterPath) + ": " + what);
  };
  report.facts.columns = info.grid.columns;
  report.facts.rows = info.grid.rows;
  if (!info.wgs84) found("coordinate system is not geographic WGS84: " + info.crs);
  if (info.bands != 1) found(std::to_string(info.bands) + " bands instead of one");
  if (info.grid.rotated()) found("the grid is rotated");
  if (!(info.grid.a > 0) || !(info.grid.e < 0)) found("the grid is not north up");
}

// Expected people by code, from the record beside the raster; empty for a world that has none.
std::map<std::string, double> expected_people(const fs::path& folder) {
  std::map<std::string, double> out;
  const auto qa = store::read_json((folder / kRasterPath).parent_path() / "qa.json");
  if (!qa || !qa->is_object() || !qa->contains("countries") || !qa->at("countries").is_array()) return out;
  for (const auto& row : qa->at("countries")) {
    if (row.is_object() && row.contains("country_iso") && row.contains("population") &&
        row.at("population").is_number()) {
      out[row.at("country_iso").get<std::string>()] = row.at("population").get<double>();
    }
  }
  return out;
}

Result<void> check_people(const fs::path& folder, const std::vector<geo_io::CountryShape>& shapes, work::Pool& pool,
                          CheckReport& report) {
  const auto file = folder / kRasterPath;
  PW_TRY(const auto raster, geo_io::Raster::open(file));
  const auto info = raster.info();
  check_raster_header(info, report);
  if (info.grid.rotated()) return {};
  PW_TRY(const auto tiles, cover_all(info.grid, shapes, pool));
  PW_TRY(const auto sums, sum_raster(file, tiles, pool));
  report.facts.people = sums.total;
  if (sums.negative > 0)
    report.findings.push_back(std::string(kRasterPath) + ": " + std::to_string(sums.negative) +
                              " cells hold negative values");
  const auto expected = expected_people(folder);
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    const auto code = shapes[i].country.iso.text();
    report.facts.tiles += tiles[i].size();
    if (tiles[i].empty()) report.facts.without_tiles.push_back(code);
    const auto it = expected.find(code);
    if (it == expected.end() || tiles[i].empty()) continue;
    if (std::abs(sums.people[i] - it->second) > kTolerance * it->second + 0.5) {
      report.findings.push_back(std::string(kRasterPath) + ": " + code + " holds " + double_text(sums.people[i]) +
                                " people, the table says " + double_text(it->second));
    }
  }
  return {};
}

std::uint64_t bytes_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  const auto files = hash::files_below(folder);
  if (!files) return 0;
  std::error_code error;
  for (const auto& name : *files) bytes += fs::file_size(folder / name, error);
  return bytes;
}

Result<void> check_products(const fs::path& folder, work::Pool& pool, CheckReport& report) {
  PW_TRY(const auto codes, check_iso(folder, report));
  PW_TRY(auto shapes, geo_io::read_countries(folder / kCountriesPath));
  shapes = check_polygons(std::move(shapes), codes, report);
  return check_people(folder, shapes, pool, report);
}

}  // namespace

Result<Facts> show(const fs::path& folder) {
  PW_TRY(const auto qa, store::read_json(folder / "qa.json"));
  Facts facts;
  try {
    facts.countries = qa.at("countries");
    facts.columns = qa.at("columns");
    facts.rows = qa.at("rows");
    facts.tiles = qa.at("tiles");
    facts.people = qa.at("people");
    facts.without_tiles = qa.at("without_tiles").get<std::vector<std::string>>();
  } catch (const std::exception& e) {  // the JSON library's
    return Error("PW_INPUT", (folder / "qa.json").string() + " is not the record of a world: " + e.what());
  }
  PW_TRY(const auto licences, licences_of(folder));
  facts.licences = licences.names();
  facts.bytes = bytes_below(folder);
  return facts;
}

Result<std::vector<std::string>> check_digests(const fs::path& folder) {
  PW_TRY(const auto files, hash::files_below(folder));
  std::set<std::string> listed;
  std::map<std::string, std::string> known;
  std::vector<std::string> findings;
  for (const auto& name : files) {
    if (fs::path(name).filename() == "SHA256SUMS") PW_CHECK(check_list(folder, name, listed, known, findings));
  }
  if (listed.empty()) findings.push_back("there is no SHA256SUMS");
  for (const auto& name : files) {
    if (name != "SHA256SUMS" && !listed.contains(name)) findings.push_back(name + " is in no SHA256SUMS");
  }
  return findings;
}

Result<CheckReport> check(const fs::path& folder, work::Pool& pool) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return Error("PW_INPUT", "there is no folder " + folder.string());
  CheckReport report;
  PW_TRY(report.findings, check_digests(folder));
  check_licences(folder, report);
  if (auto products = check_products(folder, pool, report); !products)
    report.findings.push_back(products.error().message());
  if (auto doubts = warnings(folder, report.facts)) report.warnings = std::move(*doubts);
  if (!fs::exists(folder / kTimeZonesPath, error))
    report.notes.push_back("no time zones: a contracts root that requires tz_world_2025a needs its own");
  else
    for (const auto& finding : time_zone_findings(folder / kTimeZonesPath))
      report.findings.push_back(std::string(kTimeZonesPath) + ": " + finding);
  report.facts.bytes = bytes_below(folder);
  return report;
}

}  // namespace placewright::world
