#include "world/pack.hpp"

#include <cpl_vsi.h>

#include <array>
#include <memory>

#include "base/text.hpp"
#include "hash/sha256.hpp"
#include "store/files.hpp"

namespace placewright::world {
namespace {

constexpr std::array kNeeded = {kPolygonsFile,
                                kCountryInfoFile,
                                kRegionsFile,
                                kSettlementsFile,
                                kLampsFile,
                                std::string_view("ORIGINS.json"),
                                std::string_view("licenses/license_map.yaml")};

Result<fs::path> find_pack() {
  std::error_code error;
  const auto program = fs::read_symlink("/proc/self/exe", error);
  std::vector<fs::path> places;
  if (!error) places.push_back(program.parent_path().parent_path() / "share/placewright/world");
  places.emplace_back(fs::path(PLACEWRIGHT_DATA_INSTALLED) / "world");
  places.emplace_back(fs::path(PLACEWRIGHT_DATA_SOURCE) / "world");
  for (const auto& place : places) {
    if (fs::is_regular_file(place / "SHA256SUMS", error)) return place;
  }
  return Error("WORLD_PACK",
               "the world pack that comes with placewright is not installed; looked in " + places[0].string());
}

}  // namespace

Result<std::map<std::string, std::string>> parse_digests(std::string_view text, std::string_view source) {
  std::map<std::string, std::string> digests;
  for (const auto& line : split(text, '\n')) {
    if (line.empty()) continue;
    if (line.size() < 67 || !is_hex(line.substr(0, 64), 64) || line.substr(64, 2) != "  ") {
      return Error("PW_INPUT", std::string(source) + ": not a line of SHA256SUMS: " + line);
    }
    digests[line.substr(66)] = line.substr(0, 64);
  }
  return digests;
}

Result<Pack> Pack::open(const fs::path& folder) {
  Pack pack;
  pack.folder_ = folder;
  if (folder.empty()) {
    PW_TRY(pack.folder_, find_pack());
  }
  const auto list = pack.folder_ / "SHA256SUMS";
  auto text = store::read_text(list);
  if (!text) return std::move(text.error()).as("WORLD_PACK");
  PW_TRY(pack.digests_, parse_digests(*text, list.string()));
  for (const auto name : kNeeded) {
    if (!pack.digests_.contains(std::string(name))) {
      return Error("WORLD_PACK", list.string() + " does not list " + std::string(name));
    }
  }
  for (const auto& [name, digest] : pack.digests_) {
    auto found = hash::sha256_file(pack.folder_ / name);
    if (!found) return std::move(found.error()).as("WORLD_PACK");
    if (found->sha256_hex != digest) {
      return Error("WORLD_PACK", (pack.folder_ / name).string() + " differs from its digest in SHA256SUMS");
    }
  }
  PW_TRY(pack.origins_, store::read_json(pack.folder_ / "ORIGINS.json"));
  return pack;
}

Result<void> Pack::put(const std::string& name, const fs::path& file, Json origin) {
  PW_TRY(const auto digest, hash::sha256_file(file));
  files_[name] = file;
  digests_[name] = digest.sha256_hex;
  origin["raw_sha256"] = digest.sha256_hex;
  origin["bytes"] = digest.bytes;
  origins_[name] = std::move(origin);
  return {};
}

fs::path Pack::path(std::string_view name) const {
  const auto own = files_.find(std::string(name));
  return own == files_.end() ? folder_ / fs::path(name) : own->second;
}

Result<std::string> Pack::read(std::string_view name) const {
  const auto file = path(name);
  if (!name.ends_with(".gz")) return store::read_text(file);
  const auto close = [](VSILFILE* f) { VSIFCloseL(f); };
  const std::unique_ptr<VSILFILE, decltype(close)> in(VSIFOpenL(("/vsigzip/" + file.string()).c_str(), "rb"), close);
  if (!in) return Error("PW_IO", "cannot unpack " + file.string());
  std::string text;
  std::vector<char> block(1 << 20);
  while (const auto n = VSIFReadL(block.data(), 1, block.size(), in.get())) text.append(block.data(), n);
  return text;
}

}  // namespace placewright::world
