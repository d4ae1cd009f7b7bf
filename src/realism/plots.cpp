#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.hpp"
#include "realism/plot_sheet.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"
#include "realism/tables.hpp"
#include "realism/words.hpp"
#include "store/files.hpp"

namespace placewright::realism {
namespace {

std::vector<double> ascending_counts(const Grade& g) {
  std::vector<double> out;
  for (const auto& c : g.metrics.counts) out.push_back(static_cast<double>(c.sites));
  std::ranges::reverse(out);
  return out;
}

// Light to dark by log10 of the count, white text-free.
std::string shade(double count) {
  constexpr const char* kShades[] = {"#d7e5f2", "#b3cfe6", "#86b3d6", "#5791bf", "#2f6ea4", "#174d7c", "#0b2f50"};
  return kShades[static_cast<std::size_t>(std::clamp(std::floor(2 * std::log10(std::max(1.0, count)) - 1), 0.0, 6.0))];
}

Plot country_map(const Grade& g) {
  auto svg = sheet("1 Countries by log10 of their sites; every site a point");
  std::string csv = "country_iso,site_count,log10_sites\n";
  const MapPanel world{{-180, -60, 360, 145, 1}, kLeft, kTop, kRight - kLeft, kBottom - kTop};
  const auto rows = rows_by_country(g.frame);
  const std::size_t most = 400;  // points a country is drawn with; further ones would fall on the same pixels
  for (const auto& c : g.metrics.counts) {
    csv += c.country.text() + "," + std::to_string(c.sites) + "," +
           double_text(std::log10(static_cast<double>(c.sites))) + "\n";
    const auto& of = rows.at(c.country);
    const auto step = std::max<std::size_t>(1, of.size() / most);
    for (std::size_t i = 0; i < of.size(); i += step) {
      const double x = across((g.frame.lon[of[i]] + 180) / 360),
                   y = up(std::clamp((g.frame.lat[of[i]] + 60) / 145, 0.0, 1.0));
      svg.dot(x, y, 1.2, shade(static_cast<double>(c.sites)));
    }
  }
  world.frame(svg);
  return {"1_country_map", svg.close(), csv};
}

Plot top20(const Grade& g) {
  auto svg = sheet("3 The twenty countries with most sites");
  axes(svg);
  std::string csv = "country_iso,site_count\n";
  const auto n = std::min<std::size_t>(20, g.metrics.counts.size());
  for (std::size_t i = 0; i < n; ++i) {
    const auto& c = g.metrics.counts[i];
    const double share = static_cast<double>(c.sites) / static_cast<double>(g.metrics.counts.front().sites);
    const double x = across(static_cast<double>(i) / 20) + 4;
    svg.rectangle(x, up(share), 28, kBottom - up(share), kBlue);
    svg.text(x + 14, kBottom + 16, c.country.text(), 12, "middle");
    svg.text(x + 14, up(share) - 4, std::to_string(c.sites), 10, "middle");
    csv += c.country.text() + "," + std::to_string(c.sites) + "\n";
  }
  return {"3_top20_countries", svg.close(), csv};
}

Plot lorenz(const Grade& g) {
  auto svg = sheet("4 Lorenz curve of countries, gini " + fixed(g.metrics.spread.gini, 4));
  axes(svg);
  svg.line(across(0), up(0), across(1), up(1), "#999", "4 4");
  std::string csv = "country_share,site_share\n0.0,0.0\n";
  std::vector<std::pair<double, double>> points = {{across(0), up(0)}};
  const auto counts = ascending_counts(g);
  double sum = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    sum += counts[i];
    const double x = static_cast<double>(i + 1) / static_cast<double>(counts.size()),
                 y = sum / static_cast<double>(g.metrics.spread.sites);
    points.emplace_back(across(x), up(y));
    csv += double_text(x) + "," + double_text(y) + "\n";
  }
  svg.polyline(points, kBlue);
  return {"4_country_lorenz", svg.close(), csv};
}

Plot neighbours(const Grade& g) {
  auto svg = sheet("5 Distance to the nearest site: p50 " + fixed(g.p50_m, 0) + " m, p90 " + fixed(g.p90_m, 0) +
                   " m, p99 " + fixed(g.p99_m, 0) + " m");
  axes(svg);
  constexpr std::size_t kBins = 42;
  const auto& d = g.metrics.neighbours_m;
  if (d.empty()) return {"5_nearest_neighbour", svg.close(), "from_m,to_m,sites\n"};
  const double low = std::log10(std::max(60.0, d.front())),
               high = std::max(low + 1e-9, std::log10(std::max(60.0, d.back())));
  const auto edge = [&](std::size_t i) { return low + (high - low) * static_cast<double>(i) / kBins; };
  std::array<std::uint64_t, kBins> bins{};
  for (const double metres : d) {
    const double at = (std::log10(std::max(60.0, metres)) - low) / (high - low) * kBins;
    ++bins[std::min<std::size_t>(kBins - 1, static_cast<std::size_t>(at))];
  }
  const auto tallest = static_cast<double>(*std::ranges::max_element(bins));
  std::string csv = "from_m,to_m,sites\n";
  for (std::size_t i = 0; i < kBins; ++i) {
    const double y = up(static_cast<double>(bins[i]) / tallest);
    svg.rectangle(across(static_cast<double>(i) / kBins), y, (kRight - kLeft) / kBins - 1, kBottom - y, kBlue);
    csv += double_text(std::pow(10, edge(i))) + "," + double_text(std::pow(10, edge(i + 1))) + "," +
           std::to_string(bins[i]) + "\n";
  }
  for (const double metres : {g.p50_m, g.p90_m, g.p99_m}) {
    const double x = across(std::clamp((std::log10(std::max(60.0, metres)) - low) / (high - low), 0.0, 1.0));
    svg.line(x, kTop, x, kBottom, "#b33", "4 3");
  }
  for (double decade = std::ceil(low); decade <= high; decade += 1) {
    svg.text(across((decade - low) / (high - low)), kBottom + 16, fixed(std::pow(10, decade) / 1000, 1) + " km", 11,
             "middle");
  }
  return {"5_nearest_neighbour", svg.close(), csv};
}

Plot small_multiples(const Grade& g) {
  Svg svg(1040, 1000);
  svg.text(20, 26, "7 The twelve countries with most sites", 16);
  std::string csv = "country_iso,site_count,west_lon,lon_span,south_lat,lat_span\n";
  const auto rows = rows_by_country(g.frame);
  for (std::size_t i = 0; i < std::min<std::size_t>(12, g.metrics.counts.size()); ++i) {
    const auto& c = g.metrics.counts[i];
    std::vector<double> lon, lat;
    for (const auto row : rows.at(c.country)) lon.push_back(g.frame.lon[row]), lat.push_back(g.frame.lat[row]);
    const auto view = map_view(lon, lat);
    const double x = 20 + 255 * static_cast<double>(i % 4), y = 70 + 310 * static_cast<double>(i / 4);
    const double ratio = view.height_to_width(), width = std::min(240.0, 260 / ratio);
    const MapPanel panel{view, x, y, width, width * ratio};
    const auto step = std::max<std::size_t>(1, lon.size() / 1500);
    for (std::size_t k = 0; k < lon.size(); k += step) panel.dot(svg, lon[k], lat[k], 0.9);
    panel.frame(svg);
    svg.text(x, y - 8,
             c.country.text() + ", n " + grouped(c.sites) + ", " + fixed(view.width, 1) + " x " +
                 fixed(view.height, 1) + " deg",
             12);
    csv += c.country.text() + "," + std::to_string(c.sites) + "," + double_text(view.west) + "," +
           double_text(view.width) + "," + double_text(view.south) + "," + double_text(view.height) + "\n";
  }
  return {"7_country_small_multiples", svg.close(), csv};
}

Plot profile(const Grade& g) {
  auto svg = sheet("8 Share of all sites in the largest countries: 1 % " + fixed(g.metrics.spread.top1, 3) + ", 5 % " +
                   fixed(g.metrics.spread.top5, 3) + ", 10 % " + fixed(g.metrics.spread.top10, 3));
  axes(svg);
  std::string csv = "rank_percentile,cumulative_share\n";
  std::vector<std::pair<double, double>> points;
  double sum = 0;
  for (std::size_t i = 0; i < g.metrics.counts.size(); ++i) {
    sum += static_cast<double>(g.metrics.counts[i].sites);
    const double x = static_cast<double>(i + 1) / static_cast<double>(g.metrics.counts.size()),
                 y = sum / static_cast<double>(g.metrics.spread.sites);
    points.emplace_back(across(x), up(y));
    csv += double_text(x) + "," + double_text(y) + "\n";
  }
  svg.polyline(points, kBlue);
  for (const double x : {0.01, 0.05, 0.1}) svg.line(across(x), kTop, across(x), kBottom, "#b33", "4 3");
  return {"8_country_concentration_profile", svg.close(), csv};
}

Plot dashboard(const Grade& g) {
  auto svg = sheet("Gates: observed, B, B+, owner");
  std::string csv = "gate,observed,limit_B,limit_B_plus,owner\n";
  for (std::size_t i = 0; i < gates().size(); ++i) {
    const auto& gate = gates()[i];
    const double y = 70 + 50 * static_cast<double>(i), scale = 300;
    const double value = std::clamp(g.gate_values[i], 0.0, 1.2);
    svg.text(20, y + 14, gate.name, 12);
    svg.rectangle(250, y, value * scale, 18,
                  passes(gate, g.gate_values[i], Level::b_plus) ? "#2e7d32"
                  : passes(gate, g.gate_values[i], Level::b)    ? "#c99a1a"
                                                                : "#b33");
    for (const double limit : {gate.b, gate.b_plus})
      svg.line(250 + limit * scale, y - 4, 250 + limit * scale, y + 22, "#222");
    svg.text(620, y + 14, fixed(g.gate_values[i], 4) + "  " + std::string(name_of(gate.owner)), 11);
    csv += std::string(gate.name) + "," + double_text(g.gate_values[i]) + "," + double_text(gate.b) + "," +
           double_text(gate.b_plus) + ",\"" + std::string(name_of(gate.owner)) + "\"\n";
  }
  return {"gate_dashboard", svg.close(), csv};
}

// Countries by their sites beyond p99: who decides the tail.
Plot tail(const Grade& g) {
  auto svg = sheet("Sites beyond the p99 of the neighbour distance, by country");
  axes(svg);
  std::map<Iso, std::uint64_t> far;
  for (std::size_t i = 0; i < g.metrics.neighbour_of_site_m.size(); ++i) {
    if (g.metrics.neighbour_of_site_m[i] > g.p99_m) ++far[g.frame.country[i]];
  }
  std::vector<CountryCount> order;
  for (const auto& [country, n] : far) order.push_back({country, n});
  std::ranges::stable_sort(order, [](const auto& a, const auto& b) { return a.sites > b.sites; });
  std::string csv = "country_iso,sites_beyond_p99\n";
  for (std::size_t i = 0; i < order.size(); ++i) {
    csv += order[i].country.text() + "," + std::to_string(order[i].sites) + "\n";
    if (i >= 20) continue;
    const double x = across(static_cast<double>(i) / 20) + 4,
                 y = up(static_cast<double>(order[i].sites) / static_cast<double>(order.front().sites));
    svg.rectangle(x, y, 28, kBottom - y, kBlue);
    svg.text(x + 14, kBottom + 16, order[i].country.text(), 12, "middle");
    svg.text(x + 14, y - 4, std::to_string(order[i].sites), 10, "middle");
  }
  return {"nn_tail_by_country", svg.close(), csv};
}

}  // namespace

Result<std::vector<std::filesystem::path>> write_plots(const Grade& g, const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& draw : {country_map, latitudes_longitudes, top20, lorenz, neighbours, spread, small_multiples,
                           profile, neighbours_by_country, dashboard, tail, streaks}) {
    const auto plot = draw(g);
    PW_CHECK(store::write_text(folder / (plot.name + ".svg"), plot.svg));
    PW_CHECK(store::write_text(folder / (plot.name + ".csv"), plot.csv));
    files.push_back(folder / (plot.name + ".svg"));
  }
  return files;
}

}  // namespace placewright::realism
