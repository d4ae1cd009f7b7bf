#include "catalogue/countries.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/text.hpp"

namespace placewright::catalogue {
namespace {

struct Fact {
  std::string_view alpha2;
  double area;
  std::int64_t people;
  std::string_view continent, neighbours;
};

constexpr Fact kFacts[] = {
#define PW_COUNTRY(alpha2, alpha3, area, people, continent, neighbours) {alpha2, area, people, continent, neighbours},
#include "catalogue/countries.def"
#undef PW_COUNTRY
};

// Dissolved states, and territories with a garrison or a research station at most.
constexpr std::string_view kAbsent = "AN CS GS IO TF";

constexpr std::string_view kSouth =
    "AO BI BW KM LS MG MU MW MZ NA RE RW SC SH SZ TZ YT ZA ZM ZW AR BO BR CL FK PE PY UY "
    "AS AU CK FJ NC NF NR NU NZ PF PG PN SB TK TO TV VU WF WS CC CX TL";

// Coarse income classes, from common knowledge rather than from a table of any year: gross domestic product decides how
// many merchants a population carries, but only its order of magnitude matters here.
struct Income {
  double factor;
  std::string_view countries;
};
constexpr Income kIncome[] = {
    {5, "US CA CH NO LU IS IE SG AU DK QA MC LI BM KY GB NL DE SE AT FI BE FR JP HK AE NZ IL KR MO"},
    {3.5, "IT ES PT GR SI CZ MT CY EE SK LT LV PL HU HR TW KW BH SA BN OM PR AW BS BB GI AD SM FO GL GU VI NC PF RE GP MQ "
          "AI VG TC MP JE GG IM AX CL UY PA TT KN AG"},
    {2, "CN RU TR MY TH KZ BR MX AR CR RO BG RS ME BY MU SC MV DO BW ZA GA CO PE EC LB JO IR TM AZ GE AM AL MK BA"},
};
constexpr double kOtherIncome[] = {0.5, 1};  // Africa, elsewhere

bool listed(std::string_view list, std::string_view code) {
  for (std::size_t at = 0; at + 2 <= list.size(); at += 3) {
    if (list.substr(at, 2) == code) return true;
  }
  return false;
}

double income_of(const Fact& fact) {
  for (const auto& row : kIncome) {
    if (listed(row.countries, fact.alpha2)) return row.factor;
  }
  return kOtherIncome[fact.continent == "AF" ? 0 : 1];
}

std::vector<Country> build() {
  std::vector<Country> countries;
  std::vector<std::string_view> neighbours;
  std::map<std::string_view, std::size_t> position;
  for (const auto& fact : kFacts) {
    if (fact.people == 0 || fact.area < 1 || listed(kAbsent, fact.alpha2)) continue;
    position[fact.alpha2] = countries.size();
    neighbours.push_back(fact.neighbours);
    Country country;
    country.iso = *Iso::parse(fact.alpha2);
    country.area_km2 = fact.area;
    country.people = static_cast<double>(fact.people);
    country.continent = fact.continent;
    country.south = listed(kSouth, fact.alpha2);
    country.income = income_of(fact);
    countries.push_back(std::move(country));
  }
  for (std::size_t i = 0; i < countries.size(); ++i) {
    for (const auto& code : split(neighbours[i], ',')) {
      if (const auto found = position.find(code); found != position.end()) countries[i].neighbours.push_back(found->second);
    }
  }
  return countries;
}

// Quotas in proportion to the weights; whoever would pass a ceiling gets it and leaves the division.
std::vector<double> quotas(const std::vector<double>& weights, double total, const std::vector<double>& ceilings) {
  std::vector<double> out(weights.size(), 0);
  std::vector<bool> full(weights.size(), false);
  for (bool again = true; again;) {
    again = false;
    double left = total;
    double open = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (full[i]) left -= ceilings[i];
      else open += weights[i];
    }
    for (std::size_t i = 0; i < weights.size(); ++i) {
      if (full[i]) continue;
      out[i] = open > 0 ? left * (weights[i] / open) : 0;
      if (ceilings.empty() || out[i] <= ceilings[i]) continue;
      out[i] = ceilings[i];
      full[i] = again = true;
    }
  }
  return out;
}

}  // namespace

const std::vector<Country>& inhabited_countries() {
  static const std::vector<Country> countries = build();
  return countries;
}

std::vector<std::int64_t> apportion(const std::vector<double>& weights, std::int64_t total, const std::vector<double>& ceilings) {
  const auto shares = quotas(weights, static_cast<double>(total), ceilings);
  std::vector<std::int64_t> counts(weights.size());
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::int64_t left = total;
  for (std::size_t i = 0; i < counts.size(); ++i) left -= counts[i] = static_cast<std::int64_t>(std::floor(shares[i]));
  const auto rest = [&](std::size_t i) { return shares[i] - std::floor(shares[i]); };
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return rest(a) > rest(b); });
  for (const auto i : order) {
    const bool room = weights[i] > 0 && (ceilings.empty() || static_cast<double>(counts[i] + 1) <= ceilings[i]);
    if (left > 0 && room) {
      ++counts[i];
      --left;
    }
  }
  return counts;
}

}  // namespace placewright::catalogue
