#include "realism/likeness.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "realism/nearest.hpp"
#include "realism/statistics.hpp"
#include "realism/svg.hpp"

namespace placewright::realism {
namespace {

using Rows = std::vector<std::uint32_t>;
constexpr double kRadiusKm = kEarthRadiusM / 1000;

// Sites per equal-area cell: bands of `km` in latitude, cells of that width at the middle of their band.
std::map<std::pair<std::int64_t, std::int64_t>, double> cell_shares(const Frame& frame, const Rows& rows, double km) {
  std::map<std::pair<std::int64_t, std::int64_t>, double> sites;
  const double band = km / 111.195;
  for (const auto row : rows) {
    const double i = std::floor((frame.lat[row] + 90) / band);
    const double middle = ((i + 0.5) * band - 90) * (std::numbers::pi / 180);
    const double j = std::floor((frame.lon[row] + 180) / (band / std::max(std::cos(middle), 0.01)));
    sites[{static_cast<std::int64_t>(i), static_cast<std::int64_t>(j)}] += 1;
  }
  for (auto& [cell, n] : sites) n /= static_cast<double>(rows.size());
  return sites;
}

double shared_mass(const Frame& real, const Rows& a, const Frame& placed, const Rows& b) {
  const auto ours = cell_shares(placed, b, 50);
  double shared = 0;
  for (const auto& [cell, share] : cell_shares(real, a, 50)) {
    const auto other = ours.find(cell);
    if (other != ours.end()) shared += std::min(share, other->second);
  }
  return shared;
}

double share_near(const std::vector<Point>& from, const KdTree& to, double km) {
  const double chord = 2 * kRadiusKm * std::sin(km / (2 * kRadiusKm));
  const double limit = chord * chord;
  const auto near = std::ranges::count_if(from, [&](const Point& at) { return to.nearest(at, limit) < limit; });
  return static_cast<double>(near) / static_cast<double>(from.size());
}

std::vector<double> neighbours(const KdTree& tree, work::Pool& pool) {
  auto chords = tree.nearest_others(pool);
  for (auto& value : chords) value = std::sqrt(value);
  std::ranges::sort(chords);
  return chords;
}

NeighbourQuantiles quantiles(const std::vector<double>& chords_km) {
  const auto at = [&](double q) { return metres_of_chord(quantile(chords_km, q) / kRadiusKm); };
  return {at(0.5), at(0.9), at(0.99)};
}

CountryLikeness compare(Iso country, const Frame& real, const Rows& a, const Frame& placed, const Rows& b,
                        work::Pool& pool) {
  CountryLikeness out{country, a.size(), b.size(), shared_mass(real, a, placed, b), 0, 0, {}, {}};
  const auto real_points = on_sphere(real, a, kRadiusKm);
  const auto placed_points = on_sphere(placed, b, kRadiusKm);
  const KdTree real_tree(real_points), placed_tree(placed_points);
  const double forth = share_near(real_points, placed_tree, 10), back = share_near(placed_points, real_tree, 10);
  out.within_10km = forth + back > 0 ? 2 * forth * back / (forth + back) : 0;
  const auto real_nn = neighbours(real_tree, pool), placed_nn = neighbours(placed_tree, pool);
  out.nn_ks = kolmogorov_smirnov(real_nn, placed_nn);
  out.real_nn = quantiles(real_nn);
  out.placed_nn = quantiles(placed_nn);
  return out;
}

void summarise(Likeness& all) {
  double weights = 0;
  for (const auto& c : all.countries) {
    const double weight = std::sqrt(static_cast<double>(c.real));
    weights += weight;
    all.shared_mass_50 += weight * c.shared_mass_50;
    all.within_10km += weight * c.within_10km;
    all.nn_ks += weight * c.nn_ks;
  }
  for (auto* figure : {&all.shared_mass_50, &all.within_10km, &all.nn_ks}) *figure /= weights;
}

Json as_json(const NeighbourQuantiles& q) { return {{"p50_m", q.p50_m}, {"p90_m", q.p90_m}, {"p99_m", q.p99_m}}; }

}  // namespace

Result<Likeness> likeness(const Frame& real, const Frame& placed, std::uint64_t min_sites, work::Pool& pool) {
  const auto ours = rows_by_country(placed);
  Likeness out;
  for (const auto& [country, rows] : rows_by_country(real)) {
    const auto found = ours.find(country);
    if (rows.size() < std::max<std::uint64_t>(2, min_sites) || found == ours.end() || found->second.size() < 2)
      continue;
    out.countries.push_back(compare(country, real, rows, placed, found->second, pool));
  }
  if (out.countries.empty()) {
    return Error("RS06_EMPTY_FRAME",
                 "no country has at least " + std::to_string(min_sites) + " real sites and two placed ones");
  }
  std::ranges::stable_sort(out.countries, [](const auto& a, const auto& b) { return a.real > b.real; });
  summarise(out);
  return out;
}

Json as_json(const Likeness& all) {
  Json countries = Json::object();
  for (const auto& c : all.countries) {
    countries[c.country.text()] = {{"n_real", c.real},
                                   {"n_placed", c.placed},
                                   {"shared_mass_50", c.shared_mass_50},
                                   {"within_10km", c.within_10km},
                                   {"nn_ks", c.nn_ks},
                                   {"real_nn", as_json(c.real_nn)},
                                   {"placed_nn", as_json(c.placed_nn)}};
  }
  return {{"summary",
           {{"shared_mass_50", all.shared_mass_50},
            {"within_10km", all.within_10km},
            {"nn_ks", all.nn_ks},
            {"countries", all.countries.size()}}},
          {"countries", countries}};
}

std::string likeness_map(const Frame& real, const Frame& placed, Iso country) {
  const auto of = [&](const Frame& frame) {
    const auto rows = rows_by_country(frame);
    const auto found = rows.find(country);
    return found == rows.end() ? Rows() : found->second;
  };
  const auto a = of(real), b = of(placed);
  std::vector<double> lon, lat;
  for (const auto row : a) lon.push_back(real.lon[row]), lat.push_back(real.lat[row]);
  for (const auto row : b) lon.push_back(placed.lon[row]), lat.push_back(placed.lat[row]);
  const auto view = map_view(lon, lat);
  const double height = 560 * view.height_to_width();
  Svg svg(1180, height + 60);
  svg.text(20, 24, "real, " + country.text() + ", " + grouped(a.size()) + " sites", 16);
  svg.text(600, 24, "placed, " + grouped(b.size()) + " sites", 16);
  const MapPanel left{view, 20, 40, 560, height}, right{view, 600, 40, 560, height};
  for (std::size_t i = 0; i < a.size(); ++i) left.dot(svg, lon[i], lat[i]);
  for (std::size_t i = a.size(); i < lon.size(); ++i) right.dot(svg, lon[i], lat[i]);
  for (const auto* panel : {&left, &right}) panel->frame(svg);
  return svg.close();
}

}  // namespace placewright::realism
