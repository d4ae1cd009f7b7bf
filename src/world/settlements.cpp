#include "world/settlements.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "world/csv.hpp"

namespace placewright::world {
namespace {

constexpr double kKmPerDegree = 111.195;
constexpr double kParent = 100'000;  // places from here on may hold others
constexpr double kNestingRadii = 1.5;
constexpr double kOwnShare = 0.2;  // a place keeps at least this much of its own figure
constexpr std::array<std::string_view, 5> kNotCounted = {"PPLX", "PPLH", "PPLCH", "PPLQ", "PPLW"};
constexpr std::array<std::string_view, 7> kColumns = {"geoname_id", "country_iso", "feature_code", "admin1_code",
                                                      "population", "lat_deg",     "lon_deg"};

struct Row {
  std::uint64_t id = 0;
  Iso country;
  std::string unit;  // first-level unit
  Place place;
  bool child = false;
};

using Columns = std::array<std::size_t, kColumns.size()>;

Result<Columns> find_columns(const std::vector<std::string>& header) {
  Columns columns{};
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const auto found = std::ranges::find(header, kColumns[i]);
    if (found == header.end()) return Error("PW_INPUT", "settlements: the header lacks " + std::string(kColumns[i]));
    columns[i] = static_cast<std::size_t>(found - header.begin());
  }
  return columns;
}

struct Counts {
  std::uint64_t rows = 0, without_people = 0, section_or_past = 0, used = 0;
};

Result<std::vector<Row>> read_rows(std::string_view csv, Counts& counts) {
  std::vector<Row> rows;
  std::vector<std::string> f;
  Columns at{};
  std::size_t number = 0;
  while (!csv.empty()) {
    const auto end = std::min(csv.find('\n'), csv.size());
    csv_fields(csv.substr(0, end), f);
    csv.remove_prefix(std::min(end + 1, csv.size()));
    if (++number == 1) {
      PW_TRY(at, find_columns(f));
      continue;
    }
    if (f.size() == 1 && f[0].empty()) continue;
    const auto fault = [&] { return Error("PW_INPUT", "settlements, row " + std::to_string(number) + ": malformed"); };
    if (f.size() <= *std::ranges::max_element(at)) return fault();
    const auto id = parse_u64(f[at[0]]), people = parse_u64(f[at[4]]);
    const auto country = Iso::parse(f[at[1]]);
    const auto lat = parse_double(f[at[5]]), lon = parse_double(f[at[6]]);
    if (!id || !people || !country || !lat || !lon || std::abs(*lat) > 90 || std::abs(*lon) > 180) return fault();
    ++counts.rows;
    if (*people == 0) {
      ++counts.without_people;
    } else if (std::ranges::find(kNotCounted, f[at[2]]) != kNotCounted.end()) {
      ++counts.section_or_past;
    } else {
      const auto p = static_cast<double>(*people);
      rows.push_back({*id, *country, f[at[3]], {*lat, *lon, p, p, place_radius_km(p)}, false});
    }
  }
  counts.used = rows.size();
  return rows;
}

double distance_km(const Place& from, const Place& to) {
  double dlon = to.lon - from.lon;
  if (dlon > 180) dlon -= 360;
  if (dlon < -180) dlon += 360;
  const double x = dlon * kKmPerDegree * std::cos(from.lat * std::numbers::pi / 180);
  const double y = (to.lat - from.lat) * kKmPerDegree;
  return std::sqrt(x * x + y * y);
}

// `group`: rows of one country and first-level unit, in rank order.
void nest(std::vector<Row*>& group) {
  for (std::size_t i = 0; i < group.size() && group[i]->place.people >= kParent; ++i) {
    auto& parent = group[i]->place;
    const double reach = kNestingRadii * parent.radius_km;
    double inside = 0;
    for (std::size_t k = i + 1; k < group.size(); ++k) {
      if (group[k]->child || std::abs(group[k]->place.lat - parent.lat) * kKmPerDegree > reach) continue;
      if (distance_km(parent, group[k]->place) > reach) continue;
      group[k]->child = true;
      inside += group[k]->place.people;
    }
    parent.own = std::max(parent.people - inside, kOwnShare * parent.people);
  }
}

}  // namespace

double place_radius_km(double people) {
  const double radius = std::max(0.4, 1.5 * std::pow(people / 100'000, 0.35));
  return std::nearbyint(radius * 0x1p20) * 0x1p-20;  // the last bit of a libm's pow must not reach a cell
}

Result<Settlements> parse_settlements(std::string_view csv) {
  Counts counts;
  PW_TRY(auto rows, read_rows(csv, counts));
  std::ranges::sort(rows, [](const Row& a, const Row& b) {
    return a.place.people != b.place.people ? a.place.people > b.place.people : a.id < b.id;
  });
  std::map<std::pair<Iso, std::string>, std::vector<Row*>> groups;
  for (auto& row : rows) groups[{row.country, row.unit}].push_back(&row);
  std::uint64_t nested = 0;
  for (auto& [key, group] : groups) nest(group);
  Settlements out;
  for (const auto& row : rows) {
    out.places[row.country].push_back(row.place);
    nested += row.child ? 1 : 0;
  }
  out.counts = {{"rows", counts.rows},
                {"used", counts.used},
                {"dropped_without_people", counts.without_people},
                {"dropped_section_or_past", counts.section_or_past},
                {"inside_a_larger_place", nested}};
  return out;
}

}  // namespace placewright::world
