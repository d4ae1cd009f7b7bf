#include "datasets/input_files.hpp"

#include <algorithm>
#include <fstream>

#include "contracts/embedded.hpp"
#include "datasets/regions.hpp"
#include "hash/sha256.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kRegionTable = "regions/iso_canonical_regions.csv";
constexpr std::size_t kBlock = 1U << 20;

Error absent(std::string_view id, const std::string& message) {
  return Error("E_REFERENCE_SURFACE_MISSING", message).with("detail", message).with("dataset_id", id);
}

bool lies_below(const fs::path& path, const fs::path& root) {
  const auto text = store::RunFolder::printed(path), prefix = store::RunFolder::printed(root);
  return text.starts_with(prefix + "/");
}

std::string root_of(const store::RunFolder& run, const fs::path& location) {
  if (lies_below(location, run.root() / "reference")) return "reference";
  return lies_below(location, run.root()) ? "run" : "external";
}

Result<std::vector<InputFile>> files_of(const fs::path& location) {
  std::error_code error;
  std::vector<std::string> names;
  const bool folder = fs::is_directory(location, error);
  if (folder) {
    PW_TRY(names, hash::files_below(location));
  } else {
    names = {location.filename().string()};
  }
  std::vector<InputFile> files;
  for (auto& name : names) {
    const auto place = folder ? location / name : location;
    const auto size = fs::file_size(place, error);
    if (error) return store::file_error(place, "cannot look at", error.value());
    const auto modified = fs::last_write_time(place, error);
    if (error) return store::file_error(place, "cannot look at", error.value());
    files.push_back({std::move(name), size, "", modified.time_since_epoch().count()});
  }
  return files;
}

Result<std::string> digest_of_all(const std::vector<fs::path>& files) {
  hash::Sha256 sha;
  std::string block(kBlock, '\0');
  for (const auto& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Error("PW_IO", "cannot read " + file.string());
    while (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0) {
      sha.update(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
    }
    if (in.bad()) return Error("PW_IO", "cannot read " + file.string());
  }
  return hash::hex(sha.digest());
}

}  // namespace

fs::path place_of(const Input& input, const InputFile& file) {
  std::error_code error;
  return fs::is_directory(input.location, error) ? input.location / file.path : input.location;
}

Result<Input> find_input(const store::RunFolder& run, std::string_view id) {
  Input input{std::string(id), {}, "absent", {}, {}};
  PW_TRY(input.relative, run.relative(id));
  while (input.relative.ends_with('/')) input.relative.pop_back();
  auto location = run.locate(id);
  std::error_code error;
  const bool found = location && fs::exists(*location, error);
  if (!found && run.dictionary().optional(id)) return input;
  if (!location) return absent(id, location.error().message());
  if (!found) return absent(id, "dataset " + input.id + " is missing: " + location->string());
  input.location = *std::move(location);
  input.root = root_of(run, input.location);
  PW_TRY(input.files, files_of(input.location));
  return input;
}

Result<Input> find_regions(const store::RunFolder& run) {
  Input input{"region_table", {}, "embedded", std::string(kRegionTable), {}};
  if (const auto file = region_file(run)) {
    input.location = *file;
    input.root = "external";
    for (const auto& root : run.external_roots()) {
      if (lies_below(*file, root)) input.relative = file->lexically_relative(root).generic_string();
    }
    PW_TRY(input.files, files_of(*file));
    return input;
  }
  const auto table = contracts::embedded(kRegionTable);
  if (!table) return Error("PW_DEFECT", "the program lacks its region table");
  input.files = {{"iso_canonical_regions.csv", table->size(), hash::sha256_hex(*table), 0}};
  return input;
}

Result<void> hash_inputs(std::vector<Input>& inputs, work::Pool& pool) {
  std::vector<std::pair<const Input*, InputFile*>> jobs;
  for (auto& input : inputs) {
    for (auto& file : input.files) {
      if (file.sha256_hex.empty()) jobs.emplace_back(&input, &file);
    }
  }
  return work::for_each(pool, jobs.size(), [&](std::size_t i) -> Result<void> {
    auto& [input, file] = jobs[i];
    PW_TRY(auto digest, hash::sha256_file(place_of(*input, *file)));
    file->bytes = digest.bytes;
    file->sha256_hex = std::move(digest.sha256_hex);
    return {};
  });
}

Result<std::string> dataset_digest(const Input& input) {
  std::vector<const InputFile*> top, tables;
  for (const auto& file : input.files) {
    if (file.path.find('/') != std::string::npos) continue;
    top.push_back(&file);
    if (file.path.ends_with(".parquet")) tables.push_back(&file);
  }
  const auto& chosen = tables.empty() ? top : tables;
  if (chosen.empty()) return Error("PW_INPUT", "dataset " + input.id + " holds no file: " + input.location.string());
  if (chosen.size() == 1 && !chosen[0]->sha256_hex.empty()) return chosen[0]->sha256_hex;
  std::vector<fs::path> places;
  for (const auto* file : chosen) places.push_back(place_of(input, *file));
  return digest_of_all(places);
}

}  // namespace placewright::datasets
