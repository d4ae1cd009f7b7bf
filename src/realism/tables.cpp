#include "realism/tables.hpp"

#include "base/text.hpp"
#include "store/files.hpp"

namespace placewright::realism {
namespace {

std::string gates_csv(const Grade& g) {
  std::string out = "gate,observed,limit_B,limit_B_plus,distance_B,distance_B_plus,owner\n";
  for (std::size_t i = 0; i < gates().size(); ++i) {
    const auto& gate = gates()[i];
    out += std::string(gate.name);
    for (const double value : {g.gate_values[i], gate.b, gate.b_plus, distance(gate, g.gate_values[i], Level::b),
                               distance(gate, g.gate_values[i], Level::b_plus)}) {
      out += "," + double_text(value);
    }
    out += ",\"" + std::string(name_of(gate.owner)) + "\"\n";
  }
  return out;
}

std::string checks_csv(const Grade& g) {
  std::string out = "check,observed,sense,limit,pass\n";
  for (const auto& c : g.placement) {
    out += c.name + "," + double_text(c.observed) + "," + (c.at_most ? "at most" : "at least") + "," +
           double_text(c.limit) + "," + (c.pass ? "true" : "false") + "\n";
  }
  return out;
}

std::string countries_csv(const Grade& g) {
  std::string out = "rank,country_iso,site_count,share\n";
  for (std::size_t i = 0; i < g.metrics.counts.size(); ++i) {
    const auto& c = g.metrics.counts[i];
    out += std::to_string(i + 1) + "," + c.country.text() + "," + std::to_string(c.sites) + "," +
           double_text(static_cast<double>(c.sites) / static_cast<double>(g.metrics.spread.sites)) + "\n";
  }
  return out;
}

std::string sentinel_csv(const Grade& g) {
  std::string out =
      "country_iso,site_count,anisotropy,anisotropy_limit,lat_unique_ratio_4dp,lon_unique_ratio_4dp,lat_ratio_upper,"
      "lon_ratio_upper,unreachable,sentinel\n";
  for (const auto& s : g.shapes) {
    out += s.country.text() + "," + std::to_string(s.sites);
    for (const double value :
         {s.shape.anisotropy, s.anisotropy_limit, s.lat_unique, s.lon_unique, s.lat_ceiling, s.lon_ceiling})
      out += "," + double_text(value);
    out += std::string(s.unreachable ? ",true" : ",false") + (s.flagged ? ",true\n" : ",false\n");
  }
  return out;
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_tables(const Grade& g, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& [name, text] : {std::pair{"gates.csv", gates_csv(g)},
                                   {"placement_checks.csv", checks_csv(g)},
                                   {"countries.csv", countries_csv(g)},
                                   {"sentinel.csv", sentinel_csv(g)}}) {
    PW_CHECK(store::write_text(folder / name, text));
    files.push_back(folder / name);
  }
  return files;
}

}  // namespace placewright::realism
