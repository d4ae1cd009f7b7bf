#include "world/user_files.hpp"

#include "base/text.hpp"
#include "geo_io/vector.hpp"
#include "store/files.hpp"
#include "world/licence_map.hpp"
#include "world/time_zones.hpp"
#include "world/user_raster.hpp"
#include "world/user_regions.hpp"

namespace placewright::world {
namespace {

constexpr std::uint64_t kLargestTable = std::uint64_t{64} << 20;  // bytes; read as a whole

// Two of a user's files may have one name in different folders.
std::string named(const std::string& kind, const fs::path& file) {
  return "user/" + kind + "/" + file.filename().string();
}

Result<void> put(const std::string& name, const fs::path& file, Pack& pack) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return Error("PW_INPUT", "there is no file " + file.string());
  const auto given = file.filename().string();
  if (!is_utf8(given)) return Error("PW_USAGE", "the file name is not UTF-8: " + file.string());
  return pack.put(name, file, {{"title", "given by the user"}, {"given_as", given}});
}

Result<void> put_table(const std::string& name, const fs::path& file, Pack& pack) {
  std::error_code error;
  const auto bytes = fs::is_regular_file(file, error) ? fs::file_size(file, error) : 0;
  if (bytes <= kLargestTable) return put(name, file, pack);
  return Error("REF_FILE_SIZE", file.string() + " has " + bytes_text(bytes)).with("file", file.string());
}

Result<Product> zones_product(const fs::path& world, const fs::path& source, work::Pool& pool) {
  PW_TRY(const auto read, geo_io::read_vector(source, ""));
  auto zones = time_zones(read, pool);
  if (!zones) return std::move(zones).error().in(source.string()).with("file", source.string());
  PW_CHECK(store::make_folder((world / kTimeZonesPath).parent_path()));
  PW_CHECK(write_time_zones(world / kTimeZonesPath, *zones));
  Product product = {"tz_world_2025a", "2025a", kTimeZonesPath, kUserLicence, {}, {}, {}};
  for (const auto& file : geo_io::vector_files(source)) product.sources.push_back(named("time_zones", file));
  product.method = {{"order", "tzid; area descending, bounds, SHA-256 of the WKB"}, {"area", "geodesic, WGS84"}};
  product.qa = {{"row_count", zones->rows.size()},
                {"tz_count", zones->zones},
                {"features", zones->features},
                {"invalid_tzid_before_fix", zones->repaired}};
  return product;
}

Result<Product> regions_product(const fs::path& world, const fs::path& source, const std::vector<CountryInfo>& table) {
  PW_TRY(const auto text, store::read_text(source));
  PW_TRY(const auto regions, user_regions(text, table, source.string()));
  PW_CHECK(store::write_plain(world / kRegionsPath, regions.csv));
  return Product{
      "iso_canonical",
      "v2025-10-09",
      kRegionsPath,
      kUserLicence,
      {named("regions", source), std::string(kCountryInfoFile)},
      {{"rows", "the codes of the ISO table"}},
      {{"row_count", table.size()}, {"without_region", regions.without}, {"codes_outside_iso", regions.unknown}}};
}

// Where a text is: beside the map, or beside the map's folder (paths begin with it).
Result<fs::path> find_text(const fs::path& map, const std::string& path) {
  std::error_code error;
  const auto folder = map.has_parent_path() ? map.parent_path() : fs::path(".");
  for (const auto& place : {folder / path, folder / ".." / path, folder / fs::path(path).filename()}) {
    if (fs::is_regular_file(place, error)) return place;
  }
  return Error("REF_LIC_TEXT", map.string() + ": the text " + path + " is not beside it").with("file", map.string());
}

Result<void> copy_text(const fs::path& world, const fs::path& map, const std::string& path) {
  const auto found = find_text(map, path);
  std::error_code error;
  if (!found && fs::is_regular_file(world / path, error)) return {};  // one of ours, copied before
  if (!found) return found.error();
  if (fs::file_size(*found, error) > kLargestTable)
    return Error("REF_FILE_SIZE", found->string() + " is larger than a licence");
  PW_TRY(const auto text, store::read_text(*found));
  PW_CHECK(store::make_folder((world / path).parent_path()));
  return store::write_plain(world / path, text);
}

Result<Product> licences_product(const fs::path& world, const fs::path& source) {
  PW_TRY(const auto text, store::read_text(source));
  PW_TRY(const auto map, parse_licence_map(text, source.string()));
  if (!map.texts.contains(kUserLicence)) {
    return Error("REF_LIC_NAME",
                 source.string() + ": it has no entry for " + kUserLicence + ", which data sets of this world name")
        .with("file", source.string());
  }
  for (const auto& [name, path] : map.texts) PW_CHECK(copy_text(world, source, path));
  PW_CHECK(store::write_plain(world / kLicencesPath, text));
  return Product{"license_map",
                 map.version,
                 kLicencesPath,
                 kUserLicence,
                 {named("licences", source)},
                 {{"copied", true}},
                 {{"licences", map.names()}, {"texts", map.texts}}};
}

}  // namespace

std::string user_source(const fs::path& file) { return "user/" + file.filename().string(); }

Result<void> put_user_files(const UserFiles& user, Pack& pack) {
  if (!user.country_info.empty()) PW_CHECK(put_table(std::string(kCountryInfoFile), user.country_info, pack));
  if (!user.regions.empty()) PW_CHECK(put_table(named("regions", user.regions), user.regions, pack));
  if (!user.licences.empty()) PW_CHECK(put_table(named("licences", user.licences), user.licences, pack));
  if (!user.population.empty()) {
    PW_CHECK(check_user_raster(user.population));
    PW_CHECK(put(user_source(user.population), user.population, pack));
  }
  if (!user.territories.empty()) PW_CHECK(put_table(user_source(user.territories), user.territories, pack));
  if (!user.polygons.empty()) {
    for (const auto& file : geo_io::vector_files(user.polygons)) PW_CHECK(put(user_source(file), file, pack));
  }
  if (user.time_zones.empty()) return {};
  for (const auto& file : geo_io::vector_files(user.time_zones)) PW_CHECK(put(named("time_zones", file), file, pack));
  return {};
}

Result<std::vector<Product>> make_extras(const fs::path& world, const UserFiles& user,
                                         const std::vector<CountryInfo>& table, work::Pool& pool) {
  std::vector<Product> products;
  if (!user.time_zones.empty()) {
    PW_TRY(auto product, zones_product(world, user.time_zones, pool));
    products.push_back(std::move(product));
  }
  if (!user.regions.empty()) {
    PW_TRY(auto product, regions_product(world, user.regions, table));
    products.push_back(std::move(product));
  }
  if (!user.licences.empty()) {
    PW_TRY(auto product, licences_product(world, user.licences));
    products.push_back(std::move(product));
  }
  return products;
}

}  // namespace placewright::world
