#include "catalogue/iso_table.hpp"

#include "base/text.hpp"
#include "table/table.hpp"

namespace placewright::catalogue {
namespace {

struct Row {
  std::string_view alpha2, alpha3;
};

constexpr Row kRows[] = {
#define PW_COUNTRY(alpha2, alpha3, area, people, continent, neighbours) {alpha2, alpha3},
#include "catalogue/countries.def"
#undef PW_COUNTRY
};

}  // namespace

IsoTable::IsoTable(const std::vector<Iso>& codes, std::map<std::string, Iso, std::less<>> alpha3)
    : alpha3_(std::move(alpha3)) {
  for (const auto iso : codes) known_.set(iso.packed());
}

IsoTable IsoTable::built_in() {
  IsoTable table;
  for (const auto& row : kRows) {
    const auto iso = *Iso::parse(row.alpha2);
    table.known_.set(iso.packed());
    table.alpha3_.emplace(row.alpha3, iso);
  }
  return table;
}

Result<IsoTable> IsoTable::read(const std::filesystem::path& iso3166_parquet) {
  PW_TRY(const auto data, table::Dataset::open(iso3166_parquet));
  PW_TRY(const auto rows, data.read_all({{"country_iso", table::Kind::text}, {"alpha3", table::Kind::text}}));
  PW_TRY(const auto codes, table::isos(rows.text(0), "country_iso"));
  std::map<std::string, Iso, std::less<>> alpha3;
  for (std::size_t i = 0; i < rows.rows; ++i) alpha3.insert_or_assign(std::string(rows.text(1).at(i)), codes[i]);
  return IsoTable(codes, std::move(alpha3));
}

std::vector<Iso> IsoTable::codes() const {
  std::vector<Iso> codes;
  for (std::string text = "AA"; text[0] <= 'Z'; ++text[0]) {
    for (text[1] = 'A'; text[1] <= 'Z'; ++text[1]) {
      if (const auto iso = *Iso::parse(text); holds(iso)) codes.push_back(iso);
    }
  }
  return codes;
}

std::optional<Iso> IsoTable::parse(std::string_view text) const {
  if (auto iso = Iso::parse(text); iso && holds(*iso)) return iso;
  const auto code = upper(trim(text));
  if (const auto iso = Iso::parse(code)) return holds(*iso) ? iso : std::nullopt;
  const auto found = alpha3_.find(code);
  return found != alpha3_.end() && holds(found->second) ? std::optional(found->second) : std::nullopt;
}

}  // namespace placewright::catalogue
