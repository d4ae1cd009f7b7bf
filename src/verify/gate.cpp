#include "verify/gate.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "hash/sha256.hpp"

namespace placewright::verify {
namespace {

namespace fs = std::filesystem;

constexpr auto kContents = "E908_BUNDLE_CONTENTS_MISSING";
constexpr auto kIndex = "E909_INDEX_INVALID";
constexpr auto kFlag = "E910_FLAG_BAD_OR_MISSING";
constexpr auto kFiles = "E905_PARTITION_OR_IDENTITY";
constexpr auto kIdentity = "E912_IDENTITY_COHERENCE";

// Empty when a row of the index has its five keys with their types, else what is wrong.
std::string row_problem(const Json& row) {
  if (!row.is_object() || row.size() != 5) return "is not an object of five keys";
  for (const char* key : {"artifact_id", "kind", "path"}) {
    if (!row.contains(key) || !row[key].is_string()) return std::string("has no text ") + key;
  }
  for (const char* key : {"mime", "notes"}) {
    if (!row.contains(key) || !(row[key].is_string() || row[key].is_null())) return std::string("has no ") + key;
  }
  return {};
}

bool safe_path(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find_first_of("\\:") != std::string::npos) return false;
  if (!std::ranges::all_of(path, [](unsigned char c) { return c < 0x80; })) return false;
  const auto parts = split(path, '/');
  return std::ranges::find(parts, "..") == parts.end();
}

// Paths the index lists, each checked; problems are reported through `problem`.
template <class Problem>
std::vector<std::string> listed_paths(const Json& index, const Problem& problem) {
  std::vector<std::string> paths;
  std::set<std::string> seen_paths, seen_ids;
  for (std::size_t i = 0; i < index.size(); ++i) {
    const auto row = "row " + std::to_string(i);
    if (const auto what = row_problem(index[i]); !what.empty()) {
      problem(row + " " + what);
      continue;
    }
    const auto path = index[i]["path"].get<std::string>();
    if (!safe_path(path)) problem(row + " has the path " + json_text(std::string_view(path)));
    if (!seen_paths.insert(path).second) problem(row + " repeats the path " + path);
    if (!seen_ids.insert(index[i]["artifact_id"].get<std::string>()).second) problem(row + " repeats its artifact_id");
    if (safe_path(path)) paths.push_back(path);
  }
  std::ranges::sort(paths);
  return paths;
}

// Null when `object` is no object or has no such member.
const Json& member(const Json& object, const char* key) {
  static const Json kNone;
  return object.is_object() && object.contains(key) ? object[key] : kNone;
}

std::string text_of(const Json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

Result<Json> object_in(const fs::path& file) {
  PW_TRY(auto json, store::read_json(file));
  if (!json.is_object()) return Error("PW_JSON", file.string() + ": not an object");
  return json;
}

std::optional<std::string> flag_digest(const fs::path& flag) {
  const auto text = store::read_text(flag);
  if (!text) return std::nullopt;
  const auto line = trim(*text);
  constexpr std::string_view kPrefix = "sha256_hex = ";
  if (!line.starts_with(kPrefix) || !is_hex(line.substr(kPrefix.size()), 64)) return std::nullopt;
  return std::string(line.substr(kPrefix.size()));
}

void check_folder_contents(Subject& subject, const fs::path& bundle, const std::vector<std::string>& listed) {
  auto found = hash::files_below(bundle);
  if (!found) return subject.findings.add(kContents, bundle.string(), found.error().message());
  std::erase_if(*found, [](const auto& name) { return fs::path(name).filename() == "_passed.flag"; });
  for (const auto& path : listed) {
    if (std::ranges::find(*found, path) == found->end())
      subject.findings.add(kContents, (bundle / path).string(), "listed but missing");
  }
  for (const auto& name : *found) {
    if (!std::ranges::binary_search(listed, name))
      subject.findings.add(kIndex, (bundle / name).string(), "in the folder but not listed");
  }
}

bool same_identity(const Json& object, const RunIdentity& id, bool with_run) {
  const bool seed = member(object, "seed") == Json(id.seed);
  const bool fingerprint = text_of(object, "manifest_fingerprint") == id.manifest_fingerprint;
  if (!with_run) return seed && fingerprint;
  return seed && fingerprint && text_of(object, "parameter_hash") == id.parameter_hash &&
         text_of(object, "run_id") == id.run_id;
}

void check_certified_file(Subject& subject, const fs::path& file, const Json& entry) {
  const auto digest = hash::sha256_file(file);
  if (!digest)
    return subject.findings.add(kFiles, file.string(), "certified but not readable: " + digest.error().message());
  subject.bytes_hashed += digest->bytes;
  if (Json(digest->bytes) != member(entry, "size_bytes")) {
    subject.findings.add(
        kFiles, file.string(),
        "has " + std::to_string(digest->bytes) + " bytes, certified were " + compact(member(entry, "size_bytes")));
  } else if (digest->sha256_hex != text_of(entry, "sha256_hex")) {
    subject.findings.add(kFiles, file.string(), "its bytes are not those that were certified");
  }
}

}  // namespace

Result<std::string> bundle_digest(const fs::path& bundle) {
  PW_TRY(const auto index, store::read_json(bundle / "index.json"));
  std::string problem;
  const auto paths = listed_paths(index, [&](const std::string& what) { problem = what; });
  if (!problem.empty()) return Error("PW_INPUT", (bundle / "index.json").string() + ": " + problem);
  hash::Sha256 sha;
  for (const auto& path : paths) {
    PW_TRY(const auto text, store::read_text(bundle / path));
    sha.update(text);
  }
  return hash::hex(sha.digest());
}

Result<void> check_bundle(Subject& subject, const fs::path& bundle) {
  auto& findings = subject.findings;
  std::error_code error;
  if (!fs::is_directory(bundle, error)) {
    findings.add(kContents, bundle.string(), "the bundle does not exist");
    return {};
  }
  const auto index_file = bundle / "index.json";
  const auto index = store::read_json(index_file);
  if (!index || !index->is_array()) {
    findings.add(kIndex, index_file.string(), index ? "is not a list" : index.error().message());
    return {};
  }
  const auto before = findings.total();
  const auto paths =
      listed_paths(*index, [&](const std::string& what) { findings.add(kIndex, index_file.string(), what); });
  check_folder_contents(subject, bundle, paths);
  const auto flag = flag_digest(bundle / "_passed.flag");
  if (!flag)
    findings.add(kFlag, (bundle / "_passed.flag").string(), "the flag is missing or malformed: this run did not pass");
  if (findings.total() == before) {
    const auto digest = bundle_digest(bundle);
    if (!digest) findings.add(index_file.string(), digest.error());
    if (digest && *digest != *flag)
      findings.add(kFlag, (bundle / "_passed.flag").string(), "its digest is not that of the bundle, " + *digest);
  }
  if (bundle.generic_string().find("manifest_fingerprint=" + subject.run.identity().manifest_fingerprint) ==
      std::string::npos) {
    findings.add(kFiles, bundle.string(), "the path does not name this run's fingerprint");
  }
  return {};
}

Result<void> check_egress_binding(Subject& subject, const fs::path& bundle) {
  auto& findings = subject.findings;
  const auto& id = subject.run.identity();
  PW_TRY(const auto checksums, object_in(bundle / "egress_checksums.json"));
  PW_TRY(const auto summary, object_in(bundle / "s9_summary.json"));
  if (!same_identity(checksums, id, false))
    findings.add(kIdentity, (bundle / "egress_checksums.json").string(), "certifies another seed or fingerprint");
  if (!same_identity(member(summary, "identity"), id, true))
    findings.add(kIdentity, (bundle / "s9_summary.json").string(), "belongs to another run");
  if (member(member(summary, "sizes"), "parity_ok") != Json(true)) {
    findings.add(kFiles, (bundle / "s9_summary.json").string(), "S7 and site_locations were not equal in number");
  }
  PW_TRY(const auto partition, subject.run.target("site_locations"));
  PW_TRY(auto names, hash::files_below(partition));
  std::erase_if(names, [](const auto& name) { return !name.ends_with(".parquet"); });
  std::set<fs::path> unlisted;
  for (const auto& name : names) unlisted.insert((partition / name).lexically_normal());
  hash::Sha256 composite;
  std::map<std::string, Json> files;  // by path
  for (const auto& entry : member(checksums, "files")) {
    if (entry.is_object()) files[text_of(entry, "path")] = entry;
  }
  for (const auto& [path, entry] : files) {
    const auto file = (bundle / path).lexically_normal();
    if (unlisted.erase(file) == 0) findings.add(kFiles, file.string(), "certified but not in the partition");
    check_certified_file(subject, file, entry);
    PW_TRY(const auto bytes, store::read_text(file));
    composite.update(bytes);
  }
  for (const auto& file : unlisted) findings.add(kFiles, file.string(), "in the partition but not certified");
  if (hash::hex(composite.digest()) != text_of(checksums, "composite_sha256_hex")) {
    findings.add(kFiles, partition.string(), "the composite digest is not the certified one");
  }
  return {};
}

}  // namespace placewright::verify
