#include "states/s0_gate/licences.hpp"

#include <algorithm>

#include "contracts/embedded.hpp"
#include "contracts/yaml.hpp"
#include "store/files.hpp"

namespace placewright::states::s0_gate {
namespace {

namespace fs = std::filesystem;

bool text_exists(const store::RunFolder& run, const datasets::Input& map, const std::string& text_path) {
  const auto name = fs::path(text_path).filename();
  std::vector<fs::path> places = {run.root() / "reference" / text_path, map.location.parent_path() / name};
  for (const auto& root : run.external_roots()) places.push_back(root / text_path);
  std::error_code error;
  if (std::ranges::any_of(places, [&](const fs::path& place) { return fs::is_regular_file(place, error); })) return true;
  return contracts::embedded("licenses/" + name.string()).has_value();
}

}  // namespace

std::string licence_gap(const store::RunFolder& run, const datasets::Input& map) {
  const auto text = store::read_text(map.location);
  if (!text) return text.error().message();
  const auto parsed = contracts::parse_yaml(*text, map.location.string());
  if (!parsed) return parsed.error().message();
  const auto licences = parsed->is_object() ? parsed->value("licenses", Json()) : Json();
  if (!licences.is_object()) return map.location.string() + " has no mapping `licenses`";
  for (const auto& licence : run.dictionary().licences()) {
    if (!licences.contains(licence)) return "licence " + licence + " of the dictionary is not in " + map.location.string();
  }
  for (const auto& [licence, terms] : licences.items()) {
    const auto path = terms.is_object() ? terms.value("text_path", Json()) : Json();
    if (!path.is_string()) return "licence " + licence + " in " + map.location.string() + " has no text_path";
    if (!text_exists(run, map, path.get<std::string>())) return "the text of licence " + licence + " is missing: " + path.get<std::string>();
  }
  return {};
}

}  // namespace placewright::states::s0_gate
