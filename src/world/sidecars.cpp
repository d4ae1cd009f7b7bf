#include "world/sidecars.hpp"

#include <gdal_version.h>
#include <geos_c.h>

#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::world {
namespace {

// Raised when the same pack gives another world.
constexpr int kMethodVersion = 1;

Json tools() { return {{"placewright_world", kMethodVersion}, {"gdal", GDAL_RELEASE_NAME}, {"geos", GEOSversion()}}; }

Result<void> write_json(const fs::path& file, const Json& value) {
  return store::write_plain(file, spaced(value) + "\n");
}

Json source_record(const std::string& name, const Pack& pack) {
  Json record = pack.origins().value(name, Json::object());
  record["file"] = name;
  record["sha256"] = pack.digests().at(name);
  return record;
}

Result<void> write_digests(const fs::path& folder, const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) {
    PW_TRY(const auto digest, hash::sha256_file(folder / name));
    text += digest.sha256_hex + "  " + name + "\n";
  }
  return store::write_plain(folder / "SHA256SUMS", text);
}

}  // namespace

Result<Json> describe_product(const fs::path& world, const Product& product, const Pack& pack) {
  const auto file = world / product.path, folder = file.parent_path();
  PW_TRY(const auto digest, hash::sha256_file(file));
  Json sources = Json::array();
  for (const auto& name : product.sources) sources.push_back(source_record(name, pack));
  const Json line = {
      {"dataset_id", product.dataset_id}, {"version", product.version}, {"path", product.path}, {"bytes", digest.bytes},
      {"sha256", digest.sha256_hex},      {"licence", product.licence}};
  Json manifest = line;
  manifest["generated_at_utc"] = store::logical_time();
  manifest["tools"] = tools();
  manifest["method"] = product.method;
  PW_CHECK(write_json(folder / "manifest.json", manifest));
  PW_CHECK(write_json(folder / "provenance.json", {{"dataset_id", product.dataset_id},
                                                   {"version", product.version},
                                                   {"output_sha256", digest.sha256_hex},
                                                   {"license", product.licence},
                                                   {"sources", sources}}));
  PW_CHECK(write_json(folder / "qa.json", product.qa));
  PW_CHECK(write_digests(folder, {file.filename().string(), "manifest.json", "provenance.json", "qa.json"}));
  return line;
}

Result<void> describe_world(const fs::path& world, const std::vector<Json>& products, const Json& identity,
                            const Json& qa, const Pack& pack) {
  Json sources = Json::array();
  for (const auto& [name, origin] : pack.origins().items()) sources.push_back(source_record(name, pack));
  PW_CHECK(write_json(world / "manifest.json",
                      {{"world", identity}, {"products", products}, {"generated_at_utc", store::logical_time()}}));
  PW_CHECK(write_json(world / "provenance.json", {{"sources", sources}, {"tools", tools()}}));
  PW_CHECK(write_json(world / "qa.json", qa));
  PW_TRY(const auto files, hash::files_below(world));
  return write_digests(world, files);
}

Json world_identity(const Pack& pack, std::uint32_t cells_per_degree, bool reference_codes) {
  return {{"pack", pack.digests()},
          {"tools", tools()},
          {"products", 4},  // raised when a build makes other files from the same sources
          {"cells_per_degree", cells_per_degree},
          {"reference_codes", reference_codes}};
}

}  // namespace placewright::world
