// The records beside a world's products: manifest, provenance, qa and digests, made from the files just written.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "world/pack.hpp"

namespace placewright::world {

struct Product {
  std::string dataset_id;
  std::string version;
  std::string path;                  // relative to the world
  std::string licence;               // a key of the licence map
  std::vector<std::string> sources;  // names in the pack
  Json method;                       // what was done, with which options
  Json qa;
};

// Writes manifest.json, provenance.json, qa.json and SHA256SUMS beside the product; the answer is its line in the
// world's manifest.
Result<Json> describe_product(const fs::path& world, const Product& product, const Pack& pack);

// The same four for the world as a whole; its SHA256SUMS lists every other file below it.
Result<void> describe_world(const fs::path& world, const std::vector<Json>& products, const Json& identity,
                            const Json& qa, const Pack& pack);

// What decides a world's bytes: pack digests, options, library versions.
Json world_identity(const Pack& pack, std::uint32_t cells_per_degree, bool reference_codes);

}  // namespace placewright::world
