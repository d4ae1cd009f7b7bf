#include "contracts/dictionary.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "contracts/embedded.hpp"
#include "contracts/yaml.hpp"
#include "hash/sha256.hpp"

namespace placewright::contracts {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDictionary = "dictionary/layer1.1B.yaml";
constexpr std::string_view kOwnPack = "schemas.placewright.yaml";

// Pack, and the segment in whose folder the model_spec layout keeps it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kPacks = {
    {{"1B", "1B"}, {"1A", "1A"}, {"layer1", "1A"}, {"ingress.layer1", "1A"}}};

std::string pack_file(std::string_view kind) { return "schemas." + std::string(kind) + ".yaml"; }

Result<std::string> read_contract(const fs::path& root, const std::string& relative) {
  std::error_code error;
  if (!fs::is_regular_file(root / relative, error)) {
    return Error("PW_CONTRACT", "there is no contract file " + (root / relative).string());
  }
  std::ifstream in(root / relative, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.good() && !in.eof()) return Error("PW_CONTRACT", "cannot read " + (root / relative).string());
  return text;
}

Result<std::string_view> built_in_file(std::string_view name) {
  if (const auto text = embedded(name)) return *text;
  return Error("PW_DEFECT", "the program lacks its contract file " + std::string(name));
}

Result<Json> parse_mapping(std::string_view text, const std::string& name) {
  auto root = parse_yaml(text, name);
  if (!root) return std::move(root).error().as("PW_CONTRACT");
  if (!root->is_object()) return Error("PW_CONTRACT", name + ": the root is not a mapping");
  return root;
}

}  // namespace

std::optional<Layout> parse_layout(std::string_view text) {
  if (text == "model_spec") return Layout::model_spec;
  if (text == "contracts") return Layout::contracts;
  return std::nullopt;
}

Result<void> Dictionary::add_entries(std::string_view text, const std::string& name) {
  PW_TRY(const auto root, parse_mapping(text, name));
  PW_TRY(const auto sections, yaml_keys(text, name));
  for (const auto& section : sections) {
    const auto list = root.find(section);
    if (list == root.end() || !list->is_array()) continue;
    for (const auto& entry : *list) {
      if (!entry.is_object() || !entry.contains("id") || !entry["id"].is_string()) continue;
      entries_.try_emplace(entry["id"].get<std::string>(), entry);
    }
  }
  digests_.emplace_back(name, hash::sha256_hex(text));
  return {};
}

Result<void> Dictionary::add_pack(const std::string& pack, std::string_view text, const std::string& name) {
  PW_TRY(auto root, parse_mapping(text, name));
  packs_[pack] = std::move(root);
  digests_.emplace_back(name, hash::sha256_hex(text));
  return {};
}

Result<void> Dictionary::add_own() {
  const auto name = "schemas/" + std::string(kOwnPack);
  PW_TRY(const auto text, built_in_file(name));
  return add_pack(std::string(kOwnPack), text, name);
}

Result<Dictionary> Dictionary::built_in() {
  static const auto parsed = parse_built_in();
  return parsed;
}

Result<Dictionary> Dictionary::parse_built_in() {
  Dictionary out;
  PW_TRY(const auto text, built_in_file(kDictionary));
  PW_CHECK(out.add_entries(text, std::string(kDictionary)));
  for (const auto& [kind, segment] : kPacks) {
    const auto name = "schemas/" + pack_file(kind);
    PW_TRY(const auto pack, built_in_file(name));
    PW_CHECK(out.add_pack(pack_file(kind), pack, name));
  }
  PW_CHECK(out.add_own());
  return out;
}

Result<Dictionary> Dictionary::load(const fs::path& contracts_root, Layout layout) {
  const std::string specs = "docs/model_spec/data-engine/layer-1/specs/contracts/";
  const bool by_segment = layout == Layout::model_spec;
  Dictionary out;
  out.foreign_ = true;
  const auto name = by_segment ? specs + "1B/dataset_dictionary.layer1.1B.yaml" : std::string("contracts/dataset_dictionary/l1/seg_1B/layer1.1B.yaml");
  PW_TRY(const auto text, read_contract(contracts_root, name));
  PW_CHECK(out.add_entries(text, name));
  for (const auto& [kind, segment] : kPacks) {
    const auto file = (by_segment ? specs + std::string(segment) + "/" : std::string("contracts/schemas/layer1/")) + pack_file(kind);
    PW_TRY(const auto pack, read_contract(contracts_root, file));
    PW_CHECK(out.add_pack(pack_file(kind), pack, file));
  }
  PW_CHECK(out.add_own());
  PW_TRY(const auto own, built_in());
  for (const auto id : kOwnDatasets) {
    if (const auto* entry = own.find(id)) out.entries_.try_emplace(std::string(id), *entry);
  }
  return out;
}

const Json* Dictionary::find(std::string_view id) const {
  const auto it = entries_.find(id);
  return it == entries_.end() ? nullptr : &it->second;
}

Result<std::string> Dictionary::field(std::string_view id, std::string_view name) const {
  const auto* entry = find(id);
  if (!entry) return Error("PW_CONTRACT", "the dictionary has no entry " + std::string(id));
  const auto it = entry->find(name);
  if (it == entry->end() || !it->is_string()) {
    return Error("PW_CONTRACT", "dictionary entry " + std::string(id) + " has no text field " + std::string(name));
  }
  return it->get<std::string>();
}

bool Dictionary::optional(std::string_view id) const {
  const auto* entry = find(id);
  return entry && !foreign_ && entry->value("optional", Json(false)) == Json(true);
}

std::vector<std::string> Dictionary::licences() const {
  std::set<std::string> names;
  for (const auto& [id, entry] : entries_) {
    const auto it = entry.find("licence");
    if (it != entry.end() && it->is_string() && !it->get_ref<const std::string&>().empty()) names.insert(it->get<std::string>());
  }
  return {names.begin(), names.end()};
}

const Json* Dictionary::schema(std::string_view schema_ref) const {
  const auto hash_at = schema_ref.find("#/");
  if (hash_at == std::string_view::npos) return nullptr;
  const auto pack = packs_.find(schema_ref.substr(0, hash_at));
  if (pack == packs_.end()) return nullptr;
  const Json* node = &pack->second;
  for (const auto& key : split(schema_ref.substr(hash_at + 2), '/')) {
    if (!node->is_object()) return nullptr;
    const auto it = node->find(key);
    if (it == node->end()) return nullptr;
    node = &*it;
  }
  return node;
}

std::string Dictionary::anchor_problem(std::string_view schema_ref) const {
  const auto hash_at = schema_ref.find("#/");
  if (hash_at == std::string_view::npos) return "is not of the form PACK#/PATH";
  const auto pack = std::string(schema_ref.substr(0, hash_at));
  if (!packs_.contains(pack)) return "names the unknown pack " + pack;
  return schema(schema_ref) ? "" : "names no node of " + pack;
}

}  // namespace placewright::contracts
