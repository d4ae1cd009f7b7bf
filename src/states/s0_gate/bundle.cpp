#include "states/s0_gate/bundle.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::states::s0_gate {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFlag = "_passed.flag";
constexpr auto kBundle = "validation_bundle_1A";

Error fault(std::string_view code, const std::string& what) {
  return Error(std::string(code), what).with("detail", what).with("dataset_id", kBundle);
}

// Empty when the row has the five keys with their types; else the field and what is wrong with it.
std::optional<std::pair<std::string, std::string>> row_problem(const Json& row) {
  constexpr std::array<std::pair<const char*, bool>, 5> kKeys = {
      {{"artifact_id", false}, {"kind", false}, {"path", false}, {"mime", true}, {"notes", true}}};
  if (!row.is_object()) return std::pair("", "is not an object");
  for (const auto& [key, nullable] : kKeys) {
    if (!row.contains(key)) return std::pair(key, "is missing");
    if (!row[key].is_string() && !(nullable && row[key].is_null())) return std::pair(key, nullable ? "is neither text nor null" : "is not text");
  }
  for (const auto& [key, value] : row.items()) {
    if (std::ranges::none_of(kKeys, [&key = key](const auto& known) { return key == known.first; })) return std::pair(key, "is not a known key");
  }
  return std::nullopt;
}

// A path that stays inside the folder on every system.
bool is_plain_path(const std::string& path) {
  if (path.empty() || path.front() == '/') return false;
  if (std::ranges::any_of(path, [](char c) { return static_cast<unsigned char>(c) > 0x7f || c == '\\' || c == ':' || c == '\0'; })) return false;
  const auto parts = split(path, '/');
  return std::ranges::find(parts, "..") == parts.end();
}

Result<void> compare_files(const fs::path& folder, const std::vector<std::string>& listed) {
  PW_TRY(auto present, hash::files_below(folder));
  std::erase_if(present, [](const std::string& name) { return fs::path(name).filename() == kFlag; });
  std::ranges::sort(present);
  std::vector<std::string> missing, extra;
  std::ranges::set_difference(present, listed, std::back_inserter(missing));
  std::ranges::set_difference(listed, present, std::back_inserter(extra));
  if (missing.empty() && extra.empty()) return {};
  return fault("E_INDEX_INVALID", "index.json of " + folder.string() + " and the files of the folder differ; not listed: " +
                                      join(missing, ", ") + "; listed, but absent: " + join(extra, ", "))
      .with("detail", "file_set_mismatch")
      .with("missing", missing)
      .with("extra", extra);
}

Result<std::string> bundle_digest(const fs::path& folder, const std::vector<std::string>& paths) {
  hash::Sha256 sha;
  for (const auto& path : paths) {
    PW_TRY(const auto text, store::read_text(folder / path));
    sha.update(text);
  }
  return hash::hex(sha.digest());
}

Result<void> check_flag(const fs::path& folder, const std::string& digest) {
  std::error_code error;
  if (!fs::is_regular_file(folder / kFlag, error)) return fault("E_PASS_MISSING", "the upstream run has not passed: there is no " + (folder / kFlag).string());
  PW_TRY(const auto text, store::read_text(folder / kFlag));
  const auto flagged = parse_flag(text);
  if (!flagged) return fault("E_FLAG_FORMAT_INVALID", (folder / kFlag).string() + " is not `sha256_hex = <64 hex digits>`");
  if (*flagged != digest) {
    return fault("E_FLAG_HASH_MISMATCH", (folder / kFlag).string() + " certifies " + *flagged + ", the bundle's digest is " + digest);
  }
  return {};
}

// `file` of the bundle holds `expected` under `key`.
Result<void> check_identity(const fs::path& folder, const std::string& key, const std::string& expected) {
  const auto file = folder / (key + "_resolved.json");
  PW_TRY(const auto json, store::read_json(file));
  const auto found = json.is_object() ? json.value(key, Json()) : Json();
  if (found == Json(expected)) return {};
  return fault("E_PATH_EMBED_MISMATCH", file.string() + " says " + key + " " + compact(found) + ", the run receipt says " + expected);
}

bool speaks_of(const Json& egress, const RunIdentity& identity) {
  if (!egress.is_object() || egress.value("dataset_id", Json()) != Json("outlet_catalogue")) return false;
  if (egress.value("manifest_fingerprint", Json()) != Json(identity.manifest_fingerprint)) return false;
  const auto seed = egress.value("seed", Json(identity.seed));
  const bool same_seed = seed == Json(identity.seed) || seed == Json(std::to_string(identity.seed));
  const auto digest = egress.value("composite_sha256_hex", Json());
  return same_seed && digest.is_string() && digest != Json("");
}

}  // namespace

std::optional<std::string> parse_flag(std::string_view text) {
  constexpr std::string_view kKey = "sha256_hex = ";
  constexpr std::size_t kDigits = 64;
  if (!text.starts_with(kKey)) return std::nullopt;
  text.remove_prefix(kKey.size());
  const auto digits = text.substr(0, kDigits);
  if (!is_hex(digits, kDigits) || !trim(text.substr(digits.size())).empty()) return std::nullopt;
  return std::string(digits);
}

Result<std::vector<std::string>> index_paths(const Json& index) {
  if (!index.is_array()) return fault("E_INDEX_INVALID", "index.json is not an array");
  std::set<std::string> ids, paths;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto row = "index.json, row " + std::to_string(i) + ": ";
    if (const auto problem = row_problem(index[i])) {
      return fault("E_INDEX_INVALID", row + problem->first + " " + problem->second)
          .with("row_index", i)
          .with("field", problem->first)
          .with("message", problem->second);
    }
    const auto path = index[i]["path"].get<std::string>();
    if (!is_plain_path(path)) return fault("E_INDEX_INVALID", row + "path " + json_text(path) + " is not a plain relative path");
    if (!ids.insert(index[i]["artifact_id"].get<std::string>()).second) {
      return fault("E_INDEX_INVALID", row + "artifact_id " + index[i]["artifact_id"].get<std::string>() + " appears twice");
    }
    if (!paths.insert(path).second) return fault("E_INDEX_INVALID", row + "path " + path + " appears twice");
  }
  return std::vector<std::string>(paths.begin(), paths.end());
}

Result<UpstreamBundle> verify_bundle(const store::RunFolder& run) {
  UpstreamBundle bundle;
  PW_TRY(bundle.folder, run.locate(kBundle));
  const auto& folder = bundle.folder;
  std::error_code error;
  if (!fs::is_directory(folder, error)) return fault("E_BUNDLE_MISSING", "there is no upstream bundle " + folder.string());
  if (!fs::is_regular_file(folder / "index.json", error)) return fault("E_INDEX_MISSING", "there is no " + (folder / "index.json").string());
  auto index = store::read_json(folder / "index.json");
  if (!index) return fault("E_INDEX_INVALID", index.error().message());
  PW_TRY(const auto paths, index_paths(*index));
  PW_CHECK(compare_files(folder, paths));
  bundle.files = paths.size();
  PW_TRY(bundle.sha256_hex, bundle_digest(folder, paths));
  PW_CHECK(check_flag(folder, bundle.sha256_hex));
  PW_CHECK(check_identity(folder, "parameter_hash", run.identity().parameter_hash));
  PW_CHECK(check_identity(folder, "manifest_fingerprint", run.identity().manifest_fingerprint));
  if (auto egress = store::read_json(folder / "egress_checksums.json"); egress && speaks_of(*egress, run.identity())) {
    bundle.egress = *std::move(egress);
  }
  return bundle;
}

}  // namespace placewright::states::s0_gate
