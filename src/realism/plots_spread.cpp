#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "realism/nearest.hpp"
#include "realism/plot_sheet.hpp"
#include "realism/statistics.hpp"
#include "realism/words.hpp"

namespace placewright::realism {
namespace {

constexpr std::size_t kBins = 44;
constexpr double kKmPerDegree = 111.32;

void bars(Svg& svg, const std::vector<double>& values, double low, double high, double left, double width,
          const std::string& name, std::string& csv) {
  std::vector<std::uint64_t> bins(kBins);
  for (const double value : values) {
    const auto at = static_cast<std::size_t>((value - low) / (high - low) * kBins);
    ++bins[std::min(kBins - 1, at)];
  }
  const auto tallest = std::max<std::uint64_t>(1, *std::ranges::max_element(bins));
  const double step = width / kBins;
  for (std::size_t i = 0; i < kBins; ++i) {
    const double y = up(static_cast<double>(bins[i]) / static_cast<double>(tallest));
    svg.rectangle(left + static_cast<double>(i) * step, y, step - 1, kBottom - y, kBlue);
    csv += name + "," + double_text(low + (high - low) * static_cast<double>(i) / kBins) + "," +
           std::to_string(bins[i]) + "\n";
  }
  auto sorted = values;
  std::ranges::sort(sorted);
  const double x = left + (quantile(sorted, 0.5) - low) / (high - low) * width;
  svg.line(x, kTop, x, kBottom, "#b33", "4 3");
  svg.text(left, kBottom + 16, name + " " + fixed(low, 0) + " to " + fixed(high, 0), 12);
}

// Box of a country's sites: longitudes along the shortest arc.
struct Box {
  double lat_span, lon_span, area_km2;
};
Box box_of(const Frame& frame, const std::vector<std::uint32_t>& rows) {
  std::vector<double> lon;
  double low = 90, high = -90;
  for (const auto row : rows) {
    lon.push_back(frame.lon[row]);
    low = std::min(low, frame.lat[row]);
    high = std::max(high, frame.lat[row]);
  }
  const double width = longitude_span(lon).second;
  const double km = kKmPerDegree * std::cos((low + high) / 2 * (std::numbers::pi / 180));
  return {high - low, width, std::max(1e-4, (high - low) * kKmPerDegree * width * km)};
}

}  // namespace

Plot latitudes_longitudes(const Grade& g) {
  auto svg = sheet("2 Latitudes and longitudes of the sites, medians dashed");
  std::string csv = "axis,from_deg,sites\n";
  if (g.frame.size() > 0) {
    const double half = (kRight - kLeft) / 2 - 10;
    bars(svg, {g.frame.lat.begin(), g.frame.lat.end()}, -90, 90, kLeft, half, "lat", csv);
    bars(svg, {g.frame.lon.begin(), g.frame.lon.end()}, -180, 180, kLeft + half + 20, half, "lon", csv);
  }
  return {"2_lat_lon_hist", svg.close(), csv};
}

Plot spread(const Grade& g) {
  auto svg = sheet("6 Area of a country's box of sites against their number (log10)");
  axes(svg);
  std::string csv = "country_iso,site_count,lat_span,lon_span,bbox_area_km2,log10_area\n";
  const auto rows = rows_by_country(g.frame);
  for (const auto& c : g.metrics.counts) {
    const auto box = box_of(g.frame, rows.at(c.country));
    const double area = std::log10(box.area_km2);
    csv += c.country.text() + "," + std::to_string(c.sites) + "," + double_text(box.lat_span) + "," +
           double_text(box.lon_span) + "," + double_text(box.area_km2) + "," + double_text(area) + "\n";
    const double x = across(std::clamp(std::log10(static_cast<double>(c.sites)) / 6, 0.0, 1.0));
    const double y = up(std::clamp((area + 4) / 13, 0.0, 1.0));
    svg.dot(x, y, 3, kBlue);
    if (c.sites >= g.metrics.counts[std::min<std::size_t>(2, g.metrics.counts.size() - 1)].sites)
      svg.text(x + 5, y, c.country.text(), 11);
  }
  svg.text(kLeft, kBottom + 16, "sites, 1 to 1 000 000; area, 0.0001 to 1 000 000 000 km2", 12);
  return {"6_country_spread", svg.close(), csv};
}

Plot neighbours_by_country(const Grade& g) {
  auto svg = sheet("9 Distance to the nearest site of any country, ten largest countries (5, 25, 50, 75, 95 %)");
  axes(svg);
  std::string csv = "country_iso,sites,p05_m,p25_m,p50_m,p75_m,p95_m\n";
  const auto rows = rows_by_country(g.frame);
  const auto height = [](double metres) {
    return up(std::clamp((std::log10(std::max(10.0, metres)) - 1) / 5, 0.0, 1.0));
  };
  std::size_t drawn = 0;
  for (const auto& c : g.metrics.counts) {
    if (drawn == 10 || c.sites < 30 || g.metrics.neighbour_of_site_m.size() != g.frame.size()) break;
    std::vector<double> metres;
    for (const auto row : rows.at(c.country)) metres.push_back(g.metrics.neighbour_of_site_m[row]);
    std::ranges::sort(metres);
    csv += c.country.text() + "," + std::to_string(c.sites);
    for (const double q : {0.05, 0.25, 0.5, 0.75, 0.95}) csv += "," + double_text(quantile(metres, q));
    csv += "\n";
    const double x = across((static_cast<double>(drawn++) + 0.5) / 10);
    svg.line(x, height(quantile(metres, 0.05)), x, height(quantile(metres, 0.95)), "#444");
    const double top = height(quantile(metres, 0.75)), bottom = height(quantile(metres, 0.25));
    svg.rectangle(x - 14, top, 28, std::max(1.0, bottom - top), "#b3cfe6", "#1f5f9f");
    const double middle = height(quantile(metres, 0.5));
    svg.line(x - 14, middle, x + 14, middle, "#b33");
    svg.text(x, kBottom + 16, c.country.text(), 12, "middle");
  }
  svg.text(kLeft, kTop - 6, "10 m to 1 000 km, logarithmic", 11);
  return {"9_nn_by_country", svg.close(), csv};
}

Plot streaks(const Grade& g) {
  auto svg = sheet("Longest west-east streak of neighbouring tiles, pairs by length");
  axes(svg);
  std::string csv = "streak_tiles,pairs\n";
  if (!g.ground || g.ground->streaks.empty()) return {"streaks", svg.close(), csv};
  std::map<std::uint64_t, std::uint64_t> pairs;
  for (const auto length : g.ground->streaks) ++pairs[length];
  const auto all = static_cast<double>(g.ground->streaks.size());
  std::size_t drawn = 0;
  for (const auto& [length, n] : pairs) {
    csv += std::to_string(length) + "," + std::to_string(n) + "\n";
    if (drawn == 20) continue;
    const double x = across(static_cast<double>(drawn++) / 20) + 4, y = up(static_cast<double>(n) / all);
    svg.rectangle(x, y, 28, kBottom - y, kBlue);
    svg.text(x + 14, kBottom + 16, std::to_string(length), 12, "middle");
    svg.text(x + 14, y - 4, std::to_string(n), 10, "middle");
  }
  return {"streaks", svg.close(), csv};
}

}  // namespace placewright::realism
