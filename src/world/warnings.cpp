#include "world/warnings.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "geo_io/raster.hpp"
#include "store/files.hpp"
#include "table/table.hpp"
#include "world/user_regions.hpp"

namespace placewright::world {
namespace {

namespace fs = std::filesystem;

constexpr double kFewestPeople = 7e9, kMostPeople = 9e9;
constexpr std::uint64_t kFewestPoints = 150;  // a country: 1:110m has 80, 1:50m 400, 1:10m 2,200

void check_raster(const Facts& facts, const geo_io::RasterInfo& info, std::vector<std::string>& out) {
  if (facts.people < kFewestPeople || facts.people > kMostPeople) {
    out.push_back("REF_RAS_SUM: " + std::string(kRasterPath) + " holds " + double_text(facts.people) +
                  " people; the world has 7 to 9 thousand million");
  }
  if (info.point) {
    out.push_back("REF_RAS_POINT: " + std::string(kRasterPath) +
                  " is PixelIsPoint: its north-west corner is taken as " + double_text(info.grid.c) + " " +
                  double_text(info.grid.f) + ", half a cell from what it says");
  }
}

// Codes with polygons of the user; empty for a world without.
Result<std::set<std::string>> imported(const fs::path& world) {
  const auto qa = store::read_json((world / kCountriesPath).parent_path() / "qa.json");
  std::set<std::string> codes;
  if (!qa || !qa->is_object() || !qa->contains("embedded_polygons")) return codes;
  for (const auto& code : qa->value("produced_iso", Json::array())) {
    if (code.is_string()) codes.insert(code.get<std::string>());
  }
  for (const auto& code : qa->at("embedded_polygons")) {
    if (code.is_string()) codes.erase(code.get<std::string>());
  }
  return codes;
}

Result<void> check_polygons(const fs::path& world, std::vector<std::string>& out) {
  PW_TRY(const auto codes, imported(world));
  if (codes.empty()) return {};
  PW_TRY(const auto data, table::Dataset::open(world / kCountriesPath));
  PW_TRY(const auto rows, data.read_all({{"country_iso", table::Kind::text}, {"geom", table::Kind::bytes}}));
  std::uint64_t points = 0;  // of 16 bytes each; headers are few
  for (std::size_t i = 0; i < rows.rows; ++i) {
    if (codes.contains(std::string(rows.text(0).at(i)))) points += rows.bytes(1)[i].size() / 16;
  }
  if (points >= kFewestPoints * codes.size()) return {};
  out.push_back("REF_VEC_RESOLUTION: " + std::string(kCountriesPath) + ": " + std::to_string(points) + " points for " +
                std::to_string(codes.size()) + " imported countries");
  return {};
}

Result<void> check_regions(const fs::path& world, std::vector<std::string>& out) {
  std::error_code error;
  if (!fs::is_regular_file(world / kRegionsPath, error)) return {};  // a world of another make
  PW_TRY(const auto csv, store::read_text(world / kRegionsPath));
  PW_TRY(const auto data, table::Dataset::open(world / kIsoPath));
  PW_TRY(const auto rows, data.read_all({{"country_iso", table::Kind::text}}));
  PW_TRY(const auto codes, table::isos(rows.text(0), "country_iso"));
  const auto without = codes_without_region(csv, codes);
  if (!without.empty())
    out.push_back("REF_REGION_MISSING: " + std::string(kRegionsPath) + ": no region for " + join(without, " "));
  return {};
}

}  // namespace

Result<std::vector<std::string>> warnings(const fs::path& world, const Facts& facts) {
  std::vector<std::string> out;
  PW_TRY(const auto raster, geo_io::Raster::open(world / kRasterPath));
  check_raster(facts, raster.info(), out);
  PW_CHECK(check_polygons(world, out));
  PW_CHECK(check_regions(world, out));
  return out;
}

}  // namespace placewright::world
