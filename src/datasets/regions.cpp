#include "datasets/regions.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "contracts/embedded.hpp"
#include "store/files.hpp"
#include "table/table.hpp"

namespace placewright::datasets {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kOther = "Other";
constexpr std::array<std::string_view, 2> kVersions = {"v2025-10-09", "v2025-10-08"};

std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

// Fields of one line; a quoted field may hold commas and doubled quotes.
std::vector<std::string> csv_fields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"') {
        fields.back() += line[++i];
      } else {
        quoted = !quoted;
      }
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

std::optional<std::size_t> column_of(const std::vector<std::string>& header, std::string_view name) {
  const auto it = std::ranges::find(header, name);
  if (it == header.end()) return std::nullopt;
  return static_cast<std::size_t>(it - header.begin());
}

}  // namespace

std::string_view macro_region(std::string_view region, std::string_view subregion) {
  region = trim(region);
  const auto part = lower(trim(subregion));
  const auto holds = [&](std::string_view word) { return part.find(word) != std::string::npos; };
  for (const std::string_view name : {"Africa", "Asia", "Europe", "Oceania"}) {
    if (region == name) return name;
  }
  if (region == "Americas") return holds("south") || holds("latin america") ? "South America" : "North America";
  if (holds("south america") || holds("latin america")) return "South America";
  if (holds("north america") || holds("caribbean")) return "North America";
  return kOther;
}

Result<std::vector<Iso>> read_iso_codes(const store::RunFolder& run) {
  PW_TRY(const auto path, run.locate("iso3166_canonical_2024"));
  PW_TRY(const auto dataset, table::Dataset::open(path));
  PW_TRY(const auto batch, dataset.read_all({{"country_iso", table::Kind::text}}));
  std::vector<Iso> codes;
  for (const auto& text : batch.text(0).dictionary) {
    if (const auto iso = Iso::parse(text)) codes.push_back(*iso);
  }
  std::ranges::sort(codes);
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

std::optional<fs::path> region_file(const store::RunFolder& run) {
  for (const auto version : kVersions) {
    for (const auto& root : run.external_roots()) {
      const auto file = root / "reference/iso/iso_canonical" / version / "iso_canonical.csv";
      std::error_code error;
      if (fs::is_regular_file(file, error)) return file;
    }
  }
  return std::nullopt;
}

Result<MacroRegions> MacroRegions::parse(std::string_view csv, std::string_view source) {
  const auto lines = split(csv, '\n');
  const auto header = csv_fields(lines.front());
  const auto iso_at = column_of(header, "country_iso"), region_at = column_of(header, "region");
  const auto subregion_at = column_of(header, "subregion");
  if (!iso_at || !region_at || !subregion_at) {
    return Error("PW_INPUT", std::string(source) + ": the header must name country_iso, region and subregion");
  }
  MacroRegions out;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto fields = csv_fields(lines[i]);
    if (fields.size() <= std::max({*iso_at, *region_at, *subregion_at})) continue;
    if (const auto iso = Iso::parse(trim(fields[*iso_at]))) {
      out.regions_.emplace_back(*iso, macro_region(fields[*region_at], fields[*subregion_at]));
    }
  }
  std::ranges::stable_sort(out.regions_, {}, &std::pair<Iso, std::string_view>::first);
  return out;
}

bool MacroRegions::informative() const {
  return std::ranges::any_of(regions_, [](const auto& entry) { return entry.second != kOther; });
}

Result<MacroRegions> MacroRegions::read(const store::RunFolder& run) {
  PW_TRY(const auto path, run.locate("iso3166_canonical_2024"));
  PW_TRY(const auto dataset, table::Dataset::open(path));
  if (dataset.has("region") && dataset.has("subregion")) {
    using table::Kind;
    // The canonical table leaves both columns null, which reads as an error: it then says nothing.
    if (const auto batch = dataset.read_all({{"country_iso", Kind::text}, {"region", Kind::text}, {"subregion", Kind::text}})) {
      MacroRegions named;
      for (std::size_t i = 0; i < batch->rows; ++i) {
        if (const auto iso = Iso::parse(batch->text(0).at(i))) {
          named.regions_.emplace_back(*iso, macro_region(batch->text(1).at(i), batch->text(2).at(i)));
        }
      }
      std::ranges::stable_sort(named.regions_, {}, &std::pair<Iso, std::string_view>::first);
      if (named.informative()) return named;
    }
  }
  if (const auto file = region_file(run)) {
    PW_TRY(const auto text, store::read_text(*file));
    return parse(text, file->string());
  }
  const auto table = contracts::embedded("regions/iso_canonical_regions.csv");
  if (!table) return MacroRegions();
  return parse(*table, "the embedded region table");
}

std::string_view MacroRegions::of(Iso country) const {
  const auto it = std::ranges::lower_bound(regions_, country, {}, &std::pair<Iso, std::string_view>::first);
  return it != regions_.end() && it->first == country ? it->second : kOther;
}

}  // namespace placewright::datasets
