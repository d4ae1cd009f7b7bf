#include "realism/attainability.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "realism/metrics.hpp"
#include "realism/words.hpp"

namespace placewright::realism {
namespace {

// Codes of the ISO table by the hemisphere of their land; all others lie in the north. Of "both" the equator crosses
// the land or runs between its islands.
constexpr std::string_view kSouth =
    "AO AQ AR AS AU BI BO BV BW CC CK CL CX FJ FK GS HM IO KM LS MG MU MW MZ NA NC NF NR NU NZ PE PF PG PN PY RE RW SB "
    "SC SH SZ TF TK TL "
    "TO TV TZ UY VU WF WS YT ZA ZM ZW";
constexpr std::string_view kBoth = "BR CD CG CO EC GA GQ ID KE KI MV SO ST UG UM";

Standing standing(const Gate& gate, double low, double high, Level level) {
  const bool first = passes(gate, low, level), second = passes(gate, high, level);
  if (first && second) return Standing::inherited_pass;
  return first || second ? Standing::placement : Standing::inherited_fail;
}

// A gate decided only in part is as near as its better end.
double nearest_distance(const Gate& gate, double low, double high, Level level) {
  return std::max(distance(gate, low, level), distance(gate, high, level));
}

void judge(Attainable& row) {
  if (!row.known) return;
  row.b = standing(*row.gate, row.low, row.high, Level::b);
  row.b_plus = standing(*row.gate, row.low, row.high, Level::b_plus);
  row.distance_b = nearest_distance(*row.gate, row.low, row.high, Level::b);
  row.distance_b_plus = nearest_distance(*row.gate, row.low, row.high, Level::b_plus);
}

struct South {
  double low = 0, high = 0;
};
South south_bounds(const std::vector<CountryCount>& counts, double total) {
  South out;
  for (const auto& c : counts) {
    const auto side = side_of(c.country);
    const double share = total > 0 ? static_cast<double>(c.sites) / total : 0;
    if (side == Side::south) out.low += share;
    if (side != Side::north) out.high += share;
  }
  return out;
}

std::vector<CountryCount> kept(const CatalogueFacts& facts) {
  std::vector<CountryCount> counts;
  for (const auto& [country, outlets] : facts.outlets) {
    if (outlets > 0 && std::ranges::find(facts.denylist, country) == facts.denylist.end())
      counts.push_back({country, outlets});
  }
  return counts;
}

std::string verdict(Standing standing, double away) {
  if (standing == Standing::placement) return "open to placement";
  return (standing == Standing::inherited_pass ? "held with " : "missed by ") + fixed(away < 0 ? -away : away, 4);
}

}  // namespace

std::string_view name_of(Standing standing) {
  return standing == Standing::inherited_pass   ? "inherited_pass"
         : standing == Standing::inherited_fail ? "inherited_fail"
                                                : "placement";
}

Side side_of(Iso country) {
  const auto within = [&](std::string_view codes) {
    const auto at = codes.find(country.text());
    return at != std::string_view::npos && at % 3 == 0;
  };
  return within(kSouth) ? Side::south : within(kBoth) ? Side::both : Side::north;
}

std::array<Attainable, 7> attainability(const CatalogueFacts& facts) {
  const auto counts = kept(facts);
  const auto c = concentration(counts);
  const double eligible = facts.countries_with_tiles - static_cast<double>(facts.denylist.size());
  const double active = eligible > 0 ? static_cast<double>(c.active) / eligible : 0;
  const auto south = south_bounds(counts, static_cast<double>(c.sites));
  std::array<Attainable, 7> out;
  const std::array<South, 7> values = {
      {{c.gini, c.gini}, {c.top10, c.top10}, {c.top5, c.top5}, {c.top1, c.top1}, {active, active}, south, {}}};
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].gate = &gates()[i];
    out[i].low = values[i].low;
    out[i].high = values[i].high;
    out[i].known = out[i].gate->owner != Owner::placement;
    judge(out[i]);
  }
  return out;
}

Json as_json(std::span<const Attainable> rows) {
  Json out = Json::array();
  for (const auto& row : rows) {
    Json line = {{"gate", row.gate->name},
                 {"limit_B", row.gate->b},
                 {"limit_B_plus", row.gate->b_plus},
                 {"class_B", name_of(row.b)},
                 {"class_B_plus", name_of(row.b_plus)},
                 {"owner", name_of(row.gate->owner)}};
    if (row.known) {
      line.update({{"observed_low", row.low},
                   {"observed_high", row.high},
                   {"distance_B", row.distance_b},
                   {"distance_B_plus", row.distance_b_plus}});
    }
    out.push_back(std::move(line));
  }
  return out;
}

std::vector<std::string> lines(std::span<const Attainable> rows) {
  std::vector<std::string> out;
  for (const auto& row : rows) {
    const auto values = !row.known            ? std::string("not yet known")
                        : row.low == row.high ? fixed(row.low, 4)
                                              : fixed(row.low, 4) + " to " + fixed(row.high, 4);
    out.push_back("gate " + left(std::string(row.gate->name), 31) + " " + left(values, 17) + " B " +
                  left(verdict(row.b, row.distance_b), 18) + " B+ " + verdict(row.b_plus, row.distance_b_plus));
  }
  return out;
}

}  // namespace placewright::realism
